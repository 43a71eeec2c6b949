"""PB5xx: data."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.data import pb501_enum_member_removed as pb501
from pybridge.compat.rules.data import pb502_enum_member_added as pb502
from pybridge.compat.rules.data import pb503_enum_value_changed as pb503
from pybridge.compat.rules.data import pb504_field_added as pb504
from pybridge.compat.rules.data import pb505_field_changed as pb505
from pybridge.compat.rules.data import pb506_data_option_changed as pb506
from pybridge.compat.rules.data import pb507_typed_dict_changed as pb507
from pybridge.compat.rules.data import pb508_named_tuple_changed as pb508

RULES: tuple[Rule, ...] = (
    pb501.RULE,
    pb502.RULE,
    pb503.RULE,
    pb504.RULE,
    pb505.RULE,
    pb506.RULE,
    pb507.RULE,
    pb508.RULE,
)
