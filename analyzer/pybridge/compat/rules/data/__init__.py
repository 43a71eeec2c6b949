"""PB5xx: enumerations, fields and other declared data."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
