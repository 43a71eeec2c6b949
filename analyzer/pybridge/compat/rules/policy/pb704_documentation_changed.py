"""PB704: the documentation changed, or did not change with the parameters."""

from collections.abc import Iterator

import msgspec

from pybridge.compat.deprecations import places
from pybridge.compat.matching.members import member_pairs
from pybridge.compat.pairs import CallablePair, ClassPair, MemberPair, ModulePair, SymbolPair
from pybridge.compat.particular import is_protocol_dunder
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath, symbol_path
from pybridge.model.types import ParameterKind

_LONGEST = 120
_SHOWN = 4


def check(pair: ModulePair | SymbolPair | ClassPair | MemberPair | CallablePair) -> Iterator[Hit]:
    """Find other texts on both sides, and texts of the new side about parameters that only the old one has."""
    match pair:
        case CallablePair():
            yield from _gone_parameters(pair)
        case ModulePair():
            if pair.old is not None and pair.new is not None:
                symbol = symbol_path(pair.new.name, "")
                path = PublicPath(pair.new.name)
                yield from _texts(symbol, symbol, path, pair.old.docstring, pair.new.docstring)
        case ClassPair():
            yield from _class(pair)
        case MemberPair():
            if not _is_own(pair):
                yield from _member(pair)
        case SymbolPair():
            place = places(pair)
            if place is not None and not (isinstance(place.old, Class) and isinstance(place.new, Class)):
                yield from _texts(place.old.path, place.new.path, place.path, place.old.docstring, place.new.docstring)


def _class(pair: ClassPair) -> Iterator[Hit]:
    """Tell a class and its own members at once: a text that was reworked was so all through it."""
    own = list(_texts(pair.old.path, pair.new.path, pair.path, pair.old.docstring, pair.new.docstring))
    members = [hit for member in member_pairs(pair) if _is_own(member) for hit in _member(member)]
    if len(own) + len(members) <= 1:
        yield from (*own, *members)
        return
    names = ", ".join(one.path.rpartition(".")[2] for one in members[:_SHOWN])
    count = len(members)
    more = " and others" if count > _SHOWN else ""
    what = f"{count} member{'' if count == 1 else 's'} ({names}{more})"
    first = (own or members)[0]
    yield msgspec.structs.replace(
        first,
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=f"the documentation of {pair.path!r} and of {what} changed"
        if own
        else f"the documentation of {what} of {pair.path!r} changed",
    )


def _is_own(pair: MemberPair) -> bool:
    """Tell a member that the class itself defines on both sides, and no class: those are told by themselves."""
    if pair.old is None or pair.new is None or isinstance(pair.old.definition, Class):
        return False
    return pair.old.owner.path == pair.owner.old.path and pair.new.owner.path == pair.owner.new.path


def _member(pair: MemberPair) -> Iterator[Hit]:
    place = places(pair)
    if place is None or is_protocol_dunder(pair.name):
        return
    if isinstance(place.old, Class) and isinstance(place.new, Class):
        return
    yield from _texts(place.old.path, place.new.path, place.path, place.old.docstring, place.new.docstring)


def _texts(
    old_symbol: SymbolPath, new_symbol: SymbolPath, path: PublicPath, old: str | None, new: str | None
) -> Iterator[Hit]:
    lines = [(text or "").split("\n") for text in (old, new)]
    words = [(text or "").split() for text in (old, new)]
    if words[0] == words[1]:
        return
    what = "changed" if words[0] and words[1] else "was removed" if words[0] else "was added"
    yield Hit(
        symbol=old_symbol,
        new_symbol=new_symbol,
        path=path,
        message=f"the documentation of {path!r} {what}",
        old_text=_first_other(lines[0], lines[1]),
        new_text=_first_other(lines[1], lines[0]),
    )


def _first_other(ours: list[str], theirs: list[str]) -> str | None:
    """Return the first line that the other side does not have; None where it has all."""
    others = {" ".join(line.split()) for line in theirs}
    found = (" ".join(line.split()) for line in ours)
    first = next((line for line in found if line and line not in others), None)
    return first if first is None or len(first) <= _LONGEST else f"{first[:_LONGEST]}..."


def _gone_parameters(pair: CallablePair) -> Iterator[Hit]:
    if not pair.old.signatures or not pair.new.signatures:
        return
    now = pair.new.runtime.parameters
    names = {one.name for one in now}
    if any(one.kind is ParameterKind.VAR_KEYWORD for one in now):
        return
    texts = _documentation(pair)
    for one in pair.old.runtime.parameters:
        if one.name not in names and any(_documents(line, one.name) for text in texts for line in text.split("\n")):
            yield Hit(
                symbol=pair.old.path,
                new_symbol=pair.new.path,
                path=pair.path,
                part=one.name,
                message=f"the documentation of {pair.path!r} still names parameter {one.name!r}, which is gone",
            )


def _documentation(pair: CallablePair) -> tuple[str, ...]:
    found = [pair.new.function.docstring if pair.new.function is not None else None]
    if pair.new.constructor is not None:
        found.append(pair.new.constructor.docstring)
        found.append(pair.owner.new.docstring if pair.owner is not None else None)
    return tuple(text for text in found if text)


def _documents(line: str, name: str) -> bool:
    """Tell a line that begins the text on a parameter: ``:param x:``, ``x: text``, ``x (int): text``, ``x : int``."""
    text = line.strip()
    if text.startswith(":param"):
        head = text[1:].partition(":")[0].split()
        return len(head) > 1 and head[-1] == name
    rest = text.removeprefix(name)
    return rest != text and ":" in rest and rest.lstrip()[:1] in {":", "("}


RULE = Rule(
    id="PB704",
    name="documentation-changed",
    title="The documentation changed, or did not change with the parameters.",
    why="It breaks nobody. Generated documentation is stale until it is made anew, and a text about a parameter that is gone "
    "misleads whoever reads it.",
    before='def fetch(url):\n    """Fetch a page."""',
    after='def fetch(url):\n    """Fetch a page, following redirects."""',
    verdicts=verdicts("----"),
    requires=Bump.PATCH,
    on=(ModulePair, SymbolPair, ClassPair, MemberPair, CallablePair),
    check=check,
)
