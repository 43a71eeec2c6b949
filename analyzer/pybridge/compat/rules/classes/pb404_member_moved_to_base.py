"""PB404: a member of a class is defined by a class above it now, and inherited."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import after, is_same
from pybridge.compat.pairs import MemberPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath


def check(pair: MemberPair) -> Iterator[Hit]:
    """Find members that both sides have, the new one from further up."""
    if pair.old is None or pair.new is None:
        return
    libraries = pair.owner.libraries
    old, new = pair.old.owner, pair.new.owner
    if is_same(libraries, old.path, new.path):
        return
    same = after(libraries, old.path)
    if same is None or new.path not in same.mro[1:]:
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"it is inherited from {new.name!r} now",
    )


RULE = Rule(
    id="PB404",
    name="member-moved-to-base",
    title="A member moved to a base class, from which it is inherited.",
    why="Nobody who uses the class notices: an attribute of the same name is still there. What the member itself became "
    "is judged by the other rules.",
    before="class Base: ...\n\n\nclass Client(Base):\n    def close(self): ...",
    after="class Base:\n    def close(self): ...\n\n\nclass Client(Base): ...",
    verdicts=verdicts("----"),
    requires=Bump.NONE,
    on=MemberPair,
    check=check,
)
