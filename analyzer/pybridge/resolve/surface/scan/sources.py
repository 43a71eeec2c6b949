"""What the evaluator reads: the modules of a library, and which module an import statement names."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

from pybridge.model.expressions import Attribute, Constant, Expr, Name, Opaque
from pybridge.model.facts import FromImport, ModuleFacts
from pybridge.model.library import SkipReason
from pybridge.model.names import ModuleName
from pybridge.model.types import LiteralKind

MAX_DEPTH = 64
"""Nesting of expressions, and hops through constants, that are followed."""


def dotted_parts(expr: Expr) -> tuple[str, ...] | None:
    """Read ``a.b.c`` as its parts; None for anything else."""
    parts: list[str] = []
    while isinstance(expr, Attribute):
        parts.append(expr.name)
        if len(parts) > MAX_DEPTH:
            return None
        expr = expr.value
    if not isinstance(expr, Name):
        return None
    parts.append(expr.id)
    return tuple(reversed(parts))


def text_of(expr: Expr | None) -> str | None:
    """Read a string constant; None for anything else."""
    if isinstance(expr, Constant) and expr.value.kind is LiteralKind.STR:
        return expr.value.text
    return None


def slice_text(expr: Expr) -> str | None:
    """Text of a slice index such as ``:2``, without blanks; None for another index."""
    if isinstance(expr, Opaque) and expr.what == "slice" and expr.text is not None:
        return expr.text.replace(" ", "")
    return None


class Sources:
    """The modules of a library by name: read from source where there is one, from a stub otherwise."""

    def __init__(
        self,
        *,
        roots: Sequence[ModuleName],
        facts: Mapping[ModuleName, ModuleFacts],
        stubs: Mapping[ModuleName, ModuleFacts],
        compiled: Collection[ModuleName],
        skipped: Mapping[ModuleName, SkipReason],
    ) -> None:
        self.modules: dict[ModuleName, ModuleFacts] = {
            name: facts[name] if name in facts else stubs[name] for name in sorted({*facts, *stubs})
        }
        self._names = list(self.modules)
        self.stubs = {name: stubs[name] for name in sorted(stubs) if name in facts}
        """Stubs that stand beside a source."""
        reasons = {**dict.fromkeys(compiled, SkipReason.COMPILED), **skipped}
        self.unread = {name: reasons[name] for name in sorted(reasons) if name not in self.modules}
        """Modules that exist and whose names are not known, and why."""
        known = {*self.modules, *self.unread}
        self.packages = frozenset(
            ModuleName(name[:at]) for name in known for at, letter in enumerate(name) if letter == "."
        )
        self._existing = known | self.packages
        self._children: dict[str, list[str]] = {}
        for name in sorted(self._existing):
            parent, _, last = name.rpartition(".")
            self._children.setdefault(parent, []).append(last)
        self._heads = frozenset(str(root).partition(".")[0] for root in (*roots, *known))

    def exists(self, module: str) -> bool:
        """True for a module of the library, namespace packages included."""
        return module in self._existing

    def is_inside(self, module: str) -> bool:
        """True when a module of that name would belong to the library, whether it exists or not."""
        return module.partition(".")[0] in self._heads

    def children(self, module: ModuleName) -> Sequence[str]:
        """Last parts of the names of a package's submodules, sorted."""
        return self._children.get(module, ())

    def below(self, module: ModuleName) -> Sequence[ModuleName]:
        """Modules inside a package that have a file, at any depth, sorted."""
        return self._names[bisect_left(self._names, f"{module}.") : bisect_left(self._names, f"{module}/")]

    def submodule(self, module: str, name: str) -> ModuleName | None:
        """Name the submodule ``name`` of ``module``; None when there is none."""
        full = f"{module}.{name}"
        return ModuleName(full) if full in self._existing else None


def imported_module(facts: ModuleFacts, statement: FromImport) -> ModuleName | None:
    """Name the module that a from-import reads; None when its dots lead out of the top-level package."""
    return absolute_module(facts.module, statement.module, level=statement.level, is_package=facts.is_package)


def absolute_module(here: ModuleName, module: str, *, level: int, is_package: bool) -> ModuleName | None:
    """Resolve a relative import; None when its dots lead out of the top-level package."""
    if level == 0:
        return ModuleName(module)
    parts = here.split(".")
    dropped = level - 1 if is_package else level
    if dropped >= len(parts):
        return None
    kept = parts[: len(parts) - dropped]
    return ModuleName(".".join((*kept, module) if module else kept))
