"""PB112: what always existed exists under a condition, or the condition changed."""

from collections.abc import Iterator

from pybridge.compat.library import Definition
from pybridge.compat.members import MemberDefinition
from pybridge.compat.pairs import MemberPair, NamePair, SymbolPair
from pybridge.compat.reach import place_of
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.library import How, TypeAlias
from pybridge.model.names import PublicPath

_DEFINED = frozenset({How.DEFINITION, How.ASSIGNMENT})


def check(pair: SymbolPair | NamePair | MemberPair) -> Iterator[Hit]:
    """Find definitions, members and imports of both sides, conditional on the new one."""
    match pair:
        case SymbolPair():
            yield from _symbol(pair)
        case NamePair():
            yield from _import(pair)
        case MemberPair():
            yield from _member(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is None or not pair.old.names or not pair.new.names:
        return
    old, new = _condition(pair.old.definition), _condition(pair.new.definition)
    if new is not None and new != old:
        yield Hit(
            symbol=pair.old.symbol,
            new_symbol=pair.new.symbol,
            path=pair.path,
            message=_message(pair.path, new),
            old_text=old,
            new_text=new,
        )


def _import(pair: NamePair) -> Iterator[Hit]:
    """A name that is defined elsewhere: its own binding is under a condition."""
    if pair.old is None or pair.new is None or {pair.old.export.how, pair.new.export.how} & _DEFINED:
        return
    old, new = pair.old.export.condition, pair.new.export.condition
    if new is not None and new != old:
        yield Hit(
            symbol=place_of(pair.old), path=pair.path, message=_message(pair.path, new), old_text=old, new_text=new
        )


def _member(pair: MemberPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is None:
        return
    old, new = _condition(pair.old.definition), _condition(pair.new.definition)
    if new is not None and new != old:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=PublicPath(f"{pair.owner.path}.{pair.name}"),
            message=_message(pair.name, new),
            old_text=old,
            new_text=new,
        )


def _condition(one: Definition | MemberDefinition | None) -> str | None:
    return None if one is None or isinstance(one, TypeAlias) else one.condition


def _message(name: str, condition: str) -> str:
    return (
        f"{name!r} exists only if {condition!r} holds"
        if condition != "try"
        else f"{name!r} exists only if a try succeeds"
    )


RULE = Rule(
    id="PB112",
    name="condition-changed",
    title="What always existed exists under a condition, or the condition changed.",
    why="It is described as it is for the target of the comparison. On another platform, another version of Python, or "
    "without an optional package it may be missing now.",
    before="def fetch(url): ...",
    after="try:\n    import zlib\n    def fetch(url): ...\nexcept ImportError:\n    pass",
    verdicts=verdicts("RRRR"),
    requires=Bump.MINOR,
    on=(SymbolPair, NamePair, MemberPair),
    check=check,
)
