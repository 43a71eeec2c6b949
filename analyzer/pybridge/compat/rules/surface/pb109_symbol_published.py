"""PB109: what was private is public."""

from collections.abc import Iterator

from pybridge.compat.library import PublicName
from pybridge.compat.pairs import NamePair, SymbolPair
from pybridge.compat.reach import enclosing_module, in_kept_modules, is_public_module, place_of, unpromised
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import exposed_text
from pybridge.model.finding import Bump
from pybridge.model.library import SymbolKind, Visibility
from pybridge.model.names import dotted


def check(pair: SymbolPair | NamePair) -> Iterator[Hit]:
    """Find symbols that had no public path, and names that were bound without a promise."""
    yield from _symbol(pair) if isinstance(pair, SymbolPair) else _path(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is None or pair.old.names:
        return
    names = in_kept_modules(pair.new, pair.libraries.old)
    if names:
        yield Hit(
            symbol=pair.old.symbol,
            new_symbol=pair.new.symbol,
            path=names[0].path,
            message=f"{dotted(pair.old.symbol)!r} became public as {names[0].path!r}",
            old_text=exposed_text(pair.old),
            new_text=exposed_text(pair.new),
        )


def _path(pair: NamePair) -> Iterator[Hit]:
    """What was public by another path, or without being in ``__all__``."""
    old, new = pair.libraries.old, pair.new
    if new is None or new.export.kind is SymbolKind.EXTERNAL or is_public_module(pair.libraries.new, new.export):
        return
    if pair.old is None and old.public_paths(new.export.target) and unpromised(old, new) is not None:
        yield Hit(
            symbol=place_of(new),
            old_symbol=enclosing_module(old, new.module),
            path=pair.path,
            message=f"{pair.path!r} is promised now",
        )
    elif pair.old is not None and _has_joined_all(pair.old, new, pair):
        yield Hit(symbol=place_of(new), path=pair.path, message=f"{pair.path!r} joined __all__")


def _has_joined_all(old: PublicName, new: PublicName, pair: NamePair) -> bool:
    is_declared = new.export.visibility is Visibility.DECLARED
    module = pair.libraries.old.modules[old.module]
    return is_declared and old.export.visibility is not Visibility.DECLARED and module.declared_names is not None


RULE = Rule(
    id="PB109",
    name="symbol-published",
    title="What was private is public.",
    why="It breaks nobody. From now on changing it is a change of the public interface.",
    before='__all__ = ["fetch"]\ndef fetch(url): ...\ndef post(url): ...',
    after='__all__ = ["fetch", "post"]\ndef fetch(url): ...\ndef post(url): ...',
    verdicts=verdicts("SSSS"),
    requires=Bump.MINOR,
    on=(SymbolPair, NamePair),
    check=check,
)
