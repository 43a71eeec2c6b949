"""What Python code can see of a Cython source, written as a stub: names, parameters, defaults and documentation.

A scanner, not a parser: it reads the headers of ``def``, ``cpdef`` and ``class`` at the top level and in classes, each
on the line where it stands, and leaves out everything else. C types are left out as well: what they take and give as
Python objects is Cython's rule and not written there. Whatever the input holds, the result is nothing but such headers.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from keyword import iskeyword

MAX_LINE = 2_000
"""Longer lines are data; nobody writes a header so long."""
MAX_HEADER = 20_000
MAX_PARAMETERS = 250

_HIDDEN = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*(?:""")?'
    r"|'''(?:[^\\']|\\.|'(?!''))*(?:''')?"
    r'|"(?:[^\\"\n]|\\.)*"?'
    r"|'(?:[^\\'\n]|\\.)*'?"
    r"|\#[^\n]*",
    re.DOTALL,
)
"""Strings and remarks. What is never closed goes on to the end, so that no text is gone over twice."""
_FUNCTION = re.compile(r"([ ]*)(?:(?:(async)[ ]+)?def[ ]+|cpdef[ ]+(?:[\w.*\[\],:=]+[ ]+)*?)([A-Za-z_]\w*)[ ]*\(")
_CLASS = re.compile(r"([ ]*)(?:cdef[ ]+(?:(?:public|api)[ ]+)?)?class[ ]+([A-Za-z_]\w*)[ ]*(\(|\[|:)")
_DECORATOR = re.compile(r"([ ]*)@(staticmethod|classmethod|property|[A-Za-z_]\w*\.(?:setter|deleter))[ ]*$")
_INTERNAL = re.compile(r"[ ]*@(?:cython\.)?internal[ ]*$")
_DOCUMENTATION = re.compile(r"[ ]*[rRuU]?(\"\"\"|'''|\"|')")
_LAST_NAME = re.compile(r"([A-Za-z_]\w*)\s*$")
_ABSENCE = re.compile(r"\b(?:not|or)\s+None\s*$")
_BASE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$")
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$")
_TEXT = re.compile(r"[bBrRuU]{0,2}(?:\"[^\"\\\n]*\"|'[^'\\\n]*')$")
_OWN = frozenset({"__dealloc__", "__richcmp__", "__getbuffer__", "__releasebuffer__"})
_OPENING, _CLOSING = "([{", ")]}"


def stub_of_cython(text: str) -> str:
    """Write a stub of a Cython source, line by line; a text without headers gives one without statements."""
    return _Scanner(text).stub()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(8)
        self._masked = _HIDDEN.sub(_blank, self._text)
        self._lines = self._masked.split("\n")
        self._starts = list(_line_starts(self._lines))
        self._inside = frozenset(self._lines_inside_strings())
        self._out = [""] * len(self._lines)
        self._open: list[tuple[int, str, int]] = []
        """Blocks around the line: their indentation, what they are (``class``, ``def`` or ``other``), and their line."""
        self._empty: set[int] = set()
        """Lines of classes without a statement yet."""
        self._decorators: list[tuple[int, str]] = []
        self._is_internal = False
        """True after ``@cython.internal``: the class that follows is no attribute of the module."""

    def stub(self) -> str:
        """Go over the lines once."""
        line = self._documentation(0, "")
        while line < len(self._lines):
            line = self._statement(line)
        for number in self._empty:
            self._out[number] += " ..."
        return "\n".join(self._out) + "\n"

    def _statement(self, line: int) -> int:
        """Read the statement that starts on a line; gives the line after it."""
        code = self._lines[line]
        if not code.strip() or len(code) > MAX_LINE or line in self._inside:
            return line + 1
        indent = len(code) - len(code.lstrip(" "))
        while self._open and self._open[-1][0] >= indent:
            self._open.pop()
        is_seen = self._open[-1][1] == "class" if self._open else indent == 0
        decorator = _DECORATOR.match(code)
        if decorator is not None and is_seen:
            self._decorators.append((line, f"{' ' * indent}@{decorator[2]}"))
            return line + 1
        function, owner = (_FUNCTION.match(code), _CLASS.match(code)) if is_seen else (None, None)
        if function is not None:
            return self._function(line, function)
        if owner is not None:
            return self._class(line, owner)
        if not code.lstrip().startswith("@"):
            self._decorators.clear()
            self._is_internal = False
        elif _INTERNAL.match(code):
            self._is_internal = True
        return self._other(line, indent)

    def _function(self, line: int, header: re.Match[str]) -> int:
        indent, name = len(header[1]), header[3]
        end = self._end_of_brackets(self._starts[line] + header.end() - 1)
        if end is None:
            return line + 1
        parameters = _parameters(
            self._text[self._starts[line] + header.end() : end], self._masked[self._starts[line] + header.end() : end]
        )
        last = self._line_of(end)
        colon = self._masked.find(":", end, self._starts[last] + len(self._lines[last]) + 1)
        decorators, self._decorators = self._decorators, []
        self._is_internal = False
        is_visible = self._is_visible(name)
        is_told = parameters is not None and colon >= 0 and is_visible and not iskeyword(name)
        if is_told:
            self._fill()
        self._open.append((indent, "def", line))
        if parameters is None or not is_told:
            return last + 1
        for at, text in decorators:
            self._out[at] = text
        name = "__init__" if name == "__cinit__" else name
        words = "async def" if header[2] else "def"
        self._out[line] = f"{' ' * indent}{words} {name}({', '.join(parameters)}):"
        has_body_below = not self._masked[colon + 1 : self._line_end(last)].strip()
        after = self._documentation(last + 1, " " * (indent + 4)) if has_body_below else last + 1
        if after == last + 1:
            self._out[line] += " ..."
        return after

    def _is_visible(self, name: str) -> bool:
        """Some special methods are Cython's own; ``__cinit__`` is what a class is called with."""
        if name in _OWN:
            return False
        return name != "__cinit__" or (bool(self._open) and self._open[-1][1] == "class")

    def _class(self, line: int, header: re.Match[str]) -> int:
        indent, start = len(header[1]), self._starts[line] + header.end() - 1
        bases: list[str] = []
        end = start
        if header[3] != ":":
            closing = self._end_of_brackets(start)
            if closing is None:
                return line + 1
            if header[3] == "(":
                pieces = [piece.strip() for piece in self._masked[start + 1 : closing].split(",")]
                bases = [piece for piece in pieces if _BASE.match(piece)]
            end = closing
        last = self._line_of(end)
        self._decorators.clear()
        is_internal, self._is_internal = self._is_internal, False
        if is_internal or self._masked.find(":", end, self._line_end(last)) < 0:
            # Nobody sees it, or it is declared ahead of its definition.
            self._open.append((indent, "other", line))
            return last + 1
        self._fill()
        of = f"({', '.join(bases)})" if bases else ""
        self._out[line] = f"{' ' * indent}class {header[2]}{of}:"
        self._open.append((indent, "class", line))
        after = self._documentation(last + 1, " " * (indent + 4))
        if after == last + 1:
            self._empty.add(line)
        return after

    def _other(self, line: int, indent: int) -> int:
        """Pass over a statement that is left out, with the lines that its brackets hold."""
        depth = 0
        last = line
        for last in range(line, len(self._lines)):
            depth += sum(self._lines[last].count(one) for one in _OPENING)
            depth -= sum(self._lines[last].count(one) for one in _CLOSING)
            if depth <= 0 and not self._lines[last].rstrip().endswith("\\"):
                break
        if self._lines[last].rstrip().endswith(":"):
            self._open.append((indent, "other", line))
        return last + 1

    def _documentation(self, line: int, indent: str) -> int:
        """Copy the string that documents what stands before; gives the line after it, or the line where none is."""
        first = line
        while line < len(self._lines) and not self._text_line(line).split("#")[0].strip():
            line += 1
        if line >= len(self._lines) or not (found := _DOCUMENTATION.match(self._text_line(line))):
            return first
        start = self._starts[line] + found.start(1)
        hidden = _HIDDEN.match(self._text, start)
        if hidden is None or self._masked[hidden.end() : self._line_end(self._line_of(hidden.end()))].strip():
            return first
        last = self._line_of(hidden.end())
        prefix = self._text_line(line)[: found.start(1)].strip()
        pieces = hidden[0].split("\n")
        self._out[line] = f"{indent}{prefix}{pieces[0]}"
        self._out[line + 1 : last + 1] = pieces[1:]
        return last + 1

    def _fill(self) -> None:
        """Note that the class around has a statement."""
        if self._open:
            self._empty.discard(self._open[-1][2])

    def _lines_inside_strings(self) -> Iterator[int]:
        """Lines that begin in a string."""
        for found in _HIDDEN.finditer(self._text):
            if "\n" in found[0]:
                yield from range(self._line_of(found.start()) + 1, self._line_of(found.end() - 1) + 1)

    def _end_of_brackets(self, start: int) -> int | None:
        """Where the bracket that opens at a place is closed; None where it is not, within reason."""
        depth = 0
        for at in range(start, min(start + MAX_HEADER, len(self._masked))):
            letter = self._masked[at]
            if letter in _OPENING:
                depth += 1
            elif letter in _CLOSING:
                depth -= 1
                if depth == 0:
                    return at
        return None

    def _line_of(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def _line_end(self, line: int) -> int:
        return self._starts[line] + len(self._lines[line])

    def _text_line(self, line: int) -> str:
        return self._text[self._starts[line] : self._line_end(line)]


def _blank(found: re.Match[str]) -> str:
    """Hide what a string or a remark says; quotes and line ends stay."""
    text = found[0]
    if text.startswith("#"):
        return " " * len(text)
    return "".join(letter if letter == "\n" else "_" for letter in text)


def _line_starts(lines: list[str]) -> Iterator[int]:
    at = 0
    for line in lines:
        yield at
        at += len(line) + 1


def _parameters(text: str, masked: str) -> list[str] | None:
    """Write parameters as Python does; None where one cannot be read."""
    pieces = list(_pieces(text, masked))
    if len(pieces) > MAX_PARAMETERS:
        return None
    written: list[str] = []
    names: set[str] = set()
    for piece, hidden in pieces:
        one = _parameter(piece, hidden)
        if one is None:
            return None
        name = one.lstrip("*").partition("=")[0].strip()
        if name and name in names:
            return None
        names.add(name)
        written.append(one)
    return written


def _pieces(text: str, masked: str) -> Iterator[tuple[str, str]]:
    """Split at the commas that are inside of nothing."""
    depth = start = 0
    for at, letter in enumerate(masked):
        if letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth -= 1
        elif letter == "," and depth == 0:
            yield text[start:at], masked[start:at]
            start = at + 1
    if masked[start:].strip():
        yield text[start:], masked[start:]


def _parameter(text: str, masked: str) -> str | None:
    stripped = masked.strip()
    if stripped in {"*", "/"}:
        return stripped
    left, equals = _declaration(masked)
    default = text[len(left) + 1 :].strip() if equals else ""
    stars = re.match(r"\s*(\*{0,2})", left)
    declared = _ABSENCE.sub("", left.partition(":")[0] if "[" not in left.partition(":")[0] else left)
    name = _LAST_NAME.search(declared)
    if name is None or iskeyword(name[1]):
        return None
    if stars is not None and stars[1]:
        return f"{stars[1]}{name[1]}"
    return f"{name[1]}={_default(default)}" if equals else name[1]


def _declaration(masked: str) -> tuple[str, bool]:
    """What stands before the ``=`` that is inside of nothing, and whether there is one."""
    depth = 0
    for at, letter in enumerate(masked):
        if letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth -= 1
        elif letter == "=" and depth == 0:
            return masked[:at], True
    return masked, False


def _default(text: str) -> str:
    """Keep a default that is a constant or a name; of any other only that there is one."""
    if text in {"[]", "{}", "()"} or _NUMBER.match(text) or _TEXT.match(text) or (_BASE.match(text) and text != "NULL"):
        return text
    return "..."
