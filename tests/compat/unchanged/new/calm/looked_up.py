"""A constant that comes from elsewhere now."""

from calm._values import VALUES

TIMEOUT = VALUES["timeout"]
