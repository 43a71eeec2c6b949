"""PB111: the re-export of another package's name was added or removed."""

from collections.abc import Iterator

from pybridge.compat.library import PublicName
from pybridge.compat.pairs import NamePair
from pybridge.compat.reach import enclosing_module, is_undecided, place_of, public_module, unpromised
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import import_text
from pybridge.model.finding import Bump
from pybridge.model.library import SymbolKind


def check(pair: NamePair) -> Iterator[Hit]:
    """Find public names of one side that lead out of the library, in modules of both sides."""
    if pair.old is None and pair.new is not None:
        yield from _added(pair, pair.new)
    elif pair.new is None and pair.old is not None:
        yield from _removed(pair, pair.old)


def _added(pair: NamePair, name: PublicName) -> Iterator[Hit]:
    if name.export.kind is SymbolKind.EXTERNAL and public_module(pair.libraries.old, name.module) is not None:
        yield Hit(
            symbol=place_of(name),
            old_symbol=enclosing_module(pair.libraries.old, name.module),
            path=pair.path,
            message=f"{pair.path!r} was added, of another package",
            new_text=import_text(name.export.target),
            verdicts=verdicts("SS-S"),
            requires=Bump.MINOR,
        )


def _removed(pair: NamePair, name: PublicName) -> Iterator[Hit]:
    new = pair.libraries.new
    is_gone = public_module(new, name.module) is not None and unpromised(new, name) is None
    if name.export.kind is not SymbolKind.EXTERNAL or not is_gone:
        return
    is_unknown = is_undecided(new, name.module, name.export.name)
    yield Hit(
        symbol=place_of(name),
        new_symbol=enclosing_module(new, name.module),
        path=pair.path,
        message=f"{pair.path!r} was removed, of another package",
        old_text=import_text(name.export.target),
        hint=f"`{import_text(name.export.target)}` is where it came from",
        verdicts=verdicts("UUUU") if is_unknown else None,
        requires=Bump.NONE if is_unknown else None,
    )


RULE = Rule(
    id="PB111",
    name="foreign-name-changed",
    title="The re-export of another package's name was added or removed.",
    why="Whoever imports it from here gets ImportError once it is removed, although what they use still exists elsewhere.",
    before='from json import dumps, loads\n__all__ = ["dumps", "loads"]',
    after='from json import dumps\n__all__ = ["dumps"]',
    verdicts=verdicts("BB-B"),
    requires=Bump.MAJOR,
    on=NamePair,
    check=check,
)
