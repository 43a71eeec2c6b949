"""Finished sides in the cache, so that the same comparison costs next to nothing the second time."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from pybridge.codec import EncodedLibrary, decode, digest, encode, format_pretty
from pybridge.errors import DecodeError
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import Module
from pybridge.model.names import Digest, ModuleName
from pybridge.model.source import SourceMap
from pybridge.store.facts_cache import FactsCache

T = TypeVar("T")
_VERSION = 2


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """A described library, modules not decoded."""

    header: bytes
    modules: Mapping[ModuleName, bytes]
    digest: Digest
    places: bytes
    """The `SourceMap`, not decoded."""
    diagnostics: tuple[Diagnostic, ...]


def finished(library: EncodedLibrary, source_map: SourceMap, diagnostics: tuple[Diagnostic, ...]) -> Finished:
    """Take what a run came to."""
    return Finished(
        header=encode(library.header),
        modules=library.modules,
        digest=library.digest,
        places=msgspec.msgpack.encode(source_map),
        diagnostics=diagnostics,
    )


class KeptModules(Mapping[ModuleName, Module]):
    """Modules that are decoded when they are first asked for, and then kept."""

    def __init__(self, data: Mapping[ModuleName, bytes]) -> None:
        self._data = data
        self._known: dict[ModuleName, Module] = {}

    def __getitem__(self, name: ModuleName) -> Module:
        if name not in self._known:
            self._known[name] = decode(self._data[name], Module)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def read_as(self, noun: type[T]) -> Mapping[ModuleName, T]:
        """Read of every module what a smaller noun asks for, which is much less work than reading all of it."""
        return {name: decode(data, noun) for name, data in self._data.items()}

    def __iter__(self) -> Iterator[ModuleName]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def places_of(one: Finished) -> SourceMap:
    """Read where everything is written."""
    return msgspec.msgpack.decode(one.places, type=SourceMap)


def git_ids(modules: Mapping[ModuleName, bytes]) -> Mapping[ModuleName, str]:
    """Tell under which ids a store keeps modules, given their canonical bytes."""
    return {name: _git_id(format_pretty(data)) for name, data in modules.items()}


def _git_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def recall_side(cache: FactsCache, key: Digest) -> Finished | None:
    """Return a side by what it was made of; None when it is not kept or cannot be read."""
    name = _name(key)
    data = cache.get_many([name]).get(name)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Finished)
    except (msgspec.DecodeError, DecodeError, RecursionError):
        return None


def keep_side(cache: FactsCache, key: Digest, one: Finished) -> None:
    """Keep a side under what it was made of."""
    cache.put_many({_name(key): msgspec.msgpack.encode(one)})


def _name(key: Digest) -> Digest:
    return digest(("side", _VERSION, key))
