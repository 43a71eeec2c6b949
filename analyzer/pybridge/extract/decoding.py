"""Bytes of a source file become text, by the rules of Python's own tokenizer; what cannot is one `Diagnostic`."""

import codecs
import re

from pybridge.extract.text import TOKEN
from pybridge.model.diagnostic import Diagnostic, Severity

MAX_BRACKET_DEPTH = 200
"""CPython's own limit (``MAXLEVEL`` of its tokenizer): deeper code is not Python, and parsers may overflow on it."""

_BOM = codecs.BOM_UTF8
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_PAIRS = (b"()", b"[]", b"{}")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"()[]{}"))
_TEXT_ENCODINGS = re.compile(
    r"ascii|utf-8|latin[-_]?1|iso8859-\d{1,2}|cp\d{3,4}|koi8-[rut]|mac-(?:roman|cyrillic|greek|latin2|turkish|iceland)"
    r"|shift_jis(?:_2004|x0213)?|euc_(?:jp|jis_2004|jisx0213|kr)|gb2312|gbk|gb18030|big5(?:hkscs)?|johab|tis-620|ptcp154"
)
"""Canonical codec names that are plain text encodings: no bombs (zlib) and no escapes that make lone surrogates."""


def decode(data: bytes, path: str) -> str | Diagnostic:
    """Read a file's bytes as Python would: byte order mark, PEP 263 cookie, UTF-8 otherwise, all line ends as LF.

    A `Diagnostic` (``bad-encoding`` or ``syntax-error``) stands for a file that is not Python text, or nests its
    brackets deeper than Python allows.
    """
    encoding = _encoding(data, path)
    if isinstance(encoding, Diagnostic):
        return encoding
    body = data.removeprefix(_BOM)
    try:
        text = body.decode(encoding)
        text.encode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return _bad_encoding(path, f"not valid {encoding}: {error.reason}", line=line)
    except UnicodeError as error:
        return _bad_encoding(path, f"not valid {encoding}: {error}")
    if (position := text.find("\0")) >= 0:
        return syntax_error(path, "source contains a NUL character", line=text.count("\n", 0, position) + 1)
    if bracket_depth(body) > MAX_BRACKET_DEPTH and exact_bracket_depth(text) > MAX_BRACKET_DEPTH:
        return syntax_error(path, f"brackets are nested more than {MAX_BRACKET_DEPTH} deep")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def bracket_depth(data: bytes) -> int:
    """Estimate how deep brackets nest, cheaply: never less than it is, up to three times more, in code without strings.

    Pairs are erased from the inside out, at the speed of ``bytes.replace``; more than `MAX_BRACKET_DEPTH` rounds are
    not made. Brackets in strings and comments disturb the count in either way.
    """
    brackets = data.translate(None, _NOT_BRACKETS)
    depth = 0
    while depth <= MAX_BRACKET_DEPTH:
        length = len(brackets)
        for pair in _PAIRS:
            inner = brackets.replace(pair, b"")
            depth += len(inner) < len(brackets)
            brackets = inner
        if len(brackets) == length:
            return depth + max((len(run) for run in re.findall(rb"[(\[{]+", brackets)), default=0)
    return depth


def exact_bracket_depth(text: str) -> int:
    """Count how deep brackets nest outside of strings and comments."""
    depth = deepest = 0
    for token in TOKEN.finditer(text):
        if token[0] in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in ")]}":
            depth = max(depth - 1, 0)
    return deepest


def syntax_error(path: str, message: str, *, line: int | None = None, column: int | None = None) -> Diagnostic:
    """Tell that a file is not Python; ``line`` and ``column`` count from 1."""
    return Diagnostic(
        code="syntax-error", severity=Severity.WARNING, message=message, path=path, line=line, column=column
    )


def _encoding(data: bytes, path: str) -> str | Diagnostic:
    """Name the codec of a file, or say why there is none."""
    has_bom = data.startswith(_BOM)
    cookie = _cookie(data.removeprefix(_BOM))
    if cookie is None:
        return "utf-8"
    asked = cookie.decode("ascii", "replace")
    try:
        name = codecs.lookup(asked).name
    except (LookupError, ValueError):
        return _bad_encoding(path, f"unknown encoding {asked[:40]!r}", line=1)
    if name == "utf-8-sig":
        name = "utf-8"
    if not _TEXT_ENCODINGS.fullmatch(name):
        return _bad_encoding(path, f"encoding {asked[:40]!r} is not one for source text", line=1)
    if has_bom and name != "utf-8":
        return _bad_encoding(path, f"the byte order mark says utf-8, the cookie {asked[:40]!r}", line=1)
    return name


def _cookie(body: bytes) -> bytes | None:
    lines = _LINE_END.split(body[:4096], maxsplit=2)
    if found := _COOKIE.match(lines[0]):
        return found[1]
    if len(lines) == 1 or not _BLANK.match(lines[0]):
        return None
    return found[1] if (found := _COOKIE.match(lines[1])) else None


def _bad_encoding(path: str, message: str, *, line: int | None = None) -> Diagnostic:
    return Diagnostic(code="bad-encoding", severity=Severity.WARNING, message=message, path=path, line=line)
