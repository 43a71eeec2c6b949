"""A folder of source becomes a `SourceTree`: a package, a project (``src/`` or flat), or several packages."""

import os
from collections.abc import Iterator
from pathlib import Path

from pybridge.errors import DistributionNotFound, SourceUnreadable
from pybridge.model.names import ModuleName
from pybridge.model.source import SourceTree
from pybridge.source.installed import distribution_providing
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
        return build_tree(place.parent, (stem,), asked=name, include_tests=include_tests)
    try:
        os.listdir(place)  # noqa: PTH208 - only whether it can be listed matters
    except OSError as error:
        raise SourceUnreadable(path, (error.strerror or str(error)).lower()) from error
    project = read_project(place)
    is_itself_package = is_package(place) and is_module_part(place.name)
    if project is None and is_itself_package:
        return _package_tree(place, name, None, include_tests=include_tests)
    base, roots = _locate(place, project or Project())
    if is_itself_package and base == place and not (project and project.name and _is_called(project.name, roots, None)):
        return _package_tree(place, name, project, include_tests=include_tests)
    if name is not None and name in roots and project is None:
        roots = (name,)
    if not roots or (name is not None and not _is_called(name, roots, project)):
        known = [*roots, *([project.name] if project and project.name else [])]
        asked = name or place.name
        raise DistributionNotFound(asked, searched=(place,), suggestions=suggestions(asked, known) or tuple(known[:3]))
    return build_tree(
        base,
        roots,
        asked=name,
        include_tests=include_tests,
        distribution=project.name if project else None,
        version=(project.version if project else None) or _version(base, roots),
    )


def build_tree(
    base: Path,
    roots: tuple[str, ...],
    *,
    asked: str | None,
    include_tests: bool,
    distribution: str | None = None,
    version: str | None = None,
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
        base=base,
        search_paths=tuple(dict.fromkeys((base, *search_paths))),
        files=walk.files(),
        is_typed=walk.is_typed,
        skipped=tuple(sorted(walk.skipped, key=lambda one: (one.path, one.reason.value))),
        diagnostics=tuple(walk.diagnostics),
    )


def is_package(folder: Path) -> bool:
    """Tell a regular package from any other folder."""
    return (folder / "__init__.py").is_file() or (folder / "__init__.pyi").is_file()


def _package_tree(place: Path, name: str | None, project: Project | None, *, include_tests: bool) -> SourceTree:
    """Read a package by its own folder; what distribution it belongs to may stand in it, beside it or above it."""
    root = place.name
    if name is not None and name != root:
        raise DistributionNotFound(name, searched=(place,), suggestions=(root,))
    found = distribution_providing(root, place.parent)
    above = place.parent.parent if place.parent.name in _SOURCE_FOLDERS else place.parent
    project = project or (read_project(above) if found is None else None) or Project()
    is_own = project.name is None or normalise(project.name) == normalise(root)
    return build_tree(
        place.parent,
        (root,),
        asked=root,
        include_tests=include_tests,
        distribution=found.name if found else project.name if is_own else None,
        version=(found.version if found else project.version if is_own else None) or version_in_source(place),
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


def _locate(place: Path, project: Project) -> tuple[Path, tuple[str, ...]]:
    """Find the folder that importing starts from, and the roots in it."""
    fallback: tuple[Path, tuple[str, ...]] = (place, ())
    wanted = normalise(project.name) if project.name else None
    for folder in dict.fromkeys((*project.folders, *_SOURCE_FOLDERS)):
        base = Path(os.path.normpath(place / folder))
        if not base.is_relative_to(place) or not base.is_dir():
            continue
        roots = tuple(_roots_in(base, is_flat=base == place and folder not in project.folders, wanted=wanted))
        alike = tuple(root for root in roots if normalise(root) == wanted)
        if alike:
            return base, alike if base == place else roots
        if roots and not fallback[1]:
            fallback = (base, roots)
    return fallback


def _roots_in(base: Path, *, is_flat: bool, wanted: str | None) -> Iterator[str]:
    """List the packages and modules in a folder."""
    namespaces: list[str] = []
    has_package = False
    modules: list[str] = []
    for name in _listing(base):
        folder = name.removesuffix(STUBS_SUFFIX)
        is_wanted = normalise(folder) == wanted
        if (base / name).is_dir():
            if not is_module_part(folder) or (is_flat and folder in _NOT_PACKAGES and not is_wanted):
                continue
            if is_package(base / name):
                has_package = True
                yield folder
            else:
                namespaces.append(folder)
        elif (stem := module_stem(name)) is not None and is_module_part(stem) and stem not in _NOT_MODULES:
            modules.append(stem)
    yield from (stem for stem in dict.fromkeys(modules) if not is_flat or not has_package or normalise(stem) == wanted)
    if not is_flat or not has_package:
        for folder in namespaces:
            yield from _below_namespace(base / folder, folder, 1)


def _below_namespace(folder: Path, dotted: str, depth: int) -> Iterator[str]:
    """List the regular packages nearest to the top of a folder without ``__init__``."""
    if depth > _MAX_NAMESPACE_DEPTH:
        return
    for name in _listing(folder):
        if is_module_part(name) and not (folder / name).is_symlink() and (folder / name).is_dir():
            if is_package(folder / name):
                yield f"{dotted}.{name}"
            else:
                yield from _below_namespace(folder / name, f"{dotted}.{name}", depth + 1)


def _listing(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 - names only
    except OSError:
        return []


def _version(base: Path, roots: tuple[str, ...]) -> str | None:
    found = (version_in_source(base.joinpath(*root.split("."))) for root in sorted(roots))
    return next((one for one in found if one), None)
