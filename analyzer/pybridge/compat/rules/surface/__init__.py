"""PB1xx: modules and public names."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
