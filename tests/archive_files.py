"""Wheels and sdists, written as build tools write them."""

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Files = Mapping[str, str | bytes]


def wheel(folder: Path, name: str, files: Files, *, version: str = "1.0", record: Files | None = None) -> Path:
    """Write a wheel; gives its path. ``record`` has rows of RECORD that tell otherwise, without the path."""
    info = f"{name}-{version}.dist-info"
    members = {path: _bytes(text) for path, text in files.items()}
    members[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    members[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    rows = {path: recorded(data) for path, data in members.items()} | {f"{info}/RECORD": ","}
    rows |= {path: str(row) for path, row in (record or {}).items()}
    members[f"{info}/RECORD"] = "".join(f"{path},{row}\n" for path, row in rows.items() if row).encode()
    place = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return place


def recorded(data: bytes) -> str:
    """What RECORD says of a file, after its path."""
    value = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={value},{len(data)}"


def sdist(
    folder: Path,
    name: str,
    files: Files,
    *,
    version: str = "1.0",
    top: str | None = None,
    packed: Literal["gz", "bz2", "xz"] = "gz",
) -> Path:
    """Write an sdist; gives its path. ``top`` is the folder that everything is in, empty for none."""
    place = folder / f"{name}-{version}.tar.{packed}"
    prefix = f"{name}-{version}/" if top is None else f"{top}/" if top else ""
    with open_tar(place, packed) as archive:
        for path, text in {**files, "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}.items():
            info = tarfile.TarInfo(prefix + path)
            info.size = len(_bytes(text))
            archive.addfile(info, io.BytesIO(_bytes(text)))
    return place


def open_tar(place: Path, packed: Literal["gz", "bz2", "xz"]) -> tarfile.TarFile:
    """Begin a compressed tar file."""
    match packed:
        case "gz":
            return tarfile.open(place, "w:gz")
        case "bz2":
            return tarfile.open(place, "w:bz2")
        case "xz":
            return tarfile.open(place, "w:xz")


def source_zip(folder: Path, name: str, files: Files) -> Path:
    """Write the zip file of a source tree; gives its path."""
    place = folder / f"{name}.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, _bytes(text))
    return place


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
