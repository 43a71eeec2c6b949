"""What another store has, brought here but not let in: the objects lie in a folder of their own until they are known."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pygit2

from pybridge.errors import ExchangeFailed
from pybridge.store.exchange.remotes import REFSPECS, Access, Address, plain_git
from pybridge.store.layout import FETCHED, QUARANTINE
from pybridge.store.objects.loose import read_with_care
from pybridge.store.refs import Refs
from pybridge.store.repository import refuse_damaged_packs, sync_folder

_REMOTE = "other"


class Download:
    """The refs of another store, and what this one lacks of what they lead to."""

    def __init__(self, folder: Path, into: Refs) -> None:
        self._folder = folder
        self._into = into.folder
        self.repository = read_with_care(pygit2.Repository(str(folder)))
        """Sees the objects of both."""

    def targets(self) -> Mapping[str, pygit2.Oid]:
        """Return what the other store's refs name, by their names there."""
        found: dict[str, pygit2.Oid] = {}
        for ref in self.repository.listall_references():
            if ref.startswith(FETCHED):
                found["refs/" + ref.removeprefix(FETCHED)] = self.repository.lookup_reference(ref).resolve().target
        return found

    def let_in(self) -> None:
        """Move the objects into the store, packs before their indexes; under the lock, so that nobody collects them."""
        packs = self._into / "objects" / "pack"
        for ending in (".pack", ".idx"):
            for file in sorted((self._folder / "objects" / "pack").glob(f"*{ending}")):
                if not (packs / file.name).exists():
                    file.replace(packs / file.name)
        for file in sorted((self._folder / "objects").glob("??/*")):
            place = self._into / "objects" / file.parent.name / file.name
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                file.replace(place)
                sync_folder(place.parent)
        sync_folder(packs)
        sync_folder(packs.parent)


@contextmanager
def download(refs: Refs, address: Address) -> Iterator[Download]:
    """Fetch all of another store that this one lacks, for as long as the block lasts.

    Raises:
        ExchangeFailed: it cannot be reached, or is no git repository.
        OSError: the disk refuses.
    """
    folder = Path(tempfile.mkdtemp(prefix=QUARANTINE, dir=refs.folder / "objects"))
    try:
        repository = pygit2.init_repository(str(folder), bare=True)
        (folder / "objects" / "info").mkdir(exist_ok=True)
        (folder / "objects" / "info" / "alternates").write_text(f"{(refs.folder / 'objects').absolute()}\n")
        repository.free()
        _tell_refs(refs, folder)
        repository = pygit2.Repository(str(folder))
        specs = [f"+{one}:{one.replace('refs/', FETCHED, 1)}" for one in REFSPECS]
        remote = repository.remotes.create(_REMOTE, address.url, specs[0])
        repository.config[f"remote.{_REMOTE}.tagOpt"] = "--no-tags"
        remote = repository.remotes[_REMOTE]
        try:
            if address.folder is not None:
                refuse_damaged_packs(address.folder)
            remote.fetch(specs, callbacks=Access())
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise ExchangeFailed(refs.path, address.shown, str(error), hint=plain_git(refs, address.shown)) from error
        repository.free()
        yield Download(folder, refs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell_refs(refs: Refs, folder: Path) -> None:
    """Let the other side know what is here already, so that only the rest is sent."""
    lines = ["# pack-refs with: sorted"]
    for ref in refs.names("refs/"):
        target = refs.target(ref)
        if target is not None and not ref.startswith(FETCHED):
            lines.append(f"{target} {ref}")
    (folder / "packed-refs").write_text("\n".join(lines) + "\n")
