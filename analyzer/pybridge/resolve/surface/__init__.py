"""Where every name leads: re-exports, stars, ``__all__``, conditions, lazy idioms."""
