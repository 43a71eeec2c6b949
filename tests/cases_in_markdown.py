"""Case files: Markdown in which a ``## title`` holds a ``python`` block and the ``api`` block that it must become."""

import re
from pathlib import Path

import msgspec

CASES = Path(__file__).parent / "cases"
_SECTION = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One section of a case file."""

    title: str
    source: str
    expected: str

    @property
    def module(self) -> str:
        """Name of the module that holds the source."""
        return re.sub(r"[^a-z0-9]+", "_", self.title.lower()).strip("_")


def cases(room: str) -> dict[str, tuple[Case, ...]]:
    """Read every case file of a room, by file name."""
    return {path.stem: _read(path) for path in sorted((CASES / room).glob("*.md"))}


def _read(path: Path) -> tuple[Case, ...]:
    found = []
    for section in _SECTION.finditer(path.read_text()):
        blocks = {one["language"]: one["text"] for one in _BLOCK.finditer(section["body"])}
        found.append(Case(title=section["title"], source=blocks["python"], expected=blocks["api"]))
    return tuple(found)
