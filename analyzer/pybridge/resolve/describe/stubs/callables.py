"""Functions that a stub declares as variables: ``chebadd: Final[_BinaryOperation]``."""

from collections.abc import Mapping

import msgspec

from pybridge.model.callables import Binding, Function, Parameter, Signature
from pybridge.model.classes import Class
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import Variable
from pybridge.model.names import SymbolPath
from pybridge.model.types import Callable, Named, ParameterKind


def called_class(one: Variable) -> SymbolPath | None:
    """The class whose ``__call__`` tells how a variable is called; None where its type is no plain class."""
    expr = one.type.expr
    return expr.path if isinstance(expr, Named) and not expr.arguments else None


def function_of_variable(one: Variable, classes: Mapping[SymbolPath, Class]) -> Function | None:
    """What calling a variable takes and gives, by its declared type; None where that does not tell."""
    match one.type.expr:
        case Callable(parameters=parameters) as expr if parameters is not None:
            taken = tuple(
                Parameter(
                    name=each.name or f"arg{position}",
                    kind=each.kind,
                    type=TypeClaim(expr=each.type, evidence=one.type.evidence),
                    is_required=each.is_required and each.kind not in _VARIADIC,
                )
                for position, each in enumerate(parameters)
            )
            returns = TypeClaim(expr=expr.returns, evidence=one.type.evidence)
            return _function(one, (Signature(parameters=taken, returns=returns),))
        case Named(path=path, arguments=()) if path in classes:
            call = next((each for each in classes[path].methods if each.name == "__call__"), None)
            return (
                None
                if call is None
                else msgspec.structs.replace(_function(one, call.signatures), is_async=call.is_async)
            )
        case _:
            return None


_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})


def _function(one: Variable, signatures: tuple[Signature, ...]) -> Function:
    return Function(
        path=one.path, name=one.name, binding=Binding.FUNCTION, signatures=signatures, docstring=one.docstring
    )
