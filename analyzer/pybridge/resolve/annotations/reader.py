"""`read_annotation`: one annotation to a `TypeExpr`, with the qualifiers that stood around it."""

from enum import Enum
from typing import Final, assert_never

import msgspec

from pybridge.model.expressions import (
    Attribute,
    Binary,
    Boolean,
    Call,
    Comparison,
    Comprehension,
    Conditional,
    Constant,
    Dict,
    EllipsisExpr,
    Expr,
    Lambda,
    Name,
    Opaque,
    Sequence,
    SequenceKind,
    Starred,
    Subscript,
    Unary,
)
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import (
    Alias,
    Callable,
    CallableParameter,
    LiteralKind,
    Named,
    NoneType,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Unknown,
    UnknownReason,
    Unpack,
)
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations import forms
from pybridge.resolve.annotations.scope import Scope
from pybridge.resolve.annotations.substitution import apply_arguments
from pybridge.resolve.annotations.text import MAX_DEPTH, parse_expression, text_of
from pybridge.resolve.annotations.vocabulary import BUILTIN_CLASSES, Form, canonical_path, form_of, looks_like_class
from pybridge.resolve.symbols import NameTarget

MAX_PARTS: Final = 2000
"""Parts of one annotation that are read; what follows is `Unknown`."""


class Qualifier(Enum):
    """What stands around a type and says something of the name, not of the type."""

    CLASS_VARIABLE = "class_variable"
    FINAL = "final"
    REQUIRED = "required"
    NOT_REQUIRED = "not_required"
    READ_ONLY = "read_only"
    INIT_VARIABLE = "init_variable"
    TYPE_ALIAS = "type_alias"


_HIDING: Final = (SymbolKind.MODULE, SymbolKind.VARIABLE, SymbolKind.FUNCTION)
_QUALIFIERS: Final = {
    "ClassVar": Qualifier.CLASS_VARIABLE,
    "Final": Qualifier.FINAL,
    "Required": Qualifier.REQUIRED,
    "NotRequired": Qualifier.NOT_REQUIRED,
    "ReadOnly": Qualifier.READ_ONLY,
    "InitVar": Qualifier.INIT_VARIABLE,
    "TypeAlias": Qualifier.TYPE_ALIAS,
}


class ReadAnnotation(msgspec.Struct, frozen=True):
    """An annotation, read."""

    expr: TypeExpr
    """The type itself; `Unknown` (UNANNOTATED) for a bare ``Final``, ``ClassVar`` or ``TypeAlias``."""
    qualifiers: frozenset[Qualifier] = frozenset()


def read_annotation(expr: Expr, scope: Scope) -> ReadAnnotation:
    """Read an annotation. A name that leads nowhere is `Unknown` (UNRESOLVED_NAME), what is no type UNSUPPORTED.

    A default of None does not make it optional. Type arguments that were not written are not invented.
    """
    reader = TypeReader(scope)
    qualifiers: set[Qualifier] = set()
    inner = expr
    for _ in range(MAX_DEPTH):
        inner = _inside_text(inner)
        base, index = (inner.value, inner.index) if isinstance(inner, Subscript) else (inner, None)
        form = reader.form(base)
        if form is Form.ANNOTATED and index is not None:
            inner = next(iter(forms.indices(index)), index)
            continue
        qualifier = reader.qualifier(base) if form is Form.QUALIFIER else None
        if qualifier is None:
            break
        qualifiers.add(qualifier)
        if index is None:
            return ReadAnnotation(Unknown(reason=UnknownReason.UNANNOTATED), frozenset(qualifiers))
        inner = index
    return ReadAnnotation(reader.read(inner, MAX_DEPTH), frozenset(qualifiers))


def read_type(expr: Expr, scope: Scope) -> TypeExpr:
    """Read a type expression that may hold no qualifier: a base, an argument, a bound, a ``cast``."""
    return TypeReader(scope).read(expr, MAX_DEPTH)


def read_argument(expr: Expr, scope: Scope) -> TypeExpr:
    """Read what stands for a ``ParamSpec``: ``...`` and a list of types are a `Callable`, anything else is a type."""
    return TypeReader(scope).argument(expr, MAX_DEPTH)


def _inside_text(expr: Expr) -> Expr:
    """The expression inside a string; the string itself when there is none."""
    if isinstance(expr, Constant) and expr.value.kind is LiteralKind.STR:
        return parse_expression(expr.value.text) or expr
    return expr


class TypeReader:
    """Reads the parts of one annotation in one scope, and stops when there are too many."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._parts_left = MAX_PARTS

    def read(self, expr: Expr, depth: int) -> TypeExpr:
        """Read a part; ``depth`` more levels may follow."""
        self._parts_left -= 1
        if depth <= 0 or self._parts_left < 0:
            return forms.unsupported(expr)
        match expr:
            case Name() | Attribute():
                return self._name(expr, (), depth)
            case Subscript(value=Name() | Attribute() as base, index=index):
                return self._subscript(expr, base, index, depth)
            case Binary(operator="|"):
                return union_of(tuple(self.read(member, depth - 1) for member in _alternatives(expr)))
            case Constant(value=value) if value.kind is LiteralKind.NONE:
                return NoneType()
            case Constant(value=value) if value.kind is LiteralKind.STR:
                inside = _inside_text(expr)
                return forms.unsupported(expr) if inside == expr else self.read(inside, depth - 1)
            case Starred(value=value):
                return Unpack(packed=self.read(value, depth - 1))
            case Call(function=Name(id="type"), arguments=(only,)) if only.value == forms.NONE_CONSTANT:
                return NoneType()
            case (
                EllipsisExpr() | Sequence() | Dict() | Call() | Subscript() | Unary() | Binary() | Boolean() | Constant()
                | Comparison() | Conditional() | Comprehension() | Lambda() | Opaque()
            ):  # fmt: skip
                return forms.unsupported(expr)
            case _:
                assert_never(expr)

    def argument(self, expr: Expr, depth: int) -> TypeExpr:
        """Read a type argument, which for a ``ParamSpec`` may also be ``...`` or a list of types.

        Those are the parameters of a `Callable` whose result is not told.
        """
        match expr:
            case EllipsisExpr():
                return Callable(parameters=None, returns=forms.UNTOLD)
            case Sequence(kind=SequenceKind.LIST, items=items) if depth > 0:
                parameters = tuple(CallableParameter(type=self.argument(item, depth - 1)) for item in items)
                return Callable(parameters=parameters, returns=forms.UNTOLD)
            case _:
                return self.read(expr, depth)

    def form(self, expr: Expr) -> Form | None:
        """Tell which special form a name is; None for anything else."""
        target = self._target(expr)
        return None if target is None else form_of(target.path)

    def qualifier(self, expr: Expr) -> Qualifier | None:
        """Tell which qualifier a name is; None for anything else."""
        target = self._target(expr)
        return None if target is None else _QUALIFIERS.get(split_symbol(target.path)[1])

    def enum_member(self, expr: Attribute) -> SymbolPath | None:
        """Symbol of ``Color.RED``; None when the part before the dot is no class."""
        owner = self._target(expr.value)
        if owner is not None and owner.kind in {SymbolKind.CLASS, SymbolKind.EXTERNAL} and split_symbol(owner.path)[1]:
            return SymbolPath(f"{self._canonical(owner.path)}.{expr.name}")
        return None

    def parameters_of(self, expr: Expr) -> TypeVariable | None:
        """The ``ParamSpec`` that an expression names; None when it names none."""
        if isinstance(expr, Name | Attribute) and self.scope.type_variable(expr) is TypeVariableKind.PARAMETERS:
            return TypeVariable(name=self._own_name(expr), kind=TypeVariableKind.PARAMETERS)
        return None

    def _target(self, expr: Expr) -> NameTarget | None:
        """Resolve a name, as a type: ``list`` is the builtin beside a submodule or a ``str = str`` of that name."""
        if not isinstance(expr, Name | Attribute):
            return None
        target = self.scope.lookup(expr)
        if target is None or target.kind not in _HIDING or not isinstance(expr, Name) or expr.id not in BUILTIN_CLASSES:
            return target
        if target.kind is SymbolKind.VARIABLE and (
            self.scope.own_alias(target.path) or self.scope.own_type(target.path)
        ):
            return target
        path = SymbolPath(f"builtins:{expr.id}")
        return NameTarget(path=path, kind=SymbolKind.EXTERNAL, how=target.how)

    def _subscript(self, whole: Expr, base: Name | Attribute, index: Expr, depth: int) -> TypeExpr:
        if self.scope.type_variable(base) is not None:
            return forms.unsupported(whole)
        form = self.form(base)
        if form is not None:
            return forms.read_form(self, form, whole, index, depth)
        return self._name(base, forms.indices(index), depth, whole)

    def _name(
        self, expr: Name | Attribute, arguments: tuple[Expr, ...], depth: int, whole: Expr | None = None
    ) -> TypeExpr:
        """Read a name with its type arguments; none for a bare one."""
        kind = self.scope.type_variable(expr)
        if kind is not None:
            return TypeVariable(name=self._own_name(expr), kind=kind)
        if isinstance(expr, Attribute) and expr.name in {"args", "kwargs"}:
            parameters = self.parameters_of(expr.value)
            if parameters is not None:
                return parameters
        target = self._target(expr)
        if target is None:
            return Unknown(reason=UnknownReason.UNRESOLVED_NAME, text=text_of(whole or expr))
        form = form_of(target.path)
        if form is not None:
            return forms.read_bare_form(form, expr)
        read = tuple(self.argument(one, depth - 1) for one in arguments)
        return self._symbol(target, read) or forms.unsupported(whole or expr)

    def _symbol(self, target: NameTarget, arguments: tuple[TypeExpr, ...]) -> TypeExpr | None:
        """The type that a symbol is; None when it is none."""
        match target.kind:
            case SymbolKind.CLASS:
                return Named(path=target.path, arguments=arguments)
            case SymbolKind.TYPE_ALIAS:
                return Alias(path=target.path, arguments=arguments)
            case SymbolKind.EXTERNAL:
                return self._external(target.path, arguments)
            case SymbolKind.VARIABLE:
                if self.scope.own_alias(target.path):
                    return Alias(path=target.path, arguments=arguments)
                return Named(path=target.path, arguments=arguments) if self.scope.own_type(target.path) else None
            case SymbolKind.FUNCTION | SymbolKind.MODULE:
                return None
            case _:
                assert_never(target.kind)

    def _external(self, path: SymbolPath, arguments: tuple[TypeExpr, ...]) -> TypeExpr | None:
        """The type that a name of another package is: by name, whether the package is installed or not."""
        if not split_symbol(path)[1]:
            return None
        known = canonical_path(path)
        if known is not None:
            return Named(path=known, arguments=arguments)
        answer = self.scope.external(path)
        if answer is None or answer.path is None:
            return Named(path=path, arguments=arguments)
        if answer.type_variable is not None:
            return TypeVariable(name=answer.type_variable.name, kind=answer.type_variable.kind)
        if answer.is_alias:
            if isinstance(answer.target, Named) and not answer.target.arguments:
                # Another name of a class, ``weakref.ref``: the class itself, as it is known everywhere.
                return Named(path=canonical_path(answer.target.path) or answer.target.path, arguments=arguments)
            target = None if answer.target is None else apply_arguments(answer.target, arguments)
            return Alias(path=answer.path, arguments=arguments, target=target)
        if answer.class_answer is None:
            # What an unread package supplies is a variable to the engine; its name tells what it is.
            return Named(path=path, arguments=arguments) if looks_like_class(path) else None
        return Named(path=canonical_path(answer.path) or answer.path, arguments=arguments)

    def _canonical(self, path: SymbolPath) -> SymbolPath:
        answer = self.scope.external(path)
        return path if answer is None or answer.path is None else answer.path

    def _own_name(self, expr: Name | Attribute) -> str:
        """Name of a type variable where it is declared; an import may have renamed it."""
        target = self.scope.lookup(expr)
        if target is not None and (declared := split_symbol(target.path)[1]):
            return declared.rpartition(".")[2]
        return expr.id if isinstance(expr, Name) else expr.name


def _alternatives(expr: Expr) -> tuple[Expr, ...]:
    """Operands of ``a | b | c``, in order, however long the chain."""
    rights: list[Expr] = []
    left = expr
    while isinstance(left, Binary) and left.operator == "|":
        rights.append(left.right)
        left = left.left
    return (left, *reversed(rights))
