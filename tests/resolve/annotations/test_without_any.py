from pybridge.model.names import SymbolPath
from pybridge.model.types import AnyType, Callable, CallableParameter, Named, Tuple, TypeExpr, Unknown, UnknownReason
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations import without_any

UNKNOWN = Unknown(reason=UnknownReason.UNANNOTATED)


def nested(part: TypeExpr) -> TypeExpr:
    """A type that holds a part at every place that a type can have."""
    text = Named(path=SymbolPath("builtins:str"))
    table = Named(path=SymbolPath("builtins:dict"), arguments=(text, part))
    called = Callable(parameters=(CallableParameter(type=part),), returns=Tuple(items=(part, text)))
    return union_of((table, called))


def test_every_any_inside_a_type_becomes_unknown() -> None:
    assert without_any(nested(AnyType())) == nested(UNKNOWN)


def test_a_type_without_any_stays_as_it_is() -> None:
    assert without_any(nested(UNKNOWN)) == nested(UNKNOWN)
