"""Small libraries, written to a folder and described as the pipeline does it, store and cache left out."""

from collections.abc import Mapping
from pathlib import Path

from pybridge.extract import extract_file
from pybridge.model.library import LibraryDescriptor, Target
from pybridge.model.names import ModuleName
from pybridge.model.overlays import Overlays
from pybridge.model.source import FileKind, SourceFile, SourceTree
from pybridge.protocols import Silent
from pybridge.resolve.describe import Description
from pybridge.resolve.library import resolve_library

TARGET = Target(python_version="3.11", platform="linux")


def write_library(folder: Path, sources: Mapping[str, str]) -> SourceTree:
    """Write files by relative path, ``lib/__init__.py``, and list them as a tree."""
    files = []
    for relative, text in sorted(sources.items()):
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        parts = list(Path(relative).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        state = path.stat()
        files.append(
            SourceFile(
                module=ModuleName(".".join(parts[:-1] if is_package else parts)),
                kind=FileKind.STUB if path.suffix == ".pyi" else FileKind.SOURCE,
                is_package=is_package,
                path=relative,
                location=path,
                size_bytes=state.st_size,
                mtime_ns=state.st_mtime_ns,
            )
        )
    roots = tuple(sorted({ModuleName(one.module.partition(".")[0]) for one in files}))
    return SourceTree(
        name=roots[0],
        roots=roots,
        distribution=None,
        version="1.0",
        base=folder,
        search_paths=(folder,),
        files=tuple(files),
        is_typed=True,
    )


def describe(
    folder: Path, sources: Mapping[str, str], target: Target = TARGET, *, overlays: Overlays | None = None
) -> Description:
    """Describe a library written to a folder."""
    tree = write_library(folder, sources)
    major, minor = target.python_version.split(".")
    version = (int(major), int(minor))
    facts = [extract_file(one, one.location.read_bytes(), python_version=version) for one in tree.files]
    return resolve_library(
        tree=tree,
        facts={one.module: one for one in facts if not one.is_stub},
        stubs={one.module: one for one in facts if one.is_stub},
        target=target,
        cache_dir=None,
        progress=Silent(),
        overlays=overlays,
    )


def module_api(descriptor: LibraryDescriptor, module: str) -> str:
    """The API text of one module, without its title."""
    from pybridge.pipeline.api_text import module_lines

    found = next(one for one in descriptor.modules if one.name == module)
    return "".join(f"{line}\n" for line in module_lines(found))
