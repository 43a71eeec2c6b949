"""PB703: something was removed that the release before did not call deprecated."""

from collections.abc import Iterator

from pybridge.compat.deprecations import deprecation
from pybridge.compat.pairs import MemberPair, SymbolPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.surface import pb104_symbol_removed
from pybridge.model.callables import Function
from pybridge.model.classes import Class, Property
from pybridge.model.finding import Bump


def check(pair: SymbolPair | MemberPair) -> Iterator[Hit]:
    """Find what PB104 calls a break, of the kinds that can be deprecated: functions, classes and their members."""
    definition = pair.old.definition if pair.old is not None else None
    if not isinstance(definition, Function | Class | Property) or deprecation(definition) is not None:
        return
    if isinstance(pair, MemberPair) and deprecation(pair.owner.old) is not None:
        return
    for gone in pb104_symbol_removed.check(pair):
        if gone.verdicts is None:
            yield Hit(
                symbol=gone.symbol,
                new_symbol=gone.new_symbol,
                path=gone.path,
                message=f"{gone.path!r} was removed without being deprecated before",
                hint="bring it back with a warning for one release",
            )


RULE = Rule(
    id="PB703",
    name="removed-without-deprecation",
    title="Something was removed that the release before did not call deprecated.",
    why="Nobody was warned. It is a matter of a project's policy, so it has no verdict of its own; a project that promises a "
    "deprecation first gives this rule the level of an error.",
    before="def fetch(url): ...\ndef post(url, body): ...",
    after="def fetch(url): ...",
    verdicts=verdicts("----"),
    requires=Bump.NONE,
    on=(SymbolPair, MemberPair),
    check=check,
)
