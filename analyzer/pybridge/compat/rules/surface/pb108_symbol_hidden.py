"""PB108: what was public is private."""

from collections.abc import Iterator

from pybridge.compat.library import PublicName
from pybridge.compat.pairs import NamePair, SymbolPair
from pybridge.compat.reach import in_kept_modules, is_public_module, place_of, unpromised
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import exposed_text
from pybridge.model.finding import Bump
from pybridge.model.library import How, Visibility
from pybridge.model.names import dotted


def check(pair: SymbolPair | NamePair) -> Iterator[Hit]:
    """Find names that nobody promises any more, and symbols that no public path leads to."""
    yield from _symbol(pair) if isinstance(pair, SymbolPair) else _path(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    """It is still defined, and no module of the old paths binds it."""
    if pair.old is None or pair.new is None or pair.new.names or not pair.old.names:
        return
    names = in_kept_modules(pair.old, pair.libraries.new)
    if names and not any(unpromised(pair.libraries.new, one) for one in names):
        yield Hit(
            symbol=pair.old.symbol,
            new_symbol=pair.new.symbol,
            path=names[0].path,
            message=f"{names[0].path!r} is gone, {dotted(pair.new.symbol)!r} is private",
            old_text=exposed_text(pair.old),
            new_text=exposed_text(pair.new),
            verdicts=verdicts("BBBB"),
        )


def _path(pair: NamePair) -> Iterator[Hit]:
    """Its module still binds it: for its own use, or beside an ``__all__`` without it."""
    if pair.old is None or is_public_module(pair.libraries.old, pair.old.export):
        return
    bound = unpromised(pair.libraries.new, pair.old) if pair.new is None else None
    if bound is not None:
        yield _lazy(pair.old) if bound.how is How.LAZY else _bound(pair.old)
    elif pair.new is not None and _has_left_all(pair.old, pair.new, pair):
        yield Hit(
            symbol=place_of(pair.old),
            path=pair.path,
            message=f"{pair.path!r} left __all__",
            verdicts=verdicts("RRRR"),
            requires=Bump.MINOR,
        )


def _bound(name: PublicName) -> Hit:
    return Hit(
        symbol=place_of(name),
        path=name.path,
        message=f"{name.path!r} is only bound for its module's own use",
        hint="it can still be imported, until its module needs it no longer",
    )


def _lazy(name: PublicName) -> Hit:
    """What a module goes on answering, most often with a warning, is kept for those who use it."""
    return Hit(
        symbol=place_of(name),
        path=name.path,
        message=f"{name.path!r} is only made by its module's __getattr__",
        hint="it can still be imported; see whether the module warns of it",
        verdicts=verdicts("RRRR"),
        requires=Bump.MINOR,
    )


def _has_left_all(old: PublicName, new: PublicName, pair: NamePair) -> bool:
    is_declared = old.export.visibility is Visibility.DECLARED
    module = pair.libraries.new.modules[new.module]
    return is_declared and new.export.visibility is not Visibility.DECLARED and module.declared_names is not None


RULE = Rule(
    id="PB108",
    name="symbol-hidden",
    title="What was public is private.",
    why="A name that left __all__ is missing after a star import; one that its module only uses itself goes without notice; "
    "generated wrappers no longer have it.",
    before='__all__ = ["fetch", "post"]\ndef fetch(url): ...\ndef post(url): ...',
    after='__all__ = ["fetch"]\ndef fetch(url): ...\ndef post(url): ...',
    verdicts=verdicts("RRRB"),
    requires=Bump.MAJOR,
    on=(SymbolPair, NamePair),
    check=check,
)
