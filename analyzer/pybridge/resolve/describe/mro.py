"""The order in which Python looks attributes up."""

from collections.abc import Mapping, Sequence

from pybridge.model.names import SymbolPath

OBJECT = SymbolPath("builtins:object")
_MAX_DEPTH = 200


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
    return Orders().of(path, bases, known)


class Orders:
    """Orders of classes, each made once."""

    def __init__(self) -> None:
        self._done: dict[SymbolPath, tuple[SymbolPath, ...]] = {}
        self._made: dict[SymbolPath, tuple[SymbolPath, ...]] = {}
        self._is_sound = True

    def __contains__(self, path: SymbolPath) -> bool:
        """Tell whether the order of a class is known: neither its bases nor theirs are asked for again."""
        return path in self._done

    def of(
        self,
        path: SymbolPath,
        bases: Mapping[SymbolPath, Sequence[SymbolPath]],
        known: Mapping[SymbolPath, Sequence[SymbolPath]],
    ) -> tuple[SymbolPath, ...]:
        """Order a class as `linearize` does."""
        self._made, self._is_sound = {key: tuple(value) for key, value in known.items()}, True
        order = self._linearize(path, bases, ())
        if self._is_sound:
            # Where a class inherits from itself, the orders on the way depend on where one began.
            self._done.update(self._made)
        return order

    def _linearize(
        self, path: SymbolPath, bases: Mapping[SymbolPath, Sequence[SymbolPath]], under_way: tuple[SymbolPath, ...]
    ) -> tuple[SymbolPath, ...]:
        found = self._made.get(path) or self._done.get(path)
        if found is not None:
            return found
        if path in under_way or len(under_way) > _MAX_DEPTH:
            self._is_sound = False
            return ()
        parents = [base for base in bases.get(path, ()) if base != OBJECT]
        orders = [self._linearize(parent, bases, (*under_way, path)) for parent in parents]
        if len(orders) == 1 and orders[0][:1] == (parents[0],):
            # What merging a single order comes to.
            merged: Sequence[SymbolPath] | None = orders[0]
        else:
            merged = _merge([*(list(order) for order in orders), list(parents)])
        if merged is None:
            merged = list(dict.fromkeys(one for order in orders for one in order))
        self._made[path] = found = (path, *(one for one in merged if one != path))
        return found


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
