"""Types of Elixir: as trees, under names, as clauses of a spec, and values that fit them."""
