"""PB608: a decorator that takes the calls, or changes how calls may be made, came or went."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import decorator_names, is_comparable, is_hidden
from pybridge.compat.pairs import CallablePair, Callee
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump

_RULES = {
    "cache": "its arguments must be hashable, and results are shared",
    "lru_cache": "its arguments must be hashable, and results are shared",
    "singledispatch": "its first argument must be given by position",
    "singledispatchmethod": "its first argument must be given by position",
}
"""Decorators of the standard library that every call meets, and what they ask for."""
_RISKY = verdicts("RR-U")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare decorators by name: known ones by what they ask of calls, others by whether they hide the signature."""
    before, after = decorator_names(pair.old), decorator_names(pair.new)
    if before == after:
        return
    known = [{one.removeprefix("functools.") for one in side} & _RULES.keys() for side in (before, after)]
    for name in sorted(known[0] ^ known[1]):
        how = f"is decorated with {name!r} now: {_RULES[name]}"
        if name in known[0]:
            how = f"is decorated with {name!r} no more, and lacks what that added to it"
        yield _hit(pair, how, is_known=True)
    if is_comparable(pair):
        return
    hides = is_hidden(pair.new)
    what = "another decorator hides" if hides else "a decorator no longer hides"
    if not is_hidden(pair.old):
        what = "a decorator hides"
    yield _hit(pair, f"{what} what calls take", is_known=False)


def _decorators(callee: Callee) -> tuple[str, ...]:
    described = callee.function or callee.constructor
    return described.decorators if described is not None else ()


def _hit(pair: CallablePair, message: str, *, is_known: bool) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=message,
        old_text=_text(pair.old),
        new_text=_text(pair.new),
        verdicts=_RISKY if is_known else None,
        requires=Bump.MINOR if is_known else None,
    )


def _text(callee: Callee) -> str:
    name = callee.path.rpartition(":")[2]
    return " ".join((*(f"@{' '.join(one.split())}" for one in _decorators(callee)), f"def {name}(...)"))


RULE = Rule(
    id="PB608",
    name="decorator-changed",
    title="A decorator that hides the signature or changes the rules of calls came or went.",
    why=(
        "Where a decorator takes the calls, the text does not tell what they may give, so parameters and types are not"
        " compared. Caching needs arguments that can be hashed and gives every caller the same object; dispatching on"
        " the first argument needs it by position."
    ),
    before="def fetch(url): ...",
    after="import elsewhere\n\n\n@elsewhere.retrying\ndef fetch(url): ...",
    verdicts=verdicts("UU-U"),
    requires=Bump.NONE,
    on=CallablePair,
    check=check,
)
