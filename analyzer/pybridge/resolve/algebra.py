"""The laws of unions and literals, so that one type has one writing whoever found it."""

from collections.abc import Iterable, Iterator

from pybridge.codec import encode
from pybridge.model.types import Literal, LiteralKind, LiteralValue, Never, NoneType, TypeExpr, Union


def union_of(members: Iterable[TypeExpr]) -> TypeExpr:
    """Join types: flat, without duplicates, all literals in one, in order of their canonical bytes, None last.

    One type is itself; no type at all is `Never`, which says nothing beside another and is left out there.
    ``Any`` and `Unknown` are kept as members: what is known of the others is still worth telling.
    """
    members = tuple(members)
    if len(members) == 1 and not isinstance(members[0], Union | Literal):
        return members[0]
    others: dict[bytes, TypeExpr] = {}
    values: list[LiteralValue] = []
    has_none = False
    for member in _flatten(members):
        match member:
            case NoneType():
                has_none = True
            case Literal(values=more):
                values.extend(more)
            case Never():
                pass
            case _:
                others[encode(member)] = member
    if any(value.kind is LiteralKind.NONE for value in values):
        has_none = True
    constants = _distinct(values)
    if constants:
        literal = Literal(values=constants)
        others[encode(literal)] = literal
    ordered = tuple(others[key] for key in sorted(others))
    if has_none:
        ordered = (*ordered, NoneType())
    match ordered:
        case ():
            return Never()
        case (only,):
            return only
        case _:
            return Union(members=ordered)


def literal_of(values: Iterable[LiteralValue]) -> TypeExpr:
    """Type of exactly these constants: sorted, without duplicates; ``Literal[None]`` is None.

    No value at all is `Never`.
    """
    return union_of((Literal(values=tuple(values)),))


def _flatten(members: Iterable[TypeExpr]) -> Iterator[TypeExpr]:
    """Unions replaced by their members, at any depth, without recursion."""
    waiting = list(members)
    waiting.reverse()
    while waiting:
        member = waiting.pop()
        if isinstance(member, Union):
            waiting.extend(reversed(member.members))
        else:
            yield member


def _distinct(values: Iterable[LiteralValue]) -> tuple[LiteralValue, ...]:
    """Sorted by kind, then by value (numbers as numbers), without duplicates and without None."""
    return tuple(sorted({value for value in values if value.kind is not LiteralKind.NONE}, key=_rank))


def _rank(value: LiteralValue) -> tuple[str, bool, int, str]:
    """Order of constants; whole numbers by sign and digits, because they may be of any size."""
    if value.kind is not LiteralKind.INT:
        return value.kind.value, True, 0, value.text
    is_negative = value.text.startswith("-")
    size = len(value.text)
    return value.kind.value, not is_negative, -size if is_negative else size, value.text
