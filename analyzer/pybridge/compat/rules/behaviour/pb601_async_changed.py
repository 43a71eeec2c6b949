"""PB601: what a call gives has to be awaited now, or no more."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.pairs import CallablePair
from pybridge.compat.results import Turn, Waiting, waiting_turn
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump, Verdicts

_LESS = verdicts("RRRS")
_UNKNOWN = verdicts("UUUB")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare what callers await; ``async def`` and a plain function that gives a coroutine are alike."""
    turn = waiting_turn(pair) if is_comparable(pair) else None
    if turn is None:
        return
    chosen = None if turn.is_sure else _UNKNOWN
    if Waiting.NOTHING not in (turn.before, turn.after):
        chosen = _LESS
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=_message(turn),
        old_text=old_text,
        new_text=new_text,
        hint=_hint(chosen),
        verdicts=chosen,
        requires=Bump.MINOR if chosen is _LESS else None,
    )


def _message(turn: Turn) -> str:
    if turn.before is Waiting.NOTHING:
        return f"a call gives {turn.after.value} to await now"
    gives = "the result itself" if turn.after is Waiting.NOTHING else turn.after.value
    return f"a call gives {turn.before.value} no more, but {gives}"


def _hint(chosen: Verdicts | None) -> str | None:
    if chosen is _UNKNOWN:
        return "what the plain function gives is not known: it may be something to await as well"
    return "await works on both; tasks can be made of coroutines only" if chosen is _LESS else None


RULE = Rule(
    id="PB601",
    name="async-changed",
    title="A function became asynchronous, or synchronous.",
    why=(
        "A caller that does not await gets a coroutine instead of a result, and nothing runs; a caller that awaits a"
        " plain result raises TypeError. Overrides and wrappers have to be written anew."
    ),
    before="def fetch(url: str) -> bytes: ...",
    after="async def fetch(url: str) -> bytes: ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=CallablePair,
    check=check,
)
