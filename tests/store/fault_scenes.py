"""What happens to a store while its process is killed, or its disk refuses: each scene is one change, ready to be made."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pygit2

from pybridge.codec import encode_library
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.source import Place, SourceMap
from pybridge.protocols import Silent
from pybridge.store.care.collect import collect
from pybridge.store.exchange.fetch import fetch
from pybridge.store.exchange.push import push
from pybridge.store.snapshots import Edit, SnapshotStore
from pybridge.store.tags import set_tag
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
BIG = library("big", *(f"big.m{number:03}" for number in range(70)), version="1", docstring="text " * 20)
SMALL = [library("small", version=str(number), docstring=str(number)) for number in range(4)]
NEVER = float(2**40)


def places_of(descriptor: LibraryDescriptor, line: int) -> SourceMap:
    return SourceMap(
        places={SymbolPath(f"{one.name}:f"): Place(path=f"{one.name}.py", line=line) for one in descriptor.modules},
        digests={},
    )


def edited_big() -> LibraryDescriptor:
    module = Module(name=ModuleName("big.m007"), docstring="edited")
    return msgspec.structs.replace(BIG, version="2", modules=(*BIG.modules[:7], module, *BIG.modules[8:]))


def save(store: SnapshotStore, descriptor: LibraryDescriptor, hours: int = 0, edit: Edit | None = None) -> None:
    store.save_encoded(
        encode_library(descriptor),
        saved_at=NOON + timedelta(hours=hours),
        tool=TOOL,
        source_map=places_of(descriptor, hours + 1),
        edit=edit,
    )


def seed(folder: Path) -> None:
    """Make what the scenes begin with: a store with histories, a pack, loose objects and garbage, and another store."""
    store = SnapshotStore.open(folder / "store.git")
    save(store, SMALL[0])
    save(store, BIG, 1)
    save(store, SMALL[1], 2)
    set_tag(store, "small", name="stable", revision="0")
    pygit2.Repository(str(store.path)).create_blob(b"garbage")
    shutil.copytree(folder / "store.git", folder / "other.git")
    other = SnapshotStore.open(folder / "other.git")
    save(other, SMALL[2], 3)
    save(other, library("theirs", version="1"), 4)
    set_tag(other, "theirs")
    save(store, library("ours", version="1"), 5)
    pygit2.init_repository(str(folder / "empty.git"), bare=True)


def scene_fresh(folder: Path) -> None:
    save(SnapshotStore.open(folder / "new.git"), SMALL[0])


def scene_small(folder: Path) -> None:
    save(SnapshotStore.open(folder / "store.git"), SMALL[3], 9)


def scene_pack(folder: Path) -> None:
    save(SnapshotStore.open(folder / "store.git"), msgspec.structs.replace(BIG, name="huge"), 9)


def scene_edit(folder: Path) -> None:
    edit = Edit(before=encode_library(BIG).digest, modules=frozenset({ModuleName("big.m007")}))
    save(SnapshotStore.open(folder / "store.git"), edited_big(), 9, edit)


def scene_tag(folder: Path) -> None:
    set_tag(SnapshotStore.open(folder / "store.git"), "small", name="stable", revision="1", may_move=True)


def scene_collect(folder: Path) -> None:
    collect(SnapshotStore.open(folder / "store.git"), young_since_seconds=NEVER, progress=Silent())


def scene_fetch(folder: Path) -> None:
    store = SnapshotStore.open(folder / "store.git")
    save(store, SMALL[3], 9)
    fetch(store, str(folder / "other.git"), Silent())


def scene_push(folder: Path) -> None:
    push(SnapshotStore.open(folder / "other.git"), str(folder / "store.git"), Silent())


def scene_push_to_empty(folder: Path) -> None:
    push(SnapshotStore.open(folder / "store.git"), str(folder / "empty.git"), Silent())


def scene_forget(folder: Path) -> None:
    SnapshotStore.open(folder / "store.git").forget("small")


SCENES: dict[str, Callable[[Path], None]] = {
    name.removeprefix("scene_"): made for name, made in sorted(globals().items()) if name.startswith("scene_")
}
