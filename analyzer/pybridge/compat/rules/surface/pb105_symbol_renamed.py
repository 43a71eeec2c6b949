"""PB105: a public name or a member of a class was probably renamed."""

from collections.abc import Iterator

from pybridge.compat.matching.likeness import renamed
from pybridge.compat.members import MemberDefinition, is_public_member, own
from pybridge.compat.pairs import ClassPair, SymbolPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import exposed_text, symbol_text
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath


def check(pair: SymbolPair | ClassPair) -> Iterator[Hit]:
    """Find what is gone and has a likeness of another name beside it."""
    yield from _symbol(pair) if isinstance(pair, SymbolPair) else _members(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is not None or pair.likely is None:
        return
    yield Hit(
        symbol=pair.old.symbol,
        new_symbol=pair.likely.symbol,
        path=pair.path,
        message=f"{pair.path!r} may have been renamed to {pair.likely.names[0].path!r}",
        old_text=exposed_text(pair.old),
        new_text=exposed_text(pair.likely),
    )


def _members(pair: ClassPair) -> Iterator[Hit]:
    removed, added = _only(own(pair.old), own(pair.new)), _only(own(pair.new), own(pair.old))
    for old, new in renamed(list(removed.values()), list(added.values())).items():
        one, other = removed[old], added[new]
        yield Hit(
            symbol=old,
            new_symbol=new,
            path=PublicPath(f"{pair.path}.{one.name}"),
            message=f"{one.name!r} of {pair.old.name!r} may have been renamed to {other.name!r}",
            old_text=symbol_text(one),
            new_text=symbol_text(other),
        )


def _only(
    ours: tuple[MemberDefinition, ...], theirs: tuple[MemberDefinition, ...]
) -> dict[SymbolPath, MemberDefinition]:
    names = {one.name for one in theirs}
    wanted = (one for one in ours if one.name not in names and is_public_member(one.name))
    return {one.path: one for one in wanted if not one.name.startswith("__")}


RULE = Rule(
    id="PB105",
    name="symbol-renamed",
    title="A public name or a member of a class was probably renamed.",
    why="What is gone and what is new beside it are much alike. It is a guess that helps to repair callers, and adds nothing "
    "to the two facts, that one name was removed (PB104) and one was added (PB103); so it has no verdict of its own.",
    before="def fetch_all(url, timeout): ...",
    after="def fetch_every(url, timeout): ...",
    verdicts=verdicts("----"),
    requires=Bump.NONE,
    on=(SymbolPair, ClassPair),
    check=check,
)
