"""`Gathering`: the members of an archive, checked as they come."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pybridge.errors import ArchiveRefused
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.source.archive.limits import LIMITS, Limits, is_module
from pybridge.source.archive.names import member_path
from pybridge.source.files import Member, Trouble


class Gathering:
    """Collects members; what is wrong with one costs that one, what is wrong with the archive costs the archive."""

    def __init__(self, archive: Path, limits: Limits = LIMITS) -> None:
        self.archive = archive
        self.limits = limits
        self.members: dict[str, Member] = {}
        self._refused: list[tuple[str, Trouble]] = []
        self._folders: set[str] = set()
        self._count = 0
        self._kept_bytes = 0

    def refuse(self, reason: str) -> ArchiveRefused:
        """Make the error that ends reading."""
        return ArchiveRefused(self.archive, reason)

    def path(self, name: bytes, *, encoding: str = "utf-8") -> str | None:
        """Count an entry and check its name; None when it is refused, which is told."""
        self._count += 1
        if self._count > self.limits.entries:
            raise self.refuse(f"more than {self.limits.entries:,} members")
        found = member_path(name, encoding, self.limits)
        if isinstance(found, str):
            return found
        self._refused.append((name.decode("utf-8", "backslashreplace"), found))
        return None

    def add(self, path: str, member: Member) -> None:
        """Keep a member."""
        if path in self.members:
            raise self.refuse(f"two members are called {path!r}")
        self._kept_bytes += len(member.data or b"")
        if self._kept_bytes > self.limits.kept_bytes:
            raise self.refuse(f"more than {self.limits.kept_bytes:,} bytes of source")
        self.members[path] = member
        self.add_folder(path.rpartition("/")[0])

    def add_folder(self, path: str) -> None:
        """Note a folder and those above it."""
        while path and path not in self._folders:
            self._folders.add(path)
            path = path.rpartition("/")[0]

    def check(self) -> None:
        """Refuse names that stand for both a file and a folder."""
        both = sorted(self._folders & self.members.keys())
        if both:
            raise self.refuse(f"{both[0]!r} is both a file and a folder")

    def diagnostics(self, told: frozenset[str]) -> tuple[Diagnostic, ...]:
        """Tell every trouble that nobody was told of, each once."""
        found = [
            *self._refused,
            *((path, one.trouble) for path, one in self.members.items() if one.trouble and path not in told),
            *_colliding(self.members),
        ]
        shown = [_diagnostic(path, trouble) for path, trouble in found[: self.limits.told]]
        rest = found[self.limits.told :]
        if rest:
            is_loss = any(one.severity is Severity.ERROR for _, one in rest)
            message = f"{len(rest):,} more members are not read for such reasons"
            severity = Severity.ERROR if is_loss else Severity.WARNING
            shown.append(Diagnostic(code="members-refused", severity=severity, message=message))
        return tuple(shown)


def trouble(path: str, code: str, message: str) -> Trouble:
    """Say what is wrong with a member: an error where a module is lost by it."""
    return Trouble(code=code, message=message, severity=Severity.ERROR if is_module(path) else Severity.WARNING)


def _diagnostic(path: str, found: Trouble) -> Diagnostic:
    shown = path if len(path) <= _SHOWN else f"{path[:_SHOWN]}..."
    return Diagnostic(code=found.code, severity=found.severity, message=found.message, path=shown, hint=found.hint)


_SHOWN = 200
"""Characters of a name that are told."""


def _colliding(members: dict[str, Member]) -> Iterator[tuple[str, Trouble]]:
    """Find modules that some systems, or Python itself, would take for one."""
    first: dict[str, str] = {}
    for path in sorted(members):
        if is_module(path):
            other = first.setdefault(unicodedata.normalize("NFKC", path).casefold(), path)
            if other != path:
                message = f"some systems take it and {other} for one file"
                yield path, Trouble(code="names-collide", message=message)
