"""PB2xx: parameters."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.parameters import pb203_required_parameter_added as pb203

RULES: tuple[Rule, ...] = (pb203.RULE,)
