"""PB8xx: the distribution as a whole."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
