"""PB602: what a call gives is used otherwise: as a value, item by item, in a ``with``."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_comparable, is_special
from pybridge.compat.pairs import CallablePair
from pybridge.compat.results import Use, gives_iterable, use_turn
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump

_ITERATED = verdicts("RSRB")
_UNKNOWN = verdicts("UUUB")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare whether a call gives a value, an iterator, or a context manager, asynchronous or not.

    Special methods such as ``__iter__`` are called by Python, to which all ways to give an iterator are one.
    """
    if not is_comparable(pair) or is_special(pair.old.path):
        return
    turn = use_turn(pair)
    if turn is None:
        return
    chosen = None if turn.is_sure else _UNKNOWN
    if pair.old.function is not None and gives_iterable(pair.old.function) and turn.after is Use.ITERATOR:
        chosen = _ITERATED
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=f"a call gave {turn.before.value} and gives {turn.after.value}",
        old_text=old_text,
        new_text=new_text,
        hint="what a call gives as it is may be used that way as well" if chosen is _UNKNOWN else None,
        verdicts=chosen,
    )


RULE = Rule(
    id="PB602",
    name="result-use-changed",
    title="A function became a generator or a context manager, or none any more.",
    why=(
        "A generator runs when it is iterated over and only once; it has no length and no items to index. A context"
        " manager gives its value in a with statement only. Wrappers stream one and return the other."
    ),
    before="def lines(path: str) -> list[str]: ...",
    after="from collections.abc import Iterator\n\n\ndef lines(path: str) -> Iterator[str]:\n    yield path",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=CallablePair,
    check=check,
)
