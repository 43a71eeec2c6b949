"""PB212: a parameter can be given by position and by name now."""

from collections.abc import Iterator

from pybridge.compat.arguments import displaced, took_any_keyword
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump
from pybridge.model.types import ParameterKind

_CLASHING = verdicts("BBBS")
_SOME = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.KEYWORD_ONLY})


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters that gained a way to be given; one that takes another's place with it is a matter of PB202."""
    if pair.old is None or pair.new is None or pair.old.kind not in _SOME:
        return
    if pair.new.kind is not ParameterKind.POSITIONAL_OR_KEYWORD or displaced(pair) is not None:
        return
    is_clashing = pair.old.kind is ParameterKind.POSITIONAL_ONLY and took_any_keyword(pair)
    way = "name" if pair.old.kind is ParameterKind.POSITIONAL_ONLY else "position"
    called = "" if pair.old.name == pair.new.name else f", as {pair.new.name!r}"
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} can be given by {way} now{called}",
        old_text=old_text,
        new_text=new_text,
        hint=f"a keyword {pair.new.name!r} that went to **kwargs is given twice now" if is_clashing else None,
        verdicts=_CLASHING if is_clashing else None,
        requires=Bump.MAJOR if is_clashing else None,
    )


RULE = Rule(
    id="PB212",
    name="parameter-became-either-way",
    title="A positional-only or keyword-only parameter can be given both ways.",
    why=(
        "Existing calls mean what they meant, except that a name which a positional-only parameter left to **kwargs"
        " is taken. Overrides in subclasses take it one way only, and fail when it is given the other way."
    ),
    before="def fetch(url, *, timeout=10): ...",
    after="def fetch(url, timeout=10): ...",
    verdicts=verdicts("SSBS"),
    requires=Bump.MINOR,
    on=ParameterPair,
    check=check,
)
