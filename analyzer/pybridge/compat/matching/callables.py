"""Callables against each other, and the definitions behind them."""

from pybridge.compat.library import Library
from pybridge.compat.pairs import CallablePair, Callee, ClassPair, LibraryPair
from pybridge.model.callables import Function
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.names import PublicPath, SymbolPath

_CALLED = frozenset({"__call__", "__init__", "__new__"})
_TRANSPARENT = frozenset(
    {"abstractmethod", "classmethod", "deprecated", "final", "overload", "override", "staticmethod", "wraps"}
)
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


def is_hidden(callee: Callee) -> bool:
    """Whether a decorator takes the calls, so that the ``def`` does not tell what they may give."""
    described = callee.function or callee.constructor
    return described is not None and described.is_signature_hidden


def is_special(path: SymbolPath) -> bool:
    """Tell methods that Python calls by itself: ``__iter__``, but not ``__init__`` and ``__call__``."""
    name = path.rpartition(":")[2].rpartition(".")[2]
    return name.startswith("__") and name.endswith("__") and name not in _CALLED


def decorator_names(callee: Callee) -> frozenset[str]:
    """Names of the decorators that may change what calls take, without their arguments."""
    described = callee.function or callee.constructor
    decorators = described.decorators if described is not None else ()
    names = (one.partition("(")[0].strip() for one in decorators)
    return frozenset(one for one in names if one.rpartition(".")[2] not in _TRANSPARENT)


def is_comparable(pair: CallablePair) -> bool:
    """Whether parameters and types can be compared: neither side hides them, or both have the same decorators.

    Where one of two equal decorators hides what it takes, only the type of that decorator was written or lost.
    """
    if not pair.old.signatures or not pair.new.signatures:
        return False
    is_any_hidden = is_hidden(pair.old) or is_hidden(pair.new)
    return not is_any_hidden or decorator_names(pair.old) == decorator_names(pair.new)


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
