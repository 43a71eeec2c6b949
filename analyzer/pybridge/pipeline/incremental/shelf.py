"""A `Shelf`: bytes by module, in buckets that the cache keeps by their content.

An edit touches few buckets: the others are neither read nor written again.
"""

import zlib
from collections.abc import Iterable, Mapping
from typing import Self

import msgspec

from pybridge.codec import digest_bytes
from pybridge.model.names import Digest, ModuleName
from pybridge.store.facts_cache import FactsCache

MODULES_PER_BUCKET = 24
MAX_BUCKETS = 64


class Missing(Exception):
    """Something that a former run left in the cache is no longer there, or cannot be read."""


class Shelf:
    """What a run kept of every module, read when it is asked for."""

    def __init__(self, cache: FactsCache, buckets: tuple[Digest, ...]) -> None:
        self.buckets = buckets
        self._cache = cache
        self._read: dict[int, dict[str, bytes]] = {}

    def __getitem__(self, module: ModuleName) -> bytes:
        """Return the bytes of a module.

        Raises:
            Missing: the cache has forgotten them.
        """
        index = _bucket(module, len(self.buckets))
        if index not in self._read:
            self._load([index])
        found = self._read[index].get(module)
        if found is None:
            raise Missing(module)
        return found

    def all(self) -> dict[str, bytes]:
        """Return everything, read at once.

        Raises:
            Missing: the cache has forgotten some of it.
        """
        self._load([index for index in range(len(self.buckets)) if index not in self._read])
        return {name: data for index in range(len(self.buckets)) for name, data in self._read[index].items()}

    def replaced(self, changed: Mapping[ModuleName, bytes]) -> "Shelf":
        """Put other bytes in the place of some; what stays the same is not written."""
        buckets = list(self.buckets)
        written: dict[str, bytes] = {}
        touched = {_bucket(module, len(buckets)) for module in changed}
        self._load([index for index in touched if index not in self._read])
        for index in touched:
            own: dict[str, bytes] = {name: changed[name] for name in changed if _bucket(name, len(buckets)) == index}
            buckets[index], written_bucket = _written({**self._read[index], **own})
            written[buckets[index]] = written_bucket
        self._cache.put_many(written)
        return Shelf(self._cache, tuple(buckets))

    @classmethod
    def of(cls, cache: FactsCache, items: Mapping[ModuleName, bytes], before: "Shelf | None" = None) -> Self:
        """Keep bytes of every module; what was kept ``before`` is not written again."""
        count = min(MAX_BUCKETS, len(items) // MODULES_PER_BUCKET + 1)
        parts: list[dict[str, bytes]] = [{} for _ in range(count)]
        for module, data in items.items():
            parts[_bucket(module, count)][module] = data
        pairs = [_written(one) for one in parts]
        known = frozenset(before.buckets) if before is not None else frozenset()
        cache.put_many({key: data for key, data in pairs if key not in known})
        shelf = cls(cache, tuple(key for key, _ in pairs))
        shelf._read = dict(enumerate(parts))
        return shelf

    def _load(self, indexes: Iterable[int]) -> None:
        wanted = {index: self.buckets[index] for index in indexes}
        found = self._cache.get_many(wanted.values())
        for index, key in wanted.items():
            if key not in found:
                raise Missing(key)
            try:
                self._read[index] = msgspec.msgpack.decode(found[key], type=dict[str, bytes])
            except msgspec.DecodeError as error:
                raise Missing(key) from error


def _written(items: Mapping[str, bytes]) -> tuple[Digest, bytes]:
    data = msgspec.msgpack.encode(dict(sorted(items.items())))
    return digest_bytes(b"shelf" + data), data


def _bucket(module: str, count: int) -> int:
    return zlib.crc32(module.encode(errors="surrogatepass")) % count
