"""PB701: something became deprecated."""

from collections.abc import Iterator

from pybridge.compat.deprecations import deprecation, places
from pybridge.compat.pairs import MemberPair, SymbolPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump


def check(pair: SymbolPair | MemberPair) -> Iterator[Hit]:
    """Find symbols and members of both sides that only the new one calls deprecated."""
    place = places(pair)
    if place is None or deprecation(place.old) is not None:
        return
    notice = deprecation(place.new)
    if notice is not None:
        yield Hit(
            symbol=place.old.path,
            new_symbol=place.new.path,
            path=place.path,
            message=f"{place.path!r} is deprecated" + (f": {' '.join(notice.split())}" if notice else ""),
        )


RULE = Rule(
    id="PB701",
    name="deprecated",
    title="Something became deprecated.",
    why="It still works, and says that it will not for ever: a decorator of PEP 702, a warning of every call, or the "
    "documentation. Type checkers report uses of the decorated ones.",
    before="def fetch(url): ...",
    after="import warnings\ndef fetch(url):\n    warnings.warn('use get', DeprecationWarning)",
    verdicts=verdicts("SR--"),
    requires=Bump.MINOR,
    on=(SymbolPair, MemberPair),
    check=check,
)
