"""What is asked of a file, and what comes back: plain data that crosses to the child process and back."""

from collections.abc import Mapping

import msgspec

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import ParameterKind, TypeExpr


class WantedParameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parameter of a function; all are listed, so that a function of another shape is recognised and left alone."""

    name: str
    kind: ParameterKind
    type: TypeExpr | None = None
    """None where there is nothing to write."""


class WantedFunction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ``def`` and what its unannotated positions may say."""

    qualname: str
    """``Class.method``"""
    has_receiver: bool
    """True when the ``def`` has ``self`` or ``cls`` before the parameters listed here."""
    is_property: bool = False
    parameters: tuple[WantedParameter, ...] = ()
    returns: TypeExpr | None = None
    """None where there is nothing to write; the type None is `NoneType`."""


class FileJob(msgspec.Struct, frozen=True, kw_only=True):
    """One source file to annotate."""

    module: ModuleName
    is_package: bool
    path: str
    """As `SourceFile.path`, for diagnostics."""
    data: bytes
    python_version: tuple[int, int]
    functions: tuple[WantedFunction, ...]
    other_paths: Mapping[SymbolPath, tuple[str, ...]] = {}
    """Dotted paths, besides its own, by which a file may have imported a symbol."""


class Insertion(msgspec.Struct, frozen=True, array_like=True):
    """Text to put in front of a position (in characters) of the original text."""

    offset: int
    text: str


class FileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file."""

    data: bytes | None
    """The new content, in the encoding and with the line ends of the old; None when nothing changes."""
    insertions: tuple[Insertion, ...] = ()
    """All that was added, by position; taking it out gives the old text."""
    types: int = 0
    """How many positions were filled."""
    diagnostics: tuple[Diagnostic, ...] = ()


def insert(text: str, insertions: tuple[Insertion, ...]) -> str:
    """Put every insertion in its place; several at one place keep their order."""
    parts: list[str] = []
    at = 0
    for one in insertions:
        parts += (text[at : one.offset], one.text)
        at = one.offset
    return "".join((*parts, text[at:]))
