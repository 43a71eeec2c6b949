"""PB702: something is no longer deprecated."""

from collections.abc import Iterator

from pybridge.compat.deprecations import deprecation, places
from pybridge.compat.pairs import MemberPair, SymbolPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump


def check(pair: SymbolPair | MemberPair) -> Iterator[Hit]:
    """Find symbols and members of both sides that only the old one calls deprecated."""
    place = places(pair)
    if place is not None and deprecation(place.old) is not None and deprecation(place.new) is None:
        yield Hit(
            symbol=place.old.path,
            new_symbol=place.new.path,
            path=place.path,
            message=f"{place.path!r} is no longer deprecated",
        )


RULE = Rule(
    id="PB702",
    name="undeprecated",
    title="Something is no longer deprecated.",
    why="It breaks nobody. Whoever moved away from it need not have, and may come back.",
    before="import warnings\ndef fetch(url):\n    warnings.warn('use get', DeprecationWarning)",
    after="def fetch(url): ...",
    verdicts=verdicts("SS--"),
    requires=Bump.PATCH,
    on=(SymbolPair, MemberPair),
    check=check,
)
