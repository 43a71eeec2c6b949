"""PB1xx: modules and public names."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.surface import pb101_module_added as pb101
from pybridge.compat.rules.surface import pb102_module_removed as pb102
from pybridge.compat.rules.surface import pb103_symbol_added as pb103
from pybridge.compat.rules.surface import pb104_symbol_removed as pb104
from pybridge.compat.rules.surface import pb105_symbol_renamed as pb105
from pybridge.compat.rules.surface import pb106_symbol_moved as pb106

RULES: tuple[Rule, ...] = (pb101.RULE, pb102.RULE, pb103.RULE, pb104.RULE, pb105.RULE, pb106.RULE)
