"""Places beside a descriptor file: ``shelf.json`` and ``shelf.places.json``, of which the first says nothing of the second."""

from pathlib import Path

import msgspec

from pybridge.codec import decode, encode
from pybridge.errors import DecodeError
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.names import Digest
from pybridge.model.source import SourceMap

_SCHEMA = "pybridge.places/1"


class PlacesFile(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag=_SCHEMA):
    """Where everything of a descriptor is written."""

    descriptor: Digest
    """Of the descriptor that the places are of."""
    source_map: SourceMap


def places_beside(path: Path) -> Path:
    """Name the file of places that belongs to a descriptor file."""
    return path.with_name(f"{path.name.removesuffix('.json')}.places.json")


def encode_places(descriptor: Digest, source_map: SourceMap) -> bytes:
    """Write the places of a descriptor: the same bytes on every machine."""
    return encode(PlacesFile(descriptor=descriptor, source_map=source_map)) + b"\n"


def read_places(path: Path, descriptor: Digest) -> SourceMap | Diagnostic | None:
    """Read the places of a descriptor; None where there is no such file, a `Diagnostic` where it is of no use."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return _useless(path, (error.strerror or str(error)).lower())
    try:
        found = decode(data, PlacesFile)
    except DecodeError as error:
        return _useless(path, error.reason)
    return found.source_map if found.descriptor == descriptor else _useless(path, "it is of another descriptor")


def _useless(path: Path, reason: str) -> Diagnostic:
    message = f"the places in {path.name} are not used: {reason}"
    hint = "write both anew with `pybridge export -o FILE --places FILE`"
    return Diagnostic(code="places-unusable", severity=Severity.WARNING, message=message, hint=hint)
