"""Tuples: of known items, of any number of one item, and with something of any length among them."""

from pybridge.compat.types.ask import Mode, Question, every
from pybridge.compat.types.relation import Answer
from pybridge.compat.types.substitution import union_of
from pybridge.model.names import SymbolPath
from pybridge.model.types import AnyType, Named, Tuple, TypeExpr, TypeVariable, Unpack

_OBJECT = Named(path=SymbolPath("builtins:object"))


def tuple_fits(question: Question, left: Tuple, right: Tuple) -> Answer:
    """Compare item by item; a length that is not known fits only what takes any length."""
    if any(isinstance(one, Unpack) for one in (*left.items, *right.items)):
        return Answer.YES if left == right else Answer.MAYBE
    if right.is_variadic:
        return every(question, ((one, right.items[0]) for one in left.items))
    if left.is_variadic:
        # ``tuple[Any, ...]`` is to tuples what ``Any`` is to types.
        is_any = isinstance(left.items[0], AnyType) and question.mode is Mode.GRADUAL
        return Answer.YES if is_any else Answer.NO
    if len(left.items) != len(right.items):
        return Answer.NO
    return every(question, zip(left.items, right.items, strict=True))


def joined_items(items: tuple[TypeExpr, ...]) -> TypeExpr:
    """The type of any one item."""
    return union_of(_item(one) for one in items)


def _item(expr: TypeExpr) -> TypeExpr:
    match expr:
        case Unpack(packed=Tuple(items=items)):
            return joined_items(items)
        case Unpack(packed=TypeVariable()):
            return _OBJECT
        case _:
            return expr
