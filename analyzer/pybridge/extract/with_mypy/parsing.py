"""The seam to mypy's native parser (`ast_serialize` and `mypy.nativeparse`, private and pinned exactly).

Trees are full: bodies kept, unreachable branches kept, overloads not merged.
"""

import re
from dataclasses import dataclass

from mypy.cache import ReadBuffer, read_int
from mypy.nativeparse import State, parse_to_binary_ast, read_statements
from mypy.nodes import ParseError, Statement
from mypy.options import Options

from pybridge.extract.decoding import syntax_error
from pybridge.extract.text import PROSE
from pybridge.model.diagnostic import Diagnostic


class _NeverGrowing(int):
    """A number that adding to does not change.

    mypy merges overloads, property setters and functions under ``if`` into one node whenever a block holds at least
    two functions, and drops the branches it thinks unreachable. It counts functions in `State.num_funcs`; a count
    that never grows keeps every ``def`` where it stands. Beyond 64 bits, because mypyc unboxes smaller integers.
    """

    def __add__(self, other: int) -> "_NeverGrowing":
        return self


_DIRECTIVE = re.compile(r"(#[ \t]*(?:type|mypy)[ \t]*):")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NO_COUNT = _NeverGrowing(1 << 70)


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The nodes of a file."""

    statements: list[Statement]
    neutral: str
    """The text that was parsed: places are the file's own, but strings and names may differ (`neutralise`)."""


class NativeParser:
    """Parses texts for one Python version."""

    def __init__(self, python_version: tuple[int, int]) -> None:
        self._options = Options()
        self._options.python_version = python_version
        self._options.include_docstrings = False
        self._options.pos_only_special_methods = False

    def parse(self, text: str, path: str, *, has_foreign_names: bool = True) -> "Parsed | Diagnostic":
        """Parse a text; a `Diagnostic` (``syntax-error``) when it is not Python.

        ``has_foreign_names`` False tells that everything outside of ASCII is in strings and comments, and so cannot be
        wrong: that saves parsing such a text twice.

        Raises:
            Exception: anything, when mypy itself fails. Deeply nested input may kill the process.
        """
        neutral = neutralise(text)
        data, errors = self._serialise(neutral, path)
        if has_foreign_names and not text.isascii() and not errors:
            # An odd character in the code is an error that its substitute would hide.
            _, errors = self._serialise(text, path)
        for error in errors:
            if error.get("blocker", True):
                return _syntax_error(error, text, path)
        state = State(self._options, is_stub=path.endswith(".pyi"))
        state.num_funcs = _NO_COUNT
        buffer = ReadBuffer(data)
        statements = read_statements(state, buffer, read_int(buffer))
        for error in state.errors:
            # Other blockers are about what mypy allows in an annotation, which is not for this room to judge.
            if error["message"].startswith("Duplicate parameter"):
                return _syntax_error(error, text, path)
        return Parsed(statements=statements, neutral=neutral)

    def _serialise(self, text: str, path: str) -> tuple[bytes, list[ParseError]]:
        data, errors, _, _, _, _, _, _ = parse_to_binary_ast(path, self._options, text.encode("utf-8"))
        return data, errors


def has_foreign_names(text: str) -> bool:
    """Tell whether a character outside of ASCII stands anywhere but in strings and comments."""
    return not text.isascii() and not PROSE.sub("", text).isascii()


def neutralise(text: str) -> str:
    """Make what mypy's parser would not read plainly into something it does, character for character.

    Comments for mypy (``# type: ignore`` at the top empties the tree, ``# mypy: ignore-errors`` empties every body) lose
    their colon. Characters outside of ASCII, behind which the parser counts columns wrongly, become underscores.
    """
    if "type" in text or "mypy" in text:
        text = _DIRECTIVE.sub(r"\1_", text)
    return text if text.isascii() else _NOT_ASCII.sub("_", text)


def _syntax_error(error: ParseError, text: str, path: str) -> Diagnostic:
    line = error["line"]
    lines = text.split("\n", line)
    is_exact = line <= len(lines) and lines[line - 1].isascii()
    return syntax_error(path, error["message"], line=line, column=max(error["column"], 1) if is_exact else None)
