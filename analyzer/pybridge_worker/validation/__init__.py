"""Arguments against what the bundle says of parameters, before a call. Runs in a child, on decoded values."""
