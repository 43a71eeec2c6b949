"""A type as an annotation that can be written: every name through whoever knows what the file may call it."""

from collections.abc import Callable as Function
from typing import assert_never

from pybridge.codec.python_text import literal_text
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Literal,
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
    TypeVariableKind,
    Union,
    Unknown,
    Unpack,
)

MAX_LENGTH = 400
"""Longer annotations help nobody."""

_ABSTRACT = (
    "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "ByteString", "Callable", "Collection",
    "Container", "Coroutine", "Generator", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping",
    "MappingView", "MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Sized", "ValuesView",
)  # fmt: skip
FORMER_PATHS = {
    **{SymbolPath(f"collections.abc:{name}"): SymbolPath(f"typing:{name}") for name in _ABSTRACT},
    SymbolPath("collections.abc:Set"): SymbolPath("typing:AbstractSet"),
    SymbolPath("contextlib:AbstractContextManager"): SymbolPath("typing:ContextManager"),
    SymbolPath("contextlib:AbstractAsyncContextManager"): SymbolPath("typing:AsyncContextManager"),
    SymbolPath("re:Pattern"): SymbolPath("typing:Pattern"),
    SymbolPath("re:Match"): SymbolPath("typing:Match"),
}
"""Where classes are today, and their deprecated aliases in ``typing``, which is where typeshed defines them."""
_TODAY = {former: today for today, former in FORMER_PATHS.items()}
_ONLY_IN_STUBS = frozenset({"builtins:ellipsis", "builtins:function"})


class Unwritable(Exception):
    """The type cannot be written in that place."""


class Speller:
    """Writes types with the names that ``name`` gives for symbols; ``name`` raises `Unwritable` for one without any.

    Types that ``takes_arguments`` refuses are written without any. ``special`` names a member of ``typing`` in the same way, whichever module has it for the target.
    """

    def __init__(
        self,
        name: Function[[SymbolPath], str],
        special: Function[[str], str],
        *,
        variables: Function[[str], str],
        takes_arguments: Function[[SymbolPath], bool] = lambda _: True,
        has_self: bool = True,
        unknown: Function[[], str] | None = None,
    ) -> None:
        self._name, self._special, self._variables = name, special, variables
        self._takes_arguments = takes_arguments
        self._has_self, self._unknown = has_self, unknown

    def spell(self, expr: TypeExpr) -> str:
        """Write a type.

        Raises:
            Unwritable: a part of it has no name here, or all of it is longer than `MAX_LENGTH`.
        """
        try:
            text = self._write(expr)
        except RecursionError as error:
            raise Unwritable from error
        if len(text) > MAX_LENGTH:
            raise Unwritable
        return text

    def _write(self, expr: TypeExpr) -> str:
        match expr:
            case Named(path=path, arguments=arguments) | Alias(path=path, arguments=arguments, target=None):
                return self._named(path, arguments)
            case Alias(path=path, arguments=arguments, target=target):
                return self._write(target) if target is not None else self._named(path, arguments)
            case Union(members=members):
                return " | ".join(self._write(one) for one in members)
            case Tuple(items=items, is_variadic=is_variadic):
                inner = ", ".join(map(self._write, items)) or "()"
                name = self._name(SymbolPath("builtins:tuple"))
                return f"{name}[{inner}, ...]" if is_variadic else f"{name}[{inner}]"
            case Callable(parameters=parameters, returns=returns):
                name = self._name(SymbolPath("collections.abc:Callable"))
                return f"{name}[{self._callable_parameters(parameters)}, {self._write(returns)}]"
            case Literal(values=values):
                return f"{self._special('Literal')}[{', '.join(map(self._constant, values))}]"
            case TypeVariable(name=name):
                return self._variables(name)
            case Unpack(packed=packed):
                return f"{self._special('Unpack')}[{self._write(packed)}]"
            case SelfType():
                if not self._has_self:
                    raise Unwritable
                return self._special("Self")
            case NoneType():
                return "None"
            case Never():
                return self._special("NoReturn")
            case AnyType():
                return self._special("Any")
            case Unknown():
                return self._unknown() if self._unknown is not None else self._special("Any")
            case _:
                assert_never(expr)

    def _named(self, path: SymbolPath, arguments: tuple[TypeExpr, ...]) -> str:
        if path in _ONLY_IN_STUBS:
            raise Unwritable
        name = self._name(_TODAY.get(path, path))
        if not arguments or not self._takes_arguments(path):
            return name
        return f"{name}[{', '.join(map(self._write, arguments))}]"

    def _callable_parameters(self, parameters: tuple[CallableParameter, ...] | None) -> str:
        if parameters is None:
            return "..."
        last = parameters[-1].type if parameters else None
        fixed = [one for one in parameters if one.kind is ParameterKind.POSITIONAL_ONLY]
        if isinstance(last, TypeVariable) and last.kind is TypeVariableKind.PARAMETERS:
            texts = [self._write(one.type) for one in fixed if one.type is not last]
            name = self._variables(last.name)
            return f"{self._special('Concatenate')}[{', '.join((*texts, name))}]" if texts else name
        if len(fixed) < len(parameters) or any(not one.is_required or isinstance(one.type, Unpack) for one in fixed):
            # A list of types cannot tell named or optional parameters.
            return "..."
        return f"[{', '.join(self._write(one.type) for one in fixed)}]"

    def _constant(self, value: LiteralValue) -> str:
        match value.kind:
            case LiteralKind.FLOAT:
                raise Unwritable
            case LiteralKind.STR if any("\ud800" <= char <= "\udfff" for char in value.text):
                raise Unwritable
            case LiteralKind.ENUM:
                owner, _, member = value.text.rpartition(".")
                return f"{self._name(SymbolPath(owner))}.{member}"
            case _:
                return literal_text(value)
