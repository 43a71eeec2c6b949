"""Symbol paths inside descriptors, rewritten: what a stub calls ``lib:C`` may be ``lib._impl:C`` in the sources."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from pybridge.model.names import SymbolPath
from pybridge.model.types import LiteralKind, LiteralValue, Union
from pybridge.resolve.algebra import union_of

Rename = Callable[[SymbolPath], SymbolPath]

_Described = TypeVar("_Described", bound=msgspec.Struct)
_PATHS = frozenset({"path", "metaclass", "defined_by", "docstring_from"})
_PATH_LISTS = frozenset({"mro"})


def renamed(value: _Described, rename: Rename) -> _Described:
    """Rewrite every symbol path in a descriptor or type; the very object where nothing changes.

    A union stays a union: only its order follows the new names.
    """
    changes = {}
    for name in value.__struct_fields__:
        old = getattr(value, name)
        new = _field(name, old, rename)
        if new is not old:
            changes[name] = new
    if not changes:
        return _renamed_literal(value, rename)
    made = msgspec.structs.replace(value, **changes)
    return union_of(made.members) if isinstance(made, Union) else made  # type: ignore[return-value]  # a type is a type


def _field(name: str, value: object, rename: Rename) -> object:
    if isinstance(value, msgspec.Struct):
        return renamed(value, rename)
    if isinstance(value, str):
        return rename(SymbolPath(value)) if name in _PATHS else value
    if not isinstance(value, tuple) or not value:
        return value
    if name in _PATH_LISTS:
        made: tuple[object, ...] = tuple(rename(one) for one in value)
    else:
        made = tuple(renamed(one, rename) if isinstance(one, msgspec.Struct) else one for one in value)
    return value if all(new is old for new, old in zip(made, value, strict=True)) else made


def _renamed_literal(value: _Described, rename: Rename) -> _Described:
    """A member of an enumeration is named by its path."""
    if not isinstance(value, LiteralValue) or value.kind is not LiteralKind.ENUM:
        return value
    text = rename(SymbolPath(value.text))
    return value if text == value.text else msgspec.structs.replace(value, text=text)
