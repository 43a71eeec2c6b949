"""PB604: an attribute cannot be set, deleted, or read from its class any more."""

from collections.abc import Iterator

from pybridge.compat.pairs import MemberPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import Field, Property
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.names import PublicPath

_RISKY = verdicts("RRRR")


def check(pair: MemberPair) -> Iterator[Hit]:
    """Find what became a property without setter, lost its setter or deleter, or is one of instances only now."""
    if pair.old is None or pair.new is None:
        return
    old, new = pair.old.definition, pair.new.definition
    if not isinstance(old, Field | Property) or not isinstance(new, Property):
        return
    found = _lost(old, new)
    if found is None:
        return
    message, chosen = found
    if isinstance(old, Property) and old.is_cached:
        chosen = _RISKY
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"{pair.name!r} {message}",
        old_text=symbol_text(old),
        new_text=symbol_text(new),
        verdicts=chosen,
        requires=Bump.MINOR if chosen is _RISKY else None,
    )


def _lost(old: Field | Property, new: Property) -> tuple[str, Verdicts | None] | None:
    if new.is_readonly and not old.is_readonly:
        return "cannot be set any more", None
    if isinstance(old, Property):
        return ("cannot be deleted any more", None) if old.is_deletable and not new.is_deletable else None
    if old.is_class_variable:
        return "is a property now: reading it from the class gives no value", _RISKY
    return None


RULE = Rule(
    id="PB604",
    name="attribute-became-readonly",
    title="An attribute cannot be set any more.",
    why=(
        "Code that sets it raises AttributeError, and so does a subclass that assigns it in its constructor. The same"
        " holds for del where a deleter is gone. A property gives its value to instances only, not to the class; a"
        " cached one can be set and deleted, which few know."
    ),
    before="class Client:\n    def __init__(self) -> None:\n        self.timeout = 10",
    after="class Client:\n    @property\n    def timeout(self) -> int: ...",
    verdicts=verdicts("BBBR"),
    requires=Bump.MAJOR,
    on=MemberPair,
    check=check,
)
