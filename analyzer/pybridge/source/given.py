"""What a path holds that a person gives: a folder of source, a module, a wheel or an sdist."""

from pathlib import Path

import msgspec

from pybridge.errors import SourceUnreadable
from pybridge.model.source import SourceTree
from pybridge.source.find import environment_of
from pybridge.source.path_files import added_paths
from pybridge.source.tree import read_tree

_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


def is_archive(path: Path) -> bool:
    """Tell by its name whether a file is an archive that can be read."""
    return path.name.endswith(_ARCHIVES) and path.is_file()


def read_given(
    path: Path, *, name: str | None = None, include_tests: bool = False, neighbours: Path | None = None
) -> SourceTree:
    """Read whatever lies at a path; ``neighbours`` is an environment where other packages may be found.

    Raises:
        ArchiveRefused: an archive cannot be trusted, or is none.
        DistributionNotFound: there is no package in it, or none of that name.
        SourceUnreadable: there is nothing at ``path``, or it may not be read.
    """
    if is_archive(path):
        from pybridge.source.archive import read_archive  # noqa: PLC0415 - few libraries are read from one

        tree = read_archive(path, name=name, include_tests=include_tests)
    else:
        tree = read_tree(path, name=name, include_tests=include_tests)
    return with_neighbours(tree, neighbours)


def is_environment(folder: Path) -> bool:
    """Tell a folder of installed libraries, or the virtual environment that has it, from one of source."""
    if environment_of(folder) != folder:
        return True
    return folder.name == "site-packages" or any(folder.glob("*.dist-info"))


def with_neighbours(tree: SourceTree, neighbours: Path | None) -> SourceTree:
    """Let a tree see the packages of an environment; None for none.

    Raises:
        SourceUnreadable: there is no such folder.
    """
    if neighbours is None:
        return tree
    folder = environment_of(neighbours)
    if not folder.is_dir():
        raise SourceUnreadable(neighbours, "no such folder")
    paths = (*tree.search_paths, folder, *added_paths(folder))
    return msgspec.structs.replace(tree, search_paths=tuple(dict.fromkeys(paths)))
