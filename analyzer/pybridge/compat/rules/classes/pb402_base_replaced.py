"""PB402: a class derives from something else in the place of a base."""

from collections.abc import Iterator

import msgspec

from pybridge.compat.classes.bases import (
    base_changes,
    base_text,
    changed_arguments,
    class_text,
    is_about_bases,
)
from pybridge.compat.classes.losses import loss_text, lost_members
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump, Verdicts

_UNKNOWN = verdicts("UUUU")
_WITH_MEMBERS = verdicts("BBBB")
_ARGUMENTS = verdicts("-BB-")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find bases that others took the place of, and bases whose type arguments are others now."""
    if not is_about_bases(pair):
        return
    changes = base_changes(pair)
    for old, new in changes.replaced:
        lost = lost_members(pair, old)
        found = _hit(pair, base_text(old), base_text(new), _WITH_MEMBERS if lost else None)
        if changes.may_be_incomplete:
            found = msgspec.structs.replace(found, verdicts=_UNKNOWN, requires=Bump.NONE)
        yield msgspec.structs.replace(found, hint=loss_text(lost))
    for old, new in changed_arguments(pair):
        yield _hit(pair, base_text(old), base_text(new), _ARGUMENTS)


def _hit(pair: ClassPair, old: str, new: str, letters: Verdicts | None) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part=old,
        message=f"base {old!r} became {new!r}",
        old_text=class_text(pair.old),
        new_text=class_text(pair.new),
        verdicts=letters,
    )


RULE = Rule(
    id="PB402",
    name="base-replaced",
    title="A base class was replaced by another one.",
    why="Code that asks for the old base, by isinstance, by an except clause or in an annotation, no longer finds the "
    "class. Where only type arguments differ, type checkers alone notice.",
    before="class ParseError(ValueError): ...",
    after="class ParseError(Exception): ...",
    verdicts=verdicts("BBBR"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
