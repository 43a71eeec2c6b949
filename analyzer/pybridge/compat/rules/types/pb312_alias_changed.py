"""PB312: a type alias stands for another type."""

from collections.abc import Iterator

from pybridge.codec.python_text import literal_text
from pybridge.compat.pairs import AliasPair, Position
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.alias_uses import alias_uses
from pybridge.compat.rules.types.difference import is_told_at_alias
from pybridge.compat.rules.types.telling import shown
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump
from pybridge.model.types import Literal, TypeExpr, Union

_WORDS = {Relation.NARROWER: "a narrower", Relation.WIDER: "a wider", Relation.OTHER: "another"}
_SAFE, _BREAKING, _OPEN = "-S-S", "-B-B", "-U-U"
_BUMPS = {_SAFE: Bump.MINOR, _BREAKING: Bump.MAJOR, _OPEN: Bump.NONE}


def check(pair: AliasPair) -> Iterator[Hit]:
    """Find aliases of another meaning, once, not again at each use of a public alias."""
    old, new = pair.old, pair.new
    types = pair.libraries.types
    relation = types.relate(old.target, new.target, types.scope(old.type_parameters, new.type_parameters))
    if relation is Relation.SAME or is_told_at_alias(old.target, new.target, pair.libraries):
        return
    is_known = relation is not Relation.UNKNOWN
    letters = _letters(pair, relation)
    yield Hit(
        symbol=old.path,
        new_symbol=new.path,
        path=pair.path,
        message=f"{old.name!r} stands for {_WORDS[relation]} type{_constants(pair)}"
        if is_known
        else f"whether {old.name!r} still fits is not known",
        old_text=f"type {old.name} = {shown(old.target)}",
        new_text=f"type {new.name} = {shown(new.target)}",
        verdicts=verdicts(letters),
        requires=_BUMPS[letters],
    )


def _constants(pair: AliasPair) -> str:
    """Which constants came and went, where the alias lists some; empty where it does not."""
    old, new = (
        {literal_text(value): None for one in side for value in (one.values if isinstance(one, Literal) else ())}
        for side in (_members(pair.old.target), _members(pair.new.target))
    )
    lost, gained = [one for one in old if one not in new], [one for one in new if one not in old]
    told = [f"{word} {', '.join(names)}" for word, names in (("with", gained), ("without", lost)) if names]
    return f", {' and '.join(told)}" if old and told else ""


def _members(expr: TypeExpr) -> tuple[TypeExpr, ...]:
    return expr.members if isinstance(expr, Union) else (expr,)


def _letters(pair: AliasPair, relation: Relation) -> str:
    """Judge by how the library itself uses the alias; one that it does not use is for users to use in any way."""
    if relation is Relation.UNKNOWN:
        return _OPEN
    uses = alias_uses(pair.libraries.new).get(pair.new.path, frozenset())
    uses |= alias_uses(pair.libraries.old).get(pair.old.path, frozenset())
    allowed = {Relation.WIDER: {Position.PARAMETER}, Relation.NARROWER: {Position.RETURN, Position.READONLY}}
    return _SAFE if uses and uses <= allowed.get(relation, set()) else _BREAKING


RULE = Rule(
    id="PB312",
    name="alias-changed",
    title="A type alias stands for another type.",
    why="Everything annotated with it changes with it, in the library and in the code of its users. Where the library only "
    "takes what the alias names, a wider one breaks nobody; where it only gives it, a narrower one.",
    before="Timeout = int | None\n\n\ndef get(timeout: Timeout) -> None: ...",
    after="Timeout = float | None\n\n\ndef get(timeout: Timeout) -> Timeout: ...",
    verdicts=verdicts("-B-B"),
    requires=Bump.MAJOR,
    on=AliasPair,
    check=check,
)
