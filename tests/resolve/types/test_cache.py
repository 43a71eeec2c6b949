"""What the engine keeps between runs: one library must not cost the next what both need."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from pybridge.resolve.types import TypeAnswers

FOLLOWING = {"lib.py": "from typing_extensions import deprecated\n@deprecated('x')\ndef f() -> int: ...\n"}


def test_following_what_typeshed_has_leaves_the_kept_standard_library_valid(
    ask: Callable[..., TypeAnswers], tmp_path: Path
) -> None:
    ask({"first.py": "import typing_extensions, collections\n"}, cache_dir=tmp_path)
    before = _written(tmp_path)

    answers = ask(FOLLOWING, follow=("typing_extensions",), cache_dir=tmp_path)

    assert answers.diagnostics == ()
    assert {name: state for name, state in _written(tmp_path).items() if name in before} == before


def _written(cache: Path) -> dict[str, float]:
    """When each part of mypy's cache was written."""
    found: dict[str, float] = {}
    for path in cache.rglob("*.db"):
        with sqlite3.connect(path) as database:
            found.update(database.execute("SELECT path, mtime FROM files2 WHERE path NOT LIKE '@%'").fetchall())
    return found
