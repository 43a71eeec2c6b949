"""PB4xx: classes."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
