"""What type variables of both sides stand for, and which of them is which."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from pybridge.compat.types.ask import Scope
from pybridge.compat.types.classes.world import World
from pybridge.compat.types.relation import Relation
from pybridge.compat.types.substitution import union_of
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    AnyType,
    Callable,
    Named,
    SelfType,
    TypeExpr,
    TypeParameter,
    TypeVariable,
    TypeVariableKind,
)


class Declarations(msgspec.Struct, frozen=True, kw_only=True):
    """Type variables of one side, as declared there."""

    of_class: tuple[TypeParameter, ...] = ()
    own: tuple[TypeParameter, ...] = ()
    """Those of a function or alias; what the class declares too belongs to the class."""
    owner: SymbolPath | None = None
    """The class, for ``Self``."""


class Related(Protocol):
    """Compares two placed types."""

    def __call__(self, old: TypeExpr, new: TypeExpr, /) -> Relation:
        """Tell how the new type lies to the old one."""


def scope_of(world: World, related: Related, old: Declarations, new: Declarations, *, is_taken: bool) -> Scope:
    """Match the variables of both sides: those of one name, then those left over that are declared alike, in order.

    A variable that only one side has stands for what callers see of it. One of a class is what nobody gives, its default
    or ``Any``. One of a function is the class itself where that is its bound (the old way to say ``Self``); in a type that
    the function takes (``is_taken``) whatever it may be; in a result it depends on the call and is not known.
    """
    placed = tuple(_Placed(world, one, at) for at, one in enumerate((old, new)))
    variables: dict[str, TypeParameter] = {}
    renamed: tuple[dict[str, TypeExpr], dict[str, TypeExpr]] = ({}, {})
    loose: set[str] = set()
    for level in ("of_class", "own"):
        ours, theirs = (one.level(level) for one in placed)
        pairs = tuple(_pairs(ours, theirs, related))
        for one, other in pairs:
            if _is_declared_alike(one, other, related):
                variables[one.name] = one
            if one.name != other.name:
                renamed[1][other.name] = TypeVariable(name=one.name, kind=one.kind)
        known = tuple({each.name for each in side} for side in zip(*pairs, strict=True)) or (set(), set())
        for at, side in enumerate((ours, theirs)):
            for one in side:
                if one.name in known[at]:
                    continue
                seen = placed[at].seen(one, is_own=level == "own", is_taken=is_taken)
                if seen is not None:
                    renamed[at][one.name] = seen
                else:
                    # A mark keeps it apart from a variable of that name on the other side.
                    name = f"{one.name}{'<' if at == 0 else '>'}"
                    renamed[at][one.name] = TypeVariable(name=name, kind=one.kind)
                    variables[name] = one
                    loose.add(name)
    return Scope(variables=variables, owner=placed[1].itself, renamed=renamed, loose=frozenset(loose))


class _Placed:
    """Declarations of one side in the world of both."""

    def __init__(self, world: World, declarations: Declarations, side: int) -> None:
        place = world.places[side]
        self._of_class = tuple(map(place.parameter, declarations.of_class))
        names = {one.name for one in declarations.of_class}
        own = {one.name: one for one in declarations.own if one.name not in names}
        self._own = tuple(map(place.parameter, own.values()))
        self.itself: Named | None = None
        if declarations.owner is not None:
            path = place.path(declarations.owner)
            shape = world.shape(path)
            arguments = tuple(TypeVariable(name=one.name, kind=one.kind) for one in (shape.parameters if shape else ()))
            self.itself = Named(path=path, arguments=arguments)

    def level(self, name: str) -> Sequence[TypeParameter]:
        return self._of_class if name == "of_class" else self._own

    def seen(self, one: TypeParameter, *, is_own: bool, is_taken: bool) -> TypeExpr | None:
        """What callers see of a variable that the other side does not have; None where that depends on the call."""
        if one.kind is TypeVariableKind.PARAMETERS and (is_taken or not is_own):
            return Callable(parameters=None, returns=AnyType())
        if one.kind is not TypeVariableKind.TYPE:
            return None
        if not is_own:
            return one.default or AnyType()
        if isinstance(one.bound, Named) and self.itself is not None and one.bound.path == self.itself.path:
            return SelfType()
        if not is_taken:
            return None
        return union_of(one.constraints) if one.constraints else one.bound or AnyType()


def _pairs(
    old: Iterable[TypeParameter], new: Iterable[TypeParameter], related: Related
) -> Iterator[tuple[TypeParameter, TypeParameter]]:
    ours, theirs = {one.name: one for one in old}, {one.name: one for one in new}
    for name, one in ours.items():
        if name in theirs and theirs[name].kind is one.kind:
            yield one, theirs[name]
    lost = [one for name, one in ours.items() if name not in theirs]
    gained = [one for name, one in theirs.items() if name not in ours]
    for one, other in zip(lost, gained, strict=False):
        if one.kind is other.kind and _is_declared_alike(one, other, related):
            yield one, other


def _is_declared_alike(old: TypeParameter, new: TypeParameter, related: Related) -> bool:
    ours, theirs = (old.bound, *old.constraints), (new.bound, *new.constraints)
    return len(ours) == len(theirs) and all(
        one is other if one is None or other is None else related(one, other) is Relation.SAME
        for one, other in zip(ours, theirs, strict=True)
    )
