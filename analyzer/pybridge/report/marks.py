"""What differs between two lines, marked as compilers do."""

import re
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_MAX_TOKENS = 400
"""Longer lines are not compared: matching takes quadratic time, and nobody reads the marks."""


def marks(old: str, new: str) -> tuple[str, str]:
    """Return a line of carets below each text, under the tokens that the other one lacks.

    Empty where there is nothing to mark: the texts are the same, a side has no tokens of its own, or they are long.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if old == new or len(before) > _MAX_TOKENS or len(after) > _MAX_TOKENS:
        return "", ""
    below_old, below_new = [" "] * len(before), [" "] * len(after)
    for tag, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            below_old[start:end] = "^" * (end - start)
            below_new[other_start:other_end] = "^" * (other_end - other_start)
    return _line(before, below_old), _line(after, below_new)


def _line(tokens: list[str], below: list[str]) -> str:
    return "".join(mark * len(token) for token, mark in zip(tokens, below, strict=True)).rstrip()
