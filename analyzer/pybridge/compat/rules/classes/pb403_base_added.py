"""PB403: a class derives from more than before, or from the same classes in another order."""

from collections.abc import Iterator

from pybridge.compat.classes.bases import base_changes, base_text, class_text, is_about_bases
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump

_REORDERED = verdicts("RRR-")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find bases that only the new side has, and those whose order changed."""
    if not is_about_bases(pair):
        return
    changes = base_changes(pair)
    texts = class_text(pair.old), class_text(pair.new)
    for base in changes.added:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part=base_text(base),
            message=f"{base_text(base)!r} is a base now",
            old_text=texts[0],
            new_text=texts[1],
        )
    if changes.is_reordered:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part="order",
            message="its bases are searched in another order",
            old_text=texts[0],
            new_text=texts[1],
            verdicts=_REORDERED,
        )


RULE = Rule(
    id="PB403",
    name="base-added",
    title="A base class was added, or the order of base classes changed.",
    why="Subclasses may collide with what the new base defines. In another order, attributes and super() may lead to "
    "another class than before.",
    before="class Base: ...\n\n\nclass Client: ...",
    after="class Base: ...\n\n\nclass Client(Base): ...",
    verdicts=verdicts("SSR-"),
    requires=Bump.MINOR,
    on=ClassPair,
    check=check,
)
