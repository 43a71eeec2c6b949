"""Environments and projects on disk, as small as can be."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a fresh folder, by relative path; give the folder."""

    def write_files(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            place = tmp_path / "place" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return tmp_path / "place"

    return write_files


@pytest.fixture
def install(write: Write) -> Callable[..., Path]:
    """Install a distribution of empty modules into the one environment of the test."""

    def install_files(name: str, *modules: str, version: str = "1.0", **metadata: str) -> Path:
        folder = f"{name}-{version}.dist-info"
        record = "".join(f"{one},,\n" for one in (*modules, f"{folder}/METADATA", f"{folder}/RECORD"))
        return write(
            {
                **dict.fromkeys(modules, ""),
                f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: no header\n",
                f"{folder}/RECORD": record,
                **{f"{folder}/{key.replace('__', '.')}": text for key, text in metadata.items()},
            }
        )

    return install_files
