"""PB406: a protocol asks for more, or for less."""

from collections.abc import Iterator

from pybridge.compat.pairs import MemberPair
from pybridge.compat.particular import is_of_protocol
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath

_REMOVED = verdicts("BSBR")


def check(pair: MemberPair) -> Iterator[Hit]:
    """Find members of protocols that one side alone has."""
    path = PublicPath(f"{pair.owner.path}.{pair.name}")
    if pair.old is None and pair.new is not None and is_of_protocol(pair.new):
        yield Hit(
            symbol=SymbolPath(f"{pair.owner.old.path}.{pair.name}"),
            old_symbol=pair.owner.old.path,
            new_symbol=pair.new.path,
            path=path,
            message=f"the protocol asks for {pair.name!r} now",
            new_text=symbol_text(pair.new.definition),
            hint="make it a protocol of its own that derives from this one",
        )
    elif pair.new is None and pair.old is not None and is_of_protocol(pair.old):
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.owner.new.path,
            path=path,
            message=f"the protocol no longer has {pair.name!r}",
            old_text=symbol_text(pair.old.definition),
            verdicts=_REMOVED,
        )


RULE = Rule(
    id="PB406",
    name="protocol-member-changed",
    title="A member of a protocol was added or removed.",
    why="Classes that fitted the protocol no longer do when it asks for more. When it asks for less, code that takes it "
    "may no longer use the member.",
    before="from typing import Protocol\n\n\nclass Reader(Protocol):\n    def read(self) -> bytes: ...",
    after="from typing import Protocol\n\n\nclass Reader(Protocol):\n    def read(self) -> bytes: ...\n"
    "    def close(self) -> None: ...",
    verdicts=verdicts("SBBR"),
    requires=Bump.MAJOR,
    on=MemberPair,
    check=check,
)
