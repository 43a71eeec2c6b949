"""The bundle: what may be called, and how a library describes itself. Written by `pybridge bundle`, read here."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pybridge_worker.errors import BadBundle

SCHEMA = "pybridge.bundle/1"
_SYMBOL = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class FunctionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A module's function."""

    stream: str = "none"
    is_async: bool = False


class MemberEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A member that a class itself defines."""

    kind: str = "method"
    """``method``, ``classmethod``, ``staticmethod``, ``property`` or ``field``."""
    stream: str = "none"
    is_async: bool = False


class ClassEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A class: the order its members are looked up in, and those it defines."""

    mro: tuple[str, ...] = ()
    members: Mapping[str, MemberEntry] = {}
    is_constructible: bool = True
    is_abstract: bool = False


class ParameterEntry(msgspec.Struct, frozen=True, array_like=True):
    """One parameter of a callable, ``self`` and ``cls`` left out."""

    name: str
    kind: str = ""
    """``/`` by position only, empty by either, ``=`` by name only; ``*`` and ``**`` take the rest."""
    is_required: bool = False
    type: object = None
    """As `validation.checks` reads it; None: anything."""


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """What may be called, by symbol (``module:qualname``). All that a child needs of a bundle."""

    classes: Mapping[str, ClassEntry] = {}
    functions: Mapping[str, FunctionEntry] = {}
    variables: tuple[str, ...] = ()
    signatures: Mapping[str, tuple[ParameterEntry, ...]] = {}


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """One library of a bundle."""

    library: str
    digest: str
    distribution: str | None = None
    version: str | None = None
    python_version: str | None = None
    classes: Mapping[str, ClassEntry] = {}
    functions: Mapping[str, FunctionEntry] = {}
    variables: tuple[str, ...] = ()
    paths: Mapping[str, str] = {}
    """Every public dotted path of a class, function or variable, with the symbol it leads to."""
    signatures: Mapping[str, tuple[ParameterEntry, ...]] = {}
    """By the symbol of a function, a class (its constructor) or a method; what is absent takes anything."""
    description: msgspec.Raw = msgspec.Raw(b"{}")
    """A DescribeLibraryResponse in protobuf's JSON mapping; decoded when someone first asks."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle file."""

    schema: str
    libraries: tuple[Library, ...]


def load(path: Path) -> Bundle:
    """Read a bundle file.

    Raises:
        BadBundle: it cannot be read, is not a bundle of a schema known here, or names what no Python symbol can be.
    """
    try:
        bundle = msgspec.json.decode(path.read_bytes(), type=Bundle)
    except OSError as error:
        raise BadBundle(path, error.strerror or str(error)) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadBundle(path, " ".join(str(error).split())) from error
    if bundle.schema != SCHEMA:
        raise BadBundle(path, f"its schema is {bundle.schema[:80]!r}, this worker reads {SCHEMA!r}")
    for library in bundle.libraries:
        _check(path, library)
    return bundle


def is_symbol(text: str) -> bool:
    """Whether a text is ``module:qualname``."""
    return _SYMBOL.fullmatch(text) is not None


def surface(bundle: Bundle) -> Surface:
    """Join what all libraries of a bundle let a client call."""
    classes: dict[str, ClassEntry] = {}
    functions: dict[str, FunctionEntry] = {}
    variables: set[str] = set()
    signatures: dict[str, tuple[ParameterEntry, ...]] = {}
    for library in bundle.libraries:
        signatures.update(library.signatures)
        classes.update(library.classes)
        functions.update(library.functions)
        variables.update(library.variables)
    return Surface(classes=classes, functions=functions, variables=tuple(sorted(variables)), signatures=signatures)


def _check(path: Path, library: Library) -> None:
    if not re.fullmatch("[0-9a-f]{64}", library.digest):
        raise BadBundle(path, f"the digest of {library.library!r} is not 64 hexadecimal digits")
    symbols = (*library.classes, *library.functions, *library.variables)
    for symbol in symbols:
        if not is_symbol(symbol):
            raise BadBundle(path, f"{symbol[:80]!r} is not module:qualname")
