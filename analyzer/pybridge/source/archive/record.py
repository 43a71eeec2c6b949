"""What a wheel says of its own files: ``RECORD``.

Source: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
"""

import base64
import binascii
import csv
import hashlib
import io
from collections.abc import Mapping

import msgspec

from pybridge.model.diagnostic import Severity
from pybridge.source.archive.limits import is_module
from pybridge.source.archive.names import is_safe
from pybridge.source.files import Member, Trouble

_HASHES = frozenset({"sha256", "sha384", "sha512"})
_UNRECORDED = ("/RECORD", "/RECORD.jws", "/RECORD.p7s")


class Row(msgspec.Struct, frozen=True):
    """What is recorded of a file."""

    hash: str
    size: str


def read_record(text: str) -> dict[str, Row | None] | None:
    """Read the rows by path, None for a path with several that differ; None when the text is no table."""
    found: dict[str, Row | None] = {}
    try:
        for cells in csv.reader(io.StringIO(text, newline="")):
            if cells:
                row = Row(*[*cells[1:3], "", ""][:2])
                found[cells[0]] = row if found.get(cells[0], row) == row else None
    except csv.Error:
        return None
    return found


def checked(members: Mapping[str, Member], rows: Mapping[str, Row | None]) -> dict[str, Member]:
    """Give every member that is not as recorded its trouble, and every recorded module that is missing a place."""
    found = {path: _checked(path, one, rows) for path, one in members.items()}
    for path in rows:
        if is_module(path) and path not in members and is_safe(path):
            found[path] = Member(size_bytes=0, trouble=_mismatch(path, "it is recorded, and not there"))
    return found


def _checked(path: str, member: Member, rows: Mapping[str, Row | None]) -> Member:
    if member.trouble is not None or path.endswith(_UNRECORDED):
        return member
    reason = _reason(member, rows.get(path)) if path in rows else "it is not recorded"
    return member if reason is None else Member(size_bytes=member.size_bytes, trouble=_mismatch(path, reason))


def _reason(member: Member, row: Row | None) -> str | None:
    """Tell how a file differs from what is recorded; None where it does not. Unread files have a size only."""
    if row is None:
        return "it is recorded twice, with different content"
    if row.size and row.size != str(member.size_bytes):
        return f"it has {member.size_bytes:,} bytes, recorded are {row.size[:20]}"
    if member.data is None:
        return None
    name, _, value = row.hash.partition("=")
    if name not in _HASHES:
        return "it is recorded without a hash that can be trusted"
    try:
        expected = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return "its recorded hash is damaged"
    return None if hashlib.new(name, member.data).digest() == expected else "its content is not what is recorded"


def _mismatch(path: str, reason: str) -> Trouble:
    severity = Severity.ERROR if is_module(path) else Severity.WARNING
    return Trouble(code="record-mismatch", message=f"{reason}; not read", severity=severity)
