"""`diff`: walk two descriptors side by side and tell every difference at its deepest place."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from pybridge.codec import encode
from pybridge.diff.collections import Leaf, child_symbol, in_order, is_unordered, key_of, placed, symbols_inside
from pybridge.model.change import Change, ChangeKind
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import SymbolPath


class _Where(msgspec.Struct, frozen=True):
    symbol: SymbolPath
    member: tuple[str, ...] = ()

    def below(self, name: str) -> "_Where":
        return _Where(self.symbol, (*self.member, name))


_Places = Callable[[str, str], _Where]
"""Where an item of a field stands, by field and key."""


def diff(old: LibraryDescriptor, new: LibraryDescriptor) -> tuple[Change, ...]:
    """Tell what differs, sorted by symbol and member, each difference once.

    Empty when nothing differs. The order of what is unordered (modules, functions, methods, ...) makes no difference.
    """
    found = _structs(_Where(SymbolPath("")), old, new)
    return tuple(sorted(found, key=lambda one: (one.symbol, one.member)))


def _structs(where: _Where, old: msgspec.Struct, new: msgspec.Struct) -> Iterator[Change]:
    places = _places(where, old, new)
    for field in old.__struct_fields__:
        yield from _values(where.below(field), field, getattr(old, field), getattr(new, field), places)


def _values(where: _Where, field: str, old: object, new: object, places: _Places) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, tuple) and isinstance(new, tuple):
        yield from _tuples(where, field, old, new, places)
    elif isinstance(old, msgspec.Struct) and isinstance(new, msgspec.Struct) and not isinstance(old, Leaf):
        yield from _structs(where, old, new)
    else:
        yield _change(where, old, new)


def _tuples(
    where: _Where, field: str, old: tuple[object, ...], new: tuple[object, ...], places: _Places
) -> Iterator[Change]:
    sides = (_by_key(field, old), _by_key(field, new))
    if sides[0] is not None and sides[1] is not None:
        yield from _named(where, field, sides[0], sides[1], places)
    elif key_of(field, (*old, *new)[0]) is not None:
        yield from _wholes(where, field, old, new)
    else:
        yield from _nameless(where, old, new)


def _by_key(field: str, items: Sequence[object]) -> Mapping[str, object] | None:
    """Return items by what they go by; None where they have no names, or two have the same."""
    found = {}
    for item in items:
        key = key_of(field, item)
        if key is None or key in found:
            return None
        found[key] = item
    return found


def _named(
    where: _Where, field: str, old: Mapping[str, object], new: Mapping[str, object], places: _Places
) -> Iterator[Change]:
    for key in old.keys() | new.keys():
        if key not in old or key not in new:
            yield _change(where.below(key), old.get(key), new.get(key))
        else:
            yield from _values(places(field, key), "", old[key], new[key], places)
    keys = (tuple(old), tuple(new))
    # Asked both ways, so that swapping the sides gives the same changes, swapped.
    is_told = placed(field, keys[0], new) == keys[1] and placed(field, keys[1], old) == keys[0]
    if not is_told and not is_unordered(field):
        yield _change(where, *keys, kind=ChangeKind.REORDERED)


def _wholes(where: _Where, field: str, old: tuple[object, ...], new: tuple[object, ...]) -> Iterator[Change]:
    """Two items of one name: no single one can be told from the other, so they change together."""
    old_items, new_items = in_order(old, field), in_order(new, field)
    if old_items != new_items:
        yield _change(where, old_items, new_items)


def _nameless(where: _Where, old: tuple[object, ...], new: tuple[object, ...]) -> Iterator[Change]:
    if len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from _values(where.below(str(index)), "", *pair, _by_member(where))
        return
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    tail = next((index for index in range(shorter - head) if old[-1 - index] != new[-1 - index]), shorter - head)
    if head + tail < shorter:
        yield _change(where, old, new)
        return
    longer = old if len(old) > len(new) else new
    for index in range(head, len(longer) - tail):
        one = longer[index]
        yield _change(where.below(str(index)), one if longer is old else None, one if longer is new else None)


def _places(where: _Where, old: msgspec.Struct, new: msgspec.Struct) -> _Places:
    """Say where items stand: a symbol by its own path, if that is all it takes to find it again."""
    if where.member:
        return _by_member(where)
    sides = (symbols_inside(old), symbols_inside(new))

    def place(field: str, key: str) -> _Where:
        path = child_symbol(where.symbol, field, key)
        found = [side.get(key, ()) for side in sides]
        if path is None or any(len(one) != 1 or one[0][0] != field for one in found):
            return where.below(field).below(key)
        is_itself = field == "modules" or all(getattr(one[0][1], "path", None) == path for one in found)
        return _Where(path) if is_itself else where.below(field).below(key)

    return place


def _by_member(where: _Where) -> _Places:
    return lambda field, key: where.below(field).below(key)


def _change(where: _Where, old: object, new: object, kind: ChangeKind | None = None) -> Change:
    if kind is None:
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.MODIFIED
    raw = [msgspec.UNSET if one is None else msgspec.Raw(encode(in_order(one))) for one in (old, new)]
    return Change(kind=kind, symbol=where.symbol, member=where.member, old=raw[0], new=raw[1])
