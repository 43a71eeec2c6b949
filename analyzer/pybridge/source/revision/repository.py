"""The user's own repository, opened to be looked at."""

from pathlib import Path

import pygit2
from pygit2.enums import ConfigLevel

from pybridge.errors import RevisionNotFound


def open_repository(folder: Path) -> pygit2.Repository:
    """Open the repository that a folder is in. Whoever owns it: nothing of it runs, so there is nothing to fear.

    Raises:
        RevisionNotFound: it is in none.
    """
    _care()
    try:
        found = pygit2.discover_repository(str(folder))
        if found is not None:
            return pygit2.Repository(found)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise RevisionNotFound(folder, None, str(error)) from error
    raise RevisionNotFound(folder, None, "it is in no git repository")


def prefix_of(repository: pygit2.Repository, folder: Path) -> str:
    """Path of a folder in its repository's tree; empty for the top, and for a repository without a work tree."""
    if repository.workdir is None:
        return ""
    top, place = Path(repository.workdir).resolve(), folder.resolve()
    if place.is_relative_to(Path(repository.path).resolve()) or not place.is_relative_to(top):
        return ""
    relative = place.relative_to(top).as_posix()
    return "" if relative == "." else relative


def is_shallow(repository: pygit2.Repository) -> bool:
    """Tell whether a part of the history is missing on purpose."""
    return bool(repository.is_shallow)


def _care() -> None:
    """Leave out what is configured outside of the repository, and do not ask who owns it."""
    pygit2.settings.owner_validation = False
    for level in (ConfigLevel.PROGRAMDATA, ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
        pygit2.settings.search_path[level] = ""
