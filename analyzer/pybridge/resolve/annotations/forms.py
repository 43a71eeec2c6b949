"""The special forms of ``typing``, each with its own grammar of arguments."""

from typing import Final, Protocol, assert_never

from pybridge.model.expressions import (
    Attribute,
    Constant,
    EllipsisExpr,
    Expr,
    Name,
    Sequence,
    SequenceKind,
    Subscript,
    Unary,
)
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    AnyType,
    Callable,
    CallableParameter,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Unknown,
    UnknownReason,
    Unpack,
)
from pybridge.resolve.algebra import literal_of, union_of
from pybridge.resolve.annotations.text import text_of
from pybridge.resolve.annotations.vocabulary import Form

NONE_CONSTANT: Final = Constant(LiteralValue(kind=LiteralKind.NONE))
_STR: Final = SymbolPath("builtins:str")
_TUPLE: Final = SymbolPath("builtins:tuple")
_TYPE: Final = SymbolPath("builtins:type")
UNTOLD: Final = Unknown(reason=UnknownReason.UNANNOTATED)


class Reader(Protocol):
    """Reads the parts of a form."""

    def read(self, expr: Expr, depth: int) -> TypeExpr:
        """Read a type."""

    def argument(self, expr: Expr, depth: int) -> TypeExpr:
        """Read a type argument."""

    def form(self, expr: Expr) -> Form | None:
        """Tell which special form a name is."""

    def enum_member(self, expr: Attribute) -> SymbolPath | None:
        """Symbol of a member of an enumeration."""

    def parameters_of(self, expr: Expr) -> TypeVariable | None:
        """The ``ParamSpec`` that an expression names."""


def unsupported(expr: Expr) -> Unknown:
    """What is no type, with its text."""
    return Unknown(reason=UnknownReason.UNSUPPORTED, text=text_of(expr))


def read_bare_form(form: Form, expr: Name | Attribute) -> TypeExpr:
    """Read a form without arguments."""
    match form:
        case Form.ANY:
            return AnyType()
        case Form.NONE:
            return NoneType()
        case Form.TUPLE:
            return Named(path=_TUPLE)
        case Form.TYPE:
            return Named(path=_TYPE)
        case Form.CALLABLE:
            return Callable(parameters=None, returns=UNTOLD)
        case Form.SELF:
            return SelfType()
        case Form.NEVER:
            return Never()
        case Form.STRING:
            return Named(path=_STR)
        case Form.TYPE_VARIABLE:
            return TypeVariable(name=expr.id if isinstance(expr, Name) else expr.name)
        case (
            Form.OPTIONAL | Form.UNION | Form.LITERAL | Form.ANNOTATED | Form.QUALIFIER | Form.UNPACK
            | Form.CONCATENATE | Form.NOT_A_TYPE
        ):  # fmt: skip
            return unsupported(expr)
        case _:
            assert_never(form)


def read_form(reader: Reader, form: Form, whole: Expr, index: Expr, depth: int) -> TypeExpr:
    """Read a form with its arguments; ``whole`` is the form as written, for what cannot be read."""
    items = indices(index)
    below = depth - 1
    match form:
        case Form.UNION:
            return union_of(tuple(reader.read(item, below) for item in items))
        case Form.LITERAL:
            return _literal(reader, items, below)
        case Form.ANNOTATED if items:
            return reader.read(items[0], below)
        case Form.TUPLE:
            return _tuple(reader, items, below)
        case Form.CALLABLE if len(items) == 2:
            return _callable(reader, items[0], items[1], below) or unsupported(whole)
        case Form.OPTIONAL if len(items) == 1:
            return union_of((reader.read(items[0], below), NoneType()))
        case Form.TYPE if len(items) == 1:
            return Named(path=_TYPE, arguments=(reader.read(items[0], below),))
        case Form.UNPACK if len(items) == 1:
            return Unpack(packed=reader.read(items[0], below))
        case (
            Form.ANNOTATED | Form.CALLABLE | Form.OPTIONAL | Form.TYPE | Form.UNPACK | Form.ANY | Form.NONE
            | Form.QUALIFIER | Form.SELF | Form.NEVER | Form.STRING | Form.CONCATENATE | Form.TYPE_VARIABLE
            | Form.NOT_A_TYPE
        ):  # fmt: skip
            return unsupported(whole)
        case _:
            assert_never(form)


def indices(index: Expr) -> tuple[Expr, ...]:
    """What stands between the brackets of a subscript."""
    if isinstance(index, Sequence) and index.kind is SequenceKind.TUPLE:
        return index.items
    return (index,)


def _tuple(reader: Reader, items: tuple[Expr, ...], depth: int) -> TypeExpr:
    match items:
        case (item, EllipsisExpr()):
            return Tuple(items=(reader.read(item, depth),), is_variadic=True)
        case (Sequence(kind=SequenceKind.TUPLE, items=()),):
            return Tuple(items=())
        case _:
            return Tuple(items=tuple(reader.read(item, depth) for item in items))


def _literal(reader: Reader, items: tuple[Expr, ...], depth: int) -> TypeExpr:
    values: list[LiteralValue] = []
    others: list[TypeExpr] = []
    for item in items:
        value = _literal_value(reader, item)
        if value is not None:
            values.append(value)
        elif isinstance(item, Name | Subscript | Attribute):
            # A nested ``Literal[...]``, or an alias of one.
            others.append(reader.read(item, depth))
        else:
            others.append(unsupported(item))
    return union_of((literal_of(values), *others))


def _literal_value(reader: Reader, item: Expr) -> LiteralValue | None:
    match item:
        case Constant(value=value):
            return value
        case Unary(operator="-", operand=Constant(value=value)) if value.kind is LiteralKind.INT:
            return LiteralValue(kind=LiteralKind.INT, text=f"-{value.text}" if value.text != "0" else "0")
        case Attribute():
            member = reader.enum_member(item)
            return None if member is None else LiteralValue(kind=LiteralKind.ENUM, text=member)
        case _:
            return None


def _callable(reader: Reader, parameters: Expr, returns: Expr, depth: int) -> TypeExpr | None:
    """Read ``Callable[parameters, returns]``; None when the first part is no list of parameters."""
    if isinstance(parameters, EllipsisExpr):
        return Callable(parameters=None, returns=reader.read(returns, depth))
    read = _parameters(reader, parameters, depth)
    return None if read is None else Callable(parameters=read, returns=reader.read(returns, depth))


def _parameters(reader: Reader, parameters: Expr, depth: int) -> tuple[CallableParameter, ...] | None:
    if isinstance(parameters, Sequence) and parameters.kind is SequenceKind.LIST:
        return tuple(_positional(reader.read(item, depth)) for item in parameters.items)
    variable = reader.parameters_of(parameters)
    if variable is not None:
        return _rest(variable)
    if isinstance(parameters, Subscript) and reader.form(parameters.value) is Form.CONCATENATE:
        *first, last = indices(parameters.index) or (parameters.index,)
        rest = reader.parameters_of(last)
        if rest is None and not isinstance(last, EllipsisExpr):
            return None
        return (*(_positional(reader.read(item, depth)) for item in first), *_rest(rest or AnyType()))
    return None


def _positional(read: TypeExpr) -> CallableParameter:
    """One parameter; ``*Ts`` takes all that are left."""
    if isinstance(read, Unpack):
        return CallableParameter(type=read, kind=ParameterKind.VAR_POSITIONAL, is_required=False)
    return CallableParameter(type=read)


def _rest(of: TypeExpr) -> tuple[CallableParameter, CallableParameter]:
    """``*args`` and ``**kwargs`` as a ``ParamSpec`` (or ``...``) stands for them."""
    return (
        CallableParameter(type=of, kind=ParameterKind.VAR_POSITIONAL, is_required=False),
        CallableParameter(type=of, kind=ParameterKind.VAR_KEYWORD, is_required=False),
    )
