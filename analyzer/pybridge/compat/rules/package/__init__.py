"""PB8xx: the distribution as a whole."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.package import pb801_typed_marker_changed as pb801
from pybridge.compat.rules.package import pb802_requirement_changed as pb802
from pybridge.compat.rules.package import pb803_stub_disagrees as pb803
from pybridge.compat.rules.package import pb804_version_step_too_small as pb804

RULES: tuple[Rule, ...] = (pb801.RULE, pb802.RULE, pb803.RULE, pb804.RULE)
