"""Every field of every Struct that a descriptor can hold counts for its digest."""

from enum import Enum

import msgspec
import pytest

from pybridge.codec import decode, digest, encode
from pybridge.model import library, snapshot, types
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import LibraryDescriptor


def reachable(root):
    """Every Struct that a value of the root can hold, in a stable order."""
    found, waiting = {}, [msgspec.inspect.type_info(root)]
    while waiting:
        match waiting.pop():
            case msgspec.inspect.StructType(cls=cls, fields=fields) if cls not in found:
                found[cls] = fields
                waiting.extend(field.type for field in fields)
            case msgspec.inspect.UnionType(types=members):
                waiting.extend(members)
            case msgspec.inspect.VarTupleType(item_type=item):
                waiting.append(item)
    return dict(sorted(found.items(), key=lambda pair: pair[0].__qualname__))


STRUCTS = reachable(LibraryDescriptor)
FIELDS = [(struct, field) for struct, fields in STRUCTS.items() for field in fields]


def two_values(kind):
    """Two different values of an annotation, small and always the same; the same value twice of a Struct without fields."""
    match kind:
        case msgspec.inspect.StrType():
            return "a", "b"
        case msgspec.inspect.BoolType():
            return False, True
        case msgspec.inspect.IntType():
            return 1, 2
        case msgspec.inspect.EnumType(cls=cls):
            return tuple(cls)[:2]
        case msgspec.inspect.UnionType(types=members) if any(is_none(one) for one in members):
            return None, two_values(next(one for one in members if not is_none(one)))[0]
        case msgspec.inspect.UnionType():
            return types.NoneType(), types.SelfType()
        case msgspec.inspect.VarTupleType(item_type=item):
            return (), (two_values(item)[0],)
        case msgspec.inspect.StructType(cls=cls, fields=fields):
            values = {field.name: two_values(field.type) for field in fields if field.required}
            one = cls(**{name: value for name, (value, _) in values.items()})
            first = next(iter(values), None)
            return one, one if first is None else msgspec.structs.replace(one, **{first: values[first][1]})
    raise AssertionError(kind)


def is_none(kind):
    return isinstance(kind, msgspec.inspect.NoneType)


@pytest.mark.parametrize(("struct", "field"), FIELDS, ids=[f"{one.__name__}.{field.name}" for one, field in FIELDS])
def test_changing_a_field_changes_the_digest(struct, field):
    base, _ = two_values(msgspec.inspect.type_info(struct))
    one, other = (msgspec.structs.replace(base, **{field.name: value}) for value in two_values(field.type))

    assert one != other
    assert digest(one) != digest(other)
    assert decode(encode(one), struct) == one
    assert decode(encode(other), struct) == other


def test_the_structs_of_a_descriptor_are_the_ones_that_are_known():
    """Fails when a noun joins or leaves the descriptor: that is a change of its format."""
    assert sorted(struct.__name__ for struct in STRUCTS) == [
        "Alias", "AnyType", "Callable", "CallableParameter", "Class", "Constructor", "EntryPoint", "EnumMember", "Evidence",
        "Export", "Field", "Function", "LibraryDescriptor", "Literal", "LiteralValue", "Module", "Named", "Never", "NoneType",
        "Package", "Parameter", "Property", "SelfType", "Signature", "Skip", "Target", "Tuple", "TypeAlias", "TypeClaim",
        "TypeParameter", "TypeVariable", "Union", "Unknown", "Unpack", "Variable",
    ]  # fmt: skip


def test_no_struct_of_a_descriptor_holds_a_time_or_a_place():
    names = {field.name for _, field in FIELDS}

    assert names.isdisjoint({"line", "column", "location", "mtime_ns", "size_bytes", "saved_at", "time", "base"})


@pytest.mark.parametrize("struct", [*STRUCTS, snapshot.Snapshot, Diagnostic], ids=lambda struct: struct.__name__)
def test_nouns_are_frozen_and_hold_nothing_that_can_be_changed(struct):
    value, _ = two_values(msgspec.inspect.type_info(struct))

    assert struct.__struct_config__.frozen
    assert hash(value) == hash(decode(encode(value), struct))


def test_every_type_of_the_union_has_a_tag_of_its_own():
    union = msgspec.inspect.type_info(types.TypeExpr)

    tags = [member.tag for member in union.types]
    assert all(tags)
    assert len(set(tags)) == len(tags)


def test_enums_are_written_as_lower_case_words():
    enums = {
        value
        for module in (types, library)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Enum) and value is not Enum
    }

    assert enums
    for enum in enums:
        assert [member.value for member in enum] == [member.name.lower() for member in enum]
