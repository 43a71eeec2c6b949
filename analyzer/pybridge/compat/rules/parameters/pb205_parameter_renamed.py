"""PB205: a parameter has another name."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_swallowed_by_keyword, took_any_keyword
from pybridge.compat.matching.taken import is_given_by_python
from pybridge.compat.pairs import ParameterMatch, ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump
from pybridge.model.types import ParameterKind

_UNSEEN = verdicts("SSSS")
_SWALLOWED = verdicts("RSBB")


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters of other names in the same place; what was positional-only has a name for readers only."""
    if pair.old is None or pair.new is None or pair.old.name == pair.new.name:
        return
    is_unseen = pair.old.kind is pair.new.kind is ParameterKind.POSITIONAL_ONLY
    if is_given_by_python(pair.call) or (pair.match is not ParameterMatch.RENAMED and not is_unseen):
        return
    is_taken = not pair.new.is_required and is_swallowed_by_keyword(pair) and not took_any_keyword(pair)
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"parameter {pair.old.name!r} gave way to {pair.new.name!r}",
        old_text=old_text,
        new_text=new_text,
        hint=None if is_unseen else "a rename, or one removed and another added: place and type are the same",
        verdicts=_UNSEEN if is_unseen else _SWALLOWED if is_taken else None,
        requires=Bump.NONE if is_unseen else None,
    )


RULE = Rule(
    id="PB205",
    name="parameter-renamed",
    title="A parameter was renamed.",
    why=(
        "Calls that give it by name raise TypeError; calls by position go on to work. A positional-only parameter may"
        " have any name. That it is a rename is a guess from its place and type."
    ),
    before="def fetch(url: str): ...",
    after="def fetch(address: str): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
