"""`State`: what a run came to, module by module, for the next run over the same library."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from pybridge.codec import digest, digest_bytes
from pybridge.model.facts import ModuleFacts
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest, ModuleName, SymbolPath
from pybridge.pipeline.incremental.shelf import Missing, Shelf
from pybridge.pipeline.summary import Counts
from pybridge.resolve.describe.externals import ModuleMentions
from pybridge.resolve.describe.ground import Outline
from pybridge.resolve.describe.views import Touches
from pybridge.resolve.incremental.parts import Offers
from pybridge.resolve.incremental.pieces import ModulePiece
from pybridge.resolve.types.answers import ExternalAnswer, ModuleAnswer
from pybridge.store.facts_cache import FactsCache

T = TypeVar("T")


class ModuleState(msgspec.Struct, frozen=True, array_like=True):
    """One module."""

    source: Digest | None
    """Key of the facts of its ``.py``; None where it has none."""
    stub: Digest | None
    outline: Outline
    piece: Digest
    """Of its evaluated names."""
    answers: Digest | None
    """Of what the type engine said; None where it said nothing."""
    documents: Mapping[ModuleName, tuple[str, ...]]
    """Definitions of other modules whose documentation it has."""
    counts: Counts


class Shelves(msgspec.Struct, frozen=True, array_like=True):
    """Where the larger parts of all modules lie."""

    pieces: tuple[Digest, ...]
    answers: tuple[Digest, ...]
    mentions: tuple[Digest, ...]
    touches: tuple[Digest, ...]
    offers: tuple[Digest, ...]
    encoded: tuple[Digest, ...]
    """Canonical bytes of the described modules."""


class State(msgspec.Struct, frozen=True, array_like=True):
    """What a run came to."""

    surroundings: Digest
    """Of everything but the content of files: which files, which other packages."""
    shape: Digest
    """Of what every module may know of all: see `shape_of`."""
    header: LibraryDescriptor
    """All of the descriptor but its modules."""
    descriptor: Digest
    modules: Mapping[ModuleName, ModuleState]
    shelves: Shelves
    externals: Digest
    made: tuple[SymbolPath, ...]
    unread: tuple[ModuleName, ...]
    broken: tuple[ModuleName, ...]
    report: Digest
    """Name of the run's report."""


class Kept:
    """A state and the shelves it refers to."""

    def __init__(self, cache: FactsCache, state: State) -> None:
        self.cache, self.state = cache, state
        shelves = state.shelves
        self.pieces, self.answers = Shelf(cache, shelves.pieces), Shelf(cache, shelves.answers)
        self.mentions, self.touches = Shelf(cache, shelves.mentions), Shelf(cache, shelves.touches)
        self.offers, self.encoded = Shelf(cache, shelves.offers), Shelf(cache, shelves.encoded)

    def piece(self, module: ModuleName) -> ModulePiece:
        """Return the evaluated names of a module."""
        return decoded(self.pieces[module], ModulePiece)

    def answer(self, module: ModuleName) -> ModuleAnswer:
        """Return what the type engine said of a module."""
        return decoded(self.answers[module], ModuleAnswer)

    def externals(self) -> dict[SymbolPath, ExternalAnswer]:
        """Return what the type engine said of other packages."""
        key = self.state.externals
        found = self.cache.get_many([key]).get(key)
        if found is None:
            raise Missing(key)
        return decoded(found, dict[SymbolPath, ExternalAnswer])

    def offered(self, module: ModuleName) -> Offers:
        """Return what a module offered to others."""
        return decoded(self.offers[module], Offers)

    def touched(self, module: ModuleName) -> Touches:
        """Return what a module looked at."""
        return decoded(self.touches[module], Touches)

    def mention(self, module: ModuleName) -> ModuleMentions:
        """Return what a module mentions of other packages."""
        return decoded(self.mentions[module], ModuleMentions)

    def all_mentions(self) -> dict[ModuleName, ModuleMentions]:
        """Return what every module mentions of other packages."""
        return {ModuleName(name): decoded(data, ModuleMentions) for name, data in self.mentions.all().items()}


class FactsByKey:
    """Facts by their keys, decoded when they are asked for."""

    def __init__(self, cache: FactsCache, known: Mapping[Digest, ModuleFacts]) -> None:
        self._cache, self._known = cache, dict(known)

    def __getitem__(self, key: Digest) -> ModuleFacts:
        """Return facts.

        Raises:
            Missing: the cache has forgotten them.
        """
        if key not in self._known:
            found = self._cache.get_many([key]).get(key)
            if found is None:
                raise Missing(key)
            self._known[key] = decoded(found, ModuleFacts)
        return self._known[key]


def recall_state(cache: FactsCache, key: Digest) -> State | None:
    """Return what the last run over a library came to; None when there was none or it cannot be read."""
    name = _name(key)
    found = cache.get_many([name]).get(name)
    if found is None:
        return None
    try:
        return decoded(found, State)
    except Missing:
        return None


def keep_state(cache: FactsCache, key: Digest, state: State) -> None:
    """Keep what a run came to, in the place of the last one."""
    cache.put_many({_name(key): msgspec.msgpack.encode(state)})


def keep_externals(cache: FactsCache, externals: Mapping[SymbolPath, ExternalAnswer]) -> Digest:
    """Keep what the type engine said of other packages; return the name to find it by."""
    data = msgspec.msgpack.encode(dict(sorted(externals.items())))
    key = digest_bytes(b"externals" + data)
    cache.put_many({key: data})
    return key


def decoded(data: bytes, noun: type[T]) -> T:
    """Read what was kept.

    Raises:
        Missing: it cannot be read.
    """
    try:
        return msgspec.msgpack.decode(data, type=noun)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Missing(noun) from error


def _name(key: Digest) -> Digest:
    return digest(("state", key))
