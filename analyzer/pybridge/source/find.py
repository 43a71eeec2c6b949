"""A library by name, in an environment: its distribution, its files, or what was meant instead."""

import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pybridge.errors import DistributionNotFound
from pybridge.model.source import SourceTree
from pybridge.source.files import DirectoryFiles
from pybridge.source.installed import Distribution, distribution_providing, distributions, package_of, roots_of
from pybridge.source.naming import is_module_name, is_module_part, module_stem, normalise, suggestions
from pybridge.source.path_files import added_paths, editable_project, linked_projects
from pybridge.source.tree import build_tree, is_package, read_tree


def default_site_packages(environment: Mapping[str, str] | None = None) -> Path:
    """Find the folder of installed libraries: of the active virtual environment, else of the running interpreter.

    ``environment`` stands for ``os.environ``. No other interpreter is started to ask it.
    """
    active = (os.environ if environment is None else environment).get("VIRTUAL_ENV")
    if active and (found := _site_packages_below(Path(active))) is not None:
        return found
    return Path(sysconfig.get_path("purelib"))


def environment_of(folder: Path) -> Path:
    """Take a virtual environment for the site-packages in it; any other folder stands for itself."""
    return _site_packages_below(folder) or folder


def find_library(name: str, *, site_packages: Path, include_tests: bool = False) -> SourceTree:
    """Find an installed library by import name (``jinja2``) or distribution name (``Jinja2``, ``scikit-learn``).

    ``site_packages`` may also be the virtual environment that holds it. An import name wins over a distribution of
    the same name that does not provide it. The tree covers every top-level name of the distribution; a package
    without metadata is found as well, and editable installs are followed to their project.

    Raises:
        DistributionNotFound: nothing installed has that name; it suggests what may have been meant.
        SourceUnreadable: there is no such environment.
    """
    folder = environment_of(site_packages)
    elsewhere = added_paths(folder)
    installed = distributions(folder)
    chosen = distribution_providing(name, folder) or _called(name, installed)
    if chosen is not None:
        tree = _distribution_tree(chosen, name, folder, elsewhere, include_tests=include_tests)
        if tree is not None:
            return tree
    tree = _bare_tree(name, (folder, *elsewhere), include_tests=include_tests) if is_module_name(name) else None
    if tree is not None and tree.base != folder:
        tree = _with_editable(tree, installed)
    if tree is None:
        tree = _linked_tree(name, folder, elsewhere, include_tests=include_tests)
    if tree is not None:
        return tree
    known = {one.name for one in installed} | set(_import_names(folder))
    raise DistributionNotFound(name, searched=(folder, *elsewhere), suggestions=suggestions(name, known))


def _distribution_tree(
    chosen: Distribution, name: str, folder: Path, elsewhere: tuple[Path, ...], *, include_tests: bool
) -> SourceTree | None:
    """Read an installed distribution; None when it has no modules."""
    roots = roots_of(chosen, folder)
    if roots:
        return build_tree(
            DirectoryFiles(folder),
            roots,
            asked=name,
            include_tests=include_tests,
            distribution=chosen.name,
            version=chosen.version,
            package=package_of(chosen),
            search_paths=elsewhere,
        )
    project = editable_project(chosen.metadata)
    if project is None:
        return None
    for place in (project, *(path for path in elsewhere if path.is_relative_to(project))):
        try:
            tree = read_tree(place, include_tests=include_tests)
        except DistributionNotFound:
            continue
        found = msgspec.structs.replace(
            tree,
            distribution=chosen.name,
            version=chosen.version or tree.version,
            search_paths=tuple(dict.fromkeys((*tree.search_paths, folder, *elsewhere))),
        )
        return msgspec.structs.replace(found, name=name) if name in found.roots else found
    return None


def _called(name: str, installed: tuple[Distribution, ...]) -> Distribution | None:
    return next((one for one in installed if normalise(one.name) == normalise(name)), None)


def _bare_tree(name: str, folders: tuple[Path, ...], *, include_tests: bool) -> SourceTree | None:
    """Find a package or module that no metadata tells of."""
    for folder in folders:
        files = DirectoryFiles(folder)
        tree = build_tree(files, (name,), asked=name, include_tests=include_tests, search_paths=folders)
        if tree.files or is_package(files, name.replace(".", "/")):
            return tree
    return None


def _with_editable(tree: SourceTree, installed: tuple[Distribution, ...]) -> SourceTree:
    """Name the editable install whose project a tree found through a ``.pth`` file is part of."""
    owners = [one for one in installed if (at := editable_project(one.metadata)) and tree.base.is_relative_to(at)]
    owners.sort(key=lambda one: normalise(one.name) != normalise(tree.name))
    if not owners:
        return tree
    return msgspec.structs.replace(tree, distribution=owners[0].name, version=owners[0].version)


def _linked_tree(name: str, folder: Path, elsewhere: tuple[Path, ...], *, include_tests: bool) -> SourceTree | None:
    """Follow the ``.egg-link`` of an old editable install."""
    for linked, project in linked_projects(folder).items():
        if normalise(linked) == normalise(name):
            try:
                tree = read_tree(project, include_tests=include_tests)
            except DistributionNotFound:
                return None
            found = tree.distribution or linked
            paths = tuple(dict.fromkeys((*tree.search_paths, folder, *elsewhere)))
            return msgspec.structs.replace(tree, distribution=found, search_paths=paths)
    return None


def _import_names(folder: Path) -> list[str]:
    """Top-level names that can be imported, private ones left out."""
    with os.scandir(folder) as entries:
        names = [one.name if one.is_dir() else module_stem(one.name) or "" for one in entries]
    return sorted(name for name in set(names) if is_module_part(name) and not name.startswith("_"))


def _site_packages_below(folder: Path) -> Path | None:
    """Find the site-packages of a virtual environment; None when the folder is not one."""
    candidates = (
        sorted(folder.glob("lib/python3*/site-packages")) if os.name != "nt" else [folder / "Lib/site-packages"]
    )
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates.sort(key=lambda path: path.parent.name != version)
    return next((path for path in candidates if path.is_dir()), None)
