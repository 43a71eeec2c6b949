"""Constants too large to compute: whoever folds ``10 ** 10 ** 10`` never comes back, as the type engine does."""

import re

MAX_EXPONENT = 100_000_000
"""Larger powers of constants take longer than a second."""
MAX_SHIFT = 1_000_000_000

_POWER = re.compile(r"\*\*[\s(]*(\d[\d_]*)")
_BASE = re.compile(r"\d[\d_\s]*\Z")
_RAISED = re.compile(r"\s*\*\*[\s(]*(\d[\d_]*)")
_SHIFT = re.compile(r"<<[\s(]*(\d[\d_]*)")
_MAX_DIGITS = 12
_FEW_DIGITS = 8
"""As many as `MAX_EXPONENT` has zeros."""
_MAX_FOLDED = 64
"""Beyond that every exponent of an exponent is too large."""


def huge_constant_line(text: str) -> int | None:
    """Line of the first power or shift by a constant that nobody should compute; None where there is none.

    Strings and comments are not told from code: nobody writes such a thing there either.
    """
    for pattern, limit in ((_POWER, MAX_EXPONENT), (_SHIFT, MAX_SHIFT)):
        for found in pattern.finditer(text):
            if pattern is _POWER and _is_plain(text, found):
                continue
            if _folded(text, found.end(), _number(found[1])) > limit and _BASE.search(
                text[max(found.start() - 20, 0) : found.start()]
            ):
                return text.count("\n", 0, found.start()) + 1
    return None


def _is_plain(text: str, found: re.Match[str]) -> bool:
    """True for a small exponent with nothing behind it that could be one of its own, as nearly all are."""
    after = text[found.end() : found.end() + 1]
    return len(found[1]) <= _FEW_DIGITS and after != "*" and not after.isspace()


def _folded(text: str, end: int, exponent: int) -> int:
    """The exponent with its own: 2 ** 3 ** 4 counts from the right."""
    above: list[int] = [exponent]
    while (raised := _RAISED.match(text, end)) is not None and len(above) < _MAX_FOLDED:
        above.append(_number(raised[1]))
        end = raised.end()
    value = 1
    for one in reversed(above):
        if one > 1 and value >= _MAX_FOLDED:
            value = MAX_SHIFT + 1
        else:
            value = min(one ** min(value, _MAX_FOLDED), MAX_SHIFT + 1)
    return value


def _number(digits: str) -> int:
    return int(digits.replace("_", "")) if len(digits) <= _MAX_DIGITS else MAX_SHIFT + 1
