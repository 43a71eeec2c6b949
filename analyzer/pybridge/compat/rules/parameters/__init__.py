"""PB2xx: parameters."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.parameters import pb201_optional_parameter_added as pb201
from pybridge.compat.rules.parameters import pb202_parameter_inserted as pb202
from pybridge.compat.rules.parameters import pb203_required_parameter_added as pb203
from pybridge.compat.rules.parameters import pb204_parameter_removed as pb204
from pybridge.compat.rules.parameters import pb205_parameter_renamed as pb205
from pybridge.compat.rules.parameters import pb206_positional_order_changed as pb206
from pybridge.compat.rules.parameters import pb207_parameter_became_required as pb207
from pybridge.compat.rules.parameters import pb208_parameter_became_optional as pb208
from pybridge.compat.rules.parameters import pb209_default_changed as pb209
from pybridge.compat.rules.parameters import pb210_parameter_became_keyword_only as pb210
from pybridge.compat.rules.parameters import pb211_parameter_became_positional_only as pb211
from pybridge.compat.rules.parameters import pb212_parameter_became_either_way as pb212
from pybridge.compat.rules.parameters import pb213_variadic_changed as pb213
from pybridge.compat.rules.parameters import pb214_packed_parameters_changed as pb214

RULES: tuple[Rule, ...] = tuple(
    one.RULE
    for one in (pb201, pb202, pb203, pb204, pb205, pb206, pb207, pb208, pb209, pb210, pb211, pb212, pb213, pb214)
)
