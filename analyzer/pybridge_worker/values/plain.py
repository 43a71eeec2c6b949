"""Values that are their own tree: told apart quickly, since most are, and since walking them costs more than writing them."""

from collections.abc import Collection
from types import NoneType
from typing import Any

from pybridge_worker.values.trees import MAX_DEPTH

JSON_SCALARS = frozenset((NoneType, bool, int, float, str))
MSGPACK_SCALARS = JSON_SCALARS | {bytes}
_CONTAINERS = frozenset((list, dict))
_TEXT = frozenset((str,))
_MAX_CONTAINERS = 10_000
_MAX_PARTS = 1_000_000


def is_plain(value: object, scalars: frozenset[type]) -> bool:
    """Whether a value consists of nothing but exact scalars, lists, and dictionaries with text for keys.

    False says nothing: what is large, deep or in itself is not looked at to the end. Runs no code of the value's own, for
    none of these types has any. What is in a scalar (a lone surrogate, an int of more than 64 bits) is not looked at.
    """
    if type(value) in scalars:
        return True
    known = scalars | _CONTAINERS
    level: list[Any] = [value]
    containers = parts = 0
    # Level by level: of a value that lies in itself, only so many levels are met as any value may have.
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            items: Collection[object] = one
            if type(one) is dict:
                if not _TEXT.issuperset(map(type, one)):
                    return False
                items = one.values()
            elif type(one) is not list:
                return False
            parts += len(items)
            if not scalars.issuperset(map(type, items)):
                if not known.issuperset(map(type, items)):
                    return False
                below += [item for item in items if type(item) in _CONTAINERS]
        if not below:
            return parts <= _MAX_PARTS
        containers += len(below)
        if containers > _MAX_CONTAINERS or parts > _MAX_PARTS:
            return False
        level = below
    return False
