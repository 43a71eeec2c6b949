"""Names of members: relative, plain, and the same to every program that reads them."""

import re

from pybridge.model.diagnostic import Severity
from pybridge.source.archive.limits import LIMITS, MODULE_SUFFIXES, Limits
from pybridge.source.files import Trouble

_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_PART_BYTES = 255
"""No file system holds a longer one."""


def member_path(name: bytes, encoding: str, limits: Limits) -> str | Trouble:
    """Read a member's name as a path of the archive: without the final slash of a folder, empty for the archive itself.

    A leading ``./`` is what tar writes for ``tar cf x.tar ./pkg``; every other oddity is refused.
    """
    if len(name) > limits.name_bytes:
        return _refused(name, "member-name-too-long", f"its name has {len(name):,} bytes")
    try:
        text = name.decode(encoding)
    except UnicodeDecodeError:
        return _refused(name, "member-name-encoding", "its name is no text in the encoding that the archive declares")
    reason = _reason(text, limits)
    if reason is not None:
        return _refused(name, "member-name-unsafe", f"its name {reason}, not read")
    return "" if text == "." else text.removeprefix("./").removesuffix("/")


def is_safe(path: str, limits: Limits = LIMITS) -> bool:
    """Tell whether a member may have this path."""
    return len(path) <= limits.name_bytes and _reason(path, limits) is None


def _reason(text: str, limits: Limits) -> str | None:
    """Tell what is wrong with a name; None when nothing is."""
    if any(ord(one) < 32 or ord(one) == 127 for one in text):
        return "holds a control character"
    if "\\" in text:
        return "holds a backslash"
    if text.startswith("/") or _DRIVE.match(text):
        return "is absolute"
    parts = text.removeprefix("./").removesuffix("/").split("/")
    if ".." in parts:
        return "leads out of the archive"
    if text not in {".", "./"} and any(part in {"", "."} for part in parts):
        return "has an empty part"
    if any(len(part.encode()) > _MAX_PART_BYTES for part in parts):
        return f"has a part of more than {_MAX_PART_BYTES} bytes"
    return f"has more than {limits.depth} parts" if len(parts) > limits.depth else None


def _refused(name: bytes, code: str, message: str) -> Trouble:
    is_loss = name.endswith(tuple(one.encode() for one in MODULE_SUFFIXES))
    return Trouble(code=code, message=message, severity=Severity.ERROR if is_loss else Severity.WARNING)
