"""PB202: a parameter stands before old ones now, and takes their arguments."""

from collections.abc import Iterator

from pybridge.compat.arguments import displaced, is_variadic
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find optional parameters that are new, or can be given by position only now, before those of old calls."""
    if pair.new is None or is_variadic(pair.new) or (pair.old is None and pair.new.is_required):
        return
    before = displaced(pair)
    if before is None:
        return
    what = "optional parameter" if pair.old is None else "keyword-only parameter"
    how = "was inserted" if pair.old is None else "can be given by position now,"
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.new.name,
        message=f"{what} {pair.new.name!r} {how} before {before!r}",
        old_text=old_text,
        new_text=new_text,
        hint="add it last or keyword-only: arguments by position keep their parameters",
    )


RULE = Rule(
    id="PB202",
    name="parameter-inserted",
    title="An optional parameter was inserted before others.",
    why="Calls by position still succeed, but their arguments go to other parameters than before, and nothing says so.",
    before="def fetch(url, timeout=10): ...",
    after="def fetch(url, retries=3, timeout=10): ...",
    verdicts=verdicts("BBBS"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
