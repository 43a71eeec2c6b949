"""`OpenedSnapshot`: a stored descriptor of which only what is asked for is read."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from pybridge.codec import EncodedLibrary, decode, put_together
from pybridge.errors import DecodeError, StoreError
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import ModuleName
from pybridge.model.snapshot import Snapshot
from pybridge.model.source import SourceMap
from pybridge.store.layout import FILES_BLOB, LIBRARY_BLOB, MODULES, PLACES, PLACES_SUFFIX, SUFFIX, module_at
from pybridge.store.trees import read_places

Read = Callable[[str], bytes]
"""Reads a blob by its id; raises `StoreError`."""
Paths = Mapping[tuple[str, ...], str]
"""Ids of all blobs of a tree, by path."""
T = TypeVar("T")


class StoredModules(Mapping[ModuleName, Module]):
    """The modules of a snapshot, sorted by name; each is read when it is first asked for, and then kept."""

    def __init__(self, blobs: Mapping[ModuleName, str], read: Callable[[str, type[Module]], Module]) -> None:
        self._blobs = blobs
        self._read = read
        self._known: dict[ModuleName, Module] = {}

    def __getitem__(self, name: ModuleName) -> Module:
        """Read a module.

        Raises:
            KeyError: there is none of that name.
            StoreError: its blob is damaged, or is not a module.
        """
        if name not in self._known:
            self._known[name] = self._read(self._blobs[name], Module)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._blobs

    def __iter__(self) -> Iterator[ModuleName]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)


class OpenedSnapshot:
    """A snapshot of the store, to be read in parts.

    That the objects are what the commit names, git's own ids make sure of, read by read; that the commit names the
    descriptor which its digest belongs to, only `encoded` and `descriptor` can tell, which read all of it.
    """

    def __init__(self, snapshot: Snapshot, paths: Paths, read: Read, *, store: Path) -> None:
        """Read the header.

        Raises:
            StoreError: it is damaged or missing.
        """
        self.snapshot = snapshot
        self._paths = paths
        self._read = read
        self._store = store
        if (LIBRARY_BLOB,) not in paths:
            raise self._error(f"{LIBRARY_BLOB} is missing")
        self.header = self._decoded(paths[LIBRARY_BLOB,], LibraryDescriptor)
        """All but the modules."""
        self.blobs: Mapping[ModuleName, str] = dict(sorted(self._named(MODULES, SUFFIX).items()))
        """The git ids of the modules' blobs, sorted by name: of two snapshots, modules with equal ids are equal."""
        self.modules = StoredModules(self.blobs, self._decoded)

    def encoded(self) -> EncodedLibrary:
        """Read the whole as canonical bytes, and make sure that it is the descriptor that was stored.

        Raises:
            StoreError: an object is damaged, is not a descriptor, or not the one that the commit names.
        """
        library = put_together(self.header, {name: self._compact(blob) for name, blob in self.blobs.items()})
        if library.digest != self.snapshot.digest:
            raise self._error("it does not hold the descriptor that it names")
        return library

    def descriptor(self) -> LibraryDescriptor:
        """Read the whole descriptor, and make sure that it is the one that was stored.

        Raises:
            StoreError: an object is damaged, is not a descriptor, or not the one that the commit names.
        """
        modules = tuple(self._noun(data, Module) for data in self.encoded().modules.values())
        return msgspec.structs.replace(self.header, modules=modules)

    def places(self) -> SourceMap | None:
        """Read where everything is written, as it was when the snapshot was made; None where it was stored without.

        Raises:
            StoreError: an object is damaged, or says something else.
        """
        blobs = {name: self._read(blob) for name, blob in self._named(PLACES, PLACES_SUFFIX).items()}
        rest = self._paths.get((FILES_BLOB,))
        if not blobs and rest is None:
            return None
        try:
            return read_places(blobs, None if rest is None else self._read(rest))
        except DecodeError as error:
            raise self._error(error.reason) from error

    def _named(self, folder: str, suffix: str) -> dict[ModuleName, str]:
        names: dict[ModuleName, str] = {}
        for path, blob in self._paths.items():
            if path[0] == folder and path[-1].endswith(suffix):
                name = self._name((*path[1:-1], path[-1].removesuffix(suffix) + SUFFIX))
                if name is not None:
                    names[name] = blob
        return names

    def _name(self, path: tuple[str, ...]) -> ModuleName | None:
        """Tell which module has its blob there; where that cannot be read off the path, the blob says it."""
        name = module_at(path)
        if name is None and (MODULES, *path) in self._paths:
            return self._decoded(self._paths[MODULES, *path], _Named).name
        return name

    def _decoded(self, blob: str, noun: type[T]) -> T:
        return self._noun(self._read(blob), noun)

    def _noun(self, data: bytes, noun: type[T]) -> T:
        try:
            return decode(data, noun)
        except DecodeError as error:
            raise self._error(error.message) from error

    def _compact(self, blob: str) -> bytes:
        """Undo `format_pretty`, which put nothing but white space in."""
        try:
            return msgspec.json.format(self._read(blob), indent=-1)
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._error(str(error)) from error

    def _error(self, reason: str) -> StoreError:
        again = f"`pybridge discover {self.snapshot.library}` describes anew"
        hint = f"`pybridge store verify` tells what is damaged; {again}"
        return StoreError(self._store, f"commit {self.snapshot.commit}: {reason}", hint=hint)


class _Named(msgspec.Struct, frozen=True):
    name: ModuleName
