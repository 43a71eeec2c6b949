"""A folder of source becomes a `SourceTree`: a package, a project (``src/`` or flat), or several packages."""

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from pybridge.errors import DistributionNotFound, SourceUnreadable
from pybridge.model.names import ModuleName
from pybridge.model.package import Package
from pybridge.model.source import SourceTree
from pybridge.source.files import DirectoryFiles, Entry, Files
from pybridge.source.installed import distribution_providing, package_of
from pybridge.source.naming import STUBS_SUFFIX, is_module_part, module_stem, normalise, suggestions
from pybridge.source.project import Project, read_project, version_in_source
from pybridge.source.walk import Walk

_SOURCE_FOLDERS = ("src", "lib", "python", ".")
_NOT_PACKAGES = frozenset(
    [
        "benchmark",
        "benchmarks",
        "bin",
        "build",
        "changelog",
        "ci",
        "debian",
        "demo",
        "demos",
        "dist",
        "doc",
        "docs",
        "documentation",
        "example",
        "examples",
        "exercise",
        "exercises",
        "htmlcov",
        "manpages",
        "news",
        "newsfragments",
        "notebooks",
        "requirements",
        "script",
        "scripts",
        "site_scons",
        "tasks",
        "test",
        "testing_data",
        "tests",
        "tool",
        "tools",
        "unit_test",
        "unit_tests",
        "util",
        "utils",
        "vendor",
        "venv",
        "node_modules",
    ]
)
"""Folders beside a flat project's package that setuptools does not take for packages either."""
_NOT_MODULES = frozenset({"setup", "conftest", "noxfile", "fabfile", "tasks", "dodo", "manage", "versioneer"})
_MAX_NAMESPACE_DEPTH = 3


def read_tree(path: Path, *, name: str | None = None, include_tests: bool = False) -> SourceTree:
    """Read a folder of source, or a single module.

    ``path`` is a package, a project (``pyproject.toml``, ``setup.cfg``, ``PKG-INFO``, read as text) or a folder that holds
    packages; ``name`` picks one of several, by import name or by the name of the project.

    Raises:
        SourceUnreadable: there is nothing at ``path``, or it may not be read.
        DistributionNotFound: there is no package in it, or none of that name.
    """
    place = Path(os.path.abspath(path))  # noqa: PTH100 - links in the user's own path stay as they are
    if place.is_file() and module_stem(place.name) is not None:
        stem = module_stem(place.name) or ""
        return build_tree(DirectoryFiles(place.parent), (stem,), asked=name, include_tests=include_tests)
    try:
        os.listdir(place)  # noqa: PTH208 - only whether it can be listed matters
    except OSError as error:
        raise SourceUnreadable(path, (error.strerror or str(error)).lower()) from error
    return read_files(DirectoryFiles(place), name=name, include_tests=include_tests)


def read_files(place: Files, *, name: str | None, include_tests: bool) -> SourceTree:
    """Read a package, a project or a folder of packages, wherever its files are; see `read_tree`.

    Raises:
        DistributionNotFound: there is no package in it, or none of that name.
    """
    project = read_project(place)
    own_name = place.location.name
    above = place.parent()
    is_itself_package = above is not None and is_package(place, "") and is_module_part(own_name)
    if project is None and above is not None and is_itself_package:
        return _package_tree(above, own_name, name, None, include_tests=include_tests)
    base, roots = _locate(place, project or Project())
    is_project = bool(project and project.name and _is_called(project.name, roots, None))
    if above is not None and is_itself_package and not base and not is_project:
        return _package_tree(above, own_name, name, project, include_tests=include_tests)
    if name is not None and name in roots and project is None:
        roots = (name,)
    if not roots or (name is not None and not _is_called(name, roots, project)):
        known = [*roots, *([project.name] if project and project.name else [])]
        asked = name or own_name
        near = suggestions(asked, known) or tuple(known[:3])
        raise DistributionNotFound(asked, searched=(place.location,), suggestions=near)
    files = place.below(base)
    return build_tree(
        files,
        roots,
        asked=name,
        include_tests=include_tests,
        distribution=project.name if project else None,
        version=(project.version if project else None) or _version(files, roots),
        package=project.package if project else None,
    )


def build_tree(
    base: Files,
    roots: tuple[str, ...],
    *,
    asked: str | None,
    include_tests: bool,
    distribution: str | None = None,
    version: str | None = None,
    package: Package | None = None,
    search_paths: tuple[Path, ...] = (),
) -> SourceTree:
    """Collect the files of known roots below a base."""
    walk = Walk(base, include_tests=include_tests)
    for root in roots:
        walk.add_root(root)
    return SourceTree(
        name=_name(asked, roots, distribution),
        roots=tuple(ModuleName(root) for root in sorted(roots)),
        distribution=distribution,
        version=version,
        base=base.location,
        search_paths=tuple(dict.fromkeys((base.location, *search_paths))),
        files=walk.files(),
        is_typed=walk.is_typed,
        package=package or Package(),
        skipped=tuple(sorted(walk.skipped, key=lambda one: (one.path, one.reason.value))),
        diagnostics=tuple(walk.diagnostics),
    )


def is_package(files: Files, folder: str) -> bool:
    """Tell a regular package from any other folder."""
    place = f"{folder}/" if folder else ""
    return files.is_file(f"{place}__init__.py") or files.is_file(f"{place}__init__.pyi")


def _package_tree(
    base: Files, root: str, name: str | None, project: Project | None, *, include_tests: bool
) -> SourceTree:
    """Read a package by its own folder; what distribution it belongs to may stand in it, beside it or above it."""
    if name is not None and name != root:
        raise DistributionNotFound(name, searched=(base.location / root,), suggestions=(root,))
    found = distribution_providing(root, base.location) if isinstance(base, DirectoryFiles) else None
    above = base.parent() if base.location.name in _SOURCE_FOLDERS else base
    project = project or (read_project(above) if found is None and above is not None else None) or Project()
    is_own = project.name is None or normalise(project.name) == normalise(root)
    return build_tree(
        base,
        (root,),
        asked=root,
        include_tests=include_tests,
        distribution=found.name if found else project.name if is_own else None,
        version=(found.version if found else project.version if is_own else None) or version_in_source(base, root),
        package=package_of(found) if found else project.package if is_own else None,
    )


def _name(asked: str | None, roots: tuple[str, ...], distribution: str | None) -> str:
    """Choose the name people use: as asked, as the distribution is called, or the first public root."""
    if asked in roots:
        return asked or ""
    wanted = {normalise(one) for one in (distribution, asked) if one}
    alike = [root for root in sorted(roots) if normalise(root) in wanted]
    public = [root for root in sorted(roots) if not any(part.startswith("_") for part in root.split("."))]
    return next(iter((*alike, *public, *sorted(roots))))


def _is_called(name: str, roots: tuple[str, ...], project: Project | None) -> bool:
    is_project = project is not None and project.name is not None and normalise(project.name) == normalise(name)
    return name in roots or is_project or normalise(name) in {normalise(root) for root in roots}


def _locate(place: Files, project: Project) -> tuple[str, tuple[str, ...]]:
    """Find the folder that importing starts from, relative to the place, and the roots in it."""
    fallback: tuple[str, tuple[str, ...]] = ("", ())
    wanted = normalise(project.name) if project.name else None
    for folder in dict.fromkeys((*project.folders, *_SOURCE_FOLDERS)):
        base = _inside(folder)
        if base is None or not place.is_folder(base) or (base and is_package(place, base)):
            continue
        is_flat = not base and folder not in project.folders
        roots = tuple(_roots_in(place.below(base), is_flat=is_flat, wanted=wanted))
        alike = tuple(root for root in roots if normalise(root) == wanted)
        if alike:
            return base, roots if base else alike
        if roots and not fallback[1]:
            fallback = (base, roots)
    if not fallback[1]:
        # A folder in which nothing but such a name can be imported was named for it.
        fallback = (
            "",
            tuple(one.name for one in _listing(place, "") if one.is_folder and _is_importable(place, one.name)),
        )
    return fallback


def _is_importable(place: Files, folder: str) -> bool:
    return is_module_part(folder) and is_package(place, folder)


def _inside(folder: str) -> str | None:
    """Normalise a folder that settings name; None where it leads out of the project."""
    base = posixpath.normpath(folder.replace("\\", "/"))
    if base == ".":
        return ""
    return None if base.startswith(("/", "../")) or base == ".." or "\0" in base else base


def _roots_in(base: Files, *, is_flat: bool, wanted: str | None) -> Iterator[str]:
    """List the packages and modules in a folder."""
    namespaces: list[str] = []
    has_package = False
    modules: list[str] = []
    for entry in _listing(base, ""):
        folder = entry.name.removesuffix(STUBS_SUFFIX)
        is_wanted = normalise(folder) == wanted
        if entry.is_folder:
            if not is_module_part(folder) or (is_flat and folder in _NOT_PACKAGES and not is_wanted):
                continue
            if is_package(base, entry.name):
                has_package = True
                yield folder
            else:
                namespaces.append(folder)
        elif (stem := module_stem(entry.name)) is not None and is_module_part(stem) and stem not in _NOT_MODULES:
            modules.append(stem)
    yield from (stem for stem in dict.fromkeys(modules) if not is_flat or not has_package or normalise(stem) == wanted)
    if not is_flat or not has_package:
        for folder in namespaces:
            yield from _below_namespace(base, folder, 1)


def _below_namespace(base: Files, folder: str, depth: int) -> Iterator[str]:
    """List the regular packages nearest to the top of a folder without ``__init__``."""
    if depth > _MAX_NAMESPACE_DEPTH:
        return
    for entry in _listing(base, folder):
        inner = f"{folder}/{entry.name}"
        if is_module_part(entry.name) and entry.is_plain and entry.is_folder:
            if is_package(base, inner):
                yield inner.replace("/", ".")
            else:
                yield from _below_namespace(base, inner, depth + 1)


def _listing(base: Files, folder: str) -> tuple[Entry, ...]:
    try:
        return tuple(one for one in base.entries(folder) if not one.name.startswith("."))
    except SourceUnreadable:
        return ()


def _version(base: Files, roots: tuple[str, ...]) -> str | None:
    found = (version_in_source(base, root.replace(".", "/")) for root in sorted(roots))
    return next((one for one in found if one), None)
