"""What a word on the command line names: `origin_of`."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pybridge.errors import SideUnclear, SourceUnreadable

_GIT = "git:"
_DESCRIPTOR_SUFFIX = ".json"
_LIBRARY = re.compile(r"[A-Za-z_][\w.-]*")
_FILE_SUFFIXES = (".json", ".whl", ".gz", ".tgz", ".zip", ".py", ".pyi")
_FORMS = "LIBRARY, LIBRARY@REF of the store, a folder, a wheel, an sdist, a descriptor .json, FOLDER@REV or git:REV"


class Stored(msgspec.Struct, frozen=True):
    """A snapshot of the store."""

    library: str
    revision: str | None
    """None for the newest."""


class Exported(msgspec.Struct, frozen=True):
    """A descriptor file."""

    path: Path


class Sources(msgspec.Struct, frozen=True):
    """A folder, a module or an archive."""

    path: Path


class Revision(msgspec.Struct, frozen=True):
    """A git revision."""

    folder: Path
    """In the repository's work tree, or the repository itself."""
    revision: str
    subfolder: str | None


class Installed(msgspec.Struct, frozen=True):
    """A library of the environment."""

    name: str


Origin = Stored | Exported | Sources | Revision | Installed


def origin_of(text: str, *, repository: Path | None = None) -> Origin:
    """Read a word; what exists as a path is a path, whatever else it might be.

    ``repository`` is where ``git:REV`` looks, None for the current folder.

    Raises:
        SideUnclear: it has none of the forms.
        SourceUnreadable: it can only be a path, and there is nothing at it.
    """
    if text.startswith(_GIT):
        return _revision(repository or Path(), text.removeprefix(_GIT), text)
    path = Path(text)
    if text and path.exists():
        is_descriptor = path.name.endswith(_DESCRIPTOR_SUFFIX) and path.is_file()
        return Exported(path) if is_descriptor else Sources(path)
    for head, tail in _splits(text):
        if Path(head).is_dir():
            return _revision(Path(head), tail, text)
    head, at, tail = text.partition("@")
    if _LIBRARY.fullmatch(head) and at:
        return Stored(head, tail or None)
    if "/" in text or "\\" in text or text.endswith(_FILE_SUFFIXES):
        raise SourceUnreadable(path, "no such file or folder")
    if _LIBRARY.fullmatch(text):
        return Installed(text)
    raise SideUnclear(text, "nothing that can be compared has such a name", hint=f"name {_FORMS}")


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Every way to cut at an ``@``: folders and revisions may both hold one."""
    for found in re.finditer("@", text):
        if found.start():
            yield text[: found.start()], text[found.end() :]


def _revision(folder: Path, text: str, whole: str) -> Revision:
    revision, _, subfolder = text.partition(":")
    if not revision:
        raise SideUnclear(whole, "no revision is named", hint="name a tag, a branch or a commit, or latest-tag")
    return Revision(folder, revision, subfolder or None)
