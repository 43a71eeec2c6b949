"""Small libraries, installed in a folder as pip does it."""

from collections.abc import Mapping
from pathlib import Path

SHELF = {
    "shelf/__init__.py": (
        '"""Keeps things."""\n'
        "from shelf._store import Box, fetch as get\n"
        "from shelf.colours import Colour\n"
        '__all__ = ["Box", "Colour", "get", "LIMIT"]\n'
        "LIMIT: int = 3\n"
    ),
    "shelf/_store.py": (
        "from collections.abc import Iterator\n\n"
        "class Base:\n"
        "    tag: str = 'none'\n\n"
        "    def close(self) -> None:\n"
        '        """Close it."""\n\n'
        "    @property\n"
        "    def size(self) -> int:\n"
        "        return 1\n\n"
        "class Box(Base):\n"
        '    """A box."""\n\n'
        "    class Lid:\n"
        "        def open(self) -> bool: ...\n\n"
        "    def __init__(self, width: int, *, name: str = 'box') -> None: ...\n\n"
        "    def items(self) -> Iterator[str]:\n"
        "        yield ''\n\n"
        "def fetch(name: str, default=None) -> Box: ...\n"
    ),
    "shelf/colours.py": "import enum\n\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2\n",
    "shelf/py.typed": "",
}
"""A library with a bit of everything; tests that change it take a copy."""


def install(site: Path, name: str, files: Mapping[str, str | bytes], *, version: str = "1.0") -> Path:
    """Write files and the metadata of their distribution; gives the folder back."""
    for relative, text in files.items():
        path = site / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    metadata = site / f"{name}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (metadata / "RECORD").write_text("".join(f"{relative},,\n" for relative in files))
    return site
