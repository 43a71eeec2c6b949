"""Annotations that a callable got or lost, told once for all of them."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.matching.parameters import parameter_pairs
from pybridge.compat.matching.typed import call_types
from pybridge.compat.pairs import CallablePair, Position
from pybridge.compat.rule import Hit, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.texts import call_texts
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def annotations_hit(pair: CallablePair, wanted: Difference, verb: str) -> Iterator[Hit]:
    """Tell which parameters, and whether the result, ``got`` or ``lost`` an annotation; nothing where none did.

    A generated wrapper is as before where the annotation says what was read off the code.
    """
    if not is_comparable(pair):
        return
    found = [one for one in call_types(pair, tuple(parameter_pairs(pair))) if difference(one) is wanted]
    if not found:
        return
    names = [repr(one.part) for one in found if one.position is Position.PARAMETER]
    subjects = [f"parameter{'s' if len(names) > 1 else ''} {', '.join(names)}"] if names else []
    if len(names) < len(found):
        subjects.append("the result")
    plural = "annotations" if len(found) > 1 else "an annotation"
    is_known = all(one.relation is Relation.SAME for one in found)
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=f"{' and '.join(subjects)} {verb} {plural}",
        old_text=old_text,
        new_text=new_text,
        verdicts=verdicts(f"-R{'R' if pair.owner is not None else '-'}{'S' if is_known else 'R'}"),
        requires=Bump.MINOR,
    )
