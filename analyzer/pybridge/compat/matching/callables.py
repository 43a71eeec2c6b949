"""Callables against each other, and their parameters: by name, by position, or as a guessed rename."""

from collections.abc import Iterator

from pybridge.compat.pairs import CallablePair, Callee, ClassPair, LibraryPair, ParameterMatch, ParameterPair
from pybridge.model.callables import Function, Parameter
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.names import PublicPath, SymbolPath
from pybridge.model.types import ParameterKind

_BY_PLACE = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
_METHODS = {ConstructorOrigin.INIT: "__init__", ConstructorOrigin.NEW: "__new__"}


def function_pair(
    libraries: LibraryPair, path: PublicPath, owner: ClassPair | None, old: Function, new: Function
) -> CallablePair:
    """Pair two functions or methods."""
    sides = [
        Callee(
            path=one.path,
            signatures=one.signatures,
            implementation=one.implementation,
            function=one,
            constructor=None,
        )
        for one in (old, new)
    ]
    return CallablePair(libraries=libraries, path=path, owner=owner, old=sides[0], new=sides[1])


def constructor_pair(pair: ClassPair) -> CallablePair | None:
    """Pair the effective constructors.

    None where both are made from the fields (whose rules tell it), and where a side has no signature to compare.
    """
    old, new = pair.old.constructor, pair.new.constructor
    if ConstructorOrigin.UNKNOWN in (old.origin, new.origin):
        return None
    if old.origin is new.origin is ConstructorOrigin.SYNTHESISED:
        return None
    return CallablePair(
        libraries=pair.libraries, path=pair.path, owner=pair, old=_constructor(pair.old), new=_constructor(pair.new)
    )


def parameter_pairs(pair: CallablePair) -> Iterator[ParameterPair]:
    """Pair the parameters of the runtime signatures: the old side's in order, then those that are new."""
    old, new = pair.old.runtime.parameters, pair.new.runtime.parameters
    matched = _by_name(old, new)
    matched |= _by_place(old, new, matched)
    renamed = _renamed(old, new, matched)
    for index, one in enumerate(old):
        position = matched.get(index, renamed.get(index))
        other = new[position] if position is not None else None
        match = ParameterMatch.ALONE
        if other is not None:
            is_renamed = index in renamed
            by_name = one.name == other.name
            match = (
                ParameterMatch.RENAMED if is_renamed else ParameterMatch.NAME if by_name else ParameterMatch.POSITION
            )
        yield ParameterPair(call=pair, match=match, old=one, new=other, old_position=index, new_position=position)
    known = {*matched.values(), *renamed.values()}
    for position, one in enumerate(new):
        if position not in known:
            yield ParameterPair(
                call=pair, match=ParameterMatch.ALONE, old=None, new=one, old_position=None, new_position=position
            )


def _constructor(one: Class) -> Callee:
    constructor = one.constructor
    owner = constructor.defined_by or one.path
    method = _METHODS.get(constructor.origin)
    return Callee(
        path=SymbolPath(f"{owner}.{method}") if method else one.path,
        signatures=constructor.signatures,
        implementation=constructor.implementation,
        function=None,
        constructor=constructor,
    )


def _by_name(old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> dict[int, int]:
    places = {one.name: index for index, one in enumerate(new)}
    return {
        index: places[one.name]
        for index, one in enumerate(old)
        if one.name in places and (one.kind in _VARIADIC) == (new[places[one.name]].kind in _VARIADIC)
    }


_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})


def _by_place(old: tuple[Parameter, ...], new: tuple[Parameter, ...], matched: dict[int, int]) -> dict[int, int]:
    """Pair what has no name for callers: variadic ones, and what is positional-only on both sides."""
    found: dict[int, int] = {}
    taken = set(matched.values())
    for index, one in enumerate(old):
        if index in matched or one.kind not in _BY_PLACE:
            continue
        for position, other in enumerate(new):
            is_there = one.kind in _VARIADIC or position == index
            if position not in taken and other.kind is one.kind and is_there:
                found[index] = position
                taken.add(position)
                break
    return found


def _renamed(old: tuple[Parameter, ...], new: tuple[Parameter, ...], matched: dict[int, int]) -> dict[int, int]:
    """Guess renames: same position and kind, the same type, and both names are gone from the other side."""
    taken = set(matched.values())
    found: dict[int, int] = {}
    for index, one in enumerate(old):
        if index in matched or index in taken or index >= len(new):
            continue
        other = new[index]
        is_alike = (one.kind, one.is_required, one.type.expr) == (other.kind, other.is_required, other.type.expr)
        if is_alike and one.kind not in _VARIADIC:
            found[index] = index
    return found
