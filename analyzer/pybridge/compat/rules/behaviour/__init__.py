"""PB6xx: how a member is called or used."""

from pybridge.compat.rule import Rule
from pybridge.compat.rules.behaviour import pb601_async_changed as pb601
from pybridge.compat.rules.behaviour import pb602_result_use_changed as pb602
from pybridge.compat.rules.behaviour import pb603_method_became_attribute as pb603
from pybridge.compat.rules.behaviour import pb604_attribute_became_readonly as pb604
from pybridge.compat.rules.behaviour import pb605_attribute_became_writable as pb605
from pybridge.compat.rules.behaviour import pb606_binding_changed as pb606
from pybridge.compat.rules.behaviour import pb607_overload_changed as pb607
from pybridge.compat.rules.behaviour import pb608_decorator_changed as pb608
from pybridge.compat.rules.behaviour import pb609_documented_exceptions_changed as pb609

RULES: tuple[Rule, ...] = tuple(one.RULE for one in (pb601, pb602, pb603, pb604, pb605, pb606, pb607, pb608, pb609))
