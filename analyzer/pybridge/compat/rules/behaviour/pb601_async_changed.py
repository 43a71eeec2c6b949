"""PB601: what a call gives has to be awaited now, or no more."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.pairs import CallablePair
from pybridge.compat.results import Waiting, is_unknown, use_of, waiting_of
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump, Verdicts

_LESS = verdicts("RRRS")
_UNKNOWN = verdicts("UUUB")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare what callers await; ``async def`` and a plain function that gives a coroutine are alike."""
    old, new = pair.old.function, pair.new.function
    if old is None or new is None or use_of(old) is not use_of(new) or not is_comparable(pair):
        return
    before, after = waiting_of(old), waiting_of(new)
    is_plain = Waiting.NOTHING in (before, after)
    if before is after or (before is Waiting.AWAITABLE and not is_plain):
        # Coroutines and futures are awaitables.
        return
    chosen = None
    if not is_plain:
        chosen = _LESS
    elif is_unknown(old) or is_unknown(new):
        chosen = _UNKNOWN
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=old.path,
        new_symbol=new.path,
        path=pair.path,
        message=_message(before, after),
        old_text=old_text,
        new_text=new_text,
        hint=_hint(chosen),
        verdicts=chosen,
        requires=Bump.MINOR if chosen is _LESS else None,
    )


def _message(before: Waiting, after: Waiting) -> str:
    if before is Waiting.NOTHING:
        return f"a call gives {after.value} to await now"
    return f"a call gives {before.value} no more, " + (
        "but the result itself" if after is Waiting.NOTHING else f"but {after.value}"
    )


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
