"""Fields of data classes: their order, and what of it callers see."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import after, is_exposed
from pybridge.compat.library import Library
from pybridge.compat.pairs import ClassPair
from pybridge.compat.particular import is_data_class
from pybridge.model.callables import Parameter
from pybridge.model.classes import Class, Field
from pybridge.model.types import ParameterKind

POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})


def own_fields(one: Class) -> tuple[Field, ...]:
    """Fields of a class itself that are about its instances, in their order."""
    return tuple(field for field in one.fields if not field.is_class_variable)


def constructor_parameters(one: Class) -> tuple[Parameter, ...]:
    """What the constructor takes, in its order; empty where it is not known."""
    constructor = one.constructor
    signature = constructor.implementation or (constructor.signatures[0] if constructor.signatures else None)
    return signature.parameters if signature is not None else ()


def positional_names(one: Class) -> list[str]:
    """Parameters of the constructor that can be given by position."""
    return [parameter.name for parameter in constructor_parameters(one) if parameter.kind in POSITIONAL]


def is_inserted(pair: ClassPair, name: str) -> bool:
    """Tell a field whose value callers by position would give instead of another one's."""
    before, now = positional_names(pair.old), positional_names(pair.new)
    if name not in now:
        return False
    return any(other in before for other in now[now.index(name) + 1 :])


def order_change(pair: ClassPair) -> tuple[list[str], list[str]] | None:
    """Fields of both sides in the order of each, where that differs and no class above tells it; else None."""
    found = _difference(pair.old, pair.new)
    if found is None:
        return None
    for old, new in _above(pair):
        told = _difference(old, new)
        names = set(told[0]) if told is not None else set()
        if names and [one for one in found[0] if one not in names] == [one for one in found[1] if one not in names]:
            return None
    return found


def _difference(old: Class, new: Class) -> tuple[list[str], list[str]] | None:
    before, now = positional_names(old), positional_names(new)
    kept = [name for name in before if name in now], [name for name in now if name in before]
    return kept if kept[0] != kept[1] else None


def _above(pair: ClassPair) -> Iterator[tuple[Class, Class]]:
    """Public data classes above a class, of both sides."""
    library: Library = pair.libraries.old
    for path in pair.old.mro[1:]:
        old, new = library.class_at(path), after(pair.libraries, path)
        is_told = old is not None and is_data_class(old) and is_exposed(library, path)
        if is_told and old is not None and new is not None and new.path in pair.new.mro:
            yield old, new
