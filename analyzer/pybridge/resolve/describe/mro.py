"""The order in which Python looks attributes up."""

from collections.abc import Mapping, Sequence

from pybridge.model.names import SymbolPath

OBJECT = SymbolPath("builtins:object")


def linearize(
    path: SymbolPath,
    bases: Mapping[SymbolPath, Sequence[SymbolPath]],
    known: Mapping[SymbolPath, Sequence[SymbolPath]],
) -> tuple[SymbolPath, ...]:
    """Order a class and its ancestors, nearest first, itself included, ``object`` left out.

    ``bases`` holds the direct bases of the library's own classes; ``known`` the finished orders of others. A base in
    neither keeps its place as a leaf. Where no order satisfies every base (Python would refuse the class), or a class
    inherits from itself, ancestors follow depth first.

    Source: C3, https://docs.python.org/3/howto/mro.html
    """
    return _linearize(path, bases, {key: tuple(value) for key, value in known.items()}, ())


def _linearize(
    path: SymbolPath,
    bases: Mapping[SymbolPath, Sequence[SymbolPath]],
    done: dict[SymbolPath, tuple[SymbolPath, ...]],
    under_way: tuple[SymbolPath, ...],
) -> tuple[SymbolPath, ...]:
    if path in done:
        return done[path]
    if path in under_way or len(under_way) > 200:
        return ()
    parents = [base for base in bases.get(path, ()) if base != OBJECT]
    orders = [_linearize(parent, bases, done, (*under_way, path)) for parent in parents]
    if len(orders) == 1 and orders[0][:1] == (parents[0],):
        # What merging a single order comes to.
        done[path] = (path, *(one for one in orders[0] if one != path))
        return done[path]
    merged = _merge([*(list(order) for order in orders), list(parents)])
    if merged is None:
        merged = list(dict.fromkeys(one for order in orders for one in order))
    done[path] = (path, *(one for one in merged if one != path))
    return done[path]


def _merge(sequences: list[list[SymbolPath]]) -> list[SymbolPath] | None:
    merged: list[SymbolPath] = []
    while sequences := [one for one in sequences if one]:
        tails = {path for one in sequences for path in one[1:]}
        head = next((one[0] for one in sequences if one[0] not in tails), None)
        if head is None:
            return None
        merged.append(head)
        sequences = [[path for path in one if path != head] for one in sequences]
    return merged
