"""One callable, property or variable of Python becomes functions of Elixir."""
