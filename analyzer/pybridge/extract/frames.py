"""What parent and child say to each other, in frames."""

import msgspec

from pybridge.extract.file import Parser
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind


class Settings(msgspec.Struct, frozen=True, array_like=True):
    """The first frame to a child."""

    python_version: tuple[int, int]
    memory_bytes: int
    """Limit of its address space; 0 for none."""


class Job(msgspec.Struct, frozen=True, array_like=True):
    """One file to read."""

    module: ModuleName
    kind: FileKind
    is_package: bool
    path: str
    parser: Parser
    data: bytes
