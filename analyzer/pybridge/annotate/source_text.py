"""A source file's bytes as text whose every character is kept, and positions in it."""

import codecs
import io
import re
import tokenize

import msgspec

_BOM = codecs.BOM_UTF8
_LINE_END = re.compile(r"\r\n?|\n")


class SourceText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a file, with what it takes to make bytes of it again."""

    text: str
    """With its own line ends, without a byte order mark."""
    encoding: str
    has_mark: bool

    def encode(self, text: str) -> bytes:
        """Make bytes of a changed text.

        Raises:
            UnicodeEncodeError: the file's encoding lacks a character.
        """
        return (_BOM if self.has_mark else b"") + text.encode(self.encoding)


def read_text(data: bytes) -> SourceText:
    """Decode a file as Python would.

    Raises:
        SyntaxError: the encoding is unknown.
        ValueError: the bytes are not in it, or decoding and encoding does not give them back.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    has_mark = data.startswith(_BOM)
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    found = SourceText(
        text=data.removeprefix(_BOM if has_mark else b"").decode(encoding), encoding=encoding, has_mark=has_mark
    )
    if found.encode(found.text) != data:
        message = f"{encoding} does not give back the bytes of the file"
        raise ValueError(message)
    return found


class Lines:
    """Line numbers (from 1) and columns (from 0, in characters) as offsets, whatever ends the lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = [found.end() for found in _LINE_END.finditer(text)]
        self._starts = [0, *ends]
        first = _LINE_END.search(text)
        self.line_end = first[0] if first else "\n"
        """What ends the first line, and so the new ones."""

    def offset(self, line: int, column: int) -> int:
        """Offset of a place."""
        return self._starts[line - 1] + column

    def start(self, line: int) -> int:
        """Offset of the first character of a line; the end of the text for a line after the last."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self.text)

    def indentation(self, line: int) -> str:
        """Blanks at the start of a line."""
        text = self.text[self.start(line) : self.start(line + 1)]
        return text[: len(text) - len(text.lstrip(" \t\f"))]
