"""Callables against each other, and the definitions behind them."""

from pybridge.compat.library import Library
from pybridge.compat.pairs import CallablePair, Callee, ClassPair, LibraryPair
from pybridge.model.callables import Function
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.names import PublicPath, SymbolPath

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
    return made_constructor_pair(pair)


def made_constructor_pair(pair: ClassPair) -> CallablePair:
    """Pair the effective constructors of both sides, whatever makes them."""
    return CallablePair(
        libraries=pair.libraries,
        path=pair.path,
        owner=pair,
        old=_constructor(pair.old, pair.libraries.old),
        new=_constructor(pair.new, pair.libraries.new),
    )


def written(callee: Callee, library: Library) -> Function | None:
    """The ``def`` behind something called; None where nothing is written, or in another package."""
    if callee.function is not None or callee.constructor is None:
        return callee.function
    owner = library.class_at(callee.constructor.defined_by) if callee.constructor.defined_by is not None else None
    methods = owner.methods if owner is not None else ()
    return next((one for one in methods if one.path == callee.path), None)


def is_hidden(callee: Callee, library: Library) -> bool:
    """Whether a decorator takes the calls, so that the ``def`` does not tell what they may give."""
    function = written(callee, library)
    return function is not None and function.is_signature_hidden


def is_comparable(pair: CallablePair) -> bool:
    """Whether parameters and types can be compared: both sides have some, and both or neither hide them."""
    if not pair.old.signatures or not pair.new.signatures:
        return False
    return is_hidden(pair.old, pair.libraries.old) is is_hidden(pair.new, pair.libraries.new)


def _constructor(one: Class, library: Library) -> Callee:
    constructor = one.constructor
    owner = constructor.defined_by or one.path
    method = _METHODS.get(constructor.origin) if library.class_at(owner) is not None else None
    return Callee(
        path=SymbolPath(f"{owner}.{method}") if method else one.path,
        signatures=constructor.signatures,
        implementation=constructor.implementation,
        function=None,
        constructor=constructor,
    )
