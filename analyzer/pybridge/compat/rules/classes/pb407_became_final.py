"""PB407: a class may no longer be derived from, or a method no longer be overridden."""

from collections.abc import Iterator

from pybridge.compat.classes.bases import class_text
from pybridge.compat.pairs import ClassPair, MemberPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.callables import Function
from pybridge.model.classes import ClassKind
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath


def check(pair: ClassPair | MemberPair) -> Iterator[Hit]:
    """Find classes and methods that are final on the new side only."""
    if isinstance(pair, ClassPair):
        yield from _class(pair)
    elif pair.old is not None and pair.new is not None:
        old, new = pair.old.definition, pair.new.definition
        if isinstance(old, Function) and isinstance(new, Function) and new.is_final and not old.is_final:
            yield Hit(
                symbol=old.path,
                new_symbol=new.path,
                path=PublicPath(f"{pair.owner.path}.{pair.name}"),
                message=f"{pair.name!r} became final",
                old_text=f"def {pair.name}(...)",
                new_text=f"@final def {pair.name}(...)",
            )


def _class(pair: ClassPair) -> Iterator[Hit]:
    # An enumeration with members is final anyway: that is told of its members.
    if pair.new.is_final and not pair.old.is_final and pair.new.kind is not ClassKind.ENUM:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            message="it became final",
            old_text=class_text(pair.old),
            new_text=f"@final {class_text(pair.new)}",
        )


RULE = Rule(
    id="PB407",
    name="became-final",
    title="A class or method became final.",
    why="Type checkers refuse existing subclasses and overrides. Nothing changes when the code runs.",
    before="class Client: ...",
    after="from typing import final\n\n\n@final\nclass Client: ...",
    verdicts=verdicts("-BB-"),
    requires=Bump.MAJOR,
    on=(ClassPair, MemberPair),
    check=check,
)
