"""Types against each other, each with the place that decides its variance."""

from collections.abc import Iterator

from pybridge.compat.library import Library
from pybridge.compat.packing import is_repacked
from pybridge.compat.pairs import CallablePair, MemberPair, ParameterPair, Position, TypedPair, VariablePair
from pybridge.compat.results import is_overloaded, returned
from pybridge.compat.types.classes.described import is_declared
from pybridge.model.classes import Class, Field, Property
from pybridge.model.evidence import TypeClaim
from pybridge.model.names import PublicPath


def call_types(pair: CallablePair, parameters: tuple[ParameterPair, ...]) -> Iterator[TypedPair]:
    """Types of the parameters that both sides have, and of the result; those of overloads are told by PB607."""
    for one in parameters if not is_overloaded(pair) else ():
        if one.old is None or one.new is None or is_repacked(one.old.type.expr, one.new.type.expr):
            continue
        yield TypedPair(
            libraries=pair.libraries,
            path=pair.path,
            position=Position.PARAMETER,
            old_symbol=pair.old.path,
            new_symbol=pair.new.path,
            part=one.old.name,
            old=one.old.type,
            new=one.new.type,
            parameters=one,
            call=pair,
        )
    results = returned(pair)
    if results is not None:
        yield TypedPair(
            libraries=pair.libraries,
            path=pair.path,
            position=Position.RETURN,
            old_symbol=pair.old.path,
            new_symbol=pair.new.path,
            part="return",
            old=results[0],
            new=results[1],
            call=pair,
        )


def member_types(member: MemberPair) -> Iterator[TypedPair]:
    """The type of a field or property that both sides have, whichever of the two it is."""
    if member.old is None or member.new is None:
        return
    old, new = member.old.definition, member.new.definition
    if isinstance(old, Field | Property) and isinstance(new, Field | Property):
        yield TypedPair(
            libraries=member.owner.libraries,
            path=PublicPath(f"{member.owner.path}.{member.name}"),
            position=Position.READONLY if old.is_readonly or new.is_readonly else Position.ATTRIBUTE,
            old_symbol=old.path,
            new_symbol=new.path,
            part="",
            old=_effective(old, member.owner.old, member.owner.libraries.old),
            new=_effective(new, member.owner.new, member.owner.libraries.new),
            owner=member.owner,
        )


def _effective(member: Field | Property, owner: Class, library: Library) -> TypeClaim:
    """What holds for an attribute: what a class sets without a word is of the type that a class above it declares."""
    if not isinstance(member, Field) or is_declared(member.type):
        return member.type
    for ancestor in owner.mro[1:]:
        above = library.class_at(ancestor)
        for one in above.fields if above is not None else ():
            if one.name == member.name and is_declared(one.type):
                return one.type
    return member.type


def variable_types(pair: VariablePair) -> Iterator[TypedPair]:
    """The type of a module-level name."""
    # Nobody sets a constant, whether or not it says so.
    is_constant = pair.old.is_final or pair.old.name.isupper()
    yield TypedPair(
        libraries=pair.libraries,
        path=pair.path,
        position=Position.READONLY if is_constant else Position.ATTRIBUTE,
        old_symbol=pair.old.path,
        new_symbol=pair.new.path,
        part="",
        old=pair.old.type,
        new=pair.new.type,
    )
