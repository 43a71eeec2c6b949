"""PB801: the marker of a typed package was removed or added."""

from collections.abc import Iterator

from pybridge.compat.pairs import LibraryPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.names import ModuleName, PublicPath, symbol_path


def check(pair: LibraryPair) -> Iterator[Hit]:
    """Compare whether there is a ``py.typed``."""
    old, new = pair.old.header, pair.new.header
    if old.package is None or new.package is None or old.package.is_typed == new.package.is_typed:
        return
    is_added = new.package.is_typed
    yield Hit(
        symbol=symbol_path(ModuleName(old.name), ""),
        new_symbol=symbol_path(ModuleName(new.name), ""),
        path=PublicPath(new.name),
        part="py.typed",
        message=f"py.typed was {'added' if is_added else 'removed'}",
        hint="type checkers read the annotations now" if is_added else "type checkers no longer read the annotations",
        verdicts=verdicts("-R-R") if is_added else None,
        requires=Bump.MINOR if is_added else None,
    )


RULE = Rule(
    id="PB801",
    name="typed-marker-changed",
    title="The marker of a typed package was removed or added.",
    why="Without py.typed type checkers take everything of an installed package for Any, and tell of missing stubs. With it "
    "they check calls that they let pass before.",
    before="",
    after="",
    verdicts=verdicts("-B-R"),
    requires=Bump.MAJOR,
    on=LibraryPair,
    check=check,
)
