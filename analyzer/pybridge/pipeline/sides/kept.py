"""Finished sides in the cache, so that the same comparison costs next to nothing the second time."""

from collections.abc import Mapping

import msgspec

from pybridge.codec import EncodedLibrary, decode, digest, encode
from pybridge.errors import DecodeError
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import Digest, ModuleName
from pybridge.model.source import SourceMap
from pybridge.store.facts_cache import FactsCache

_VERSION = 1


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """A described library, modules not decoded."""

    header: bytes
    modules: Mapping[ModuleName, bytes]
    digest: Digest
    source_map: SourceMap
    diagnostics: tuple[Diagnostic, ...]


def finished(library: EncodedLibrary, source_map: SourceMap, diagnostics: tuple[Diagnostic, ...]) -> Finished:
    """Take what a run came to."""
    return Finished(
        header=encode(library.header),
        modules=library.modules,
        digest=library.digest,
        source_map=source_map,
        diagnostics=diagnostics,
    )


def descriptor_of(one: Finished) -> LibraryDescriptor:
    """Put the descriptor together."""
    header = decode(one.header, LibraryDescriptor)
    return msgspec.structs.replace(header, modules=tuple(decode(data, Module) for data in one.modules.values()))


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
