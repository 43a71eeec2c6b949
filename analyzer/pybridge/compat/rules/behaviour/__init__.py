"""PB6xx: how a member is called or used."""

from pybridge.compat.rule import Rule

RULES: tuple[Rule, ...] = ()
