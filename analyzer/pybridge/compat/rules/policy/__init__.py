"""PB7xx: deprecation and documentation."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
