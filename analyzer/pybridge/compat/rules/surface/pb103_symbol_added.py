"""PB103: a public name or a member of a class was added."""

from collections.abc import Iterator

from pybridge.compat.pairs import MemberPair, NamePair, SymbolPair
from pybridge.compat.particular import is_told_by_kind
from pybridge.compat.reach import (
    enclosing_module,
    in_kept_modules,
    is_public_module,
    place_of,
    public_module,
    unpromised,
)
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import exposed_text, symbol_text
from pybridge.model.classes import Field
from pybridge.model.finding import Bump
from pybridge.model.library import SymbolKind
from pybridge.model.names import PublicPath

_TOLD_OTHERWISE = frozenset({"__getattr__", "__getattribute__"})
"""By PB114."""
_OF_EVERY_OBJECT = frozenset(
    [
        *("__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__"),
        *("__getstate__", "__gt__", "__hash__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__reduce__"),
        *("__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__"),
    ]
)

_UNTOLD = _OF_EVERY_OBJECT | _TOLD_OTHERWISE


def check(pair: SymbolPair | NamePair | MemberPair) -> Iterator[Hit]:
    """Find what the new side alone has, in modules and classes that both have."""
    match pair:
        case SymbolPair():
            yield from _symbol(pair)
        case NamePair():
            yield from _path(pair)
        case MemberPair():
            yield from _member(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    if pair.old is not None or pair.new is None:
        return
    names = in_kept_modules(pair.new, pair.libraries.old)
    if (
        not names
        or names[0].export.kind is SymbolKind.EXTERNAL
        or is_public_module(pair.libraries.new, names[0].export)
    ):
        return
    yield Hit(
        symbol=pair.new.symbol,
        old_symbol=enclosing_module(pair.libraries.old, names[0].module),
        path=names[0].path,
        message=f"{names[0].path!r} was added",
        new_text=exposed_text(pair.new),
    )


def _path(pair: NamePair) -> Iterator[Hit]:
    """Another path to what was public already; the paths of what is new itself are told with it."""
    if pair.old is not None or pair.new is None or pair.new.export.kind in {SymbolKind.EXTERNAL, SymbolKind.MODULE}:
        return
    old, target = pair.libraries.old, pair.new.export.target
    is_known = bool(old.public_paths(target)) and public_module(old, pair.new.module) is not None
    if is_known and unpromised(old, pair.new) is None:
        yield Hit(
            symbol=place_of(pair.new),
            old_symbol=target,
            new_symbol=target,
            path=pair.path,
            message=f"{pair.path!r} is a new path to {old.public_paths(target)[0]!r}",
        )


def _member(pair: MemberPair) -> Iterator[Hit]:
    if pair.old is not None or pair.new is None or is_told_by_kind(pair) or pair.name in _UNTOLD:
        return
    if isinstance(pair.new.definition, Field) and pair.name.startswith("__"):
        return
    yield Hit(
        symbol=pair.new.path,
        old_symbol=pair.owner.old.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"{pair.name!r} was added to {pair.owner.new.name!r}",
        new_text=symbol_text(pair.new.definition),
        verdicts=verdicts("SSRS"),
    )


RULE = Rule(
    id="PB103",
    name="symbol-added",
    title="A public name or a member of a class was added.",
    why="It breaks no caller. A subclass that has a member of that name already overrides the new one without knowing it.",
    before="def fetch(url): ...",
    after="def fetch(url): ...\ndef post(url, body): ...",
    verdicts=verdicts("SS-S"),
    requires=Bump.MINOR,
    on=(SymbolPair, NamePair, MemberPair),
    check=check,
)
