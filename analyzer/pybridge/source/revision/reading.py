"""The way from a repository and the name of a revision to a `SourceTree`."""

from pathlib import Path

import msgspec
import pygit2

from pybridge.errors import RevisionNotFound
from pybridge.model.source import SourceTree
from pybridge.source.revision.files import GitFiles
from pybridge.source.revision.naming import find_commit, version_of
from pybridge.source.revision.repository import open_repository, prefix_of
from pybridge.source.tree import read_files


class GivenRevision(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that was found."""

    folder: Path
    """As it was given."""
    text: str
    """What it was called."""
    commit: str
    tree: str
    """Id of the commit's tree: the same id, the same files."""
    prefix: str
    """The folder in it that is read; empty for all of it."""
    version: str | None
    """Of the tags at the commit; None where none names a version."""


def locate_revision(folder: Path, text: str, subfolder: str | None = None) -> GivenRevision:
    """Find a revision, read nothing of it yet; see `find_commit` for what ``text`` may be.

    A ``folder`` below the top of its work tree stands for the same folder in the revision.

    Raises:
        RevisionNotFound: there is no such repository or revision.
    """
    repository = open_repository(folder)
    commit = find_commit(repository, text, folder)
    prefix = "/".join(part for part in (prefix_of(repository, folder), _cleaned(subfolder or "")) if part)
    return GivenRevision(
        folder=folder,
        text=text,
        commit=str(commit.id),
        tree=str(commit.tree_id),
        prefix=prefix,
        version=version_of(repository, commit),
    )


def read_revision(given: GivenRevision, *, name: str | None = None, include_tests: bool = False) -> SourceTree:
    """Read the files of a revision; they hold their bytes (`SourceFile.data`).

    A project that takes its version from git has the one that a tag gives the commit.

    Raises:
        DistributionNotFound: there is no package in it, or none of that name.
        RevisionNotFound: the revision has no such folder.
    """
    repository = open_repository(given.folder)
    commit = repository[given.commit]
    outermost = Path(repository.path).absolute() / f"@{given.commit}"
    files = GitFiles(outermost, commit.tree).below(given.prefix)
    if not files.is_folder(""):
        raise RevisionNotFound(given.folder, given.text, f"it has no folder {given.prefix!r}")
    try:
        tree = read_files(files, name=name, include_tests=include_tests)
    except pygit2.GitError as error:
        raise RevisionNotFound(given.folder, given.text, str(error)) from error
    return msgspec.structs.replace(tree, version=tree.version or given.version)


def _cleaned(subfolder: str) -> str:
    return "/".join(part for part in subfolder.replace("\\", "/").split("/") if part not in {"", "."})
