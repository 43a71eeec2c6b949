"""PB408: a class is made by another metaclass."""

from collections.abc import Iterator

from pybridge.codec.python_text import type_text
from pybridge.compat.classes.ancestry import after
from pybridge.compat.classes.bases import base_changes, class_text, is_about_bases, key_of
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class, ClassKind
from pybridge.model.finding import Bump
from pybridge.model.names import SymbolPath
from pybridge.model.types import Named

_FREED = verdicts("RRS-")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find classes whose metaclass differs although their bases are the same, each where it is written."""
    is_protocol = ClassKind.PROTOCOL in {pair.old.kind, pair.new.kind}
    if is_protocol or not is_about_bases(pair) or _is_same(pair, pair.old, pair.new):
        return
    changes = base_changes(pair)
    if changes.added or changes.removed or changes.replaced or _is_told_above(pair):
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=f"its metaclass became {_name(pair.new)!r}, it was {_name(pair.old)!r}",
        old_text=class_text(pair.old),
        new_text=class_text(pair.new),
        # Any other metaclass goes together with ``type``.
        verdicts=_FREED if pair.new.metaclass is None else None,
    )


def _is_same(pair: ClassPair, old: Class, new: Class) -> bool:
    if old.metaclass is None or new.metaclass is None:
        return old.metaclass is new.metaclass
    return key_of(old.metaclass, pair.libraries, 0) == key_of(new.metaclass, pair.libraries, 1)


def _is_told_above(pair: ClassPair) -> bool:
    """Tell that a class above, of both sides, changed its metaclass as well."""
    for path in pair.old.mro[1:]:
        old, new = pair.libraries.old.class_at(path), after(pair.libraries, path)
        if old is not None and new is not None and new.path in pair.new.mro and not _is_same(pair, old, new):
            return True
    return False


def _name(one: Class) -> str:
    return type_text(Named(path=one.metaclass or SymbolPath("builtins:type")))


RULE = Rule(
    id="PB408",
    name="metaclass-changed",
    title="The metaclass of a class changed.",
    why="A subclass that also derives from a class with another metaclass may no longer be possible, and what the "
    "metaclass gave the class may be gone.",
    before="class Store: ...",
    after="from abc import ABCMeta\n\n\nclass Store(metaclass=ABCMeta): ...",
    verdicts=verdicts("RRB-"),
    requires=Bump.MINOR,
    on=ClassPair,
    check=check,
)
