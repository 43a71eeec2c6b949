"""The only place that writes what a run produced: whole files or none, inside the output folder only."""

import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pybridge.errors import OutputRefused
from pybridge.model.plan import GeneratedFile


def write_file(path: Path, data: bytes) -> bool:
    """Replace a file in one step; tell whether its content changed. A link stays one: the file that it leads to is replaced.

    Raises:
        OutputRefused: the folder cannot be made, the file cannot be written, or something else has its name.
    """
    try:
        if path.exists() and not path.is_file():
            raise OutputRefused(path, "it is not a regular file")
        path = path.resolve()
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            _write_synced(temporary, data)
            if path.is_file():
                shutil.copymode(path, temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputRefused(path, "a file stands where a folder should be") from error
    except OSError as error:
        raise OutputRefused(path, error.strerror or str(error)) from error
    return True


def write_all(root: Path, files: Sequence[GeneratedFile]) -> tuple[str, ...]:
    """Write generated files below a folder; return the paths of those that changed, sorted.

    Raises:
        OutputRefused: a path would leave the folder, or cannot be written.
    """
    targets = [(inside(root, one.path), one) for one in files]
    return tuple(sorted(one.path for path, one in targets if write_file(path, one.text.encode())))


def delete_file(root: Path, relative: str) -> bool:
    """Delete a file below a folder, and the folders that are empty then; tell whether it was there.

    Raises:
        OutputRefused: the path would leave the folder, or the file cannot be deleted.
    """
    path = inside(root, relative)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputRefused(path, error.strerror or str(error)) from error
    for folder in path.parents:
        if folder == root:
            break
        try:
            folder.rmdir()
        except OSError:
            break
    return True


def append_text(path: Path, text: str) -> None:
    """Add to the end of a file that others add to as well.

    Raises:
        OutputRefused: it cannot be written.
    """
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        raise OutputRefused(path, error.strerror or str(error)) from error


def inside(root: Path, relative: str) -> Path:
    """Join a relative path to its root, refusing what would lead outside, also through links."""
    parts = PurePosixPath(relative).parts
    if not parts or PurePosixPath(relative).is_absolute() or ".." in parts:
        raise OutputRefused(root / relative, "the path leaves the output folder")
    path = root.joinpath(*parts)
    anchor = root.resolve()
    if not path.parent.resolve().is_relative_to(anchor) or path.is_symlink():
        raise OutputRefused(path, "a link leads outside the output folder")
    return path


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
