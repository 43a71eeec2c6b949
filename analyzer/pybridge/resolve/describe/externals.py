"""Names of other packages that a library's interface mentions, and packages whose source the engine must follow."""

import sys
from collections.abc import Iterator, Mapping

import msgspec

from pybridge.model.expressions import (
    Attribute,
    Binary,
    Call,
    Constant,
    Expr,
    Name,
    Sequence,
    Starred,
    Subscript,
)
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, ModuleFacts, Statement, TypeAliasFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind
from pybridge.resolve.annotations import parse_expression
from pybridge.resolve.surface import resolve_name
from pybridge.resolve.symbols import Surface

_MAX_DEPTH = 40


class Mentions(msgspec.Struct, frozen=True, kw_only=True):
    """What a library says of others."""

    externals: tuple[SymbolPath, ...]
    """Names to ask the engine about, sorted."""
    bases: tuple[SymbolPath, ...]
    """Those of them that classes derive from, sorted."""
    follow: tuple[str, ...]
    """Top-level packages that supply bases, metaclasses or decorators, sorted; the standard library left out."""


class ModuleMentions(msgspec.Struct, frozen=True, array_like=True):
    """What one module says of other packages: names, sorted."""

    found: tuple[SymbolPath, ...] = ()
    supplying: tuple[SymbolPath, ...] = ()
    bases: tuple[SymbolPath, ...] = ()


def mentions(facts: Mapping[ModuleName, ModuleFacts], surface: Surface) -> Mentions:
    """Collect every external name in annotations, bases, decorators and values that look like types."""
    return all_mentions({module: module_mentions(module, one, surface) for module, one in facts.items()})


def module_mentions(module: ModuleName, facts: ModuleFacts, surface: Surface) -> ModuleMentions:
    """Collect what one module mentions."""
    collector = _Collector(surface)
    collector.read(module, facts.body)
    return ModuleMentions(
        tuple(sorted(collector.found)), tuple(sorted(collector.supplying)), tuple(sorted(collector.bases))
    )


def all_mentions(modules: Mapping[ModuleName, ModuleMentions]) -> Mentions:
    """Put together what the modules of a library mention."""
    found = {path for one in modules.values() for path in one.found}
    supplying = {path for one in modules.values() for path in one.supplying}
    follow = {split_symbol(path)[0].partition(".")[0] for path in supplying}
    own = {str(name).partition(".")[0] for name in modules}
    return Mentions(
        externals=tuple(sorted(found | supplying)),
        bases=tuple(sorted({path for one in modules.values() for path in one.bases})),
        follow=tuple(sorted(follow - own - sys.stdlib_module_names)),
    )


class _Collector:
    def __init__(self, surface: Surface) -> None:
        self.found: set[SymbolPath] = set()
        self.supplying: set[SymbolPath] = set()
        self.bases: set[SymbolPath] = set()
        self._surface = surface
        self._resolved: dict[tuple[ModuleName, str], SymbolPath | None] = {}

    def read(self, module: ModuleName, body: tuple[Statement, ...]) -> None:
        for one in body:
            self.found.update(self._externals(module, _types(one)))
            self.supplying.update(self._externals(module, _suppliers(one)))
            if isinstance(one, ClassFacts):
                self.bases.update(self._externals(module, iter(one.bases)))
                self.read(module, one.body)

    def _externals(self, module: ModuleName, exprs: Iterator[Expr]) -> Iterator[SymbolPath]:
        for expr in exprs:
            for chain in _chains(expr, _MAX_DEPTH):
                key = (module, _written(chain))
                if key not in self._resolved:
                    target = resolve_name(self._surface, module, chain)
                    is_external = target is not None and target.kind is SymbolKind.EXTERNAL
                    self._resolved[key] = target.path if target is not None and is_external else None
                path = self._resolved[key]
                if path is not None:
                    yield path


def _types(one: Statement) -> Iterator[Expr]:
    match one:
        case FunctionFacts(parameters=parameters, returns=returns):
            yield from (each.annotation.expr for each in parameters if each.annotation is not None)
            if returns is not None:
                yield returns.expr
            for assignment in one.self_assignments:
                if assignment.annotation is not None:
                    yield assignment.annotation.expr
            yield from one.returned
        case Assignment(annotation=annotation, value=value):
            if annotation is not None:
                yield annotation.expr
            if isinstance(value, Call):
                yield value.function
            elif value is not None:
                yield value
        case TypeAliasFacts(value=alias):
            yield alias.expr
        case _:
            pass


def _suppliers(one: Statement) -> Iterator[Expr]:
    match one:
        case FunctionFacts(decorators=decorators):
            yield from (each.expr for each in decorators)
        case ClassFacts(bases=bases, keywords=keywords, decorators=decorators):
            yield from bases
            yield from (expr for name, expr in keywords if name == "metaclass")
            yield from (each.expr for each in decorators)
        case _:
            pass


def _chains(expr: Expr, depth: int) -> Iterator[Name | Attribute]:
    """Plain and dotted names inside a type expression."""
    if depth == 0:
        return
    match expr:
        case Name() | Attribute():
            if _is_chain(expr):
                yield expr
        case Subscript(value=value, index=index):
            yield from _chains(value, depth - 1)
            yield from _chains(index, depth - 1)
        case Sequence(items=items):
            for one in items[:200]:
                yield from _chains(one, depth - 1)
        case Binary(left=left, right=right):
            yield from _chains(left, depth - 1)
            yield from _chains(right, depth - 1)
        case Starred(value=value) | Call(function=value):
            yield from _chains(value, depth - 1)
        case Constant(value=value) if value.kind is LiteralKind.STR and len(value.text) < 2000:
            inner = parse_expression(value.text) if value.text[:1].isidentifier() else None
            if inner is not None and not isinstance(inner, Constant):
                yield from _chains(inner, depth - 1)
        case _:
            pass


def _is_chain(expr: Expr) -> bool:
    while isinstance(expr, Attribute):
        expr = expr.value
    return isinstance(expr, Name)


def _written(expr: Expr) -> str:
    parts: list[str] = []
    while isinstance(expr, Attribute):
        parts.append(expr.name)
        expr = expr.value
    return ".".join((expr.id if isinstance(expr, Name) else "", *reversed(parts)))
