"""What the scanners of all docstring styles share: lines, names, brackets. Every function is linear in its input."""

import re
from collections.abc import Sequence
from typing import Final

MAX_HEADER: Final = 300
"""Longest first line of a field, without its description; a longer one is prose."""
MAX_DESCRIPTION: Final = 2000
_NAME: Final = re.compile(r"(?:\\?\*){0,2}\\?[^\W\d]\w*")
_OPTION: Final = re.compile(r"(?:optional|defaults?)\b", re.IGNORECASE)
_ANY_OPTION: Final = re.compile(r"optional|default", re.IGNORECASE)
_OPTION_IN_BRACKETS: Final = re.compile(r"\((?:optional|default)[^()]*\)?$", re.IGNORECASE)
_OPTION_WITHOUT_COMMA: Final = re.compile(r"(?<=\w) optional(?: *\(?default[^()]*\)?)?$", re.IGNORECASE)
_OPENING: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSING: Final = frozenset(_OPENING.values())
_QUOTES: Final = frozenset("'\"`")


def indent_of(line: str) -> int:
    """Blanks before the first character."""
    return len(line) - len(line.lstrip(" "))


def one_line(text: str) -> str:
    """Runs of white space as one blank, none at the ends."""
    return " ".join(text.split())


def description_of(first: str, rest: Sequence[str]) -> str:
    """Description of a field: its lines dedented and joined, cut when long."""
    indents = [indent_of(line) for line in rest if line.strip()]
    margin = min(indents, default=0)
    lines = [first.strip(), *(line[margin:].rstrip() for line in rest)]
    return "\n".join(lines).strip()[:MAX_DESCRIPTION].rstrip()


def names_in(text: str) -> tuple[str, ...]:
    """Names of a list such as ``x, *args``, stars and quotes taken off; empty when it is anything else."""
    names: list[str] = []
    for part in text.split(","):
        name = part.strip().strip("`")
        if _NAME.fullmatch(name) is None:
            return ()
        names.append(name.lstrip("\\*"))
    return tuple(names)


def closing_bracket(text: str, start: int) -> int:
    """Place of the bracket that closes the one at ``start``; -1 when there is none within `MAX_HEADER`."""
    expected: list[str] = []
    for place in range(start, min(len(text), start + MAX_HEADER)):
        character = text[place]
        if character in _OPENING:
            expected.append(_OPENING[character])
        elif character in _CLOSING:
            if not expected or expected.pop() != character:
                return -1
            if not expected:
                return place
    return -1


def top_level(text: str, separator: str) -> tuple[int, ...]:
    """Places of a separator outside brackets and quotes, in the first `MAX_HEADER` characters; empty if unbalanced."""
    if separator not in text:
        return ()
    places: list[int] = []
    depth = 0
    quote = ""
    for place, character in enumerate(text[:MAX_HEADER]):
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif depth == 0 and text.startswith(separator, place):
            places.append(place)
    return tuple(places) if depth == 0 else ()


def split_top_level(text: str, separator: str) -> tuple[str, ...]:
    """Parts between separators that stand outside brackets and quotes, white space around them taken off."""
    parts: list[str] = []
    start = 0
    for place in top_level(text, separator):
        if place < start:
            continue
        parts.append(text[start:place].strip())
        start = place + len(separator)
    return (*parts, text[start:].strip())


def is_prose(text: str) -> bool:
    """Tell whether what stands where a type should be is a sentence."""
    return text.endswith(".") or text.count(" ") > 12


def looks_like_type(text: str) -> bool:
    """Tell whether a phrase can be a type: one word but for brackets, or words joined by ``of``, ``or``, ``|``."""
    if not text or len(text) > MAX_HEADER or text.endswith("."):
        return False
    words = [word for word in split_top_level(text, " ") if word]
    if len(words) == 1:
        return True
    joining = {"of", "or", "|", "to", "None"}
    return len(words) <= 9 and any(word in joining for word in words) and words[0].lower() not in {"a", "an", "the"}


def without_default(text: str) -> tuple[str, bool]:
    """Cut ``, optional`` and ``, default 3`` off a type, and tell whether one was there."""
    if "," not in text and _ANY_OPTION.search(text) is None:
        return text.strip(), False
    parts = split_top_level(text, ",")
    kept = [part for part in parts if not _OPTION.match(part)]
    cut = ", ".join(kept).strip()
    bare = _OPTION_WITHOUT_COMMA.sub("", _OPTION_IN_BRACKETS.sub("", cut).rstrip())
    return bare.strip(), len(kept) != len(parts) or bare != cut
