"""A constant that comes from elsewhere now."""

TIMEOUT = 10
