"""Small libraries in the text of a test, read by the real extractor and evaluated."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pybridge.extract.file import extract_file
from pybridge.model.facts import ModuleFacts
from pybridge.model.library import SkipReason, Target
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind, SourceFile
from pybridge.resolve.surface import resolve_surface
from pybridge.resolve.symbols import Surface

TARGET = Target(python_version="3.11", platform="linux")


def facts_of(path: str, text: str) -> ModuleFacts:
    """Read ``pkg/__init__.py`` or ``pkg/mod.pyi``; its module is told by its path."""
    parts = path.rpartition(".")[0].split("/")
    is_package = parts[-1] == "__init__"
    data = text.encode()
    file = SourceFile(
        module=ModuleName(".".join(parts[:-1] if is_package else parts)),
        kind=FileKind.STUB if path.endswith(".pyi") else FileKind.SOURCE,
        is_package=is_package,
        path=path,
        location=Path(path),
        size_bytes=len(data),
        mtime_ns=0,
    )
    return extract_file(file, data, python_version=(3, 11))


def evaluate(
    files: Mapping[str, str],
    *,
    target: Target = TARGET,
    compiled: Collection[str] = (),
    skipped: Mapping[str, SkipReason] | None = None,
) -> Surface:
    """Evaluate a library given as texts by path; its root is the first part of the first path."""
    read = [facts_of(path, text) for path, text in files.items()]
    root = next(iter(files)).split("/", maxsplit=1)[0].partition(".")[0]
    return resolve_surface(
        roots=(ModuleName(root),),
        facts={one.module: one for one in read if not one.is_stub},
        stubs={one.module: one for one in read if one.is_stub},
        compiled={ModuleName(name) for name in compiled},
        skipped={ModuleName(name): reason for name, reason in (skipped or {}).items()},
        target=target,
    )


def exported(surface: Surface, module: str) -> dict[str, str]:
    """Map the public names of a module, without incidental ones and submodules, to what they lead to."""
    return {
        export.name: export.target
        for export in surface.modules[ModuleName(module)].exports
        if export.visibility.value != "incidental" and export.how.value != "submodule"
    }
