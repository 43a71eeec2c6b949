"""`ModuleFacts`: what one file says, statement by statement, before any name is resolved.

Positions are kept apart (`ModuleFacts.spans`, by number), so that facts of a file whose lines moved compare equal.
"""

from enum import Enum
from typing import TypeAlias

import msgspec

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.expressions import Expr
from pybridge.model.names import Digest, ModuleName, SourceText
from pybridge.model.types import ParameterKind, TypeVariableKind


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Where a statement stands; lines and columns count from 1, columns in characters."""

    line: int
    column: int
    end_line: int


class GuardKind(Enum):
    """What stands around a statement that may not always run."""

    IF = "if"
    """``test`` decides; the negated tests of earlier branches come before it as guards of their own."""
    TRY = "try"
    """In the body (or the ``else``) of a ``try`` that has handlers."""
    EXCEPT = "except"
    """In a handler; ``test`` is what it catches, None for a bare ``except``."""
    LOOP = "loop"
    WITH = "with"
    MATCH = "match"


class Guard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A condition under which a statement runs."""

    kind: GuardKind
    block: int
    """Number of the compound statement in the file, the same for all of its branches."""
    test: Expr | None = None
    is_negated: bool = False
    text: SourceText | None = None
    """The test as written."""


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """An annotation, both as written and as read (a string annotation is read as the expression inside it)."""

    expr: Expr
    text: SourceText


class ParameterFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parameter as written, ``self`` included."""

    name: str
    kind: ParameterKind
    annotation: Annotation | None = None
    default: Expr | None = None
    default_text: SourceText | None = None
    """None where there is no default."""


class TypeParameterFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A PEP 695 type parameter."""

    name: str
    kind: TypeVariableKind = TypeVariableKind.TYPE
    bound: Expr | None = None
    default: Expr | None = None


class Decorator(msgspec.Struct, frozen=True, kw_only=True):
    """A decorator, without its ``@``."""

    expr: Expr
    text: SourceText


class SelfAssignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``self.name: annotation = value`` in a method, in order of appearance, the first of each name."""

    name: str
    annotation: Annotation | None = None
    value: Expr | None = None
    span: int = -1
    docstring: str | None = None


class FunctionFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="function"):
    """A ``def``."""

    name: str
    span: int
    guards: tuple[Guard, ...] = ()
    is_async: bool = False
    parameters: tuple[ParameterFacts, ...] = ()
    returns: Annotation | None = None
    type_parameters: tuple[TypeParameterFacts, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    docstring: str | None = None
    """As ``inspect.getdoc`` would not clean it: the literal's own value."""
    is_generator: bool = False
    """A ``yield`` stands in its own scope."""
    yielded: tuple[Expr, ...] = ()
    """Values of its ``yield``s, without duplicates, at most 32; ``yield from`` gives `Opaque("yield_from")`."""
    returned: tuple[Expr, ...] = ()
    """Values of its ``return``s (a bare one is None), without duplicates, at most 32, own scope only."""
    can_fall_through: bool = True
    """False when no path through the body reaches its end (it returns or raises on all)."""
    is_stub_body: bool = False
    """Nothing but a docstring, ``...``, ``pass`` or ``raise NotImplementedError``."""
    self_assignments: tuple[SelfAssignment, ...] = ()
    deprecation: str | None = None
    """The notice of a ``warnings.warn(notice, DeprecationWarning)`` that every call gives; empty where it is no plain
    text; None when calls warn of nothing."""
    nested: tuple["FunctionFacts | ClassFacts", ...] = ()
    """Functions and classes of its own scope that it returns or decorates with; at most one level is kept."""
    answers: tuple["FromImport | Import | Assignment | Return", ...] = ()
    """Imports, assignments, returns and raises of its own scope, with their guards, of a module's ``__getattr__``; empty
    for every other function."""


class ClassFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="class"):
    """A ``class``."""

    name: str
    span: int
    guards: tuple[Guard, ...] = ()
    bases: tuple[Expr, ...] = ()
    base_texts: tuple[SourceText, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()
    """``metaclass=M``, ``total=False``, in order."""
    type_parameters: tuple[TypeParameterFacts, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    docstring: str | None = None
    body: tuple["Statement", ...] = ()


class Import(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="import"):
    """``import module`` or ``import module as name``: one per imported module."""

    module: str
    alias: str | None = None
    span: int = -1
    guards: tuple[Guard, ...] = ()


class FromImport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="from"):
    """``from module import name as alias``: one per imported name; the name ``*`` imports all."""

    module: str
    """Without leading dots; empty for ``from . import x``."""
    name: str
    level: int = 0
    """Number of leading dots."""
    alias: str | None = None
    span: int = -1
    guards: tuple[Guard, ...] = ()


class Assignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="assignment"):
    """``target = value``, ``target: annotation``, ``target += value``; chained targets give one each."""

    target: Expr
    span: int
    guards: tuple[Guard, ...] = ()
    annotation: Annotation | None = None
    value: Expr | None = None
    value_text: SourceText | None = None
    """Cut at 1,000 characters; None where nothing is assigned."""
    operator: str | None = None
    """``+`` for ``+=``; None for a plain assignment."""
    docstring: str | None = None
    """The string that follows the statement, or its ``#:`` comment."""


class Expression(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="expression"):
    """A call that stands alone, such as ``__all__.extend(names)``."""

    value: Expr
    span: int = -1
    guards: tuple[Guard, ...] = ()


class Return(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="return"):
    """``return value``, or a ``raise``, in a module's ``__getattr__``."""

    value: Expr | None = None
    is_raise: bool = False
    """True for a ``raise``; what it raises is not kept."""
    guards: tuple[Guard, ...] = ()


class Delete(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="delete"):
    """``del target``: one per target."""

    target: Expr
    guards: tuple[Guard, ...] = ()


class TypeAliasFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="type_alias"):
    """``type Name[T] = value`` (PEP 695)."""

    name: str
    span: int
    value: Annotation
    type_parameters: tuple[TypeParameterFacts, ...] = ()
    guards: tuple[Guard, ...] = ()


Statement: TypeAlias = (
    FunctionFacts | ClassFacts | Import | FromImport | Assignment | Expression | Delete | TypeAliasFacts
)


HUGE_CONSTANT = "huge-constant"
"""Code of the diagnostic of a file with a power that nobody should compute."""
PARSER_REPLACED = "parser-replaced"
"""Code of the diagnostic of a file that ended the first parser, which the type engine has too."""


class ModuleFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything one file says."""

    module: ModuleName
    path: str
    """As `SourceFile.path`."""
    is_package: bool
    is_stub: bool
    content_digest: Digest
    code_digest: Digest | None = None
    """Of its text without its docstrings: where it stays the same, so does all that is declared. None when broken."""
    frame_digest: Digest | None = None
    """Of its text without the functions of which the type engine reads the head only. None when broken."""
    heads: tuple[int, ...] = ()
    """Numbers of the spans of those functions, in order."""
    docstring: str | None = None
    body: tuple[Statement, ...] = ()
    """In source order, nested blocks flattened, each statement with its guards, outermost first."""
    spans: tuple[Span, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    is_broken: bool = False
    """True when the file did not parse and the body is missing or partial."""

    @property
    def is_for_engine(self) -> bool:
        """False for a file that the type engine would refuse, or never come back from."""
        return not self.is_broken and not any(one.code in {HUGE_CONSTANT, PARSER_REPLACED} for one in self.diagnostics)
