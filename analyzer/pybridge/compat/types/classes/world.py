"""`World`: every class that types of both sides can name, and how classes lie below each other."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.compat.library import Library
from pybridge.compat.types.classes.described import DescribedClasses
from pybridge.compat.types.classes.identity import Identity
from pybridge.compat.types.classes.placing import Placing, placed_in
from pybridge.compat.types.classes.shapes import ClassShape, MemberShape
from pybridge.compat.types.classes.standard import standard_library
from pybridge.compat.types.substitution import bounded, mapped, substituted, substituted_parameters
from pybridge.model.library import TypeAlias
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    Named,
    Tuple,
    TypeExpr,
    TypeParameter,
    TypeVariableKind,
    Union,
    Unknown,
    UnknownReason,
)

_MAX_ALIASES = 30
"""Aliases of aliases that are looked into."""
OBJECT = SymbolPath("builtins:object")
_UNRESOLVED = Unknown(reason=UnknownReason.UNRESOLVED_NAME)


class World:
    """Looks up classes and aliases by their placed paths (see `Placing`)."""

    def __init__(self, old: Library, new: Library, same: frozenset[ModuleName] = frozenset()) -> None:
        """Look into two libraries; modules that are the ``same`` in both have lost and gained no class."""
        self.identity = Identity(old, new, same)
        self.places = tuple(Placing((*side.header.roots, side.header.name), at) for at, side in enumerate((old, new)))
        self._libraries = (old, new)
        self._classes = tuple(DescribedClasses(side, self.places[at]) for at, side in enumerate((old, new)))
        self._shapes: dict[SymbolPath, ClassShape | None] = {}
        self._above: dict[SymbolPath, dict[SymbolPath, TypeExpr]] = {}
        self._open: dict[SymbolPath, bool] = {}
        self._orders: dict[SymbolPath, tuple[SymbolPath, ...]] = {}

    def key(self, path: SymbolPath) -> SymbolPath:
        """Name a class for both sides."""
        placed = placed_in(path)
        return path if placed is None else self.identity.key(placed[1], placed[0])

    def is_described(self, path: SymbolPath) -> bool:
        """Whether a class of a library or the standard library is known at all."""
        return self.shape(path) is not None

    def shape(self, path: SymbolPath) -> ClassShape | None:
        """Return what is known of a class; None for one of another package, or that its library does not describe."""
        if path not in self._shapes:
            placed = placed_in(path)
            if placed is None:
                self._shapes[path] = standard_library().shape(path)
            else:
                self._shapes[path] = self._classes[placed[0]].shape(placed[1])
        return self._shapes[path]

    def arguments(self, named: Named) -> tuple[TypeExpr, ...] | None:
        """The type arguments of a class, one a parameter, those left out by their defaults, else ``Any``.

        None where they do not fit, or are for a class that takes any number (``*Ts``) or is not known.
        """
        shape = self.shape(named.path)
        if shape is None:
            return None
        parameters, given = shape.parameters, named.arguments
        if any(one.kind is TypeVariableKind.TUPLE for one in parameters) or len(given) > len(parameters):
            return None
        if len(parameters) == 1 and parameters[0].kind is TypeVariableKind.PARAMETERS and len(given) == 1:
            # ``Job[int, str]`` of one ParamSpec is written as ``Job[[int, str]]`` by every reader but Python's.
            return given
        filled = list(given)
        for one in parameters[len(given) :]:
            filled.append(_left_out(one, dict(zip((p.name for p in parameters), filled, strict=False))))
        return tuple(filled)

    def supertype(self, named: Named, key: SymbolPath) -> TypeExpr | None:
        """The class with a key as a class has it above itself, arguments filled in; None when it is not above."""
        found = self._ancestors(named.path).get(key)
        if found is None:
            return None
        return self._seen_from(named, found)

    def ancestors(self, path: SymbolPath) -> Mapping[SymbolPath, TypeExpr]:
        """Classes above a class by their keys, with arguments in terms of its own parameters."""
        return self._ancestors(path)

    def is_open(self, path: SymbolPath) -> bool:
        """Whether something above a class is not known, so that it may be anything."""
        if path not in self._open:
            self._open[path] = False
            shape = self.shape(path)
            # The MRO of a described class tells what is above its private bases, which are not described.
            bases = () if shape is None else shape.ancestors or tuple(filter(None, map(_path, shape.bases)))
            self._open[path] = (
                shape is None
                or shape.has_unknown_base
                or any(self.is_open(one) for one in bases if not (shape.ancestors and placed_in(one)))
            )
        return self._open[path]

    def order(self, path: SymbolPath) -> tuple[SymbolPath, ...]:
        """A class and what is above it, nearest first, each once; ``object`` left out."""
        if path not in self._orders:
            shape = self.shape(path)
            if shape is not None and shape.ancestors:
                self._orders[path] = (path, *shape.ancestors)
            else:
                walked = [path]
                for base in filter(None, map(_path, shape.bases if shape else ())):
                    walked.extend(self.order(base))
                # The last mention counts, so that a class stands behind everything that derives from it.
                latest = {one: number for number, one in enumerate(walked)}
                self._orders[path] = tuple(sorted(latest, key=latest.__getitem__))
        return self._orders[path]

    def member(self, named: Named, name: str) -> tuple[MemberShape, bool] | None:
        """A member as instances of a class have it, inherited ones too, and whether it is ``object``'s; None for none."""
        for owner in (*self.order(named.path), OBJECT):
            shape = self.shape(owner)
            found = shape.members.get(name) if shape is not None and shape.members is not None else None
            if found is not None:
                seen = named if owner == named.path else self.supertype(named, self.key(owner))
                return self._bound(found, seen), owner == OBJECT
        return None

    def member_names(self, path: SymbolPath) -> Iterator[str]:
        """Names of the members that a protocol asks for: its own and those of protocols above it."""
        seen: set[str] = set()
        for owner in self.order(path):
            shape = self.shape(owner)
            if shape is not None and shape.is_protocol:
                for name in shape.members or ():
                    if name not in seen:
                        seen.add(name)
                        yield name

    def knows_members(self, path: SymbolPath) -> bool:
        """Whether no member of a class can have been missed."""
        return not self.is_open(path) and all(
            shape is not None and shape.members is not None for shape in map(self.shape, self.order(path))
        )

    def alternatives(self, expr: TypeExpr, depth: int = _MAX_ALIASES) -> Iterator[TypeExpr]:
        """Members of a union, of unions behind aliases too; one type is itself."""
        if isinstance(expr, Union) and depth > 0:
            for one in expr.members:
                yield from self.alternatives(one, depth - 1)
        elif isinstance(expr, Alias) and depth > 0:
            yield from self.alternatives(self.target(expr), depth - 1)
        else:
            yield expr

    def expanded(self, expr: TypeExpr, depth: int) -> TypeExpr:
        """Put what aliases stand for in their place, ``depth`` parts deep."""
        if depth == 0:
            return expr
        if isinstance(expr, Alias):
            return self.expanded(self.target(expr), depth - 1)
        return mapped(expr, lambda one: self.expanded(one, depth - 1))

    def target(self, alias: Alias) -> TypeExpr:
        """What an alias stands for, its arguments filled in."""
        if alias.target is not None:
            return alias.target
        placed = placed_in(alias.path)
        found = self._libraries[placed[0]].definition(placed[1]) if placed else None
        if placed is None or not isinstance(found, TypeAlias):
            return _UNRESOLVED
        target = self.places[placed[0]].type(found.target)
        values: dict[str, TypeExpr] = {}
        given = dict(zip((one.name for one in found.type_parameters), map(bounded, alias.arguments), strict=False))
        for one in found.type_parameters:
            values[one.name] = given[one.name] if one.name in given else _left_out(one, values)
        return substituted(target, values)

    def _ancestors(self, path: SymbolPath) -> dict[SymbolPath, TypeExpr]:
        if path not in self._above:
            found: dict[SymbolPath, TypeExpr] = {}
            shape = self.shape(path)
            waiting = list(reversed(shape.bases)) if shape else []
            while waiting:
                base = waiting.pop()
                above = _named(base)
                key = self.key(above.path) if above is not None else None
                if above is not None and key is not None and key not in found:
                    found[key] = base
                    inner = self.shape(above.path)
                    waiting.extend(self._seen_from(above, one) for one in reversed(inner.bases if inner else ()))
            for ancestor in shape.ancestors if shape else ():
                found.setdefault(self.key(ancestor), self._anything_of(ancestor))
            self._above[path] = found
        return self._above[path]

    def _anything_of(self, path: SymbolPath) -> TypeExpr:
        """A class known to be above another one, by name only: its arguments are not known."""
        shape = self.shape(path)
        count = len(shape.parameters) if shape else 0
        return Named(path=path, arguments=(_UNRESOLVED,) * count)

    def _seen_from(self, named: Named, above: TypeExpr) -> TypeExpr:
        shape = self.shape(named.path)
        if shape is None or not shape.parameters:
            return above
        values = self._values(named, shape)
        return substituted(above, values)

    def _values(self, named: Named, shape: ClassShape) -> dict[str, TypeExpr]:
        arguments = self.arguments(named)
        if arguments is None:
            arguments = (_UNRESOLVED,) * len(shape.parameters)
        return dict(zip((one.name for one in shape.parameters), map(bounded, arguments), strict=True))

    def _bound(self, member: MemberShape, owner: TypeExpr | None) -> MemberShape:
        """Fill the arguments of the class that defines a member into it."""
        named = _named(owner) if owner is not None else None
        shape = self.shape(named.path) if named is not None else None
        if named is None or shape is None or not shape.parameters:
            return member
        return filled(member, self._values(named, shape))


def filled(member: MemberShape, values: Mapping[str, TypeExpr]) -> MemberShape:
    """Put types in the place of variables in a member."""
    return msgspec.structs.replace(
        member,
        type=None if member.type is None else substituted(member.type, values),
        signatures=tuple(
            msgspec.structs.replace(
                one,
                parameters=substituted_parameters(one.parameters, values),
                returns=substituted(one.returns, values),
            )
            for one in member.signatures
        ),
    )


def _left_out(one: TypeParameter, before: Mapping[str, TypeExpr]) -> TypeExpr:
    """What a parameter stands for when nobody says."""
    if one.default is not None:
        return substituted(one.default, before)
    return Callable(parameters=None, returns=AnyType()) if one.kind is TypeVariableKind.PARAMETERS else AnyType()


def _named(expr: TypeExpr) -> Named | None:
    """The class that a base is; a tuple is that of its items."""
    match expr:
        case Named():
            return expr
        case Tuple(items=items, is_variadic=True):
            return Named(path=SymbolPath("builtins:tuple"), arguments=items)
        case _:
            return None


def _path(expr: TypeExpr) -> SymbolPath | None:
    named = _named(expr)
    return None if named is None else named.path
