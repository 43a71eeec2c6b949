"""PB211: a parameter cannot be given by name any more."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_by_keyword, is_swallowed
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump
from pybridge.model.types import ParameterKind

_SWALLOWED = verdicts("RSBB")


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters that only old calls give by name."""
    if not is_by_keyword(pair.old) or pair.old is None or pair.new is None:
        return
    if pair.new.kind is not ParameterKind.POSITIONAL_ONLY:
        return
    is_taken = is_swallowed(pair)
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} is positional-only now",
        old_text=old_text,
        new_text=new_text,
        hint="**kwargs takes its argument by name" if is_taken else None,
        verdicts=_SWALLOWED if is_taken else None,
    )


RULE = Rule(
    id="PB211",
    name="parameter-became-positional-only",
    title="A parameter can be given by position only.",
    why=(
        "Calls that give it by name raise TypeError. Where the new side has **kwargs they succeed, and the argument"
        " goes there instead of to the parameter."
    ),
    before="def fetch(url, timeout=10): ...",
    after="def fetch(url, timeout=10, /): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
