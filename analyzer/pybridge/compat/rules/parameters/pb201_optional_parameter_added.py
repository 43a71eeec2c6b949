"""PB201: a parameter was added that calls need not give, where it takes no argument of an old one."""

from collections.abc import Iterator

from pybridge.compat.arguments import displaced, is_variadic
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters of the new side alone that have a default and stand before no old one."""
    if pair.old is not None or pair.new is None or pair.new.is_required or is_variadic(pair.new):
        return
    if displaced(pair) is not None:
        return
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.new.name,
        message=f"optional parameter {pair.new.name!r} was added",
        old_text=old_text,
        new_text=new_text,
    )


RULE = Rule(
    id="PB201",
    name="optional-parameter-added",
    title="An optional parameter was added, last or keyword-only.",
    why="Existing calls mean what they meant. Overrides in subclasses do not take it, and fail when the library gives it.",
    before="def fetch(url): ...",
    after="def fetch(url, timeout=10): ...",
    verdicts=verdicts("SSBS"),
    requires=Bump.MINOR,
    on=ParameterPair,
    check=check,
)
