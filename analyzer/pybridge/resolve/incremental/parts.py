"""Modules described one by one and completed by what others say of them, all of them or those that an edit concerns."""

from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from pybridge.model.library import Module
from pybridge.model.names import ModuleName, SymbolPath, split_symbol, symbol_path
from pybridge.resolve.describe.library import (
    AliasAttempt,
    Described,
    DescribedAlias,
    attempt_alias,
    completed,
    describe_module,
)
from pybridge.resolve.describe.views import Library, Touches


class Offers(msgspec.Struct, frozen=True, array_like=True):
    """What a described module says of others, or others ask of it. While it stays the same, they do."""

    mentioned: tuple[SymbolPath, ...]
    """Type aliases that it names."""
    made: tuple[SymbolPath, ...]
    """Its variables that turned out to be functions."""
    asked: Mapping[str, tuple[SymbolPath, ...] | None] = {}
    """Its names that others took for private aliases, with the aliases that these name; None for one that is none."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A module as it goes into the descriptor."""

    module: Module
    offers: Offers
    touches: Touches


def describe_all(library: Library) -> dict[ModuleName, Part]:
    """Describe every module."""
    described = {name: describe_module(library, name) for name in sorted(library.ground.surfaces)}
    attempts = _attempts(library, (path for one in described.values() for path in one.mentioned))
    made = frozenset(path for one in described.values() for path in one.made)
    whole = {name: completed(one.module, _found(attempts.get(name, ())), made) for name, one in described.items()}
    offers = {name: _offers(one, attempts.get(name, ())) for name, one in described.items()}
    return {
        name: Part(
            module=whole[name],
            offers=offers[name],
            touches=_together(one.touches, attempts.get(name, ())),
        )
        for name, one in described.items()
    }


def describe_some(
    library: Library,
    modules: Collection[ModuleName],
    *,
    offers_of: Callable[[ModuleName], Offers],
    made: frozenset[SymbolPath],
) -> dict[ModuleName, Part] | None:
    """Describe some modules of a library that was described before; None when that concerns all the others.

    ``offers_of`` tells what a module offered then, and ``made`` is what all of them did of that name.
    """
    parts: dict[ModuleName, Part] = {}
    for name in sorted(modules):
        described = describe_module(library, name)
        tried = (attempt_alias(library, symbol_path(name, one)) for one in offers_of(name).asked)
        attempts = tuple(one for one in tried if one is not None)
        whole = completed(described.module, _found(attempts), made)
        offers = _offers(described, attempts)
        if offers != offers_of(name):
            return None
        parts[name] = Part(module=whole, offers=offers, touches=_together(described.touches, attempts))
    return parts


def _attempts(library: Library, mentioned: Iterable[SymbolPath]) -> dict[ModuleName, tuple[AliasAttempt, ...]]:
    """Describe the private aliases that types name, and those that these name."""
    found: dict[ModuleName, list[AliasAttempt]] = {}
    done: set[SymbolPath] = set()
    waiting = list(mentioned)
    while waiting:
        path = waiting.pop()
        if path in done:
            continue
        done.add(path)
        attempt = attempt_alias(library, path)
        if attempt is not None:
            found.setdefault(split_symbol(path)[0], []).append(attempt)
            waiting.extend(attempt.found.mentioned if attempt.found is not None else ())
    return {name: tuple(sorted(ones, key=lambda one: one.name)) for name, ones in found.items()}


def _found(attempts: Iterable[AliasAttempt]) -> tuple[DescribedAlias, ...]:
    return tuple(one.found for one in attempts if one.found is not None)


def _offers(described: Described, attempts: Iterable[AliasAttempt]) -> Offers:
    return Offers(
        mentioned=described.mentioned,
        made=described.made,
        asked={one.name: one.found.mentioned if one.found is not None else None for one in attempts},
    )


def _together(touches: Touches, attempts: Iterable[AliasAttempt]) -> Touches:
    """What a module looked at, and what its aliases did."""
    for attempt in attempts:
        other = attempt.touches
        touches = Touches(
            names=_joined(touches.names, other.names),
            definitions=_joined(touches.definitions, other.definitions),
            documents=_joined(touches.documents, other.documents),
            answers=_joined(touches.answers, other.answers),
            externals=tuple(sorted({*touches.externals, *other.externals})),
        )
    return touches


def _joined(
    one: Mapping[ModuleName, tuple[str, ...]], other: Mapping[ModuleName, tuple[str, ...]]
) -> dict[ModuleName, tuple[str, ...]]:
    return {name: tuple(sorted({*one.get(name, ()), *other.get(name, ())})) for name in sorted({*one, *other})}
