"""PB3xx: types."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
