"""A client generated beside a lock, which then knows every file of it; or checked against the lock, writing nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

import pybridge
from pybridge.codec import digest_bytes
from pybridge.errors import LockUnusable
from pybridge.generate import GenerationOptions, plan, render
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.lock import Lock, LockedClient, LockedLibrary
from pybridge.model.names import Digest
from pybridge.model.plan import GeneratedFile, GenerationPlan
from pybridge.pipeline.analyze import Obtained, find_tree
from pybridge.pipeline.lock.editing import edit_lock
from pybridge.pipeline.lock.entries import (
    entry_of,
    find_client,
    put_client,
    relative_to_lock,
    request_of,
    same_library,
)
from pybridge.pipeline.lock.outputs import OutputFinding, OutputState, compare_outputs
from pybridge.pipeline.lock.reading import find_library, read_lock
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides import tree_side
from pybridge.pipeline.write import delete_file, write_all
from pybridge.protocols import Progress


class ClientRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which client to generate, or to check."""

    target: str
    output: Path
    options: GenerationOptions
    lock: Path
    """The lock file; where there is none, nothing is kept and nothing made."""


class ClientChecked(msgspec.Struct, frozen=True, kw_only=True):
    """A client next to what would be generated now."""

    target: str
    output: str
    findings: tuple[OutputFinding, ...]
    """Empty when all is as it should be."""
    is_pinned: bool
    """False where the lock pins another descriptor than the library has now."""
    is_incomplete: bool
    """True when a part of the library could not be read."""
    diagnostics: tuple[Diagnostic, ...]


class ClientGenerated(msgspec.Struct, frozen=True, kw_only=True):
    """What a generation did."""

    target: str
    output: str
    files: tuple[str, ...]
    """Every file of the client, relative to the output folder."""
    written: tuple[str, ...]
    """Those whose content changed."""
    deleted: tuple[str, ...]
    """Those that the client no longer has, and nobody had changed."""
    kept: tuple[str, ...]
    """Those that the client no longer has, and somebody changed by hand."""
    is_incomplete: bool
    """True when a part of the library could not be read, which the client therefore does not have."""
    diagnostics: tuple[Diagnostic, ...]


def check_client(analyzed: AnalyzeRequest, request: ClientRequest, places: Places, progress: Progress) -> ClientChecked:
    """Tell what a generation would change, and what the lock does not know. Nothing is written or stored.

    Raises:
        UnknownTarget: there is no such target.
        OutputRefused: a file leads outside the output folder, or cannot be read.
        LockUnusable: the lock cannot be read or is none.
        DistributionNotFound: there is no such library.
        SourceUnreadable: its folder cannot be read.
    """
    lock = read_lock(request.lock)
    side = tree_side(find_tree(analyzed), analyzed, str(analyzed.path or analyzed.name), places, progress)
    planned = plan(side.descriptor, digest=side.digest, target=request.target, options=request.options)
    library = find_library(lock, side.descriptor.name, side.descriptor.target)
    output = relative_to_lock(request.output, request.lock)
    client = None if output is None else find_client(library, request.target, output)
    if client is None and output is not None and request.lock.exists():
        client = LockedClient(target=request.target, output=output, generator="")
    return ClientChecked(
        target=request.target,
        output=str(request.output),
        findings=compare_outputs(request.output, render(planned), client),
        is_pinned=library is None or library.descriptor_digest == side.digest,
        is_incomplete=side.is_incomplete,
        diagnostics=(*_errors(side.diagnostics), *planned.diagnostics),
    )


def check_clients(lock: Path, places: Places, progress: Progress) -> Iterator[ClientChecked]:
    """Check every client that a lock knows, where the lock says that the library and the client are.

    Raises:
        LockUnusable: the lock cannot be read, is none, or knows no client.
        OutputRefused, DistributionNotFound, SourceUnreadable: see `check_client`.
    """
    known = [(one, client) for one in read_lock(lock).libraries for client in one.clients]
    if not known:
        hint = "generate a client beside it, or name the LIBRARY and its --output"
        raise LockUnusable(lock, "it knows no generated client", hint=hint)
    for library, client in known:
        request = ClientRequest(
            target=client.target,
            output=lock.parent / client.output,
            options=GenerationOptions(root=client.root, include=client.include),
            lock=lock,
        )
        yield check_client(request_of(library, lock), request, places, progress)


def generate_beside_lock(
    obtained: Obtained, analyzed: AnalyzeRequest, request: ClientRequest, places: Places
) -> ClientGenerated:
    """Write a client; where there is a lock, clear away what is no longer part of it, and let the lock know its files.

    The lock is told last: a generation that is interrupted is made up for by the next one.

    Raises:
        UnknownTarget: there is no such target.
        OutputRefused: a file cannot be written.
        LockUnusable: the lock cannot be read or is none.
    """
    lock = read_lock(request.lock)
    digest = obtained.analysis.summary.digest
    planned = plan(obtained.descriptor, digest=digest, target=request.target, options=request.options)
    files = render(planned)
    entry = entry_of(obtained.analysis, analyzed, request.lock)
    pinned = next((one for one in lock.libraries if same_library(one, entry)), None)
    output = relative_to_lock(request.output, request.lock)
    client = None if output is None else find_client(pinned, request.target, output)
    findings = compare_outputs(request.output, files, client)
    written = write_all(request.output, files)
    deleted, kept = _clear(request.output, files, findings)
    if output is not None and request.lock.exists():
        known = {} if client is None else {path: client.files[path] for path in kept}
        _record(request, output, places, entry, known | {one.path: digest_bytes(one.text.encode()) for one in files})
    return ClientGenerated(
        target=request.target,
        output=str(request.output),
        files=tuple(one.path for one in files),
        written=written,
        deleted=deleted,
        kept=kept,
        is_incomplete=obtained.analysis.is_incomplete,
        diagnostics=(
            *_errors(obtained.analysis.diagnostics),
            *planned.diagnostics,
            *_remarks(planned, findings, kept, pinned, request),
        ),
    )


def _errors(diagnostics: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """What could not be read of a library: of the rest, describing it tells."""
    return (one for one in diagnostics if one.severity is Severity.ERROR)


def _clear(
    output: Path, files: tuple[GeneratedFile, ...], findings: tuple[OutputFinding, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Delete what is obsolete; return it, and what is not part of the client either but was changed by hand."""
    planned = {one.path for one in files}
    deleted = tuple(one.path for one in findings if one.state is OutputState.OBSOLETE and delete_file(output, one.path))
    kept = tuple(one.path for one in findings if one.state is OutputState.EDITED and one.path not in planned)
    return deleted, kept


def _record(
    request: ClientRequest, output: str, places: Places, entry: LockedLibrary, files: Mapping[str, Digest]
) -> None:
    client = LockedClient(
        target=request.target,
        output=output,
        generator=f"pybridge {pybridge.__version__}",
        root=request.options.root,
        include=request.options.include,
        files=dict(sorted(files.items())),
    )

    def put(lock: Lock) -> Lock:
        return put_client(lock, entry, client)

    edit_lock(request.lock, places, put)


def _remarks(
    planned: GenerationPlan,
    findings: tuple[OutputFinding, ...],
    kept: tuple[str, ...],
    pinned: LockedLibrary | None,
    request: ClientRequest,
) -> Iterator[Diagnostic]:
    for one in findings:
        if one.path in kept:
            yield _warning(
                "edited-by-hand",
                f"{one.path} is no longer part of the client, and was changed by hand: it stays",
                "delete it when nothing needs it",
                path=one.path,
            )
        elif one.state is OutputState.EDITED:
            yield _warning(
                "edited-by-hand",
                f"{one.path} had been changed by hand, and was generated anew",
                "keep code of your own in files of your own",
                path=one.path,
            )
    if request.lock.exists() and relative_to_lock(request.output, request.lock) is None:
        yield _warning(
            "output-not-locked",
            f"{request.output} is a place of this machine, and {request.lock} names none: it does not know the files",
            "name the output folder relative to the lock",
        )
    if pinned is not None and pinned.descriptor_digest != planned.descriptor_digest:
        yield _warning(
            "not-pinned",
            f"{pinned.name} is not what {request.lock} pins: the client is that of {planned.descriptor_digest[:12]}",
            f"`pybridge check {pinned.name}` tells what changed, `pybridge lock {pinned.name}` pins it",
        )


def _warning(code: str, message: str, hint: str, *, path: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.WARNING, message=message, hint=hint, path=path)
