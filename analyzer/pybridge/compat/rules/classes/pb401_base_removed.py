"""PB401: a class no longer derives from another one."""

from collections.abc import Iterator

from pybridge.compat.classes.bases import base_changes, base_text, class_text, is_about_bases
from pybridge.compat.classes.losses import loss_text, lost_members
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump

_UNKNOWN = verdicts("UUUU")
_WITH_MEMBERS = verdicts("BBBB")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find bases of the old side that the new one does not derive from in any way."""
    if not is_about_bases(pair):
        return
    changes = base_changes(pair)
    for base in changes.removed:
        lost = lost_members(pair, base)
        letters = _UNKNOWN if changes.may_be_incomplete else _WITH_MEMBERS if lost else None
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part=base_text(base),
            message=f"{base_text(base)!r} is no longer a base",
            old_text=class_text(pair.old),
            new_text=class_text(pair.new),
            hint=loss_text(lost),
            verdicts=letters,
            requires=Bump.NONE if changes.may_be_incomplete else None,
        )


RULE = Rule(
    id="PB401",
    name="base-removed",
    title="A base class was removed.",
    why="isinstance and issubclass answer otherwise, an except clause for the base no longer catches, and instances no "
    "longer fit where the base is expected. What the class had from the base is gone with it.",
    before="class Base: ...\n\n\nclass Client(Base): ...",
    after="class Base: ...\n\n\nclass Client: ...",
    verdicts=verdicts("BBBR"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
