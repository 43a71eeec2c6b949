"""What a plain assignment declares: an alias, a type variable, a new type, a class made by a call, or just a value."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from pybridge.model.expressions import (
    Attribute,
    Binary,
    Call,
    Constant,
    Expr,
    Name,
    Sequence,
    SequenceKind,
    Starred,
    Subscript,
)
from pybridge.model.facts import Assignment, TypeParameterFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import LiteralKind, LiteralValue, TypeExpr, TypeParameter, TypeVariableKind
from pybridge.resolve.annotations.reader import Qualifier, read_annotation, read_argument, read_type
from pybridge.resolve.annotations.scope import Scope
from pybridge.resolve.annotations.text import MAX_DEPTH
from pybridge.resolve.annotations.vocabulary import TYPING_MODULES, Form, form_of

_VARIABLES: Final = {
    "TypeVar": TypeVariableKind.TYPE,
    "ParamSpec": TypeVariableKind.PARAMETERS,
    "TypeVarTuple": TypeVariableKind.TUPLE,
}
_CLASS_MAKERS: Final = frozenset(
    {
        *("collections:namedtuple", "dataclasses:make_dataclass", "attr:make_class", "attrs:make_class"),
        *("enum:Enum", "enum:IntEnum", "enum:StrEnum", "enum:Flag", "enum:IntFlag"),
    }
)
_TYPING_CLASS_MAKERS: Final = frozenset({"NamedTuple", "TypedDict"})


class Declared(Enum):
    """What an assignment declares."""

    ALIAS = "alias"
    TYPE_VARIABLE = "type_variable"
    NEW_TYPE = "new_type"
    CLASS = "class"
    """``namedtuple``, ``TypedDict``, ``Enum`` and the like, called."""
    VALUE = "value"


def declared_by(assignment: Assignment, scope: Scope) -> Declared:
    """Tell what an assignment declares, by its annotation and the shape of its value.

    A plain name is a VALUE here: the surface follows it to what it names.
    """
    if assignment.annotation is not None:
        qualifiers = read_annotation(assignment.annotation.expr, scope).qualifiers
        return Declared.ALIAS if Qualifier.TYPE_ALIAS in qualifiers else Declared.VALUE
    match assignment.value:
        case Call(function=Name() | Attribute() as function):
            return _made_by(scope, function)
        case Subscript() | Binary(operator="|") if assignment.operator is None:
            return Declared.ALIAS if _is_type(assignment.value, scope, MAX_DEPTH) else Declared.VALUE
        case _:
            return Declared.VALUE


def read_type_parameter(value: Expr | None, scope: Scope) -> TypeParameter | None:
    """Read ``TypeVar("T", bound=...)``, ``ParamSpec("P")`` or ``TypeVarTuple("Ts")``; None for anything else."""
    if not isinstance(value, Call) or not isinstance(value.function, Name | Attribute):
        return None
    kind = _VARIABLES.get(_typing_name(scope, value.function) or "")
    positional = [one.value for one in value.arguments if one.name is None]
    if kind is None or not positional:
        return None
    first = positional[0]
    if not isinstance(first, Constant) or first.value.kind is not LiteralKind.STR:
        return None
    named = {one.name: one.value for one in value.arguments if one.name is not None}
    return TypeParameter(
        name=first.value.text,
        kind=kind,
        bound=read_type(named["bound"], scope) if "bound" in named else None,
        constraints=tuple(read_type(one, scope) for one in positional[1:] if not isinstance(one, Starred)),
        default=_default(named["default"], kind, scope) if "default" in named else None,
        variance=_variance(named),
    )


def read_type_parameters(parameters: Iterable[TypeParameterFacts], scope: Scope) -> tuple[TypeParameter, ...]:
    """Read PEP 695 parameters, in order; a tuple as a bound means constraints."""
    return tuple(_parameter(one, scope) for one in parameters)


def _parameter(facts: TypeParameterFacts, scope: Scope) -> TypeParameter:
    bound = facts.bound
    constraints: tuple[Expr, ...] = ()
    if isinstance(bound, Sequence) and bound.kind is SequenceKind.TUPLE:
        constraints = bound.items
        bound = None
    return TypeParameter(
        name=facts.name,
        kind=facts.kind,
        bound=None if bound is None else read_type(bound, scope),
        constraints=tuple(read_type(one, scope) for one in constraints),
        default=None if facts.default is None else _default(facts.default, facts.kind, scope),
        variance="inferred" if facts.kind is TypeVariableKind.TYPE else "invariant",
    )


def _default(expr: Expr, kind: TypeVariableKind, scope: Scope) -> TypeExpr:
    """Read what a type variable stands for when nobody says: for a ``ParamSpec`` a list of types."""
    if kind is TypeVariableKind.PARAMETERS:
        return read_argument(expr, scope)
    return read_type(expr, scope)


def _variance(named: dict[str, Expr]) -> str:
    true = Constant(LiteralValue(kind=LiteralKind.BOOL, text="true"))
    for argument, variance in (
        ("covariant", "covariant"),
        ("contravariant", "contravariant"),
        ("infer_variance", "inferred"),
    ):
        if named.get(argument) == true:
            return variance
    return "invariant"


def _typing_name(scope: Scope, function: Name | Attribute) -> str | None:
    """Name in ``typing`` that a function leads to; None when it leads elsewhere."""
    target = scope.lookup(function)
    if target is None:
        return None
    module, name = split_symbol(target.path)
    return name if module in TYPING_MODULES else None


def _made_by(scope: Scope, function: Name | Attribute) -> Declared:
    target = scope.lookup(function)
    if target is None or target.kind is not SymbolKind.EXTERNAL:
        return Declared.VALUE
    name = _typing_name(scope, function)
    if name in _VARIABLES:
        return Declared.TYPE_VARIABLE
    if name == "NewType":
        return Declared.NEW_TYPE
    if name in _TYPING_CLASS_MAKERS or target.path in _CLASS_MAKERS:
        return Declared.CLASS
    return Declared.VALUE


def _is_type(expr: Expr, scope: Scope, depth: int) -> bool:
    """Tell whether an expression can only be meant as a type: ``Union[...]``, ``list[int]``, ``A | None``."""
    match expr:
        case Binary(operator="|", left=left, right=right) if depth > 0:
            return _is_operand(left, scope, depth - 1) and _is_operand(right, scope, depth - 1)
        case Subscript(value=Name() | Attribute() as base):
            target = scope.lookup(base)
            return target is not None and _names_a_type(target.path, target.kind, scope)
        case _:
            return False


def _is_operand(expr: Expr, scope: Scope, depth: int) -> bool:
    match expr:
        case Name() | Attribute():
            target = scope.lookup(expr)
            return target is not None and _names_a_type(target.path, target.kind, scope)
        case Constant(value=value):
            return value.kind in {LiteralKind.NONE, LiteralKind.STR}
        case _:
            return _is_type(expr, scope, depth)


def _names_a_type(path: SymbolPath, kind: SymbolKind, scope: Scope) -> bool:
    match kind:
        case SymbolKind.CLASS | SymbolKind.TYPE_ALIAS:
            return True
        case SymbolKind.EXTERNAL:
            form = form_of(path)
            if form is not None:
                return form is not Form.NOT_A_TYPE
            answer = scope.external(path)
            if answer is None or answer.path is None:
                return True  # what the engine did not look at is believed to be what it is used as
            return answer.class_answer is not None or answer.is_alias
        case _:
            return False
