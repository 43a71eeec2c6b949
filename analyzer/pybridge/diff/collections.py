"""Which fields of the descriptor hold what has a name, and what their order means."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from pybridge.codec import encode
from pybridge.model.names import SymbolPath
from pybridge.model.types import LiteralValue, TypeExpr

SYMBOLS = ("modules", "classes", "functions", "variables", "type_aliases", "methods", "properties", "fields")
SYMBOLS_INSIDE = (*SYMBOLS, "nested_classes")
"""Fields whose items are symbols themselves."""
_BY_NAME = frozenset({*SYMBOLS_INSIDE, "exports", "parameters", "type_parameters", "enum_members"})
_BY_PATH = frozenset({"skipped"})
_SORTED = frozenset({*SYMBOLS_INSIDE, "exports", "skipped", "roots"}) - {"fields"}
"""Their order means nothing; the model has them sorted."""
_SORTED_OR_NOT = frozenset({"fields", "declared_names"})
"""Some are sorted, of some the order means something; only the items tell."""

Leaf = TypeExpr | LiteralValue
"""What changes as a whole."""


def key_of(field: str, item: object) -> str | None:
    """Return what an item of a field goes by; None where only its place tells it from others."""
    if isinstance(item, str):
        return item
    if field in _BY_NAME:
        return str(getattr(item, "name", ""))
    if field in _BY_PATH:
        return str(getattr(item, "path", ""))
    return None


def is_unordered(field: str) -> bool:
    """Whether the order of a field's items means nothing."""
    return field in _SORTED or field == "public_paths"


def sort_key(field: str, key: str) -> tuple[int, int, str]:
    """Where the model has an item of an unordered field: by name, public paths shortest first."""
    return (key.count("."), len(key), key) if field == "public_paths" else (0, 0, key)


def in_order(value: object, field: str = "") -> object:
    """Sort what is unordered in a noun, at any depth, so that equal content has equal bytes."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Leaf):
        fields = ((one, getattr(value, one)) for one in value.__struct_fields__)
        return msgspec.structs.replace(value, **{one: in_order(inside, one) for one, inside in fields})
    if not isinstance(value, tuple):
        return value
    items = tuple(in_order(one) for one in value)
    return tuple(sorted(items, key=lambda one: _rank(field, one))) if is_unordered(field) else items


def _rank(field: str, item: object) -> tuple[tuple[int, int, str], bytes]:
    return sort_key(field, key_of(field, item) or ""), encode(item)


def placed(field: str, old: Sequence[str], new: Collection[str]) -> tuple[str, ...]:
    """Order keys as additions and removals alone would have it: in their sorted place, or after all that stayed."""
    is_sorted = field in _SORTED_OR_NOT and list(old) == sorted(old)
    if is_sorted or is_unordered(field):
        return tuple(sorted(new, key=lambda key: sort_key(field, key)))
    kept = [key for key in old if key in new]
    return (*kept, *sorted(set(new).difference(kept)))


def child_symbol(holder: SymbolPath, field: str, name: str) -> SymbolPath | None:
    """Name a symbol by what holds it; None where its name is none that a path could be taken apart by."""
    if field == "modules":
        return SymbolPath(f"{name}:") if all(part.isidentifier() for part in name.split(".")) else None
    if not name.isidentifier():
        return None
    return SymbolPath(f"{holder}{name}" if holder.endswith(":") else f"{holder}.{name}")


def symbols_inside(struct: msgspec.Struct) -> Mapping[str, Sequence[tuple[str, msgspec.Struct]]]:
    """Return the symbols that a struct holds itself, by name, each with its field."""
    found: dict[str, list[tuple[str, msgspec.Struct]]] = {}
    for field in struct.__struct_fields__:
        if field in SYMBOLS_INSIDE:
            for item in getattr(struct, field):
                found.setdefault(item.name, []).append((field, item))
    return found
