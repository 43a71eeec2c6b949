"""`ModuleContext`: what is known while one Elixir module is planned, and the names it has given so far."""

from collections.abc import Mapping

import msgspec

from pybridge.generate.targets.elixir.escape import Elixir
from pybridge.generate.targets.elixir.naming import Allotment
from pybridge.generate.targets.elixir.types import TypeScope
from pybridge.generate.targets.elixir.typespecs.named_types import NamedTypes
from pybridge.model.diagnostic import Diagnostic, Severity


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One function as its template prints it."""

    attributes: tuple[Elixir, ...]
    """``@doc`` and what else stands above the specs."""
    specs: tuple[Elixir, ...]
    head: Elixir
    body: Elixir


class FunctionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A Python callable or attribute in Elixir."""

    blocks: tuple[Block, ...]
    """The function, then its bang variant where it has one."""
    method: tuple[Elixir, Elixir, Elixir]
    """Its item of ``__pybridge_methods__/0``."""
    description: Elixir | None
    """Its map of ``__pybridge_descriptor__/0``; None for a write, which the reading one describes."""


class ModuleContext:
    """The scope of one module's names, types and problems."""

    def __init__(
        self,
        *,
        python_path: str,
        attribute: str,
        scope: TypeScope,
        paths: Mapping[str, str],
        is_class: bool,
        has_subclasses: bool = False,
    ) -> None:
        self.python_path = python_path
        self.attribute = Elixir(attribute)
        """``@class`` or ``@module``."""
        self.scope = msgspec.structs.replace(scope, has_self=is_class)
        self.paths = paths
        """Python path of each generated class's module, for examples."""
        self.is_class = is_class
        self.instance = Elixir("instance()" if has_subclasses else "t()")
        """Type of the first argument of methods: with subclasses any instance, because those do not repeat them."""
        self.struct = Elixir("%_" if has_subclasses else "%__MODULE__")
        self.names = Allotment(("create",) if is_class else ())
        self.types = NamedTypes()
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, message: str) -> None:
        """Tell a person what is not as in Python."""
        self.diagnostics.append(Diagnostic(code=code, severity=Severity.NOTE, message=message))
