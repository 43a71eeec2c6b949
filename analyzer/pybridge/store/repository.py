"""The bare git repository under the store: made whole or not at all, opened with care, its failures explained."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygit2
from pygit2.enums import ConfigLevel, RepositoryOpenFlag

from pybridge.errors import StoreError
from pybridge.store.layout import JOURNAL, LIBRARIES, PLACES_SUFFIX
from pybridge.store.objects.index import DamagedPack, check_offsets
from pybridge.store.objects.loose import read_with_care

FORMAT = 1
_FORMAT_KEY = "pybridge.format"
_CONNECT_TIMEOUT_MS = 30_000
_SILENCE_TIMEOUT_MS = 120_000
_HINTS = {
    errno.EACCES: "check that you may read and write it, or name another folder with --store DIR or PYBRIDGE_STORE",
    errno.EPERM: "check that you may read and write it, or name another folder with --store DIR or PYBRIDGE_STORE",
    errno.EROFS: "the file system is read-only: name a writable folder with --store DIR or PYBRIDGE_STORE",
    errno.ENOSPC: "free some space; what was stored before is intact",
    errno.EDQUOT: "free some space; what was stored before is intact",
}


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn what git and the disk raise into `StoreError`."""
    try:
        yield
    except StoreError:
        raise
    except KeyError as error:
        reason = f"object {error.args[0] if error.args else '?'} is missing"
        raise StoreError(path, reason, hint="`pybridge store verify` tells what is damaged") from error
    except (pygit2.GitError, OSError, ValueError) as error:
        raise StoreError(path, str(error), hint=_hint(error)) from error


def open_repository(path: Path, *, create: bool) -> pygit2.Repository:
    """Open the store's repository, or make it when there is none and ``create`` allows.

    Raises:
        StoreError: it is something else, cannot be made or read, or has packs that must not be looked at.
    """
    _settle_libgit2()
    with explaining(path):
        if not _is_there(path):
            if not create:
                raise _missing(path)
            _make(path)
        repository = open_as_it_is(path)
        refuse_damaged_packs(path)
        return read_with_care(repository)


def refuse_damaged_packs(path: Path) -> None:
    """Make sure that libgit2 may look at the packs of a bare repository.

    Raises:
        StoreError: an index leads outside its pack.
    """
    for index in sorted((path / "objects" / "pack").glob("*.idx")):
        try:
            check_offsets(index)
        except FileNotFoundError:
            pass  # collected meanwhile
        except DamagedPack as error:
            again = f"`git --git-dir={path} index-pack objects/pack/{index.stem}.pack` writes it anew"
            hint = f"`pybridge store verify` tells what is damaged; {again}"
            raise StoreError(path, str(error), hint=hint) from error


def _settle_libgit2() -> None:
    """Make libgit2 durable, and blind to whoever runs it: no home folder or machine-wide setting has a say.

    Ownership is not asked: it guards against repositories found by searching upwards, and a store is always named.
    """
    pygit2.settings.enable_fsync_gitdir(True)  # noqa: FBT003 # pygit2's signature
    pygit2.settings.owner_validation = False
    pygit2.settings.server_connect_timeout = _CONNECT_TIMEOUT_MS
    pygit2.settings.server_timeout = _SILENCE_TIMEOUT_MS
    for level in (ConfigLevel.PROGRAMDATA, ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
        pygit2.settings.search_path[level] = ""


def _is_there(path: Path) -> bool:
    """Tell whether anything stands at the path; an empty folder may become the store."""
    if path.is_dir():
        return any(path.iterdir())
    return path.exists() or path.is_symlink()


def _make(path: Path) -> None:
    """Make the repository beside its place and move it there, so that nobody sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        repository = pygit2.init_repository(
            draft, bare=True, initial_head=JOURNAL.removeprefix("refs/heads/"), description="Snapshots of PyBridge\n"
        )
        repository.config[_FORMAT_KEY] = FORMAT
        (draft / "info").mkdir(exist_ok=True)
        (draft / "info" / "attributes").write_text(f"*{PLACES_SUFFIX} -diff\n", encoding="ascii")
        repository.free()
        # mkdtemp's folder is private; a store is as open as the umask made its own subfolders.
        draft.chmod((draft / "objects").stat().st_mode & 0o777)
        _move(draft, path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _move(draft: Path, path: Path) -> None:
    try:
        draft.rename(path)
    except OSError as error:
        # Another process was faster: its repository is as good as ours.
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
    else:
        sync_folder(path.parent)


def write_durably(path: Path, data: bytes, *, draft_prefix: str = "tmp_obj_", mode: int = 0o644) -> None:
    """Write a file that nobody sees before it is whole and on disk; git removes the drafts of a crash."""
    descriptor, draft = tempfile.mkstemp(prefix=draft_prefix, dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(draft).chmod(mode)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def sync_file(path: Path) -> None:
    """Put a file's content on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Put the names of a folder's files on disk, where the system can."""
    if os.name != "posix":
        return
    sync_file(path)


def adopt(path: Path) -> None:
    """Make a store of a bare git repository that holds nothing yet; one that is a store already stays as it is.

    Raises:
        StoreError: it is no bare repository, or holds something else.
    """
    with explaining(path):
        repository = _bare(path)
        if _FORMAT_KEY not in repository.config and not any(repository.listall_references()):
            # Not through libgit2: the lock of a process that dies at it would stay in everybody's way.
            config = Path(repository.path, "config")
            section, name = _FORMAT_KEY.split(".")
            write_durably(config, config.read_bytes() + f"\n[{section}]\n\t{name} = {FORMAT}\n".encode())
        open_as_it_is(path)


def open_as_it_is(path: Path) -> pygit2.Repository:
    """Open a repository that may be damaged in any way.

    Raises:
        StoreError: it is no store, or of a newer format.
    """
    if not _is_there(path):
        raise _missing(path)
    repository = _bare(path)
    found = repository.config.get_int(_FORMAT_KEY) if _FORMAT_KEY in repository.config else None
    if found is None and not _is_copy(repository):
        raise StoreError(path, "is a git repository of something else")
    if found is not None and found > FORMAT:
        raise StoreError(path, f"has format {found}, newer than this pybridge reads", hint="upgrade pybridge")
    return repository


def _missing(path: Path) -> StoreError:
    return StoreError(path, "does not exist", hint="run `pybridge discover LIBRARY` first")


def _bare(path: Path) -> pygit2.Repository:
    _settle_libgit2()
    try:
        return pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH | RepositoryOpenFlag.BARE)
    except pygit2.GitError as error:
        if _hint(error) is not None:
            raise
        raise StoreError(path, "is not a store: something else is there") from error


def _is_copy(repository: pygit2.Repository) -> bool:
    """Tell whether a repository without our mark is a clone of a store: a clone does not copy the configuration."""
    return any(name.startswith(LIBRARIES) for name in repository.listall_references())


def _hint(error: BaseException) -> str | None:
    """Find the next step; libgit2 passes the system's error on as text only."""
    for number, hint in _HINTS.items():
        if (isinstance(error, OSError) and error.errno == number) or os.strerror(number) in str(error):
            return hint
    return None
