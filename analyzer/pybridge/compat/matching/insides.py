"""From a matched symbol down: its class, members, callables, parameters and types."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import is_made_above
from pybridge.compat.library import Definition
from pybridge.compat.matching.callables import constructor_pair, function_pair, is_comparable
from pybridge.compat.matching.made import field_parameters
from pybridge.compat.matching.members import member_pairs
from pybridge.compat.matching.parameters import parameter_pairs
from pybridge.compat.matching.typed import call_types, member_types, variable_types
from pybridge.compat.pairs import (
    AliasPair,
    CallablePair,
    ClassPair,
    LibraryPair,
    MemberPair,
    Pair,
    SymbolPair,
    VariablePair,
)
from pybridge.compat.particular import retyped
from pybridge.model.callables import Function
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.library import TypeAlias, Variable
from pybridge.model.names import PublicPath


def inside(symbol: SymbolPair, told: set[tuple[object, object]]) -> Iterator[Pair]:
    """Pairs below a symbol that both sides have; ``told`` remembers definitions that were paired already."""
    old = symbol.old.definition if symbol.old else None
    new = symbol.new.definition if symbol.new else None
    if old is not None and new is not None:
        yield from definitions(symbol.libraries, symbol.path, old, new, told)


def definitions(
    libraries: LibraryPair, path: PublicPath, old: Definition, new: Definition, told: set[tuple[object, object]]
) -> Iterator[Pair]:
    """Pairs of two definitions of one kind; none when the kinds differ."""
    if not _is_first(told, old.path, new.path):
        return
    if isinstance(old, Class) and isinstance(new, Class):
        yield from _classes(ClassPair(libraries=libraries, path=path, old=old, new=new), told)
    elif isinstance(old, Function) and isinstance(new, Function):
        yield from _call(function_pair(libraries, path, None, old, new))
    elif isinstance(old, Variable) and isinstance(new, Variable):
        pair = VariablePair(libraries=libraries, path=path, old=old, new=new)
        yield pair
        yield from variable_types(pair)
    elif isinstance(old, TypeAlias) and isinstance(new, TypeAlias):
        yield AliasPair(libraries=libraries, path=path, old=old, new=new)


def _classes(pair: ClassPair, told: set[tuple[object, object]]) -> Iterator[Pair]:
    yield pair
    constructor = constructor_pair(pair)
    if constructor is None:
        yield from field_parameters(pair)
    elif not _is_told_otherwise(pair) and _is_first(told, constructor.old.path, constructor.new.path):
        yield from _call(constructor)
    for member in member_pairs(pair):
        if _is_first(told, member.old and member.old.path, member.new and member.new.path):
            yield member
            yield from _member(member, told)


def _member(member: MemberPair, told: set[tuple[object, object]]) -> Iterator[Pair]:
    if member.old is None or member.new is None:
        return
    old, new = member.old.definition, member.new.definition
    owner = member.owner
    path = PublicPath(f"{owner.path}.{member.name}")
    if isinstance(old, Function) and isinstance(new, Function):
        yield from _call(function_pair(owner.libraries, path, owner, old, new))
    elif isinstance(old, Class) and isinstance(new, Class):
        told.discard((old.path, new.path))
        yield from definitions(owner.libraries, path, old, new, told)
    elif retyped(member) is None:
        yield from member_types(member)


def _is_told_otherwise(pair: ClassPair) -> bool:
    """Tell a constructor that a public class above makes, and one that a data class makes no more (PB506)."""
    old, new = pair.old.constructor, pair.new.constructor
    is_gone = old.origin is ConstructorOrigin.SYNTHESISED and new.origin is ConstructorOrigin.OBJECT
    if is_gone and pair.old.kind is pair.new.kind:
        return True
    return is_made_above(pair)


def _call(pair: CallablePair) -> Iterator[Pair]:
    yield pair
    if is_comparable(pair):
        parameters = tuple(parameter_pairs(pair))
        yield from parameters
        yield from call_types(pair, parameters)


def _is_first(told: set[tuple[object, object]], old: object, new: object) -> bool:
    if (old, new) in told:
        return False
    told.add((old, new))
    return True
