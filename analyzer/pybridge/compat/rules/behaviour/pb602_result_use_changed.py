"""PB602: what a call gives is used otherwise: as a value, item by item, in a ``with``."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.pairs import CallablePair
from pybridge.compat.results import Use, gives_iterable, is_unknown, use_of
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.callables import Function
from pybridge.model.finding import Bump, Verdicts

_ITERATED = verdicts("RSRB")
_UNKNOWN = verdicts("UUUB")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare whether a call gives a value, an iterator, or a context manager, asynchronous or not."""
    old, new = pair.old.function, pair.new.function
    if old is None or new is None or use_of(old) is use_of(new) or not is_comparable(pair):
        return
    chosen = _chosen(old, new)
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=old.path,
        new_symbol=new.path,
        path=pair.path,
        message=f"a call gave {use_of(old).value} and gives {use_of(new).value}",
        old_text=old_text,
        new_text=new_text,
        hint="what the plain function gives is not known: it may be the same" if chosen is _UNKNOWN else None,
        verdicts=chosen,
    )


def _chosen(old: Function, new: Function) -> Verdicts | None:
    if is_unknown(old) or is_unknown(new):
        return _UNKNOWN
    return _ITERATED if gives_iterable(old) and use_of(new) is Use.ITERATOR else None


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
