"""A damaged store looked at without what would end the process: packs whose index is damaged."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pygit2

from pybridge.store.care.hashing import indexes
from pybridge.store.objects.index import PackIndex
from pybridge.store.objects.loose import read_with_care

_LOOSE, _PACKED = 2, 1
"""Priorities, as libgit2 has them."""


@contextmanager
def sound_packs(repository: pygit2.Repository) -> Iterator[pygit2.Repository]:
    """Read a repository without the packs whose index is not intact, for as long as the block lasts.

    Raises:
        OSError: there are such packs, and no folder can be made to list the others in.
    """
    sound: list[Path] = []
    found = indexes(Path(repository.path))
    for path in found:
        with suppress(OSError):
            sound.append(PackIndex(path).path)
    if len(sound) == len(found):
        yield read_with_care(repository)
        return
    with tempfile.TemporaryDirectory(prefix="pybridge-") as folder:
        packs = Path(folder, "pack")
        packs.mkdir()
        for path in sound:
            for file in (path, path.with_suffix(".pack")):
                (packs / file.name).symlink_to(file.absolute())
        odb = pygit2.Odb()
        odb.add_backend(pygit2.OdbBackendLoose(str(Path(repository.path, "objects")), 0, False), _LOOSE)  # noqa: FBT003 - pygit2's signature
        odb.add_backend(pygit2.OdbBackendPack(folder), _PACKED)
        repository.set_odb(odb)
        yield read_with_care(repository)
