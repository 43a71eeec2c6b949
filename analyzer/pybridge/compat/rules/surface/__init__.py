"""PB1xx: modules and public names."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.surface import pb101_module_added as pb101
from pybridge.compat.rules.surface import pb102_module_removed as pb102
from pybridge.compat.rules.surface import pb103_symbol_added as pb103
from pybridge.compat.rules.surface import pb104_symbol_removed as pb104
from pybridge.compat.rules.surface import pb105_symbol_renamed as pb105
from pybridge.compat.rules.surface import pb106_symbol_moved as pb106
from pybridge.compat.rules.surface import pb107_path_repointed as pb107
from pybridge.compat.rules.surface import pb108_symbol_hidden as pb108
from pybridge.compat.rules.surface import pb109_symbol_published as pb109
from pybridge.compat.rules.surface import pb110_kind_changed as pb110
from pybridge.compat.rules.surface import pb111_foreign_name_changed as pb111
from pybridge.compat.rules.surface import pb112_condition_changed as pb112
from pybridge.compat.rules.surface import pb113_constant_changed as pb113
from pybridge.compat.rules.surface import pb114_dynamic_surface as pb114

RULES: tuple[Rule, ...] = (
    pb101.RULE,
    pb102.RULE,
    pb103.RULE,
    pb104.RULE,
    pb105.RULE,
    pb106.RULE,
    pb107.RULE,
    pb108.RULE,
    pb109.RULE,
    pb110.RULE,
    pb111.RULE,
    pb112.RULE,
    pb113.RULE,
    pb114.RULE,
)
