"""`Rule` and `Hit`: what a file of `rules/` offers, and what its check yields."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from pybridge.compat.pairs import Pair
from pybridge.model.finding import Bump, Verdict, Verdicts
from pybridge.model.names import PublicPath, SymbolPath

_LETTERS = {
    "B": Verdict.BREAKING,
    "R": Verdict.RISKY,
    "U": Verdict.UNKNOWN,
    "S": Verdict.SAFE,
    "-": Verdict.NONE,
}


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A rule applies here. What is None is taken from the rule."""

    symbol: SymbolPath
    path: PublicPath
    message: str
    part: str = ""
    old_symbol: SymbolPath | None = None
    """None: `symbol`. Name what encloses it where the old side has nothing of that name."""
    new_symbol: SymbolPath | None = None
    """As `old_symbol`, for the new side."""
    old_text: str | None = None
    new_text: str | None = None
    hint: str | None = None
    verdicts: Verdicts | None = None
    requires: Bump | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of change, and what it means."""

    id: str
    """``PB203``"""
    name: str
    """Kebab-case, as the file's name, ``required-parameter-added``."""
    title: str
    """One sentence, what changed."""
    why: str
    """Whom it hits and how, in a few sentences; the page of documentation is made of it."""
    before: str
    """Python of an example's old side."""
    after: str
    verdicts: Verdicts
    requires: Bump
    on: type[Pair] | tuple[type[Pair], ...]
    """The pair that the check is asked about; several where a rule is about symbols and members alike."""
    check: Callable[[Any], Iterable[Hit]]


def verdicts(letters: str) -> Verdicts:
    """Read four verdicts in the order source, typing, subclass, bridge: ``B`` ``R`` ``U`` ``S`` or ``-`` each."""
    source, typing, subclass, bridge = (_LETTERS[letter] for letter in letters)
    return Verdicts(source=source, typing=typing, subclass=subclass, bridge=bridge)
