"""Archives written byte by byte, so that they may lie: a zip file, a tar file, and the wheel and sdist made of them."""

import gzip
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from archive_files import recorded
from hostile.writing import HEALTHY

WHEEL, SDIST, ZIP = "hostile-1.0-py3-none-any.whl", "hostile-1.0.tar.gz", "hostile-1.0.zip"
PACKAGE = {"hostile/__init__.py": b'"""Hostile."""\n', "hostile/healthy.py": HEALTHY.encode()}
_METADATA = b"Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n"
_INFO = "hostile-1.0.dist-info"
_UTF8, _REGULAR = 0x800, 0o100644


class ArchiveCase(NamedTuple):
    """One hostile archive."""

    name: str
    """Of the file."""
    write: Callable[[Path], object]
    refuses: str = ""
    """What the one error says, where the archive as a whole is refused; empty where it is described."""
    tells: tuple[str, ...] = ()
    """Codes of diagnostics and reasons of skips, all of which must appear, and no others."""
    is_complete: bool = True
    """False where a module is lost: the run ends with 3."""


ARCHIVES: dict[str, ArchiveCase] = {}


def archive(
    name: str, *, refuses: str = "", tells: tuple[str, ...] = (), is_complete: bool = True
) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Register the function below, which writes the file, under its own name."""

    def register(write: Callable[[Path], object]) -> Callable[[Path], object]:
        ARCHIVES[write.__name__] = ArchiveCase(name, write, refuses, tells, is_complete)
        return write

    return register


class RawZip:
    """A zip file, member by member; what a header says may be given apart from what is true."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.central: list[bytes] = []

    def add(self, name: str | bytes, data: bytes = b"", **lies: object) -> None:
        """Write a member.

        ``lies``: of the directory ``mode``, ``method``, ``flags``, ``crc``, ``size``, ``packed``, ``offset``, ``extra``; of
        the local header the same with ``local_`` before, and ``local_name``; ``raw`` for its bytes as they are stored.
        """
        raw_name = name if isinstance(name, bytes) else name.encode()
        method = lies.get("method", 8)
        raw = lies.get("raw")
        if raw is None:
            raw = zlib.compress(data, 9, -15) if method == 8 else data
        true = {"flags": _UTF8, "method": method, "crc": zlib.crc32(data), "packed": len(raw), "size": len(data)}
        told = true | {key: lies[key] for key in true if key in lies}
        local = told | {key: lies[f"local_{key}"] for key in true if f"local_{key}" in lies}
        local_name = lies.get("local_name", raw_name)
        extra = lies.get("extra", b"")
        offset = lies.get("offset", len(self.body))
        if "offset" not in lies:
            sizes = (local["crc"], local["packed"], local["size"], len(local_name), len(extra))
            self.body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, local["flags"], local["method"], 0, 33, *sizes)
            self.body += local_name + extra + raw
        sizes = (told["crc"], told["packed"], told["size"], len(raw_name), len(extra), 0, 0, 0)
        outer = (lies.get("mode", _REGULAR) << 16, offset)
        head = struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 3 << 8 | 20, 20, told["flags"], told["method"], 0, 33, *sizes, *outer
        )
        self.central.append(head + raw_name + extra)

    def write(self, path: Path, *, prefix: bytes = b"", comment: bytes = b"", count: int | None = None) -> None:
        """Finish the file."""
        directory = b"".join(self.central)
        number = len(self.central) if count is None else count
        large = b""
        if len(self.central) > 0xFFFE:
            sizes = (number, number, len(directory), len(self.body))
            large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *sizes)
            large += struct.pack("<4sLQL", b"PK\6\7", 0, len(self.body) + len(directory), 1)
            number = 0xFFFF
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, len(directory), len(self.body), len(comment))
        path.write_bytes(prefix + self.body + directory + large + end + comment)


class RawWheel(RawZip):
    """A wheel of the package with its healthy module, and whatever is added."""

    def __init__(self, info: str = _INFO) -> None:
        super().__init__()
        self._info = info
        self._rows: dict[str, str] = {}
        for name, data in PACKAGE.items():
            self.add(name, data)

    def add(self, name: str | bytes, data: bytes = b"", *, is_recorded: bool = True, **lies: object) -> None:
        """Write a member and its row of RECORD."""
        super().add(name, data, **lies)
        if is_recorded:
            self._rows[name if isinstance(name, str) else name.decode("latin-1")] = recorded(data)

    def write(self, path: Path, *, rows: Mapping[str, str] | None = None, **lies: object) -> None:
        """Finish the file; ``rows`` are what RECORD says otherwise, after each path."""
        self.add(f"{self._info}/METADATA", _METADATA)
        text = "".join(f'"{name}",{row}\n' for name, row in {**self._rows, **(rows or {})}.items())
        super().add(f"{self._info}/RECORD", text.encode())
        super().write(path, **lies)


class RawTar:
    """A compressed tar file, block by block, with everything in one folder."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.add("PKG-INFO", _METADATA)
        for name, data in PACKAGE.items():
            self.add(name, data)

    def add(
        self, name: str | bytes, data: bytes = b"", *, kind: bytes = b"0", top: str = "hostile-1.0/", **lies: object
    ) -> None:
        """Write a member; ``lies`` are ``size``, ``link``, ``checksum``, ``magic``."""
        raw = name if isinstance(name, bytes) else (top + name).encode()
        size = lies.get("size", len(data))
        header = bytearray(512)
        fields = ((0, raw[:100]), (100, b"0000644\0"), (108, b"0000000\0"), (116, b"0000000\0"))
        fields += ((124, size if isinstance(size, bytes) else b"%011o\0" % size), (136, b"00000000000\0"))
        fields += ((148, b" " * 8), (156, kind), (157, lies.get("link", b"")), (257, lies.get("magic", b"ustar\x0000")))
        for place, text in fields:
            header[place : place + len(text)] = text
        header[148:156] = b"%06o\0 " % (sum(header) + lies.get("checksum", 0))
        self.body += header + data + bytes(-len(data) % 512)

    def pax(self, *records: tuple[str | bytes, str | bytes], kind: bytes = b"x") -> None:
        """Write an extended header for the next member."""
        lines = b""
        for key, value in records:
            line = b" %s=%s\n" % tuple(one if isinstance(one, bytes) else one.encode() for one in (key, value))
            length = len(line)
            while length != len(line) + len(str(length)):
                length = len(line) + len(str(length))
            lines += str(length).encode() + line
        self.add(b"pax", lines, kind=kind)

    def write(self, path: Path, *, after: bytes = b"", packed_after: bytes = b"") -> None:
        """Finish the file."""
        path.write_bytes(gzip.compress(bytes(self.body) + bytes(1024) + after, 6, mtime=0) + packed_after)
