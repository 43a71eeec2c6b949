"""PB4xx: classes."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.classes import pb401_base_removed as pb401
from pybridge.compat.rules.classes import pb402_base_replaced as pb402
from pybridge.compat.rules.classes import pb403_base_added as pb403
from pybridge.compat.rules.classes import pb404_member_moved_to_base as pb404
from pybridge.compat.rules.classes import pb405_became_abstract as pb405
from pybridge.compat.rules.classes import pb406_protocol_member_changed as pb406
from pybridge.compat.rules.classes import pb407_became_final as pb407
from pybridge.compat.rules.classes import pb408_metaclass_changed as pb408
from pybridge.compat.rules.classes import pb409_slots_added as pb409
from pybridge.compat.rules.classes import pb410_constructor_changed as pb410
from pybridge.compat.rules.classes import pb411_special_method_lost as pb411
from pybridge.compat.rules.classes import pb412_no_longer_subscriptable as pb412

RULES: tuple[Rule, ...] = (
    pb401.RULE,
    pb402.RULE,
    pb403.RULE,
    pb404.RULE,
    pb405.RULE,
    pb406.RULE,
    pb407.RULE,
    pb408.RULE,
    pb409.RULE,
    pb410.RULE,
    pb411.RULE,
    pb412.RULE,
)
