"""What every idiom is given and what it answers."""

from collections.abc import Mapping

import msgspec

from pybridge.model.expressions import Attribute, Constant, Expr, Name, Subscript
from pybridge.model.facts import Assignment, ModuleFacts
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.scan.bindings import Scope
from pybridge.resolve.surface.scan.constants import Constants, ConstantValue, Origin
from pybridge.resolve.surface.scan.sources import Sources, absolute_module, text_of


class LazyNames(msgspec.Struct, frozen=True, kw_only=True):
    """Names a module makes on demand."""

    names: Mapping[str, tuple[ModuleName, str | None]] = {}
    """Where each leads: a module and a name in it, None for the module itself."""
    values: Mapping[str, Assignment] = {}
    """Names whose value is made on the spot, as if by these statements."""
    stars: tuple[ModuleName, ...] = ()
    """Modules all of whose declared names it offers."""
    is_complete: bool = True
    """False when it may answer other names as well."""
    is_declaring: bool = False
    """True when the idiom makes ``__all__`` too."""


class LazyContext(msgspec.Struct, frozen=True, kw_only=True):
    """A module as the idioms see it."""

    facts: ModuleFacts
    scope: Scope
    constants: Constants
    sources: Sources

    @property
    def has_hook(self) -> bool:
        """True when the module defines ``__getattr__`` or puts another object in its place."""
        return "__getattr__" in self.scope.runtime or self.replacement is not None

    @property
    def replacement(self) -> Expr | None:
        """What the module assigns to ``sys.modules[__name__]``; None when it does not."""
        for statement in self.facts.body:
            if isinstance(statement, Assignment) and is_own_entry(statement.target):
                return statement.value
        return None

    def value(self, expr: Expr | None) -> Expr | None:
        """Follow a name to the constant it was assigned; other expressions are given back."""
        if not isinstance(expr, Name):
            return expr
        origin: Origin = self.constants.origin(self.facts.module, expr.id)
        return origin.value if isinstance(origin, ConstantValue) else None

    def module(self, written: str) -> ModuleName | None:
        """Name the existing module that a string means: relative with dots, beside the package, or absolute."""
        here, is_package = self.facts.module, self.facts.is_package
        stripped = written.lstrip(".")
        level = len(written) - len(stripped)
        if level:
            module = absolute_module(here, stripped, level=level, is_package=is_package)
            return module if module is not None and self.sources.exists(module) else None
        beside = absolute_module(here, written, level=1, is_package=is_package) if written else None
        if beside is not None and self.sources.exists(beside):
            return beside
        return ModuleName(written) if self.sources.exists(written) else None

    def package_text(self, expr: Expr) -> str | None:
        """Read a string, or an expression for the package's own name (``__name__``, ``__spec__.parent``)."""
        match expr:
            case Constant():
                return text_of(expr)
            case Name(id="__name__" | "__package__") | Attribute(value=Name(id="__spec__"), name="parent" | "name"):
                return str(self.facts.module)
            case _:
                return None


def is_own_entry(target: Expr) -> bool:
    """True for ``sys.modules[__name__]``."""
    match target:
        case Subscript(value=Attribute(name="modules"), index=index):
            return index in {Name("__name__"), Attribute(Name("__spec__"), "name")}
        case _:
            return False
