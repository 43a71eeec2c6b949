"""PB311: a type parameter of a class or function changed."""

from collections.abc import Iterator

from pybridge.codec.python_text import type_text
from pybridge.compat.pairs import CallablePair, ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.types.classes.shapes import ClassShape
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump
from pybridge.model.types import TypeExpr, TypeParameter

_LOOSER, _STRICTER, _OPEN, _DEFAULT = "-SS-", "-BBR", "-UU-", "-RR-"
_INVARIANT = "invariant"


def check(pair: ClassPair | CallablePair) -> Iterator[Hit]:
    """Compare type parameters by name; their number is told by PB412, those of one side alone by the types they are in."""
    old, new = _parameters(pair)
    if isinstance(pair, ClassPair) and _is_reordered(old, new):
        yield _hit(pair, "", "type parameters are in another order", _listed(old), _listed(new), _STRICTER)
        return
    after = {one.name: one for one in new}
    for one in old:
        other = after.get(one.name)
        if other is not None and other != one:
            yield from _changes(pair, one, other)


def _changes(pair: ClassPair | CallablePair, old: TypeParameter, new: TypeParameter) -> Iterator[Hit]:
    sides = _text(old), _text(new)
    if old.kind is not new.kind:
        yield _hit(pair, old.name, f"type parameter {old.name!r} is of another kind", *sides, _STRICTER)
        return
    limits = _limits(pair, old, new)
    if limits is not None:
        yield _hit(pair, old.name, f"type parameter {old.name!r} {limits[0]}", *sides, limits[1])
    if isinstance(pair, CallablePair):
        return
    before, now = _variances(pair, old.name)
    if before != now:
        letters = _LOOSER if before == _INVARIANT else _STRICTER
        yield _hit(pair, old.name, f"type parameter {old.name!r} is {now} now", *sides, letters)
    if old.default != new.default and old.default is not None and new.default is not None:
        yield _hit(pair, old.name, f"the default of type parameter {old.name!r} changed", *sides, _DEFAULT)


def _limits(pair: ClassPair | CallablePair, old: TypeParameter, new: TypeParameter) -> tuple[str, str] | None:
    """What became of the types that it may stand for; None where nothing did."""
    ours, theirs = _limit(old), _limit(new)
    if len(ours) != len(theirs):
        if not theirs:
            return "stands for more types", _LOOSER
        return ("stands for fewer types" if not ours else "stands for other types"), _STRICTER
    relations = {pair.libraries.types.relate(one, other) for one, other in zip(ours, theirs, strict=True)}
    relations.discard(Relation.SAME)
    if not relations:
        return None
    if relations == {Relation.WIDER} and old.bound is not None:
        return "stands for more types", _LOOSER
    if relations == {Relation.NARROWER}:
        return "stands for fewer types", _STRICTER
    return "stands for other types", _OPEN if Relation.UNKNOWN in relations else _STRICTER


def _limit(one: TypeParameter) -> tuple[TypeExpr, ...]:
    return one.constraints or ((one.bound,) if one.bound is not None else ())


def _variances(pair: ClassPair, name: str) -> tuple[str, str]:
    """Variance on both sides, read off the members where the class does not declare it."""
    types = pair.libraries.types
    found = []
    for place, one in zip(types.world.places, (pair.old, pair.new), strict=True):
        shape: ClassShape | None = types.world.shape(place.path(one.path))
        names = [each.name for each in shape.parameters] if shape is not None else []
        found.append(types.variances.of(shape, names.index(name)) if shape is not None and name in names else "")
    return found[0], found[1]


def _parameters(pair: ClassPair | CallablePair) -> tuple[tuple[TypeParameter, ...], tuple[TypeParameter, ...]]:
    if isinstance(pair, ClassPair):
        return pair.old.type_parameters, pair.new.type_parameters
    if not pair.old.signatures or not pair.new.signatures or pair.is_constructor:
        return (), ()
    of_class = {one.name for one in pair.owner.new.type_parameters} if pair.owner is not None else set()
    old, new = (
        tuple(one for one in side.runtime.type_parameters if one.name not in of_class) for side in (pair.old, pair.new)
    )
    return old, new


def _is_reordered(old: tuple[TypeParameter, ...], new: tuple[TypeParameter, ...]) -> bool:
    before, after = [one.name for one in old], [one.name for one in new]
    kept = [name for name in after if name in before]
    return kept != [name for name in before if name in after]


def _listed(parameters: tuple[TypeParameter, ...]) -> str:
    return f"[{', '.join(one.name for one in parameters)}]"


def _text(one: TypeParameter) -> str:
    variance = "" if one.variance in {_INVARIANT, "inferred"} else f"{one.variance} "
    bound = f": {type_text(one.bound)}" if one.bound is not None else ""
    if one.constraints:
        bound = f": ({', '.join(map(type_text, one.constraints))})"
    default = f" = {type_text(one.default)}" if one.default is not None else ""
    return f"{variance}{one.name}{bound}{default}"


def _hit(pair: ClassPair | CallablePair, part: str, message: str, old_text: str, new_text: str, letters: str) -> Hit:
    symbols = (pair.old.path, pair.new.path)
    return Hit(
        symbol=symbols[0],
        new_symbol=symbols[1],
        path=pair.path,
        part=part,
        message=message,
        old_text=old_text,
        new_text=new_text,
        verdicts=verdicts(letters),
        requires={_STRICTER: Bump.MAJOR, _OPEN: Bump.NONE}.get(letters, Bump.MINOR),
    )


RULE = Rule(
    id="PB311",
    name="type-parameter-changed",
    title="A type parameter changed: its bound, constraints, variance, default or place.",
    why="What users write for the parameter may not fit any more, and what was a subtype may be none. At run time nothing "
    "changes.",
    before="from typing import Generic, TypeVar\n\nT = TypeVar('T')\n\n\nclass Box(Generic[T]):\n    item: T",
    after="from typing import Generic, TypeVar\n\nT = TypeVar('T', bound=int)\n\n\nclass Box(Generic[T]):\n    item: T",
    verdicts=verdicts("-BBR"),
    requires=Bump.MAJOR,
    on=(ClassPair, CallablePair),
    check=check,
)
