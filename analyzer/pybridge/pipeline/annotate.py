"""From a described library to annotated sources or stubs: what would change, and writing it."""

import difflib
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from pybridge.annotate import FileJob, annotate_all, symbols_in, wanted_functions
from pybridge.annotate.stubs import stub_files
from pybridge.codec import digest_bytes
from pybridge.errors import OutputRefused, SourceUnreadable
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.evidence import Confidence
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import ModuleName, PublicPath, SymbolPath
from pybridge.model.source import FileKind, SourceFile, SourceTree
from pybridge.pipeline.analyze import Obtained
from pybridge.pipeline.collecting import collector_paused
from pybridge.pipeline.write import inside, write_file
from pybridge.protocols import Progress
from pybridge.source import read_bytes


class Rewrite(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is and as it would be."""

    path: str
    """Relative to the library's root, and to the output folder."""
    module: ModuleName
    location: Path
    """Where it goes."""
    before: bytes | None
    """What differences are shown against; None where there is nothing yet."""
    after: bytes
    types: int
    """How many types that adds; 0 for a stub, which is written whole."""
    is_written: bool
    """True when ``location`` holds ``after`` already."""
    is_source: bool = False
    """True when ``location`` is the source itself, which is written only while it still is what was read."""


class Rewriting(msgspec.Struct, frozen=True, kw_only=True):
    """What an annotation of a library would write."""

    files: tuple[Rewrite, ...]
    diagnostics: tuple[Diagnostic, ...]


def annotate_sources(
    obtained: Obtained,
    tree: SourceTree,
    *,
    modules: Sequence[str],
    least: Confidence,
    output: Path | None,
    jobs: int,
    progress: Progress,
) -> Rewriting:
    """Write resolved types into the text of a library's source files, in memory; only files that change are listed.

    ``modules`` are patterns, none for all. ``output`` is the folder that copies go to; None for the sources themselves.
    """
    chosen = chosen_modules(obtained.descriptor, modules)
    with collector_paused():
        files, asked, problems = _jobs(obtained, tree, chosen, least)
        progress.stage("annotating", len(asked))
        answers = annotate_all(asked, processes=jobs or os.cpu_count() or 1, progress=progress)
        found: list[Rewrite] = []
        for file, job, answer in zip(files, asked, answers, strict=True):
            problems += answer.diagnostics
            if answer.data is not None:
                location = file.location if output is None else inside(output, file.path)
                found.append(
                    Rewrite(
                        path=file.path,
                        module=file.module,
                        location=location,
                        before=job.data,
                        after=answer.data,
                        types=answer.types,
                        is_written=output is not None and _content(location) == answer.data,
                        is_source=output is None,
                    )
                )
    return Rewriting(files=tuple(found), diagnostics=tuple(problems))


def stubs_of(obtained: Obtained, *, modules: Sequence[str], output: Path) -> Rewriting:
    """Write the stubs of a library, in memory; all of the chosen modules are listed.

    Raises:
        OutputRefused: a stub would leave the folder.
    """
    chosen = {module.name for module in chosen_modules(obtained.descriptor, modules)}
    found: list[Rewrite] = []
    for one in stub_files(obtained.descriptor):
        if one.module in chosen:
            location, data = inside(output, one.path), one.text.encode()
            before = _content(location)
            found.append(
                Rewrite(
                    path=one.path,
                    module=one.module,
                    location=location,
                    before=before,
                    after=data,
                    types=0,
                    is_written=before == data,
                )
            )
    return Rewriting(files=tuple(found), diagnostics=())


def write_rewrites(files: Sequence[Rewrite]) -> tuple[str, ...]:
    """Write what has changed; return the paths that were written.

    Raises:
        OutputRefused: a file cannot be written, or a source is no longer what was read.
    """
    for one in files:
        if one.is_source and _content(one.location) != one.before:
            raise OutputRefused(one.location, "it changed while it was annotated")
    return tuple(one.path for one in files if write_file(one.location, one.after))


def unified_diff(rewrite: Rewrite) -> bytes:
    """Show a change as `patch` reads it, in the bytes of the file; empty where nothing changes."""
    name = rewrite.path.encode()
    before, after = (_split(data) for data in (rewrite.before or b"", rewrite.after))
    origin, target = (b"a/" + name if rewrite.before is not None else b"/dev/null"), b"b/" + name
    changes = difflib.diff_bytes(difflib.unified_diff, before, after, origin, target)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in changes)


def chosen_modules(descriptor: LibraryDescriptor, patterns: Sequence[str]) -> tuple[Module, ...]:
    """Return the modules whose name matches one of the patterns; all of them where there is no pattern."""
    return tuple(
        module
        for module in descriptor.modules
        if not patterns or any(fnmatchcase(module.name, pattern) for pattern in patterns)
    )


def _jobs(
    obtained: Obtained, tree: SourceTree, chosen: Sequence[Module], least: Confidence
) -> tuple[list[SourceFile], list[FileJob], list[Diagnostic]]:
    """Files with something to write, what to ask about each, and those that cannot be read as they were described."""
    by_module = {one.module: one for one in tree.files if one.kind is FileKind.SOURCE}
    digests = obtained.analysis.source_map.digests
    major, minor = obtained.descriptor.target.python_version.split(".")
    others = _other_paths(obtained.descriptor)
    files: list[SourceFile] = []
    jobs: list[FileJob] = []
    problems: list[Diagnostic] = []
    for module in chosen:
        file, functions = by_module.get(module.name), wanted_functions(module, least)
        if file is None or not functions:
            continue
        data = _read(file, problems)
        if data is None or digests.get(file.path) != digest_bytes(data):
            problems += [] if data is None else [_problem(file, "not annotated: it changed while it was described")]
            continue
        files.append(file)
        jobs.append(
            FileJob(
                module=file.module,
                is_package=file.is_package,
                path=file.path,
                data=data,
                python_version=(int(major), int(minor)),
                functions=functions,
                other_paths={path: others[path] for path in sorted(symbols_in(functions) & others.keys())},
            )
        )
    return files, jobs, problems


def _other_paths(descriptor: LibraryDescriptor) -> dict[SymbolPath, tuple[str, ...]]:
    """Public paths of every class, by which a file may have imported it."""
    found: dict[SymbolPath, tuple[PublicPath, ...]] = {}
    for module in descriptor.modules:
        found.update((one.path, one.public_paths) for one in module.classes if one.public_paths)
        found.update((one.path, one.public_paths) for one in module.type_aliases if one.public_paths)
    return {path: tuple(map(str, paths)) for path, paths in found.items()}


def _read(file: SourceFile, problems: list[Diagnostic]) -> bytes | None:
    try:
        return read_bytes(file)
    except SourceUnreadable as error:
        problems.append(_problem(file, error.reason))
        return None


def _problem(file: SourceFile, message: str) -> Diagnostic:
    return Diagnostic(code="annotate-unreadable", severity=Severity.WARNING, message=message, path=file.path)


def _content(path: Path) -> bytes | None:
    """What a file of the output holds; None where there is none that can be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _split(data: bytes) -> list[bytes]:
    """Lines with their ends; only LF ends one, so that nothing in a line is taken for an end."""
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
