"""`Side`: one of the two things that are compared."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cached_property

import msgspec

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.library import LibraryDescriptor, Module, SkipReason
from pybridge.model.names import Digest, ModuleName
from pybridge.model.source import SourceMap

_UNREAD = frozenset({SkipReason.UNREADABLE, SkipReason.TOO_LARGE, SkipReason.PARSER_FAILED})
"""Why a part is missing that another run, or another pybridge, might describe."""


class SideKind(Enum):
    """What a side was read from."""

    TREE = "tree"
    """A folder or a file of source."""
    ARCHIVE = "archive"
    """A wheel or an sdist."""
    INSTALLED = "installed"
    """A library of an environment, by name."""
    REVISION = "revision"
    """A git revision of a source tree."""
    STORED = "stored"
    """A snapshot of the store."""
    DESCRIPTOR = "descriptor"
    """A file that ``pybridge export`` wrote."""


class Side(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A described library, and how it was named. What may not be needed is read when it is asked for."""

    label: str
    """For people: ``requests 2.32.3 (requests-2.32.3-py3-none-any.whl)``; no path of this machine but what they gave."""
    kind: SideKind
    header: LibraryDescriptor
    """All but the modules."""
    modules: Mapping[ModuleName, Module]
    """Sorted by name, decoded one by one."""
    digest: Digest
    """Of the descriptor: sides with the same have nothing between them."""
    read_blobs: Callable[[], Mapping[ModuleName, str]]
    read_places: Callable[[], SourceMap | None]
    folder: str = ""
    """What places are relative to, as seen from the current folder with forward slashes; empty for that folder itself
    and for what lies in no folder of this machine."""
    diagnostics: tuple[Diagnostic, ...] = ()
    is_incomplete: bool = False
    """True when a part could not be read, so that what is missing here need not be missing in the library."""

    @cached_property
    def descriptor(self) -> LibraryDescriptor:
        """The whole of it."""
        return msgspec.structs.replace(self.header, modules=tuple(self.modules.values()))

    @cached_property
    def blobs(self) -> Mapping[ModuleName, str]:
        """The git ids under which a store keeps the modules: those of equal modules are equal."""
        return self.read_blobs()

    @cached_property
    def source_map(self) -> SourceMap | None:
        """None where nobody knows the places: of a stored snapshot or a descriptor file that has none."""
        return self.read_places()


def is_incomplete(descriptor: LibraryDescriptor, diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Tell whether something of a library is not described although it may well be there."""
    if any(one.severity is Severity.ERROR for one in diagnostics):
        return True
    return any(one.reason in _UNREAD for one in descriptor.skipped)


def remarks_on(old: Side, new: Side) -> tuple[Diagnostic, ...]:
    """Tell what makes two sides a strange pair; empty where they are two states of the same thing."""
    return tuple(_remarks(old.header, new.header))


def _remarks(old: LibraryDescriptor, new: LibraryDescriptor) -> Iterator[Diagnostic]:
    names = [one.distribution or one.name for one in (old, new)]
    if not {_normal(one) for one in (old.distribution, old.name) if one} & {
        _normal(one) for one in (new.distribution, new.name) if one
    }:
        yield _warning(
            "different-libraries", f"{names[0]} is compared with {names[1]}", "check what the two sides name"
        )
    if old.target != new.target:
        targets = [f"Python {one.python_version} on {one.platform}" for one in (old.target, new.target)]
        yield _warning(
            "different-targets",
            f"the old side is described for {targets[0]}, the new one for {targets[1]}",
            "name the target of both with --python-version and --platform",
        )


def _warning(code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.WARNING, message=message, hint=hint)


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
