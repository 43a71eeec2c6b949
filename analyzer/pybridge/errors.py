"""The exceptions of pybridge, each carrying its data as attributes.

::

    PyBridgeError
    ├── DistributionNotFound      no installed or unpacked library has this name
    ├── SourceUnreadable          a folder or file of the input cannot be read at all
    │   └── ArchiveRefused        a wheel or an sdist cannot be trusted, or is none
    ├── RevisionNotFound          a git repository or a revision of it is not there
    ├── SideUnclear               what a comparison names can be read as nothing
    ├── UnknownTarget             no such Python version or platform, or no such generator
    ├── EngineFailed              a child process of the analyser could not do its work
    ├── StoreError                the store cannot be opened, read or written
    │   ├── SnapshotNotFound      no snapshot of that library is stored, or none of that revision
    │   ├── RevisionUnclear       the first digits of a commit or digest fit several snapshots
    │   ├── ExchangeFailed        another store cannot be reached, or refuses
    │   └── StoreBusy             another process holds the store's lock for too long
    ├── DecodeError               bytes are not the noun they should be
    ├── SymbolNotFound            the descriptor holds no such name
    ├── LockUnusable              the project's lock file cannot be read, or is none
    ├── BaselineMissing           there is nothing to compare with
    ├── SettingsRefused           a file of settings is not what it should be
    └── OutputRefused             an output path cannot or must not be written

Problems in the *input* that leave something to describe are `Diagnostic`s, not exceptions.
"""

from collections.abc import Sequence
from pathlib import Path


class PyBridgeError(Exception):
    """Base of everything pybridge raises on purpose: what, where, and the next step."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


class DistributionNotFound(PyBridgeError):
    """No installed or unpacked library has this name."""

    def __init__(self, name: str, *, searched: Sequence[Path], suggestions: Sequence[str] = ()) -> None:
        self.name, self.searched, self.suggestions = name, tuple(searched), tuple(suggestions)
        hint = (
            f"did you mean {' or '.join(repr(one) for one in suggestions)}?"
            if suggestions
            else "name the environment that has it with --site-packages DIR, or its source with --path DIR"
        )
        where = ", ".join(str(path) for path in searched) or "no folder"
        super().__init__(f"library {name!r} is not in {where}", hint=hint)


class SourceUnreadable(PyBridgeError):
    """A folder or file of the input cannot be read at all."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"cannot read {path}: {reason}", hint="check that it exists and that you may read it")


class ArchiveRefused(SourceUnreadable):
    """A wheel or an sdist cannot be trusted, or is none."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.hint = "get it again from where it comes from; nothing of it was read"


class RevisionNotFound(PyBridgeError):
    """There is no such git repository, or no such revision in it."""

    def __init__(self, folder: Path, revision: str | None, reason: str, *, is_shallow: bool = False) -> None:
        self.folder, self.revision, self.reason, self.is_shallow = folder, revision, reason, is_shallow
        if revision is None:
            hint = "name the folder of a repository, as FOLDER@REV or with --path FOLDER"
        elif is_shallow:
            hint = "this clone is shallow: `git fetch --tags --unshallow` gets what is missing"
        else:
            hint = "`git fetch --tags` gets what is missing; `git tag` and `git branch -a` list what is there"
        what = str(folder) if revision is None else f"revision {revision!r} of {folder}"
        super().__init__(f"cannot read {what}: {reason}", hint=hint)


class SideUnclear(PyBridgeError):
    """A word that should name one side of a comparison can be read as nothing."""

    def __init__(self, text: str, reason: str, *, hint: str) -> None:
        self.text, self.reason = text, reason
        super().__init__(f"{text!r}: {reason}", hint=hint)


class UnknownTarget(PyBridgeError):
    """No such Python version, platform or generator."""

    def __init__(self, what: str, value: str, known: Sequence[str]) -> None:
        self.what, self.value, self.known = what, value, tuple(known)
        super().__init__(f"unknown {what} {value!r}", hint=f"known: {', '.join(known)}")


class EngineFailed(PyBridgeError):
    """A child process of the analyser could not do its work."""

    def __init__(self, engine: str, reason: str) -> None:
        self.engine, self.reason = engine, reason
        super().__init__(f"the {engine} failed: {reason}", hint="run `pybridge doctor`")


class StoreError(PyBridgeError):
    """The store cannot be opened, read or written."""

    def __init__(self, path: Path, reason: str, *, hint: str | None = None) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"store {path}: {reason}", hint=hint or "name another folder with --store DIR or PYBRIDGE_STORE"
        )


class SnapshotNotFound(StoreError):
    """No snapshot of that library is stored, or none that the revision names."""

    def __init__(self, path: Path, library: str, *, known: Sequence[str] = (), revision: str | None = None) -> None:
        self.library, self.known, self.revision = library, tuple(known), revision
        if revision is None:
            super().__init__(path, f"no snapshot of {library!r}", hint=f"run `pybridge discover {library}` first")
        else:
            hint = f"`pybridge log {library}` lists those that are stored"
            super().__init__(path, f"no snapshot {revision!r} of {library!r}", hint=hint)


class RevisionUnclear(StoreError):
    """The first digits of a commit or digest fit several snapshots."""

    def __init__(self, path: Path, revision: str, fitting: Sequence[str]) -> None:
        self.revision, self.fitting = revision, tuple(fitting)
        super().__init__(path, f"{revision!r} fits {len(fitting)} snapshots: {', '.join(fitting)}", hint="add digits")


class StoreBusy(StoreError):
    """Another process holds the store's lock for too long."""

    def __init__(self, path: Path, waited_seconds: float) -> None:
        self.waited_seconds = waited_seconds
        super().__init__(
            path, f"locked by another process for {waited_seconds:.0f} s", hint="try again when it is done"
        )


class ExchangeFailed(StoreError):
    """Another store cannot be reached, or refuses."""

    def __init__(self, path: Path, remote: str, reason: str, *, hint: str) -> None:
        self.remote = remote
        super().__init__(path, f"cannot exchange with {remote}: {reason}", hint=hint)


class DecodeError(PyBridgeError):
    """Bytes are not the noun they should be."""

    def __init__(self, noun: str, reason: str) -> None:
        self.noun, self.reason = noun, reason
        super().__init__(f"not a {noun}: {reason}", hint="was it written by another version of pybridge?")


class SymbolNotFound(PyBridgeError):
    """The descriptor holds no such name."""

    def __init__(self, name: str, library: str, *, suggestions: Sequence[str] = ()) -> None:
        self.name, self.library, self.suggestions = name, library, tuple(suggestions)
        hint = (
            f"did you mean {' or '.join(repr(one) for one in suggestions)}?"
            if suggestions
            else f"`pybridge export {library} --format api` lists every name"
        )
        super().__init__(f"{name!r} is not in {library}", hint=hint)


class LockUnusable(PyBridgeError):
    """The project's lock file cannot be read, or is none."""

    def __init__(self, path: Path, reason: str, *, hint: str | None = None) -> None:
        self.path, self.reason = path, reason
        again = "`pybridge lock LIBRARY` writes it anew, once it is out of the way"
        super().__init__(f"lock {path}: {reason}", hint=hint or again)


class BaselineMissing(PyBridgeError):
    """There is nothing to compare with, which is not the same as no drift."""

    def __init__(self, baseline: str, reason: str) -> None:
        self.baseline, self.reason = baseline, reason
        super().__init__(
            f"no baseline {baseline}: {reason}",
            hint="pin one with `pybridge lock LIBRARY`, get the store with `pybridge store fetch`, or name one with --against",
        )


class SettingsRefused(PyBridgeError):
    """A file of settings cannot be read, or says something that means nothing."""

    def __init__(self, path: Path, reason: str, *, hint: str | None = None) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"settings {path}: {reason}", hint=hint or "docs/drift.md lists the keys")


class OutputRefused(PyBridgeError):
    """An output path cannot or must not be written."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"cannot write {path}: {reason}", hint="choose another folder with --output")
