"""A scope to read annotations and values in, made of a list of names."""

import builtins
from collections.abc import Callable

import pytest

from pybridge.model.expressions import Attribute, Name
from pybridge.model.library import How, SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import TypeVariableKind
from pybridge.resolve.symbols import NameTarget
from pybridge.resolve.types.answers import ExternalAnswer

_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


class TableScope:
    """Names from a table: ``{"Foo": ("lib:Foo", SymbolKind.CLASS)}``; builtins and ``typing`` names are known."""

    def __init__(
        self,
        names: dict[str, tuple[str, SymbolKind]] | None = None,
        *,
        variables: dict[str, TypeVariableKind] | None = None,
        externals: dict[str, ExternalAnswer] | None = None,
        aliases: frozenset[str] = frozenset(),
        types: frozenset[str] = frozenset(),
        current_class: str | None = None,
    ) -> None:
        self._names = names or {}
        self._variables = variables or {}
        self._externals = externals or {}
        self._aliases, self._types = aliases, types
        self.current_class = None if current_class is None else SymbolPath(current_class)

    def lookup(self, expr: Name | Attribute) -> NameTarget | None:
        if isinstance(expr, Name):
            if expr.id in self._names:
                path, kind = self._names[expr.id]
                return NameTarget(path=SymbolPath(path), kind=kind, how=How.IMPORT)
            if expr.id in _BUILTINS:
                path = SymbolPath(f"builtins:{expr.id}")
                return NameTarget(path=path, kind=SymbolKind.EXTERNAL, how=How.IMPORT)
            return None
        if not isinstance(expr.value, Name | Attribute):
            return None
        owner = self.lookup(expr.value)
        if owner is None:
            return None
        module, qualname = split_symbol(owner.path)
        inside = f"{qualname}.{expr.name}" if qualname else expr.name
        return NameTarget(path=SymbolPath(f"{module}:{inside}"), kind=SymbolKind.EXTERNAL, how=How.IMPORT)

    def type_variable(self, expr: Name | Attribute) -> TypeVariableKind | None:
        return self._variables.get(expr.id) if isinstance(expr, Name) else None

    def external(self, path: SymbolPath) -> ExternalAnswer | None:
        return self._externals.get(path)

    def own_alias(self, path: SymbolPath) -> bool:
        return path in self._aliases

    def own_type(self, path: SymbolPath) -> bool:
        return path in self._types


@pytest.fixture
def table_scope() -> Callable[..., TableScope]:
    """Make a `TableScope`."""
    return TableScope
