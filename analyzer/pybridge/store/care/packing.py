"""Everything that is in use, in one pack: many snapshots of a library differ in little, and git keeps the differences."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pygit2

from pybridge.errors import StoreError
from pybridge.store.objects.index import PackIndex, check_pack
from pybridge.store.repository import sync_file, sync_folder

_DRAFT = "tmp_gc_"


def pack_anew(repository: pygit2.Repository, path: Path, used: Iterable[bytes]) -> PackIndex:
    """Write objects as one pack with differences, durably, and make sure of it; what was there before stays.

    Raises:
        StoreError: the pack does not hold what it should.
        KeyError: an object is missing.
        OSError: the disk refuses.
    """
    objects = Path(repository.path, "objects")
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=objects))
    wanted = sorted(used)
    try:
        builder = pygit2.PackBuilder(repository)
        builder.set_threads(1)
        for raw in wanted:
            builder.add(pygit2.Oid(raw=raw))
        builder.write(str(draft))
        (written,) = draft.glob("*.idx")
        index = PackIndex(written)
        check_pack(index)
        if list(index) != wanted:
            raise StoreError(path, "the new pack does not hold what it should; nothing was deleted")
        for file in (index.pack, written):
            file.chmod(0o444)
            sync_file(file)
            file.replace(objects / "pack" / file.name)
        sync_folder(objects / "pack")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return PackIndex(objects / "pack" / written.name)
