"""PB204: a parameter is gone."""

from collections.abc import Iterator

from pybridge.compat.arguments import (
    is_by_keyword,
    is_maybe_key,
    is_positional,
    is_swallowed,
    is_swallowed_by_keyword,
    is_swallowed_by_place,
    is_variadic,
)
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump

_SWALLOWED, _UNKNOWN = verdicts("RSBB"), verdicts("UUUU")


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters of the old side alone; ``*args`` and ``**kwargs`` of the new one may take their arguments."""
    if pair.old is None or pair.new is not None or is_variadic(pair.old):
        return
    is_safe, may_be_key = is_swallowed(pair), is_maybe_key(pair)
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} was removed" + (", its arguments still pass" if is_safe else ""),
        old_text=old_text,
        new_text=new_text,
        hint=_hint(pair),
        verdicts=_UNKNOWN if may_be_key else _SWALLOWED if is_safe else None,
        requires=Bump.NONE if may_be_key else None,
    )


def _hint(pair: ParameterPair) -> str | None:
    by_place = is_positional(pair.old) and is_swallowed_by_place(pair)
    by_keyword = is_by_keyword(pair.old) and is_swallowed_by_keyword(pair)
    taking = " and ".join(["*args"] * by_place + ["**kwargs"] * by_keyword)
    if is_maybe_key(pair):
        return "it may be a key of what is unpacked there, which is not described"
    if is_swallowed(pair):
        return f"{taking} may still pass it on"
    if by_place or by_keyword:
        return f"{taking} takes it only {'by position' if by_place else 'by name'}"
    return None


RULE = Rule(
    id="PB204",
    name="parameter-removed",
    title="A parameter was removed.",
    why=(
        "Calls that give it raise TypeError, or give it to the parameter that has its place. Where the new side has"
        " *args and **kwargs to take it, calls succeed, and whether it still has an effect only the body knows."
    ),
    before="def fetch(url, timeout=10): ...",
    after="def fetch(url): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
