"""PB107: a public path leads to another object."""

from collections.abc import Iterator

from pybridge.compat.library import Library, PublicName
from pybridge.compat.pairs import NamePair
from pybridge.compat.reach import place_of
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import import_text
from pybridge.model.finding import Bump
from pybridge.model.library import SymbolKind
from pybridge.model.names import dotted, split_symbol


def check(pair: NamePair) -> Iterator[Hit]:
    """Find paths of both sides whose old object is still there, or is another package's."""
    if pair.old is None or pair.new is None or pair.old.export.target == pair.new.export.target:
        return
    kinds = {pair.old.export.kind, pair.new.export.kind}
    is_foreign = SymbolKind.EXTERNAL in kinds
    if not is_foreign and (len(kinds) > 1 or not _is_there(pair.libraries.new, pair.old)):
        return
    old, new = pair.old.export.target, pair.new.export.target
    yield Hit(
        symbol=place_of(pair.old),
        path=pair.path,
        message=f"{pair.path!r} leads to {dotted(new)!r} instead of {dotted(old)!r}",
        old_text=import_text(old),
        new_text=import_text(new),
        verdicts=verdicts("UURR") if is_foreign else None,
    )


def _is_there(library: Library, name: PublicName) -> bool:
    """Tell that the old object has not moved: it is still where it was, and the path left it."""
    target = name.export.target
    if name.export.kind is SymbolKind.MODULE:
        return split_symbol(target)[0] in library.modules
    return library.definition(target) is not None


RULE = Rule(
    id="PB107",
    name="path-repointed",
    title="A public path leads to another object.",
    why="The old object is still there, under its other paths, so both exist side by side: isinstance checks, caches and "
    "subclasses of one do not meet the other. What differs between them is told by other rules; of another package's "
    "object nothing is known.",
    before="from json import dumps as dumps",
    after="from simplejson import dumps as dumps",
    verdicts=verdicts("--RR"),
    requires=Bump.MINOR,
    on=NamePair,
    check=check,
)
