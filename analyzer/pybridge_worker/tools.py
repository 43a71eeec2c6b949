"""From the name of a tool to what is to be done: a dictionary look-up in the bundle, and nothing else."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge_worker.bundle import Bundle, ClassEntry, FunctionEntry, MemberEntry, surface
from pybridge_worker.errors import InvalidArgument, ToolNotFound

_OPERATIONS = (
    "abs add aenter aexit aiter and anext bool bytes call ceil complex contains delitem divmod enter eq exit float "
    "floor floordiv format ge getitem gt hash iadd iand ifloordiv ilshift imatmul imod imul index int invert ior ipow "
    "irshift isub iter itruediv ixor le len lshift lt matmul mod mul ne neg next or pos pow radd rand repr reversed "
    "rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub rtruediv rxor setitem str sub truediv "
    "trunc xor"
)
OPERATORS = frozenset(f"__{name}__" for name in _OPERATIONS.split())
"""The special methods that are operations on an object. No other name that starts with an underscore is ever used."""


class Create(msgspec.Struct, frozen=True, tag="create", array_like=True):
    """Make an instance of a class."""

    symbol: str


class CallFunction(msgspec.Struct, frozen=True, tag="function", array_like=True):
    """Call a module's function."""

    symbol: str
    entry: FunctionEntry


class UseMember(msgspec.Struct, frozen=True, tag="member", array_like=True):
    """Call or read a member: of an instance of the class, or of the class itself."""

    symbol: str
    """The class that the tool's name names."""
    name: str
    entry: MemberEntry


class UseNamed(msgspec.Struct, frozen=True, tag="named", array_like=True):
    """Call or read a member of an object by its bare name; the object's own class decides whether it may be."""

    name: str


class SetNamed(msgspec.Struct, frozen=True, tag="set", array_like=True):
    """Assign a property or field of an object; the object's own class decides whether it may be."""

    name: str


class ReadVariable(msgspec.Struct, frozen=True, tag="variable", array_like=True):
    """Read a module's constant."""

    symbol: str


class ImportModules(msgspec.Struct, frozen=True, tag="import", array_like=True):
    """Import modules that the bundle lists, ahead of need."""

    modules: tuple[str, ...]


class ReleaseHeld(msgspec.Struct, frozen=True, tag="release", array_like=True):
    """Forget objects of the session: their numbers and epochs."""

    held: tuple[tuple[int, int], ...]


Operation = Create | CallFunction | UseMember | UseNamed | SetNamed | ReadVariable | ImportModules | ReleaseHeld


def is_coroutine(operation: Operation, *, streams: bool) -> bool:
    """Whether an operation is declared to run on an event loop, where it need not wait for others to end."""
    match operation:
        case CallFunction(entry=entry) | UseMember(entry=entry):
            return entry.is_async or (streams and entry.stream == "async_generator")
        case _:
            return False


class Tools:
    """The tools of a bundle by name."""

    def __init__(self, bundle: Bundle) -> None:
        self._surface = surface(bundle)
        self._variables = frozenset(self._surface.variables)
        self._paths: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._found: dict[str, Operation] = {}
        """What was found before; there are only so many names that lead to something."""
        for library in bundle.libraries:
            for path, symbol in library.paths.items():
                self._paths.setdefault(path, symbol)
                self._digests.setdefault(path, library.digest)
        self.modules = frozenset(
            symbol.partition(":")[0]
            for symbol in (*self._surface.classes, *self._surface.functions, *self._surface.variables)
        )
        """Every module that a child may be told to import."""

    def find(self, name: str) -> Operation:
        """Say what the tool of this name does.

        Raises:
            ToolNotFound: the bundle has no such path, or its class no such member.
            InvalidArgument: it is a class that has no instances.
        """
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._look_for(name)
        return found

    def _look_for(self, name: str) -> Operation:
        symbol = self._paths.get(name)
        if symbol is not None:
            return self._at(name, symbol)
        prefix, _, member = name.rpartition(".")
        symbol = self._paths.get(prefix)
        if symbol is None or symbol not in self._surface.classes:
            raise ToolNotFound(name)
        if member == "__init__":
            return self._at(name, symbol)
        entry = find_member(self._surface.classes, self._lookup_order(symbol), member)
        if entry is None:
            raise ToolNotFound(name)
        return UseMember(symbol, member, entry)

    def digest_of(self, name: str) -> str | None:
        """The digest of the library that a tool belongs to; None for a name that is no tool."""
        return self._digests.get(name) or self._digests.get(name.rpartition(".")[0])

    def _at(self, name: str, symbol: str) -> Operation:
        if (entry := self._surface.classes.get(symbol)) is not None:
            if not entry.is_constructible:
                raise InvalidArgument("tool_name", f"{name} has no instances to create")
            return Create(symbol)
        if (function := self._surface.functions.get(symbol)) is not None:
            return CallFunction(symbol, function)
        if symbol in self._variables:
            return ReadVariable(symbol)
        raise ToolNotFound(name)

    def _lookup_order(self, symbol: str) -> Iterator[str]:
        yield symbol
        yield from self._surface.classes[symbol].mro


def find_member(classes: Mapping[str, ClassEntry], order: Iterator[str], name: str) -> MemberEntry | None:
    """Find a member in the first class of an order that lists it. None: not listed, or a name never to be used."""
    if name.startswith("_") and name not in OPERATORS:
        return None
    for symbol in order:
        entry = classes.get(symbol)
        if entry is not None and name in entry.members:
            return entry.members[name]
    return None
