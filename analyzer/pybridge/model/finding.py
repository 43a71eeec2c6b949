"""What a difference means, and to whom: the judgement of `compat` on two descriptors."""

from enum import Enum

import msgspec

from pybridge.model.names import Digest, PublicPath, SymbolPath


class Audience(Enum):
    """Who may be hit by a change."""

    SOURCE = "source"
    """Python code that calls the library, at run time."""
    TYPING = "typing"
    """Python code that calls the library, under a type checker."""
    SUBCLASS = "subclass"
    """Code that inherits from its classes or implements its protocols."""
    BRIDGE = "bridge"
    """A generated wrapper: calls by keyword, arity, encodable types, names of modules and functions."""


class Verdict(Enum):
    """What a change does to an audience, worst first."""

    BREAKING = "breaking"
    RISKY = "risky"
    """It works, and may behave otherwise."""
    UNKNOWN = "unknown"
    """The text does not tell; never counted as breaking."""
    SAFE = "safe"
    NONE = "none"
    """This audience has nothing to do with it."""


class Bump(Enum):
    """The smallest step of a version that announces a change, largest first."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    NONE = "none"


class Verdicts(msgspec.Struct, frozen=True, kw_only=True):
    """One verdict an audience."""

    source: Verdict
    typing: Verdict
    subclass: Verdict
    bridge: Verdict

    def of(self, audience: Audience) -> Verdict:
        """Return the verdict for one audience."""
        match audience:
            case Audience.SOURCE:
                return self.source
            case Audience.TYPING:
                return self.typing
            case Audience.SUBCLASS:
                return self.subclass
            case Audience.BRIDGE:
                return self.bridge


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One judged difference."""

    rule: str
    """``PB203``"""
    name: str
    """The rule in words, kebab-case, ``required-parameter-added``."""
    symbol: SymbolPath
    """Where it is told: the old side's definition, or the new one's where there is no old."""
    part: str = ""
    """The part of the symbol that it is about: a parameter, a base, a member of an enumeration; empty for all of it."""
    public_path: PublicPath
    """How users reach the symbol, shortest path."""
    verdict: Verdicts
    requires: Bump
    message: str
    hint: str | None = None
    """A guess or the next step; None when there is none."""
    old_symbol: SymbolPath
    """Whose place is shown as the old side; what encloses it where the old side has nothing of that name."""
    new_symbol: SymbolPath
    """As `old_symbol`, for the new side."""
    old_text: str | None = None
    """The old side in one line, such as its signature; None where there is none to show."""
    new_text: str | None = None
    fingerprint: Digest
    """Of rule, symbol, part and both sides, without places: what accepting this very break refers to."""
