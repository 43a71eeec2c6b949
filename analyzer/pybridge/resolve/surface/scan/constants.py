"""What a module-level name is bound to, before anything is evaluated: enough to decide conditions and ``__all__``."""

from typing import TypeAlias

import msgspec

from pybridge.model.expressions import Expr, Name
from pybridge.model.facts import Assignment, ClassFacts, FromImport, FunctionFacts, Import, ModuleFacts, TypeAliasFacts
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.scan.sources import MAX_DEPTH, Sources, imported_module


class OutsideName(msgspec.Struct, frozen=True):
    """A module or name of another package, dotted: ``sys.version_info``."""

    dotted: str


class InsideName(msgspec.Struct, frozen=True):
    """A name of another module of the library; an empty name means the module itself."""

    module: ModuleName
    name: str


class ConstantValue(msgspec.Struct, frozen=True):
    """The right side of the only assignment to the name."""

    module: ModuleName
    value: Expr


Origin: TypeAlias = OutsideName | InsideName | ConstantValue | None
"""Where a name comes from; None when it is not known, or bound more than once."""


class Constants:
    """Answers what a name of a module is bound to, module by module, on demand."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tables: dict[ModuleName, dict[str, Origin]] = {}

    def table(self, module: ModuleName) -> dict[str, Origin]:
        """Origins of the names of a module; empty for a module without facts."""
        found = self._tables.get(module)
        if found is None:
            facts = self._sources.modules.get(module)
            found = {} if facts is None else _origins(facts, self._sources)
            self._tables[module] = found
        return found

    def binds(self, module: ModuleName, name: str) -> bool:
        """True when a statement of the module binds the name, in whatever way."""
        return name in self.table(module)

    def origin(self, module: ModuleName, name: str) -> Origin:
        """Follow a name through the library's imports to a constant or out of the library."""
        for _ in range(MAX_DEPTH):
            found = self.table(module).get(name)
            if not isinstance(found, InsideName) or not found.name:
                return found
            if self.table(found.module).get(found.name) is None:
                submodule = self._sources.submodule(found.module, found.name)
                return None if submodule is None else InsideName(submodule, "")
            module, name = found.module, found.name
        return None

    def origin_of_path(self, module: ModuleName, parts: tuple[str, ...]) -> Origin:
        """Follow ``a.b.c`` as far as modules go; what is left of an outside path is appended to it."""
        found = self.origin(module, parts[0])
        for part in parts[1:]:
            match found:
                case OutsideName(dotted=dotted):
                    found = OutsideName(f"{dotted}.{part}")
                case InsideName(module=inner):
                    deeper = self.origin(inner, part)
                    submodule = self._sources.submodule(inner, part) if deeper is None else None
                    found = deeper if submodule is None else InsideName(submodule, "")
                case _:
                    return None
        return found


def _origins(facts: ModuleFacts, sources: Sources) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    for statement in facts.body:
        match statement:
            case Import(module=imported, alias=alias):
                named = imported if alias else imported.partition(".")[0]
                inside = sources.is_inside(named)
                _add(found, alias or named, InsideName(ModuleName(named), "") if inside else OutsideName(named))
            case FromImport(name=name, alias=alias) if name != "*":
                module = imported_module(facts, statement)
                if module is not None:
                    _add(found, alias or name, _imported(facts.module, module, name, sources))
            case Assignment(target=Name(id=name), operator=None, value=value) if value is not None:
                _add(found, name, ConstantValue(facts.module, value))
            case Assignment(target=Name(id=name), operator=operator) if operator is not None:
                found[name] = None
            case FunctionFacts(name=name) | ClassFacts(name=name) | TypeAliasFacts(name=name):
                found[name] = None
            case _:
                pass
    return found


def _imported(here: ModuleName, module: ModuleName, name: str, sources: Sources) -> Origin:
    if not sources.is_inside(module):
        return OutsideName(f"{module}.{name}")
    # ``from . import x`` in a package: its attribute ``x`` is what this very statement makes, so the submodule.
    submodule = sources.submodule(module, name) if module == here else None
    return InsideName(module, name) if submodule is None else InsideName(submodule, "")


def _add(found: dict[str, Origin], name: str, origin: Origin) -> None:
    # Two different bindings make a name unknown here; the same import twice does not.
    found[name] = origin if found.get(name, origin) == origin else None
