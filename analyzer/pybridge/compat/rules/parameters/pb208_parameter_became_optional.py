"""PB208: a parameter has a default now."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_variadic
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters of both sides that only new calls may leave out."""
    if pair.old is None or pair.new is None or not pair.old.is_required or pair.new.is_required:
        return
    if is_variadic(pair.new):
        return
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} has a default now",
        old_text=old_text,
        new_text=new_text,
    )


RULE = Rule(
    id="PB208",
    name="parameter-became-optional",
    title="A required parameter became optional.",
    why="Existing calls mean what they meant. Overrides in subclasses still require it, and fail when it is left out.",
    before="def fetch(url, timeout): ...",
    after="def fetch(url, timeout=10): ...",
    verdicts=verdicts("SSBS"),
    requires=Bump.MINOR,
    on=ParameterPair,
    check=check,
)
