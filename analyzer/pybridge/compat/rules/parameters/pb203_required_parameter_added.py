"""PB203: a parameter was added that every call has to give."""

from collections.abc import Iterator

from pybridge.compat.arguments import forwards, is_variadic
from pybridge.compat.matching.taken import taken_parameters
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find parameters of the new side alone that have no default."""
    if pair.old is not None or pair.new is None or not pair.new.is_required:
        return
    # What only passed on whatever it was given may always have needed it.
    is_guess = forwards(pair.call) and all(map(is_variadic, taken_parameters(pair.call)[0]))
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.new.name,
        message=f"required parameter {pair.new.name!r} was added",
        old_text=old_text,
        new_text=new_text,
        hint="give it a default to keep existing calls working",
        verdicts=verdicts("RRRR") if is_guess else None,
        requires=Bump.MINOR if is_guess else None,
    )


RULE = Rule(
    id="PB203",
    name="required-parameter-added",
    title="A required parameter was added.",
    why="Every existing call lacks it and raises TypeError. Overrides in subclasses no longer fit the base's signature. "
    "Where the old side took any arguments and named none, calls may have had to give it before: a risk only.",
    before="def fetch(url): ...",
    after="def fetch(url, timeout): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
