"""PB607: the overloads of a callable are others."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.overloads import compare, is_implemented, is_taken, swapped, takes
from pybridge.compat.pairs import CallablePair
from pybridge.compat.results import is_overloaded
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts, definition_text
from pybridge.compat.types.relation import Answer
from pybridge.model.finding import Bump, Verdicts

_LOOSER = verdicts("SSRS")
_RISKY = verdicts("RRRS")
_RETYPED = verdicts("RBRB")
_UNKNOWN = verdicts("UUUU")
_DISAGREES = verdicts("RRR-")
_JUDGED = {Answer.YES: _LOOSER, Answer.MAYBE: _UNKNOWN, Answer.NO: None}
_REQUIRES = {_LOOSER: Bump.MINOR, _RISKY: Bump.MINOR, _UNKNOWN: Bump.NONE}


def check(pair: CallablePair) -> Iterator[Hit]:
    """Match overloads by what they take and give, and ask of each old one whether its calls still fit.

    What does not even fit what runs is told by the rules of parameters.
    """
    if not is_comparable(pair) or not is_overloaded(pair):
        return
    if pair.old.signatures != pair.new.signatures:
        yield from _differences(pair)
    yield from _implementation(pair)


def _differences(pair: CallablePair) -> Iterator[Hit]:
    if len(pair.old.signatures) == 1:
        answer = is_taken(pair, pair.old.signatures[0], pair.new.signatures)
        if answer is Answer.NO and not takes(pair.new, pair.old.signatures[0], pair):
            answer = Answer.YES
        yield _hit(pair, "it has overloads now", 0, None, _RETYPED if answer is Answer.NO else _JUDGED[answer])
        return
    found = compare(pair)
    for old, new, answer in found.replaced:
        if answer is Answer.NO and not takes(pair.new, pair.old.signatures[old], pair):
            continue
        message = "an overload takes more or gives less" if answer is Answer.YES else "an overload changed"
        yield _hit(pair, message, old, new, _RETYPED if answer is Answer.NO else _JUDGED[answer])
    for old, answer in found.removed:
        if answer is Answer.NO and not takes(pair.new, pair.old.signatures[old], pair):
            continue
        message = "an overload was removed" + (", another one takes its calls" if answer is Answer.YES else "")
        yield _hit(pair, message, old, None, _JUDGED[answer])
    for new in found.added if len(pair.new.signatures) > 1 else ():
        yield _hit(pair, "an overload was added", None, new, _LOOSER)
    for before, after_now in swapped(pair, found.same):
        yield _hit(pair, "overloads changed places, and a call may fit both", before, after_now, _RISKY)


def _implementation(pair: CallablePair) -> Iterator[Hit]:
    """Tell an implementation that does not take what its overloads promise, where the old one did."""
    implementation = pair.new.implementation
    if implementation is None or is_implemented(pair.new, pair) or not is_implemented(pair.old, pair):
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message="the implementation does not take what an overload promises",
        old_text=call_texts(pair)[0],
        new_text=definition_text(pair.new, implementation),
        verdicts=_DISAGREES,
        requires=Bump.MINOR,
    )


def _hit(pair: CallablePair, message: str, old: int | None, new: int | None, chosen: Verdicts | None) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=message,
        old_text=definition_text(pair.old, pair.old.signatures[old]) if old is not None else None,
        new_text=definition_text(pair.new, pair.new.signatures[new]) if new is not None else None,
        verdicts=chosen,
        requires=_REQUIRES.get(chosen) if chosen is not None else None,
    )


_EXAMPLE = """from typing import overload


@overload
def load(path: str) -> str: ...
@overload
def load(path: bytes) -> bytes: ...
"""
_FEWER = """from typing import overload


@overload
def load(path: str) -> str: ...
@overload
def load(path: int) -> bytes: ...
"""

RULE = Rule(
    id="PB607",
    name="overload-changed",
    title="The overloads of a function are others.",
    why=(
        "A type checker takes the first overload that a call fits. Where one is gone and no other takes its calls, they"
        " are rejected, and mostly the code behind it is gone as well. Where two that a call may fit change places,"
        " the call gets another type."
    ),
    before=_EXAMPLE + "def load(path): ...",
    after=_FEWER + "def load(path): ...",
    verdicts=verdicts("BBRB"),
    requires=Bump.MAJOR,
    on=CallablePair,
    check=check,
)
