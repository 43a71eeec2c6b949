"""PB7xx: deprecation and documentation."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.policy import pb701_deprecated as pb701
from pybridge.compat.rules.policy import pb702_undeprecated as pb702
from pybridge.compat.rules.policy import pb703_removed_without_deprecation as pb703
from pybridge.compat.rules.policy import pb704_documentation_changed as pb704

RULES: tuple[Rule, ...] = (pb701.RULE, pb702.RULE, pb703.RULE, pb704.RULE)
