"""`Ground`: everything that describing a library's modules stands on, by module, read when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from pybridge.model.facts import ModuleFacts
from pybridge.model.library import Target
from pybridge.model.names import ModuleName, PublicPath, SymbolPath
from pybridge.model.overlays import Overlays
from pybridge.resolve.symbols import ModuleSurface
from pybridge.resolve.types.answers import ExternalAnswer, ModuleAnswer

K = TypeVar("K")
V = TypeVar("V")


class Lazy(Mapping[K, V]):
    """A mapping whose values are made when they are first asked for."""

    __slots__ = ("_keys", "_made", "_make")

    def __init__(self, keys: Iterable[K], make: Callable[[K], V]) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make
        self._made: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """What of a module every other one may know without asking for it."""

    is_package: bool = True
    is_stub: bool = False
    """Described from its stub, as there is no source."""
    has_stub: bool = False


class ModulePlan(msgspec.Struct, frozen=True, array_like=True):
    """What the library as a whole decides about one module. Names are the module's own."""

    wanted: tuple[str, ...] = ()
    """What is described, sorted."""
    public_paths: Mapping[str, tuple[PublicPath, ...]] = {}
    given_modules: Mapping[str, ModuleName] = {}
    """The ``__module__`` that code elsewhere gives to its classes."""


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """A library, evaluated, module by module; any of the mappings may be `Lazy`."""

    target: Target
    overlays: Overlays
    surfaces: Mapping[ModuleName, ModuleSurface]
    unread_modules: frozenset[ModuleName]
    plans: Mapping[ModuleName, ModulePlan]
    outlines: Mapping[ModuleName, Outline]
    facts: Mapping[ModuleName, ModuleFacts]
    """The file that defines each module: its source, or its stub where there is no source."""
    stubs: Mapping[ModuleName, ModuleFacts]
    answers: Mapping[ModuleName, ModuleAnswer]
    externals: Mapping[SymbolPath, ExternalAnswer]


def outlines_of(
    facts: Mapping[ModuleName, ModuleFacts], stubs: Mapping[ModuleName, ModuleFacts], modules: Iterable[ModuleName]
) -> dict[ModuleName, Outline]:
    """Outline the modules of a library; one without a file is a package."""
    found: dict[ModuleName, Outline] = {}
    for name in modules:
        own = facts.get(name)
        found[name] = Outline(
            is_package=own is None or own.is_package, is_stub=own is not None and own.is_stub, has_stub=name in stubs
        )
    return found
