"""What a source tree says of itself: name, version and where its packages are, read from static metadata."""

import configparser
import re
import tomllib
from collections.abc import Iterator

import msgspec

from pybridge.model.package import Package
from pybridge.source.files import Files
from pybridge.source.installed import read_headers
from pybridge.source.package import merged, package_of_pkg_info, package_of_pyproject, package_of_setup_cfg
from pybridge.source.tables import text_at, texts_of, value_at

_VERSION = re.compile(r"""^__version__(?:\s*:[^=\n]+)?\s*=\s*(["'])([^"'\n]{1,80})\1""", re.MULTILINE)
_VERSION_FILES = ("__init__.py", "_version.py", "version.py", "__about__.py", "__version__.py")


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A source tree's description of itself."""

    name: str | None = None
    version: str | None = None
    folders: tuple[str, ...] = ()
    """Folders that packages are declared to be in, relative to the project, best first."""
    package: Package = Package()


def read_project(folder: Files) -> Project | None:
    """Read ``pyproject.toml``, ``setup.cfg`` and ``PKG-INFO``; None when there is none of them. Nothing is run."""
    found: list[Project] = []
    if (text := folder.text("pyproject.toml")) is not None:
        found.append(_from_pyproject(text))
    if (text := folder.text("setup.cfg")) is not None:
        found.append(_from_setup_cfg(text))
    if (text := folder.text("PKG-INFO")) is not None:
        headers = read_headers(text)
        name, version = headers.get("name") or None, headers.get("version") or None
        found.append(Project(name=name, version=version, package=package_of_pkg_info(text, _entry_points(folder))))
    if folder.is_file("setup.py"):
        found.append(Project())
    if not found:
        return None
    return Project(
        name=next((one.name for one in found if one.name), None),
        version=next((one.version for one in found if one.version), None),
        folders=tuple(dict.fromkeys(path for one in found for path in one.folders)),
        package=merged(one.package for one in found),
    )


def _entry_points(unpacked: Files) -> str | None:
    """Find what building an sdist wrote down of its entry points; empty where nothing could have added any."""
    for base in ("", "src"):
        for one in unpacked.entries(base) if unpacked.is_folder(base) else ():
            if one.is_folder and one.name.endswith(".egg-info"):
                return unpacked.text(f"{base}/{one.name}/entry_points.txt".lstrip("/")) or ""
    return None if unpacked.is_file("setup.py") or unpacked.is_file("setup.cfg") else ""


def version_in_source(base: Files, package: str) -> str | None:
    """Find a literal ``__version__`` in a package; None when there is none."""
    for name in _VERSION_FILES:
        text = base.text(f"{package}/{name}" if package else name)
        if text is not None and (found := _VERSION.search(text)):
            return found[2]
    return None


def _from_pyproject(text: str) -> Project:
    try:
        data: object = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return Project()
    return Project(
        name=text_at(data, "project", "name") or text_at(data, "tool", "poetry", "name"),
        version=text_at(data, "project", "version") or text_at(data, "tool", "poetry", "version"),
        folders=tuple(_declared_folders(data)),
        package=package_of_pyproject(data),
    )


def _declared_folders(data: object) -> Iterator[str]:
    """Folders named in the settings of the common build tools."""
    yield from texts_of(value_at(data, "tool", "setuptools", "packages", "find", "where"))
    yield from texts_of(value_at(data, "tool", "setuptools", "package-dir", ""))
    for path in texts_of(value_at(data, "tool", "hatch", "build", "targets", "wheel", "packages")):
        yield path.rpartition("/")[0] or "."
    yield from texts_of(value_at(data, "tool", "maturin", "python-source"))
    packages = value_at(data, "tool", "poetry", "packages")
    for package in packages if isinstance(packages, list) else []:
        yield from texts_of(value_at(package, "from"))


def _from_setup_cfg(text: str) -> Project:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
        name = parser.get("metadata", "name", fallback=None)
        version = parser.get("metadata", "version", fallback=None)
        where = parser.get("options.packages.find", "where", fallback=None)
        package = package_of_setup_cfg(parser)
    except configparser.Error:
        return Project()
    is_literal = version is not None and not version.startswith(("attr:", "file:"))
    folders = (where,) if where else ()
    return Project(name=name, version=version if is_literal else None, folders=folders, package=package)
