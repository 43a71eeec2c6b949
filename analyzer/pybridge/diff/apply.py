"""`apply`: what a descriptor becomes by changes."""

from collections.abc import Iterable
from typing import Any, get_args, get_origin

import msgspec

from pybridge.codec import decode
from pybridge.diff.collections import key_of, placed, symbols_inside
from pybridge.errors import DecodeError
from pybridge.model.change import Change, ChangeKind
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import SymbolPath, split_symbol


class _Edits:
    """Changes by the way that leads to them."""

    def __init__(self) -> None:
        self.own: Change | None = None
        self.below: dict[str, _Edits] = {}

    def at(self, way: Iterable[str]) -> "_Edits":
        found = self
        for part in way:
            found = found.below.setdefault(part, _Edits())
        return found


def apply(descriptor: LibraryDescriptor, changes: Iterable[Change]) -> LibraryDescriptor:
    """Make of an old descriptor the new one that `diff` compared it with; the order of the changes is of no matter.

    Raises:
        DecodeError: the changes are of another descriptor.
    """
    edits = _Edits()
    for change in changes:
        edits.at((*_way(descriptor, change.symbol), *change.member)).own = change
    changed = _struct(descriptor, edits)
    assert isinstance(changed, LibraryDescriptor)
    return changed


def _way(descriptor: LibraryDescriptor, symbol: SymbolPath) -> Iterable[str]:
    """Find the fields and names that lead to a symbol."""
    if not symbol:
        return
    module, qualname = split_symbol(symbol)
    holder: msgspec.Struct = descriptor
    for name in (module, *(qualname.split(".") if qualname else ())):
        found = symbols_inside(holder).get(name)
        if not found:
            raise _misfit(f"there is no {symbol!r}")
        field, holder = found[0]
        yield from (field, name)


def _struct(value: object, edits: _Edits) -> object:
    if not isinstance(value, msgspec.Struct):
        raise _misfit(f"{value!r} has no {', '.join(sorted(edits.below))}")
    kinds = {one.name: one.type for one in msgspec.structs.fields(value)}
    if not kinds.keys() >= edits.below.keys():
        raise _misfit(f"{type(value).__name__} has no {', '.join(sorted(edits.below.keys() - kinds))}")
    changed = {field: _value(getattr(value, field), kinds[field], field, one) for field, one in edits.below.items()}
    return msgspec.structs.replace(value, **changed)


def _value(value: object, kind: Any, field: str, edits: _Edits) -> object:
    own = edits.own
    if own is not None and own.kind is not ChangeKind.REORDERED:
        return None if own.new is msgspec.UNSET else decode(bytes(own.new), kind)
    if not isinstance(value, tuple):
        return _struct(value, edits)
    item = _item_kind(kind)
    if any(key_of(field, one) is None for one in value):
        return _nameless(value, item, edits)
    return _named(value, item, field, edits)


def _named(value: tuple[object, ...], item: Any, field: str, edits: _Edits) -> tuple[object, ...]:
    items = {key_of(field, one) or "": one for one in value}
    keys = tuple(items)
    for name, one in edits.below.items():
        if one.own is not None and one.own.kind is ChangeKind.REMOVED:
            items.pop(name, None)
        elif name in items or one.own is not None:
            items[name] = _value(items.get(name), item, "", one)
        else:
            raise _misfit(f"{field} has no {name!r}")
    order = placed(field, keys, items)
    if edits.own is not None and edits.own.new is not msgspec.UNSET:
        order = decode(bytes(edits.own.new), tuple[str, ...])
        if sorted(order) != sorted(items):
            raise _misfit(f"the new order of {field} is one of other names")
    return tuple(items[key] for key in order)


def _nameless(value: tuple[object, ...], item: Any, edits: _Edits) -> tuple[object, ...]:
    items = dict(enumerate(value))
    added: dict[int, object] = {}
    for name, one in edits.below.items():
        index, kind = int(name), one.own.kind if one.own is not None else None
        if kind is ChangeKind.ADDED:
            added[index] = _value(None, item, "", one)
        elif index not in items:
            raise _misfit(f"there is no item {index}")
        elif kind is ChangeKind.REMOVED:
            del items[index]
        else:
            items[index] = _value(items[index], item, "", one)
    found = list(items.values())
    for index in sorted(added):
        found.insert(index, added[index])
    return tuple(found)


def _item_kind(kind: Any) -> Any:
    """Return what a tuple holds, of its annotation or that of ``tuple[...] | None``."""
    if get_origin(kind) is not tuple:
        kind = next(one for one in get_args(kind) if get_origin(one) is tuple)
    return get_args(kind)[0]


def _misfit(reason: str) -> DecodeError:
    return DecodeError(Change.__name__, f"{reason} in the descriptor that it is to change")
