"""Which members are told by a rule for their kind of class, so that the rules for any member leave them to it."""

from pybridge.compat.matching.typed import member_types
from pybridge.compat.members import Member
from pybridge.compat.pairs import ClassPair, MemberPair, TypedPair
from pybridge.compat.types.relation import Relation
from pybridge.model.callables import Function
from pybridge.model.classes import Class, ClassKind, ConstructorOrigin, Field, Property

DATA_KINDS = frozenset({ClassKind.DATACLASS, ClassKind.ATTRS, ClassKind.MODEL, ClassKind.NAMED_TUPLE})
"""Classes whose fields make their constructor."""


def is_told_by_kind(pair: MemberPair) -> bool:
    """Tell whether a member of one side only is no matter of PB103 or PB104.

    Keys of typed dicts are told by PB507, fields of data classes by PB504, PB505 and PB508, members of protocols by
    PB406, lost special methods by PB411, and new abstract members by PB405.
    """
    member = pair.old or pair.new
    if member is None:
        return False
    if is_key(member) or is_of_protocol(member):
        return True
    if is_data_field(member) and is_made_of_fields(pair.owner):
        return True
    if pair.new is None:
        return is_protocol_dunder(pair.name)
    return is_abstract(member) and member.owner.is_abstract


def is_protocol_dunder(name: str) -> bool:
    """Tell names that Python, or another library, calls for what a class is used in: ``__len__``, ``__array__``."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def is_key(member: Member) -> bool:
    """Tell an item of a typed dict."""
    return member.owner.kind is ClassKind.TYPED_DICT and isinstance(member.definition, Field)


def is_data_field(member: Member) -> bool:
    """Tell a field that takes part in making instances; attributes that only methods set do not."""
    field = member.definition
    if not isinstance(field, Field) or not is_data_class(member.owner) or field.is_class_variable:
        return False
    return field.is_required or field.value is not None or member.owner.kind is ClassKind.NAMED_TUPLE


def retyped(pair: MemberPair) -> TypedPair | None:
    """Return the types of a data field where PB505 tells that they differ; None where other rules for types do."""
    if pair.old is None or pair.new is None or not is_made_of_fields(pair.owner):
        return None
    if not is_data_field(pair.old) or not is_data_field(pair.new):
        return None
    typed = next(iter(member_types(pair)), None)
    differs = typed is not None and typed.relation in {Relation.NARROWER, Relation.WIDER, Relation.OTHER}
    return typed if differs else None


def is_made_of_fields(pair: ClassPair) -> bool:
    """Tell classes whose constructor is made of their fields on both sides, so that rules of fields tell of it."""
    origins = {pair.old.constructor.origin, pair.new.constructor.origin}
    kinds = {pair.old.kind, pair.new.kind}
    return origins == {ConstructorOrigin.SYNTHESISED} and ClassKind.TYPED_DICT not in kinds


def is_data_class(one: Class) -> bool:
    """Tell a class whose constructor is made of its fields."""
    return one.kind in DATA_KINDS


def is_of_protocol(member: Member) -> bool:
    """Tell a member that implementations of a protocol must have."""
    return member.owner.kind is ClassKind.PROTOCOL


def is_abstract(member: Member) -> bool:
    """Tell a member that subclasses must define."""
    return isinstance(member.definition, Function | Property) and member.definition.is_abstract
