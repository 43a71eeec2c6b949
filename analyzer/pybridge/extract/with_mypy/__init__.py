"""Facts through mypy's native parser: the fast path, and the only place of this room that knows mypy."""
