"""What an environment says about code elsewhere: ``.pth`` files, ``.egg-link``s and ``direct_url.json``, as text only."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from pybridge.source.reading import read_metadata

_MAX_PATH_FILES = 200
_MAX_LINES = 1_000


class _DirectoryOrigin(msgspec.Struct):
    editable: bool = False


class _DirectUrl(msgspec.Struct):
    """The part of PEP 610 that matters here."""

    url: str
    dir_info: _DirectoryOrigin | None = None


def added_paths(site_packages: Path) -> tuple[Path, ...]:
    """Folders that the ``.pth`` files of an environment add, in order, without duplicates.

    Lines that begin with ``import``, which Python would run, are ignored; so are folders that do not exist.
    """
    found: dict[Path, None] = {}
    for path_file in sorted(_names(site_packages, ".pth"))[:_MAX_PATH_FILES]:
        for line in (read_metadata(site_packages / path_file) or "").splitlines()[:_MAX_LINES]:
            if (folder := _folder(line, site_packages)) is not None:
                found[folder] = None
    return tuple(found)


def linked_projects(site_packages: Path) -> dict[str, Path]:
    """Projects that ``pip install -e`` of old linked, by the name of their ``.egg-link``."""
    found: dict[str, Path] = {}
    for name in sorted(_names(site_packages, ".egg-link"))[:_MAX_PATH_FILES]:
        first = (read_metadata(site_packages / name) or "").partition("\n")[0]
        if (folder := _folder(first, site_packages)) is not None:
            found[name.removesuffix(".egg-link")] = folder
    return found


def editable_project(metadata_folder: Path) -> Path | None:
    """Folder of the project that an editable install points at; None for an ordinary one."""
    text = read_metadata(metadata_folder / "direct_url.json")
    if text is None:
        return None
    try:
        origin = msgspec.json.decode(text, type=_DirectUrl)
        address = urlsplit(origin.url)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    if origin.dir_info is None or not origin.dir_info.editable or address.scheme != "file":
        return None
    return _folder(unquote(address.path), metadata_folder)


def _folder(line: str, beside: Path) -> Path | None:
    """Read a line as a folder, relative ones beside the file; None when it is none."""
    text = line.strip()
    if not text or text.startswith(("#", "import ", "import\t")) or "\0" in text:
        return None
    try:
        folder = Path(os.path.normpath(beside / text))
        return folder if folder.is_dir() else None
    except OSError:
        return None


def _names(folder: Path, suffix: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [one.name for one in entries if one.name.endswith(suffix) and not one.name.startswith(".")]
    except OSError:
        return []
