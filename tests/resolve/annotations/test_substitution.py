"""Type arguments take the place of an alias's variables, and no variable is left."""

import pytest

from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Callable,
    CallableParameter,
    Named,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations.substitution import apply_arguments, replace_variable

T, S = TypeVariable(name="T"), TypeVariable(name="S")
P = TypeVariable(name="P", kind=TypeVariableKind.PARAMETERS)
UNTOLD = Unknown(reason=UnknownReason.UNANNOTATED)
NONE = NoneType()


def named(path: str, *arguments: TypeExpr) -> Named:
    return Named(path=SymbolPath(path), arguments=arguments)


INT, STR = named("builtins:int"), named("builtins:str")
OF_P = Callable(
    parameters=(
        CallableParameter(type=P, kind=ParameterKind.VAR_POSITIONAL, is_required=False),
        CallableParameter(type=P, kind=ParameterKind.VAR_KEYWORD, is_required=False),
    ),
    returns=INT,
)
TWO = (CallableParameter(type=INT), CallableParameter(type=STR))


@pytest.mark.parametrize(
    ("target", "arguments", "expected"),
    [
        (INT, (STR,), INT),
        (named("lib:Box", T), (INT,), named("lib:Box", INT)),
        (named("lib:Box", T), (), named("lib:Box", UNTOLD)),
        (Union(members=(named("lib:Box", T), NONE)), (INT,), Union(members=(named("lib:Box", INT), NONE))),
        (Union(members=(T, NONE)), (Union(members=(INT, NONE)),), Union(members=(INT, NONE))),
        (Tuple(items=(T, S, T)), (INT, STR), Tuple(items=(INT, STR, INT))),
        (Tuple(items=(T, S)), (INT,), Tuple(items=(INT, UNTOLD))),
        (Tuple(items=(T,)), (INT, STR), Tuple(items=(UNTOLD,))),
        (Union(members=(named("lib:A", S), named("lib:B", T))), (INT, STR), None),
        (OF_P, (Callable(parameters=TWO, returns=UNTOLD),), Callable(parameters=TWO, returns=INT)),
        (OF_P, (Callable(parameters=None, returns=UNTOLD),), Callable(parameters=None, returns=INT)),
        (OF_P, (), Callable(parameters=None, returns=INT)),
    ],
)
def test_arguments_are_applied(target: TypeExpr, arguments: tuple[TypeExpr, ...], expected: TypeExpr | None) -> None:
    unknown = Union(members=(named("lib:A", UNTOLD), named("lib:B", UNTOLD)))

    assert apply_arguments(target, arguments) == (expected or unknown)


def test_one_variable_is_replaced_and_others_stay() -> None:
    expr = Union(members=(named("lib:Box", T), S, OF_P))

    assert replace_variable(expr, "T", SelfType()) == union_of((named("lib:Box", SelfType()), S, OF_P))
    assert replace_variable(expr, "U", SelfType()) == expr
