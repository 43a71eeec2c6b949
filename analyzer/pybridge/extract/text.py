"""Pieces of a source text: exact slices by line and column, closed brackets, and ``#:`` comments."""

import re
from itertools import accumulate

from pybridge.model.names import SourceText

_QUOTED = (
    r""""{3}(?:[^"\\]++|\\.|"(?!""))*+"{3}|'{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}"""
    r"""|"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+[']"""
)
_COMMENT = r"\#[^\n]*"
TOKEN = re.compile(rf"[rRbBfFuUtT]{{0,2}}(?:{_QUOTED})|{_COMMENT}|[()\[\]{{}}]", re.DOTALL)
"""A string, a comment or a bracket; everything between is of no matter to nesting."""
PROSE = re.compile(rf"{_QUOTED}|{_COMMENT}", re.DOTALL)
"""A string, without what stands before its quotes, or a comment; found much faster than a `TOKEN`."""
_CLOSING = re.compile(r"(?:\s|\\\n|\#[^\n]*\n)*\)")
_TRAILING_COMMENT = re.compile(r"[ \t]*(?:,[ \t]*)?#:[ \t]?(.*)")


class SourceLines:
    """A text whose lines end with LF only; lines count from 1, columns from 0, both in characters."""

    __slots__ = ("_starts", "has_comments", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_comments = "#:" in text
        # Without the line ends, of which there is one a line: a third of the time of adding them here.
        self._starts = list(accumulate(map(len, text.split("\n")), initial=0))

    def offset(self, line: int, column: int) -> int:
        """Position of a place in the text; places past the last line are its end."""
        return self._starts[line - 1] + line - 1 + column if line <= len(self._starts) else len(self.text)

    def line(self, number: int) -> str:
        """Text of a line, without its end."""
        return self.text[self.offset(number, 0) : self.offset(number + 1, 0) - 1]

    def cut(self, line: int, column: int, end_line: int, end_column: int) -> SourceText:
        """Text between two places."""
        return SourceText(self.text[self.offset(line, column) : self.offset(end_line, end_column)])

    def cut_closed(self, line: int, column: int, end_line: int, end_column: int) -> SourceText:
        """Text between two places, widened until every parenthesis that closes in it opens in it, and back."""
        start, end = self.offset(line, column), self.offset(end_line, end_column)
        depth = lowest = 0
        for token in TOKEN.finditer(self.text, start, end):
            if token[0] in "([{":
                depth += 1
            elif token[0] in ")]}":
                depth -= 1
                lowest = min(lowest, depth)
        for _ in range(-lowest):
            start = self._opening_before(start)
        for _ in range(depth - lowest):
            if (found := _CLOSING.match(self.text, end)) is None:
                break
            end = found.end()
        return SourceText(self.text[start:end])

    def comment_docstring(self, line: int, end_line: int, end_column: int) -> str | None:
        """Documentation in ``#:`` comments: behind a statement, or on the lines right above it."""
        if not self.has_comments:
            return None
        behind = self.offset(end_line, end_column)
        if found := _TRAILING_COMMENT.match(self.text, behind, max(behind, self.offset(end_line + 1, 0) - 1)):
            return found[1].strip()
        above: list[str] = []
        while line > 1 and (comment := self.line(line - 1).strip()).startswith("#:"):
            above.append(comment[2:].strip())
            line -= 1
        return "\n".join(reversed(above)) or None

    def continues_after(self, line: int, column: int) -> bool:
        """Tell whether the next line of code after a statement is at its indentation or deeper."""
        while (line := line + 1) <= len(self._starts) - 1:
            text = self.line(line)
            code = text.lstrip(" \t\f")
            if code and not code.startswith("#"):
                return len(text) - len(code) >= column
        return False

    def _opening_before(self, position: int) -> int:
        """Position of the ``(`` that stands before a place, over blanks and comments; the place if there is none."""
        at = position
        while at > 0:
            line_start = self.text.rfind("\n", 0, at) + 1
            before = self.text[line_start:at]
            if at != position and "#" in before:
                before = before[: before.index("#")]
            stripped = before.rstrip(" \t\f\\")
            if stripped:
                return line_start + len(stripped) - 1 if stripped.endswith("(") else position
            at = line_start - 1
        return position
