"""The project's own files, as the rules of the house read them."""

import ast
import shutil
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ANALYZER = ROOT / "analyzer"
PYBRIDGE = ANALYZER / "pybridge"
GENERATED = ("_pb2.py", "_pb2_grpc.py")


@cache
def python_files(folder: Path) -> tuple[Path, ...]:
    """All handwritten Python files below a folder, sorted."""
    return tuple(sorted(file for file in folder.rglob("*.py") if not file.name.endswith(GENERATED)))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


@cache
def text_files_in_git() -> tuple[tuple[str, str], ...]:
    """Path and text of every text file that git keeps; skips the test outside a checkout."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in listing.decode().split("\0"):
        file = ROOT / name
        if not name or not file.is_file() or file.is_symlink():
            continue
        try:
            found.append((name, file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


def comments(file: Path) -> Iterator[tuple[int, str]]:
    """Every comment of a file with its line."""
    with file.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def place(file: Path) -> str:
    """A file as the tables of exceptions name it, ``extract/pool.py``."""
    return file.relative_to(PYBRIDGE).as_posix()


def imported_modules(file: Path) -> Iterator[str]:
    """Every module that a file imports anywhere, ``from a import b`` as both ``a`` and ``a.b``."""
    for node in ast.walk(tree(file)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{name.name}" for name in names)
            case _:
                pass


def dotted_names(file: Path) -> Iterator[str]:
    """Every name and dotted name that a file uses, ``os.environ`` and ``os`` both; names it imports count as well."""
    yield from imported_modules(file)
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute | ast.Name) and (name := _dotted(node)):
            yield name


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            before = _dotted(value)
            return f"{before}.{name}" if before else ""
        case _:
            return ""
