"""PB210: a parameter cannot be given by position any more."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_positional, is_swallowed
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump
from pybridge.model.types import ParameterKind

_SWALLOWED = verdicts("RSBS")
_ONLY_BEFORE = verdicts("BBBB")


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters that only old calls give by position."""
    if not is_positional(pair.old) or pair.old is None or pair.new is None:
        return
    if pair.new.kind is not ParameterKind.KEYWORD_ONLY:
        return
    chosen = None
    if pair.old.kind is ParameterKind.POSITIONAL_ONLY:
        chosen = _ONLY_BEFORE
    elif is_swallowed(pair):
        chosen = _SWALLOWED
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} is keyword-only now",
        old_text=old_text,
        new_text=new_text,
        hint="*args takes its argument by position" if chosen is _SWALLOWED else None,
        verdicts=chosen,
    )


RULE = Rule(
    id="PB210",
    name="parameter-became-keyword-only",
    title="A parameter can be given by name only.",
    why=(
        "Calls that give it by position raise TypeError. Where the new side has *args in its place they succeed, and"
        " the argument goes there instead of to the parameter."
    ),
    before="def fetch(url, timeout=10): ...",
    after="def fetch(url, *, timeout=10): ...",
    verdicts=verdicts("BBBS"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
