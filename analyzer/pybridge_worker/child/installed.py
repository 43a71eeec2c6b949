"""What the bundle describes, as it is installed here: imports, classes, and which members an object may be asked for."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from types import FunctionType

from pybridge_worker.bundle import MemberEntry, Surface
from pybridge_worker.errors import LibraryMismatch
from pybridge_worker.frames import sendable
from pybridge_worker.tools import find_member


def mro_of(cls: type) -> tuple[type, ...]:
    """A class's method resolution order, asked of `type` itself: a metaclass cannot answer for it."""
    order: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    return order


def _class_attributes(cls: type) -> Mapping[str, object]:
    space: Mapping[str, object] = type.__dict__["__dict__"].__get__(cls)
    return space


def _may_make_others(cls: type) -> bool:
    made = next((_class_attributes(one)["__new__"] for one in mro_of(cls) if "__new__" in _class_attributes(one)), None)
    starts = next((one for one in mro_of(cls) if "__init__" in _class_attributes(one)), object)
    return isinstance(made, staticmethod) and isinstance(made.__func__, FunctionType) and starts is not object


def _own_attributes(value: object) -> Mapping[str, object]:
    try:
        space: object = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return space if isinstance(space, dict) else {}


class Installed:
    """The library at run time, seen only through what the bundle lists."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._variables = frozenset(surface.variables)
        self._symbols: dict[type, str] = {}
        self._places: dict[str, tuple[str, tuple[str, ...]]] = {}
        """Symbols, cut into a module and the names in it."""
        self._definers: dict[tuple[type, str], str | None] = {}
        self._makers: dict[type, bool] = {}
        self._waiting: dict[str, list[str]] = {}
        """Classes not yet met at run time, by module."""
        for symbol in surface.classes:
            self._waiting.setdefault(symbol.partition(":")[0], []).append(symbol)

    def resolve(self, symbol: str) -> object:
        """Import a symbol of the bundle. What the import raises is the library's own and passes through.

        Raises:
            LibraryMismatch: its module has no such name.
        """
        place = self._places.get(symbol)
        if place is None:
            module, _, qualname = symbol.partition(":")
            place = self._places[symbol] = (module, tuple(qualname.split(".")))
        module, names = place
        # Looked up anew each time: a library may replace what its modules hold.
        found: object = sys.modules.get(module)
        if found is None or self._is_importing(module):
            found = importlib.import_module(module)
        for name in names:
            try:
                found = getattr(found, name)
            except AttributeError as error:
                raise LibraryMismatch(symbol, "it is not there") from error
        return found

    def class_at(self, symbol: str) -> type:
        """Import a class of the bundle.

        Raises:
            LibraryMismatch: it is not there, or no class.
        """
        found = self.resolve(symbol)
        if not isinstance(found, type):
            raise LibraryMismatch(symbol, "it is no class")
        self._symbols.setdefault(found, symbol)
        return found

    def symbol_of(self, cls: type) -> str | None:
        """The symbol of a class that the bundle describes, found by identity; a class that only claims the name is not it."""
        symbol = self._symbols.get(cls)
        if symbol is None and self._waiting:
            self._meet()
            symbol = self._symbols.get(cls)
        return symbol

    def member_of(self, value: object, name: str) -> MemberEntry | None:
        """The entry of a member, by the real class of the object. None: it may not be used."""
        return find_member(self._surface.classes, self._described(value), name)

    def definer_of(self, cls: type, name: str, value: object = None) -> str | None:
        """The symbol of the member that a class, or an object of it, has by this name.

        None: the class that defines it is not described, or the object has one of its own, so nothing is known of it.
        """
        if name in _own_attributes(value):
            return None
        key = (cls, name)
        if key not in self._definers:
            definer = next((one for one in mro_of(cls) if name in _class_attributes(one)), None)
            symbol = None if definer is None else self.symbol_of(definer)
            self._definers[key] = None if symbol is None else f"{symbol}.{name}"
        return self._definers[key]

    def may_make_others(self, cls: type) -> bool:
        """Whether a class's own ``__new__`` stands beside an ``__init__``: it may make an instance of one that takes more."""
        if cls not in self._makers:
            self._makers[cls] = _may_make_others(cls)
        return self._makers[cls]

    def type_path(self, value: object) -> str:
        """The dotted path of the nearest class of an object that the bundle describes, else of its own class."""
        for symbol in self._described(value):
            return symbol.replace(":", ".")
        cls = type(value)
        return sendable(f"{cls.__module__}.{cls.__qualname__}")

    def class_named(self, dotted: str) -> type | None:
        """The class that `type_path` wrote as this path. None: the bundle has none."""
        parts = dotted.split(".")
        for end in range(len(parts) - 1, 0, -1):
            symbol = f"{'.'.join(parts[:end])}:{'.'.join(parts[end:])}"
            if symbol in self._surface.classes:
                return self.class_at(symbol)
        return None

    def may_create(self, cls: type) -> bool:
        """Whether the bundle lets a client create instances of a class."""
        symbol = self.symbol_of(cls)
        return symbol is not None and self._surface.classes[symbol].is_constructible

    def _described(self, value: object) -> Iterator[str]:
        for cls in mro_of(type(value)):
            symbol = self.symbol_of(cls)
            if symbol is not None:
                yield symbol

    def _meet(self) -> None:
        """Find the bundle's classes in the modules imported by now, importing nothing and running no code of theirs."""
        for module in [name for name in self._waiting if name in sys.modules]:
            symbols = self._waiting.pop(module)
            left = [symbol for symbol in symbols if not self._met(module, symbol)]
            if left and self._is_importing(module):
                self._waiting[module] = left

    def _met(self, module: str, symbol: str) -> bool:
        found: object = sys.modules[module]
        for name in symbol.partition(":")[2].split("."):
            space = found.__dict__ if isinstance(found, type) else getattr(found, "__dict__", {})
            if name not in space:
                return False
            found = space[name]
        if not isinstance(found, type):
            return False
        self._symbols.setdefault(found, symbol)
        return True

    @staticmethod
    def _is_importing(module: str) -> bool:
        spec = getattr(sys.modules[module], "__spec__", None)
        return bool(getattr(spec, "_initializing", False))
