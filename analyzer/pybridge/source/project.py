"""What a source tree says of itself: name, version and where its packages are, read from static metadata."""

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping

import msgspec

from pybridge.source.files import Files
from pybridge.source.installed import read_headers

_VERSION = re.compile(r"""^__version__(?:\s*:[^=\n]+)?\s*=\s*(["'])([^"'\n]{1,80})\1""", re.MULTILINE)
_VERSION_FILES = ("__init__.py", "_version.py", "version.py", "__about__.py", "__version__.py")


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A source tree's description of itself."""

    name: str | None = None
    version: str | None = None
    folders: tuple[str, ...] = ()
    """Folders that packages are declared to be in, relative to the project, best first."""


def read_project(folder: Files) -> Project | None:
    """Read ``pyproject.toml``, ``setup.cfg`` and ``PKG-INFO``; None when there is none of them. Nothing is run."""
    found: list[Project] = []
    if (text := folder.text("pyproject.toml")) is not None:
        found.append(_from_pyproject(text))
    if (text := folder.text("setup.cfg")) is not None:
        found.append(_from_setup_cfg(text))
    if (text := folder.text("PKG-INFO")) is not None:
        headers = read_headers(text)
        found.append(Project(name=headers.get("name") or None, version=headers.get("version") or None))
    if folder.is_file("setup.py"):
        found.append(Project())
    if not found:
        return None
    return Project(
        name=next((one.name for one in found if one.name), None),
        version=next((one.version for one in found if one.version), None),
        folders=tuple(dict.fromkeys(path for one in found for path in one.folders)),
    )


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
        name=_text(data, "project", "name") or _text(data, "tool", "poetry", "name"),
        version=_text(data, "project", "version") or _text(data, "tool", "poetry", "version"),
        folders=tuple(_declared_folders(data)),
    )


def _declared_folders(data: object) -> Iterator[str]:
    """Folders named in the settings of the common build tools."""
    yield from _texts(_get(data, "tool", "setuptools", "packages", "find", "where"))
    yield from _texts(_get(data, "tool", "setuptools", "package-dir", ""))
    for path in _texts(_get(data, "tool", "hatch", "build", "targets", "wheel", "packages")):
        yield path.rpartition("/")[0] or "."
    yield from _texts(_get(data, "tool", "maturin", "python-source"))
    packages = _get(data, "tool", "poetry", "packages")
    for package in packages if isinstance(packages, list) else []:
        yield from _texts(_get(package, "from"))


def _from_setup_cfg(text: str) -> Project:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
        name = parser.get("metadata", "name", fallback=None)
        version = parser.get("metadata", "version", fallback=None)
        where = parser.get("options.packages.find", "where", fallback=None)
    except configparser.Error:
        return Project()
    is_literal = version is not None and not version.startswith(("attr:", "file:"))
    return Project(name=name, version=version if is_literal else None, folders=(where,) if where else ())


def _get(data: object, *path: str) -> object:
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def _text(data: object, *path: str) -> str | None:
    value = _get(data, *path)
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
