"""An sdist, or any archive of a source tree, becomes a `SourceTree`. Nothing of it is built."""

import msgspec

from pybridge.model.source import SourceTree
from pybridge.source.archive.gathering import Gathering
from pybridge.source.files import MemoryFiles
from pybridge.source.tree import read_files


def sdist_tree(gathering: Gathering, *, name: str | None, include_tests: bool) -> SourceTree:
    """Read the members of an sdist: below its one folder where it has one, as a project on disk is read.

    Raises:
        DistributionNotFound: there is no package in it, or none of the library that was asked for.
    """
    outermost = MemoryFiles.of(gathering.archive, gathering.members)
    top = _top(outermost)
    tree = read_files(outermost.below(top), name=name, include_tests=include_tests)
    told = (*tree.diagnostics, *gathering.diagnostics(outermost.told))
    return msgspec.structs.replace(tree, diagnostics=told)


def _top(files: MemoryFiles) -> str:
    """Find the folder that everything is in; empty where there is none, or several."""
    entries = files.entries()
    return entries[0].name if len(entries) == 1 and entries[0].is_folder else ""
