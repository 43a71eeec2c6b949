"""What stands against what. A rule asks for one of these by the type of its parameter.

In every pair at least one side is there; ``old`` None means added, ``new`` None means removed.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property

import msgspec

from pybridge.compat.library import Definition, Library, PublicName
from pybridge.compat.members import Member, effective
from pybridge.compat.types.ask import Scope
from pybridge.compat.types.relate import TypesOfBoth, is_told_alike
from pybridge.compat.types.relation import Relation
from pybridge.compat.types.scoping import Declarations
from pybridge.model.callables import Function, Parameter, Signature
from pybridge.model.classes import Class, Constructor
from pybridge.model.evidence import TypeClaim
from pybridge.model.finding import Finding
from pybridge.model.library import Module, TypeAlias, Variable
from pybridge.model.names import ModuleName, PublicPath, SymbolPath
from pybridge.model.types import ParameterKind


class LibraryPair(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The libraries as wholes."""

    old: Library
    new: Library
    same: frozenset[ModuleName] = frozenset()
    """Modules that are known to be the same on both sides, while the rest of both descriptors decides nothing of them."""

    @cached_property
    def types(self) -> TypesOfBoth:
        """Compares types of the old side with types of the new one."""
        return TypesOfBoth(self.old, self.new, self.same)

    @cached_property
    def unmoved(self) -> frozenset[SymbolPath]:
        """Symbols of the old side to which one of their public paths still leads."""
        behind = {one.path: one.export.target for one in self.new.public_names()}
        return frozenset(
            one.export.target for one in self.old.public_names() if behind.get(one.path) == one.export.target
        )

    def key(self, path: SymbolPath, side: int) -> SymbolPath:
        """Name a class of a side (0 is the old one), the same on both for what users take for the same."""
        module, _, qualname = path.partition(":")
        is_unmoved = side == 1 or SymbolPath(f"{module}:{qualname.partition('.')[0]}") in self.unmoved
        return path if is_unmoved else self.types.world.identity.key(path, side)

    @property
    def sides(self) -> tuple[Library, Library]:
        """Both, old first."""
        return self.old, self.new


class ModulePair(msgspec.Struct, frozen=True, kw_only=True):
    """A public module by its name."""

    libraries: LibraryPair
    old: Module | None
    new: Module | None


class NamePair(msgspec.Struct, frozen=True, kw_only=True):
    """One public path, whatever it leads to. What it leads to is compared once, in a `SymbolPair`."""

    libraries: LibraryPair
    path: PublicPath
    old: PublicName | None
    new: PublicName | None


class Exposed(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol that public paths lead to."""

    symbol: SymbolPath
    names: tuple[PublicName, ...]
    """Shortest path first; empty where it is public through a class or another symbol only."""
    definition: Definition | None
    """None for modules, and for what another package defines."""


class SymbolPair(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol, matched by the paths that lead to it: moving its definition behind them is no change.

    Where no path is on both sides, it is the same place of definition, or the same name and much the same definition.
    """

    libraries: LibraryPair
    path: PublicPath
    """Shortest path that both have, else of the old side, else of the new one."""
    old: Exposed | None
    new: Exposed | None
    likely: Exposed | None = None
    """Of what is gone: a new symbol beside it that may be the same under another name; a guess."""


class ClassPair(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A class of both sides."""

    libraries: LibraryPair
    path: PublicPath
    old: Class
    new: Class

    @cached_property
    def members(self) -> tuple[Mapping[str, Member], Mapping[str, Member]]:
        """What users find on it by name, inherited members too, of the old and of the new side."""
        return effective(self.old, self.libraries.old), effective(self.new, self.libraries.new)


class MemberPair(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a class of both sides by its name; private names are left out, dunder names are not."""

    owner: ClassPair
    name: str
    old: Member | None
    new: Member | None


class VariablePair(msgspec.Struct, frozen=True, kw_only=True):
    """A module-level name of both sides."""

    libraries: LibraryPair
    path: PublicPath
    old: Variable
    new: Variable


class AliasPair(msgspec.Struct, frozen=True, kw_only=True):
    """A type alias of both sides."""

    libraries: LibraryPair
    path: PublicPath
    old: TypeAlias
    new: TypeAlias


class Callee(msgspec.Struct, frozen=True, kw_only=True):
    """Something called: a function, a method or the effective constructor of a class."""

    path: SymbolPath
    """Of a constructor the method that defines it, or the class where nothing is written."""
    signatures: tuple[Signature, ...]
    implementation: Signature | None
    function: Function | None
    """None for a constructor."""
    constructor: Constructor | None

    @property
    def runtime(self) -> Signature:
        """What a call has to fit when the code runs: the implementation behind overloads, else the only signature.

        An implementation that is there without overloads is a wrapper, of which the signature tells more; only where
        that takes anything, as of a constructor that a metaclass stands before, the implementation does.
        """
        first = self.signatures[0]
        is_single = len(self.signatures) == 1
        if self.implementation is None or (is_single and not _takes_anything(first)):
            return first
        return self.implementation


class CallablePair(msgspec.Struct, frozen=True, kw_only=True):
    """A callable of both sides."""

    libraries: LibraryPair
    path: PublicPath
    owner: ClassPair | None
    """The class that it is a method or constructor of; None for a function."""
    old: Callee
    new: Callee

    @property
    def is_constructor(self) -> bool:
        """Whether making an instance is what is compared."""
        return self.new.constructor is not None


class ParameterMatch(Enum):
    """Why two parameters stand against each other."""

    NAME = "name"
    POSITION = "position"
    """Names differ, but no keyword reaches both: at one position, one of them positional-only, or both variadic."""
    RENAMED = "renamed"
    """A guess: same position, kind and type, and neither name is on the other side."""
    ALONE = "alone"
    """One side only."""


class ParameterPair(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of the runtime signatures of a `CallablePair`."""

    call: CallablePair
    match: ParameterMatch
    old: Parameter | None
    new: Parameter | None
    old_position: int | None
    """Index among all parameters of its side; None when it is not there."""
    new_position: int | None


class Position(Enum):
    """Where a type stands, which decides its variance."""

    PARAMETER = "parameter"
    RETURN = "return"
    YIELD = "yield"
    ATTRIBUTE = "attribute"
    """Read and written by users."""
    READONLY = "readonly"
    """A property without setter, a final or frozen attribute."""


class TypedPair(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A type that users meet, at one place of a symbol of both sides."""

    libraries: LibraryPair
    path: PublicPath
    position: Position
    old_symbol: SymbolPath
    new_symbol: SymbolPath
    part: str
    """Parameter or ``return``; empty for an attribute."""
    old: TypeClaim
    new: TypeClaim
    parameters: ParameterPair | None = None
    call: CallablePair | None = None
    owner: ClassPair | None = None
    """The class that it stands in; None outside of classes."""

    @cached_property
    def scope(self) -> Scope:
        """What the type variables in both types stand for: those of the call, and of the class around it."""
        owner = self.owner or (self.call.owner if self.call is not None else None)
        call = self.call
        return self.libraries.types.scope(
            _declarations(None if owner is None else owner.old, None if call is None else call.old),
            _declarations(None if owner is None else owner.new, None if call is None else call.new),
            is_taken=self.position is Position.PARAMETER,
        )

    @cached_property
    def relation(self) -> Relation:
        """How the new type lies to the old one."""
        old, new = self.old.expr, self.new.expr
        return Relation.SAME if is_told_alike(old, new) else self.libraries.types.relate(old, new, self.scope)


def _declarations(owner: Class | None, callee: Callee | None) -> Declarations:
    """Type variables of a class and of something called in it; a constructor chooses those of its class."""
    of_class = owner.type_parameters if owner is not None else ()
    own = callee.runtime.type_parameters if callee is not None and callee.signatures else ()
    if callee is not None and callee.constructor is not None:
        of_class, own = (), (*of_class, *own)
    return Declarations(of_class=of_class, own=own, owner=owner.path if owner is not None else None)


_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})


def _takes_anything(signature: Signature) -> bool:
    return bool(signature.parameters) and all(one.kind in _VARIADIC for one in signature.parameters)


class JudgedPair(msgspec.Struct, frozen=True, kw_only=True):
    """The libraries as wholes, and all that was found of everything else: for rules about findings."""

    libraries: LibraryPair
    findings: tuple[Finding, ...]


Pair = (
    LibraryPair
    | JudgedPair
    | ModulePair
    | NamePair
    | SymbolPair
    | ClassPair
    | MemberPair
    | VariablePair
    | AliasPair
    | CallablePair
    | ParameterPair
    | TypedPair
)
