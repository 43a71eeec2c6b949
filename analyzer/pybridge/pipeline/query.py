"""Finding things in a descriptor by the names that people use."""

from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

from pybridge.errors import SymbolNotFound
from pybridge.model.callables import Function
from pybridge.model.classes import Class, Field, Property
from pybridge.model.library import LibraryDescriptor, Module, TypeAlias, Variable
from pybridge.model.names import SymbolPath, dotted

Found = Module | Class | Function | Property | Field | Variable | TypeAlias


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol, and the name that led to it."""

    name: str
    symbol: Found
    owner: SymbolPath | None = None
    """The class that defines a member, where it is inherited; None otherwise."""


class Index:
    """A descriptor by name: public paths, defining paths, members and inherited members."""

    def __init__(self, descriptor: LibraryDescriptor) -> None:
        self._descriptor = descriptor
        self._symbols: dict[str, Found] = {str(module.name): module for module in descriptor.modules}
        self._classes: dict[SymbolPath, Class] = {}
        for module in descriptor.modules:
            for one in symbols_of(module):
                self._add(one)

    def find(self, name: str) -> Answer:
        """Find a symbol by a public path, by where it is defined, or as a member of a class.

        Raises:
            SymbolNotFound: the library has no such name; the error suggests what it does have.
        """
        normal = name.replace(":", ".").rstrip(".")
        for candidate in (normal, f"{self._descriptor.name}.{normal}"):
            if candidate in self._symbols:
                return Answer(name=candidate, symbol=self._symbols[candidate])
            owner, _, member = candidate.rpartition(".")
            holder = self._symbols.get(owner)
            if isinstance(holder, Class):
                found = self._member(holder, member)
                if found is not None:
                    return Answer(name=candidate, symbol=found[1], owner=found[0])
        raise SymbolNotFound(name, self._descriptor.name, suggestions=self._suggest(normal))

    def inherited(self, one: Class) -> tuple[tuple[SymbolPath, Function], ...]:
        """Methods that a class has from its ancestors in the library, nearest first, without what it overrides."""
        seen = {method.name for method in one.methods} | {prop.name for prop in one.properties}
        found: list[tuple[SymbolPath, Function]] = []
        for ancestor in one.mro[1:]:
            for method in self._classes[ancestor].methods if ancestor in self._classes else ():
                if method.name not in seen:
                    seen.add(method.name)
                    found.append((ancestor, method))
        return tuple(found)

    def documentation(self, path: SymbolPath) -> str | None:
        """Documentation of a method or property by its path; None where there is none."""
        owner, _, name = path.rpartition(".")
        holder = self._classes.get(SymbolPath(owner))
        members: tuple[Function | Property, ...] = ()
        if holder is not None:
            members = (*holder.methods, *holder.properties)
        return next((one.docstring for one in members if one.name == name), None)

    def _add(self, one: Class | Function | Variable | TypeAlias) -> None:
        self._symbols.setdefault(dotted(one.path), one)
        for path in one.public_paths:
            self._symbols.setdefault(str(path), one)
        if isinstance(one, Class):
            self._classes[one.path] = one
            for nested in one.nested_classes:
                self._add(nested)

    def _member(self, holder: Class, name: str) -> tuple[SymbolPath | None, Found] | None:
        for ancestor in (holder.path, *holder.mro):
            owner = holder if ancestor == holder.path else self._classes.get(ancestor)
            members: tuple[Function | Property | Field, ...] = ()
            if owner is not None:
                members = (*owner.methods, *owner.properties, *owner.fields)
            found = next((one for one in members if one.name == name), None)
            if found is not None:
                return (None if ancestor == holder.path else ancestor), found
        return None

    def _suggest(self, name: str) -> tuple[str, ...]:
        last = name.rpartition(".")[2]
        close = get_close_matches(name, self._symbols, n=2, cutoff=0.75)
        by_last = [path for path in self._symbols if path.rpartition(".")[2].lower() == last.lower()]
        nearest = get_close_matches(last, {path.rpartition(".")[2] for path in self._symbols}, n=1, cutoff=0.75)
        similar = [path for path in self._symbols if nearest and path.rpartition(".")[2] == nearest[0]]
        return tuple(dict.fromkeys((*close, *sorted(by_last, key=len), *sorted(similar, key=len))))[:3]


def symbols_of(module: Module) -> Iterator[Class | Function | Variable | TypeAlias]:
    """Everything that a module defines, by kind and then by name."""
    yield from module.classes
    yield from module.functions
    yield from module.variables
    yield from module.type_aliases
