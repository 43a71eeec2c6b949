"""How the corpus is written down: a `Case`, the register that holds it, and the library that lies beside what is hostile."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HEALTHY = '''\
"""What must be described whatever lies beside it."""


class Box:
    """A box."""

    def __init__(self, size: int = 3) -> None:
        self.size = size


def make(size: int, *, name: str = "x") -> "Box":
    """Make a box."""
    return Box(size)
'''


class Case(NamedTuple):
    """One hostile library."""

    write: Callable[[Path], object]
    """Writes the library ``hostile`` into a folder."""
    tells: tuple[str, ...] = ()
    """Codes of diagnostics and reasons of skips, all of which must appear; empty where everything is described."""
    describes: tuple[str, ...] = ()
    """Symbols that must be described, besides those of the healthy module."""
    broken: tuple[str, ...] = ()
    """Modules that must be told as refused: each has its own diagnostic or `Skip`."""
    how: str = "--path"
    """The option that names the folder."""
    exits: tuple[int, ...] = (0,)
    has_healthy: bool = True
    """False where the library as a whole is refused."""


CASES: dict[str, Case] = {}


def case(
    *,
    tells: tuple[str, ...] = (),
    describes: tuple[str, ...] = (),
    broken: tuple[str, ...] = (),
    how: str = "--path",
    exits: tuple[int, ...] = (0,),
    has_healthy: bool = True,
) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Register the function below under its own name."""

    def register(write: Callable[[Path], object]) -> Callable[[Path], object]:
        CASES[write.__name__] = Case(write, tells, describes, broken, how, exits, has_healthy)
        return write

    return register


def package(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write the package ``hostile`` with its healthy module and these files; return its folder."""
    root = folder / "hostile"
    for name, content in {"__init__.py": '"""Hostile."""\n', "healthy.py": HEALTHY, **(files or {})}.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return root


def installed(folder: Path, metadata: dict[str, str | bytes] | None = None) -> Path:
    """Write the package as if it were installed, with this metadata beside its own; return the metadata folder."""
    package(folder)
    info = folder / "hostile-1.0.dist-info"
    info.mkdir()
    files = "hostile/__init__.py,,\nhostile/healthy.py,,\n"
    told = {"METADATA": "Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n", "RECORD": files, **(metadata or {})}
    for name, content in told.items():
        (info / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return info
