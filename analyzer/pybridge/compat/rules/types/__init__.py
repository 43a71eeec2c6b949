"""PB3xx: types."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.types import pb301_parameter_type_widened as pb301
from pybridge.compat.rules.types import pb302_parameter_type_narrowed as pb302
from pybridge.compat.rules.types import pb303_parameter_type_replaced as pb303
from pybridge.compat.rules.types import pb304_return_type_narrowed as pb304
from pybridge.compat.rules.types import pb305_return_type_widened as pb305
from pybridge.compat.rules.types import pb306_return_type_replaced as pb306
from pybridge.compat.rules.types import pb307_none_changed as pb307
from pybridge.compat.rules.types import pb308_annotation_removed as pb308
from pybridge.compat.rules.types import pb309_annotation_added as pb309
from pybridge.compat.rules.types import pb310_attribute_type_changed as pb310
from pybridge.compat.rules.types import pb311_type_parameter_changed as pb311
from pybridge.compat.rules.types import pb312_alias_changed as pb312
from pybridge.compat.rules.types import pb313_literal_changed as pb313
from pybridge.compat.rules.types import pb314_callback_changed as pb314
from pybridge.compat.rules.types import pb315_qualifier_changed as pb315
from pybridge.compat.rules.types import pb316_type_unknown as pb316

RULES: tuple[Rule, ...] = (
    pb301.RULE,
    pb302.RULE,
    pb303.RULE,
    pb304.RULE,
    pb305.RULE,
    pb306.RULE,
    pb307.RULE,
    pb308.RULE,
    pb309.RULE,
    pb310.RULE,
    pb311.RULE,
    pb312.RULE,
    pb313.RULE,
    pb314.RULE,
    pb315.RULE,
    pb316.RULE,
)
