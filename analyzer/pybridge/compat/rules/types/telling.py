"""How rules of types tell what they found: whose type it is, and both types in a line each."""

import re

import msgspec

from pybridge.codec.python_text import type_text
from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, verdicts
from pybridge.compat.rules.types.difference import is_gradual, is_weak
from pybridge.compat.types.relation import Relation
from pybridge.model.evidence import TypeClaim
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.types import ParameterKind, TypeExpr, Unknown

WEAK = verdicts("R--R")
"""What code gives otherwise than before, without anybody having promised a type."""
_DEPTH = 6
"""Parts of a type in which aliases are spelled out where their names tell nothing."""
_MARK = re.compile(r"\b[01]!")
_STARS = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}


def type_hit(
    pair: TypedPair, message: str, *, letters: str | None = None, requires: Bump | None = None, hint: str | None = None
) -> Hit:
    """Make a hit; ``letters`` of the rule where None. A type that nobody declares is risky at most."""
    chosen: Verdicts | None = None if letters is None else verdicts(letters)
    if is_weak(pair):
        chosen, requires = WEAK, Bump.MINOR
    texts = _text(pair, pair.old, is_old=True), _text(pair, pair.new, is_old=False)
    if texts[0] == texts[1]:
        # The same words stand for something else, behind the library's own aliases.
        types = pair.libraries.types
        placed = types.placed(pair.old.expr, pair.new.expr, pair.scope)
        old, new = (
            msgspec.structs.replace(one, expr=types.world.expanded(expr, _DEPTH))
            for one, expr in zip((pair.old, pair.new), placed, strict=True)
        )
        texts = _text(pair, old, is_old=True), _text(pair, new, is_old=False)
    return Hit(
        symbol=pair.old_symbol,
        new_symbol=pair.new_symbol,
        path=pair.path,
        part=pair.part,
        message=message,
        old_text=texts[0],
        new_text=texts[1],
        verdicts=chosen,
        requires=requires,
        hint=hint,
    )


def subject(pair: TypedPair) -> str:
    """Name what has the type: ``parameter 'url'``, ``the result``, ``'timeout'``."""
    match pair.position:
        case Position.PARAMETER:
            return f"parameter {pair.part!r}"
        case Position.RETURN | Position.YIELD:
            return "the result"
        case _:
            return repr(_name(pair))


def overriding(pair: TypedPair, letter: str) -> str:
    """The verdict for whoever overrides what has the type: nobody overrides a function."""
    return letter if pair.owner is not None or (pair.call is not None and pair.call.owner is not None) else "-"


def through_any(pair: TypedPair, relation: Relation) -> bool:
    """Whether a change of a relation is one of ``Any`` alone, which no type checker minds where it stands."""
    return pair.relation is relation and is_gradual(pair)


def shown(expr: TypeExpr) -> str:
    """Write a type, also one of the world of both sides."""
    return _MARK.sub("", type_text(expr))


def _text(pair: TypedPair, claim: TypeClaim, *, is_old: bool) -> str:
    is_silent = isinstance(claim.expr, Unknown) and claim.evidence.annotation is None
    text = "" if is_silent else shown(claim.expr)
    if isinstance(claim.expr, Unknown) and claim.evidence.annotation is not None:
        text = " ".join(claim.evidence.annotation.split())
    if pair.position in {Position.RETURN, Position.YIELD}:
        return f"-> {text or '?'}"
    name = _name(pair)
    if pair.parameters is not None:
        parameter = pair.parameters.old if is_old else pair.parameters.new
        if parameter is not None:
            name = f"{_STARS.get(parameter.kind, '')}{parameter.name}"
    return f"{name}: {text}" if text else name


def _name(pair: TypedPair) -> str:
    return pair.part or pair.old_symbol.rpartition(":")[2].rpartition(".")[2]
