"""PB207: a parameter has no default any more."""

from collections.abc import Iterator

from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters of both sides that only old calls may leave out."""
    if pair.old is None or pair.new is None or pair.old.is_required or not pair.new.is_required:
        return
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} has no default any more",
        old_text=old_text,
        new_text=new_text,
        hint="keep a default, and say in the body what is wrong with it",
    )


RULE = Rule(
    id="PB207",
    name="parameter-became-required",
    title="An optional parameter became required.",
    why="Calls that leave it out raise TypeError, and so do subclasses that pass on what they were given.",
    before="def fetch(url, timeout=10): ...",
    after="def fetch(url, timeout): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
