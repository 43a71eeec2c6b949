"""Git objects gathered in memory, then put on disk at once.

Thousands of loose objects mean thousands of fsyncs; many objects become one pack instead, few stay loose so that packs
do not pile up. Either way an object has its final name only after its bytes are on disk.
"""

from collections.abc import Iterator
from pathlib import Path

import pygit2
from pygit2.enums import FileMode, ObjectType

from pybridge.store.loose import read_with_care
from pybridge.store.pack import write_pack

MAX_LOOSE_OBJECTS = 64
Tree = dict[str, "bytes | pygit2.Oid | Tree"]
"""Names to the bytes of a blob, an object that exists, or a tree."""


class _Memory(pygit2.OdbBackend):  # type: ignore[misc] # pygit2 is not followed (pyproject.toml)
    """The objects that are not on disk yet, in the order they were made: children before parents."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[pygit2.Oid, tuple[int, bytes]] = {}

    def read_cb(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        return self.objects[oid]

    def read_header_cb(self, oid: pygit2.Oid) -> tuple[int, int]:
        kind, data = self.objects[oid]
        return kind, len(data)

    def read_prefix_cb(self, oid: pygit2.Oid) -> tuple[int, bytes, pygit2.Oid]:
        raise KeyError(oid)

    def exists_cb(self, oid: pygit2.Oid) -> bool:
        return oid in self.objects

    def exists_prefix_cb(self, oid: pygit2.Oid) -> pygit2.Oid:
        raise KeyError(oid)

    def write_cb(self, oid: pygit2.Oid, data: bytes, kind: int) -> None:
        self.objects[oid] = (kind, bytes(data))

    def refresh_cb(self) -> None:
        """There is nothing to look for again."""

    def __iter__(self) -> Iterator[pygit2.Oid]:
        return iter(self.objects)


class Staging:
    """A view of the repository that keeps what is written to it in memory until `flush`."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._disk = pygit2.Repository(repository.path)
        self._memory = _Memory()
        self._view = read_with_care(pygit2.Repository(repository.path))
        self._view.odb.add_backend(self._memory, 1000)

    def write_tree(self, tree: Tree) -> pygit2.Oid:
        """Write a tree and all below it; deep ones cost no recursion deeper than a module's name."""
        builder = self._view.TreeBuilder()
        for name, entry in sorted(tree.items()):
            match entry:
                case bytes():
                    builder.insert(name, self._view.create_blob(entry), FileMode.BLOB)
                case dict():
                    builder.insert(name, self.write_tree(entry), FileMode.TREE)
                case _:
                    builder.insert(name, entry, FileMode.TREE)
        return builder.write()

    def replace_in_tree(self, root: pygit2.Oid | None, path: tuple[str, ...], tree: pygit2.Oid) -> pygit2.Oid:
        """Put a tree at a path of another tree, None being the empty one, and leave the rest as it is."""
        if not path:
            return tree
        first, *rest = path
        held = None if root is None else self._view[root]
        below = held[first].id if held is not None and first in held else None
        builder = self._view.TreeBuilder() if held is None else self._view.TreeBuilder(held)
        builder.insert(first, self.replace_in_tree(below, tuple(rest), tree), FileMode.TREE)
        return builder.write()

    def replace_blob(self, root: pygit2.Oid, path: tuple[str, ...], data: bytes) -> pygit2.Oid:
        """Put a blob at a path of a tree, and leave the rest as it is."""
        first, *rest = path
        held = self._view[root]
        builder = self._view.TreeBuilder(held)
        if rest:
            below = held[first].id if first in held else self._view.TreeBuilder().write()
            builder.insert(first, self.replace_blob(below, tuple(rest), data), FileMode.TREE)
        else:
            builder.insert(first, self._view.create_blob(data), FileMode.BLOB)
        return builder.write()

    def remove_from_tree(self, root: pygit2.Oid, name: str) -> pygit2.Oid:
        """Leave an entry out of a tree."""
        builder = self._view.TreeBuilder(self._view[root])
        builder.remove(name)
        return builder.write()

    def write_commit(
        self, signature: pygit2.Signature, message: str, tree: pygit2.Oid, parents: list[pygit2.Oid]
    ) -> pygit2.Oid:
        """Write a commit that no ref leads to yet."""
        return self._view.create_commit(None, signature, signature, message, tree, parents)

    def flush(self) -> None:
        """Put everything on disk, durably; before this nothing of it can be seen by others."""
        objects = self._memory.objects
        if len(objects) <= MAX_LOOSE_OBJECTS:
            for kind, data in objects.values():
                self._disk.odb.write(ObjectType(kind), data)
        else:
            write_pack(Path(self._disk.path, "objects", "pack"), objects)
        objects.clear()
