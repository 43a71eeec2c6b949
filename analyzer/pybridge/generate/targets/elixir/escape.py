"""The only place where text of a library becomes Elixir code: strings, atoms, comments, documentation.

Everything here gives `Elixir`, a string that is known to be code; the renderer refuses any other string. Names,
docstrings and literals come from strangers: whatever they hold, they stay data (CVE-2016-5641 is the precedent).
"""

import re


class Elixir(str):
    """Text that is Elixir code already.

    Text of a library becomes code in this module only; elsewhere code is made of code and of names that `naming` made.
    """

    __slots__ = ()


_BIDI = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_UNSAFE = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_BIDI}\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_PLAIN_ATOM = re.compile(r"[A-Za-z_][A-Za-z0-9_@]*[?!]?")
_OPERATORS = frozenset(
    re.findall(
        r"\S+",
        "! != !== & && &&& * ** + ++ +++ - -- --- . .. / < <- <<< <<~ <= <> <|> <~ <~> = == === =~ > >= >>> @ "
        "^ ^^^ | || ||| |> ~>> ~> :: %{} {} <<>> % -> => ... ; , //",
    )
)
_WORDS = frozenset({"nil", "true", "false"})
ATOM_LIMIT = 255
"""The most characters that the BEAM takes in an atom."""


def string(text: str) -> Elixir:
    """Write text as a string literal, on one line and in ASCII."""
    return Elixir(f'"{_escaped(text)}"')


def atom(text: str) -> Elixir:
    """Write an atom. ``nil``, ``true`` and ``false`` are the constants, as the atoms are in Elixir.

    Raises:
        ValueError: it has more than `ATOM_LIMIT` characters.
    """
    _refuse_long(text)
    if text in _WORDS:
        return Elixir(text)
    return Elixir(f":{text}" if _is_plain(text) else f':"{_escaped(text)}"')


def keyword(text: str) -> Elixir:
    """Write a key of a keyword list or map, colon included.

    Raises:
        ValueError: it has more than `ATOM_LIMIT` characters.
    """
    _refuse_long(text)
    return Elixir(f"{text}:" if _PLAIN_ATOM.fullmatch(text) else f'"{_escaped(text)}":')


def comment(text: str) -> Elixir:
    """Write a comment of one line."""
    return Elixir(f"# {one_line(text)}".rstrip())


def integer(digits: str) -> Elixir:
    """Write an integer, given in decimal, as the formatter would: underscores from six digits on."""
    sign, plain = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    if len(plain) > 5:
        start = len(plain) % 3
        groups = [plain[:start]] if start else []
        plain = "_".join([*groups, *(plain[i : i + 3] for i in range(start, len(plain), 3))])
    return Elixir(sign + plain)


def one_line(text: str) -> str:
    """Plain text on one line: no control or direction characters, runs of blanks as one blank."""
    return " ".join(clean_lines(text)).strip()


def clean_lines(text: str) -> tuple[str, ...]:
    """Split text into lines without control or direction characters and without blanks at the end."""
    return tuple(_UNSAFE.sub("", line.expandtabs(8)).rstrip() for line in _LINE_BREAK.split(text))


def heredoc(text: str, *, indent: int) -> Elixir:
    """Write text of several lines as the heredoc of an attribute at `indent`; the first line stands at the attribute.

    A raw sigil where the text allows one, else an escaped heredoc. Lines end without blanks.
    """
    lines = clean_lines(text)
    joined = "\n".join(lines)
    if '"""' not in joined and not joined.endswith("\\"):
        opening, closing = '~S"""', '"""'
    elif "'''" not in joined and not joined.endswith("\\"):
        opening, closing = "~S'''", "'''"
    else:
        opening, closing = '"""', '"""'
        lines = tuple(line.replace("\\", "\\\\").replace('"', '\\"').replace("#{", "\\#{") for line in lines)
    margin = " " * indent
    body = "".join(f"{margin}{line}\n" if line else "\n" for line in lines)
    return Elixir(f"{opening}\n{body}{margin}{closing}")


def _is_plain(text: str) -> bool:
    return _PLAIN_ATOM.fullmatch(text) is not None or text in _OPERATORS


def _refuse_long(text: str) -> None:
    if len(text) > ATOM_LIMIT:
        raise ValueError(f"an atom of {len(text)} characters")


def _escaped(text: str) -> str:
    return "".join(_escape(character) for character in text).replace("#{", "\\#{")


def _escape(character: str) -> str:
    match character:
        case "\\" | '"':
            return f"\\{character}"
        case "\n":
            return "\\n"
        case "\t":
            return "\\t"
        case _ if " " <= character <= "~":
            return character
        case _ if "\ud800" <= character <= "\udfff":
            return "\\u{FFFD}"
        case _:
            return f"\\u{{{ord(character):X}}}"
