"""What parent and child say to each other, in frames."""

from typing import TypeAlias

import msgspec

from pybridge.extract.file import Parser
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind


class Settings(msgspec.Struct, frozen=True, array_like=True):
    """The first frame to a child."""

    python_version: tuple[int, int]
    memory_bytes: int
    """Limit of its address space; 0 for none."""
    others: tuple[tuple[int, int], ...] = ()
    """Ends of pipes for children of its own, which are to read instead of it; none where it reads itself."""


class Ready(msgspec.Struct, frozen=True, array_like=True):
    """The first frame from a child: it has loaded all that it needs."""

    pid: int


class Job(msgspec.Struct, frozen=True, array_like=True, tag="job"):
    """One file to read."""

    module: ModuleName
    kind: FileKind
    is_package: bool
    path: str
    parser: Parser
    data: bytes


class SentOn(msgspec.Struct, frozen=True, array_like=True, tag="on"):
    """There are no more files; the child may have something else to do, whose papers lie in a folder."""

    folder: str


Work: TypeAlias = Job | SentOn
