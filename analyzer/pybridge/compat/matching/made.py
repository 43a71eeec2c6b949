"""Constructors that are made of fields: what of their parameters no rule for fields tells."""

from collections.abc import Iterator, Mapping

from pybridge.compat.classes.ancestry import is_shared_above
from pybridge.compat.matching.callables import made_constructor_pair
from pybridge.compat.matching.parameters import parameter_pairs
from pybridge.compat.members import Member
from pybridge.compat.pairs import ClassPair, ParameterMatch, ParameterPair
from pybridge.compat.particular import is_data_field, is_made_of_fields
from pybridge.model.classes import ClassKind, DataOption


def field_parameters(pair: ClassPair) -> Iterator[ParameterPair]:
    """Pair the parameters of both sides that are fields of both, and those that no public field makes.

    Fields of one side are told as fields. So is that all of them are keyword-only, where the class says so.
    """
    if not is_made_of_fields(pair) or pair.new.kind is not pair.old.kind:
        return
    call = made_constructor_pair(pair)
    if not call.old.signatures or not call.new.signatures:
        return
    before, now = pair.members
    for one in parameter_pairs(call):
        old = _field(before, one.old.name) if one.old is not None else None
        new = _field(now, one.new.name) if one.new is not None else None
        if _is_told_by_field(one, old, new, before, now) or (_is_moved(one) and _is_turned(pair)):
            continue
        if _is_private_option(one) or is_shared_above(
            pair, old.owner.path if old else None, new.owner.path if new else None
        ):
            continue
        yield one


def _field(members: Mapping[str, Member], parameter: str) -> Member | None:
    """The field that a parameter sets; None for one without a public field of its name."""
    found = members.get(parameter)
    return found if found is not None and is_data_field(found) else None


def _is_told_by_field(
    one: ParameterPair, old: Member | None, new: Member | None, before: Mapping[str, Member], now: Mapping[str, Member]
) -> bool:
    """Tell a parameter that came or went, or got another name, together with its field."""
    if one.match is ParameterMatch.RENAMED:
        return old is not None or new is not None
    if one.new is None:
        return old is not None and old.definition.name not in now
    return one.old is None and new is not None and new.definition.name not in before


def _is_private_option(one: ParameterPair) -> bool:
    """Tell a parameter of one side that nobody has to give, and whose name says that nobody should."""
    only = one.old if one.new is None else one.new if one.old is None else None
    return only is not None and only.name.startswith("_") and not only.is_required


def _is_moved(one: ParameterPair) -> bool:
    return one.old is not None and one.new is not None and one.old.kind is not one.new.kind


def _is_turned(pair: ClassPair) -> bool:
    """Tell that the class itself, or one above, takes fields by keyword only on one side."""
    return _keywords(pair, 0) != _keywords(pair, 1) or pair.old.kind is ClassKind.MODEL


def _keywords(pair: ClassPair, side: int) -> bool:
    library, one = pair.libraries.sides[side], (pair.old, pair.new)[side]
    owners = [one, *(found for path in one.mro if (found := library.class_at(path)) is not None)]
    return any(DataOption.KEYWORD_ONLY in (owner.options or ()) for owner in owners)
