"""What instances of a class can hold and be used for: attributes of any name, weak references, hashes."""

from enum import Enum

import msgspec

from pybridge.compat.library import Library
from pybridge.compat.types.classes.standard import standard_library
from pybridge.model.classes import Class, ClassKind, DataOption
from pybridge.model.names import SymbolPath

_BARE = frozenset(
    {
        *("builtins:object", "builtins:tuple", "builtins:int", "builtins:str", "builtins:bytes", "builtins:float"),
        *("typing:Generic", "typing:Protocol", "typing_extensions:Protocol", "abc:ABC"),
    }
)
"""Classes of other packages whose instances have no ``__dict__`` of their own."""
_ABSTRACT_HOMES = frozenset({"typing", "collections.abc"})
_UNHASHABLE = frozenset(f"builtins:{name}" for name in ("dict", "list", "set", "bytearray"))
_HASHABLE = frozenset({"builtins:object", "typing:Generic", "typing:Protocol", "abc:ABC", "enum:Enum"})


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What instances can hold."""

    has_dict: bool
    """True where any attribute can be set, and where that is not known."""
    has_weak_references: bool
    names: frozenset[str] | None
    """Attributes that can be set; None where any can, or where a part is no literal."""


class Hashing(Enum):
    """Whether instances can be hashed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def layout_of(one: Class, library: Library) -> Layout:
    """Work out what ``__slots__`` of a class and of those above it leave to its instances."""
    names: set[str] = set()
    is_open = False
    for path in (one.path, *(path for path in one.mro if path != one.path)):
        owner = one if path == one.path else library.class_at(path)
        slots = _slots(owner) if owner is not None else (() if _is_bare(path) else None)
        if slots is None:
            return Layout(has_dict=True, has_weak_references=True, names=None)
        is_open |= "*" in slots
        names.update(slots)
    has_dict = "__dict__" in names
    return Layout(
        has_dict=has_dict,
        has_weak_references=is_open or "__weakref__" in names,
        names=None if has_dict or is_open else frozenset(names),
    )


def hashing_of(one: Class, library: Library) -> tuple[Hashing, SymbolPath]:
    """Tell whether instances can be hashed, and which class decides it."""
    for path in (one.path, *(path for path in one.mro if path != one.path)):
        owner = one if path == one.path else library.class_at(path)
        found = _own_hashing(owner) if owner is not None else _foreign_hashing(path)
        if found is not None:
            return found, path
    return Hashing.YES, SymbolPath("builtins:object")


def _slots(one: Class) -> tuple[str, ...] | None:
    """Names that a class adds to its instances; None where it gives them a ``__dict__``."""
    if one.slots is not None:
        return one.slots
    if one.options is not None and DataOption.SLOTS in one.options:
        return tuple(field.name for field in one.fields if not field.is_class_variable)
    if one.kind is ClassKind.NAMED_TUPLE:
        return ()
    return () if one.kind is ClassKind.PROTOCOL and not one.methods and not one.fields else None


def _is_bare(path: SymbolPath) -> bool:
    return path in _BARE or path.partition(":")[0] in _ABSTRACT_HOMES


def _own_hashing(one: Class) -> Hashing | None:
    """What a class itself says of its hash; None when it says nothing."""
    names = {method.name for method in one.methods}
    if "__hash__" in one.disabled_methods:
        return Hashing.NO
    if "__hash__" in names:
        return Hashing.YES
    if one.kind in {ClassKind.DATACLASS, ClassKind.ATTRS}:
        return _option_hashing(one, one.options) if one.options is not None else Hashing.UNKNOWN
    if one.kind is ClassKind.MODEL:
        return Hashing.YES if one.is_frozen else Hashing.NO
    return Hashing.NO if "__eq__" in names else None


def _option_hashing(one: Class, options: tuple[DataOption, ...]) -> Hashing | None:
    if DataOption.UNSAFE_HASH in options:
        return Hashing.YES
    if DataOption.EQ not in options:
        return None
    return Hashing.YES if one.is_frozen else Hashing.NO


def _foreign_hashing(path: SymbolPath) -> Hashing | None:
    """What is known of a class of another package; None where it says nothing itself."""
    if path in _UNHASHABLE:
        return Hashing.NO
    if path in _HASHABLE:
        return None
    shape = standard_library().shape(path)
    if shape is None or shape.members is None:
        return Hashing.UNKNOWN
    member = shape.members.get("__hash__")
    if member is None:
        return Hashing.NO if "__eq__" in shape.members else None
    return Hashing.YES if member.signatures else Hashing.NO
