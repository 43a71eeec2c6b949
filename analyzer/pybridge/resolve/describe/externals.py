"""Names of other packages that a library's interface mentions, and packages whose source the engine must follow."""

import re
import sys
from collections.abc import Mapping
from keyword import iskeyword

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
from pybridge.model.facts import (
    Annotation,
    Assignment,
    ClassFacts,
    FunctionFacts,
    ModuleFacts,
    Statement,
    TypeAliasFacts,
)
from pybridge.model.library import SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind
from pybridge.resolve.annotations import parse_expression
from pybridge.resolve.surface import resolve_name
from pybridge.resolve.symbols import Surface
from pybridge.resolve.types.settled import settled_functions

_MAX_DEPTH = 40
_MAX_TEXT = 2000
_PROSE = re.compile(
    r"^[^\"'#]*?\b(?!(?:and|or|not|in|is|if|else|for|lambda|await|async|yield|from)\b)[^\W\d]\w*\s+"
    r"(?!(?:and|or|not|in|is|if|else|for|lambda|await|async|yield|from)\b)\w"
)
"""Two words side by side, outside of strings and comments: no expression, and found sooner than by parsing."""


class Mentions(msgspec.Struct, frozen=True, kw_only=True):
    """What a library says of others."""

    externals: tuple[SymbolPath, ...]
    """Names to ask the engine about, sorted."""
    bases: tuple[SymbolPath, ...]
    """Those of them that classes derive from, sorted."""
    follow: tuple[str, ...]
    """Top-level packages that supply bases, metaclasses or decorators, sorted; the standard library left out."""
    settled: Mapping[ModuleName, tuple[str, ...]] = {}
    """See `settled_functions`; modules without any left out."""


class ModuleMentions(msgspec.Struct, frozen=True, array_like=True):
    """What one module says of other packages: names, sorted."""

    found: tuple[SymbolPath, ...] = ()
    supplying: tuple[SymbolPath, ...] = ()
    bases: tuple[SymbolPath, ...] = ()
    settled: tuple[str, ...] = ()
    """Its functions about which nothing has to be asked."""


def mentions(facts: Mapping[ModuleName, ModuleFacts], surface: Surface) -> Mentions:
    """Collect every external name in annotations, bases, decorators and values that look like types."""
    return all_mentions({module: module_mentions(module, one, surface) for module, one in facts.items()})


def module_mentions(module: ModuleName, facts: ModuleFacts, surface: Surface) -> ModuleMentions:
    """Collect what one module mentions."""
    collector = _Collector(surface, module)
    collector.read(facts.body)
    return ModuleMentions(
        tuple(sorted(collector.found)),
        tuple(sorted(collector.supplying)),
        tuple(sorted(collector.bases)),
        settled_functions(facts),
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
        settled={name: one.settled for name, one in sorted(modules.items()) if one.settled},
    )


class _Collector:
    """Walks the statements of one module; a name, and the text of an annotation, are looked at once."""

    def __init__(self, surface: Surface, module: ModuleName) -> None:
        self.found: set[SymbolPath] = set()
        self.supplying: set[SymbolPath] = set()
        self.bases: set[SymbolPath] = set()
        self._surface, self._module = surface, module
        self._resolved: dict[str, SymbolPath | None] = {}
        self._annotations: set[str] = set()

    def read(self, body: tuple[Statement, ...]) -> None:
        for one in body:
            match one:
                case FunctionFacts():
                    self._function(one)
                case ClassFacts(bases=bases, keywords=keywords, decorators=decorators):
                    metaclasses = tuple(expr for name, expr in keywords if name == "metaclass")
                    for expr in (*bases, *metaclasses, *(each.expr for each in decorators)):
                        self._collect(expr, self.supplying, _MAX_DEPTH)
                    for base in bases:
                        self._collect(base, self.bases, _MAX_DEPTH)
                    self.read(one.body)
                case Assignment(annotation=annotation, value=value):
                    self._annotation(annotation)
                    if value is not None:
                        self._collect(value.function if isinstance(value, Call) else value, self.found, _MAX_DEPTH)
                case TypeAliasFacts(value=alias):
                    self._annotation(alias)
                case _:
                    pass

    def _function(self, one: FunctionFacts) -> None:
        for parameter in one.parameters:
            self._annotation(parameter.annotation)
        self._annotation(one.returns)
        for assignment in one.self_assignments:
            self._annotation(assignment.annotation)
        for value in one.returned:
            self._collect(value, self.found, _MAX_DEPTH)
        for decorator in one.decorators:
            self._collect(decorator.expr, self.supplying, _MAX_DEPTH)

    def _annotation(self, annotation: Annotation | None) -> None:
        if annotation is not None and annotation.text not in self._annotations:
            self._annotations.add(annotation.text)
            self._collect(annotation.expr, self.found, _MAX_DEPTH)

    def _collect(self, expr: Expr, into: set[SymbolPath], depth: int) -> None:
        """Collect the names of other packages in a type expression."""
        if depth == 0:
            return
        match expr:
            case Name(id=name):
                self._name(name, expr, into)
            case Attribute():
                written = _written(expr)
                if written is not None:
                    self._name(written, expr, into)
            case Subscript(value=value, index=index):
                self._collect(value, into, depth - 1)
                self._collect(index, into, depth - 1)
            case Sequence(items=items):
                for one in items[:200]:
                    self._collect(one, into, depth - 1)
            case Binary(left=left, right=right):
                self._collect(left, into, depth - 1)
                self._collect(right, into, depth - 1)
            case Starred(value=value) | Call(function=value):
                self._collect(value, into, depth - 1)
            case Constant(value=constant) if constant.kind is LiteralKind.STR:
                self._text(constant.text, into, depth)
            case _:
                pass

    def _text(self, text: str, into: set[SymbolPath], depth: int) -> None:
        """Collect the names in a string that may be a type expression."""
        if len(text) >= _MAX_TEXT or not text[:1].isidentifier() or _PROSE.search(text):
            return
        inner = Name(text) if text.isidentifier() and not iskeyword(text) else parse_expression(text)
        if inner is not None and not isinstance(inner, Constant):
            self._collect(inner, into, depth - 1)

    def _name(self, name: str, expr: Name | Attribute, into: set[SymbolPath]) -> None:
        if name not in self._resolved:
            target = resolve_name(self._surface, self._module, expr)
            is_external = target is not None and target.kind is SymbolKind.EXTERNAL
            self._resolved[name] = target.path if target is not None and is_external else None
        path = self._resolved[name]
        if path is not None:
            into.add(path)


def _written(expr: Expr) -> str | None:
    """Write a dotted name; None for an attribute of anything else."""
    parts: list[str] = []
    while isinstance(expr, Attribute):
        parts.append(expr.name)
        expr = expr.value
    return ".".join((expr.id, *reversed(parts))) if isinstance(expr, Name) else None
