"""What the metadata of a distribution says of it, whichever of its forms is there.

Sources: https://packaging.python.org/en/latest/specifications/core-metadata/, .../entry-points/, .../pyproject-toml/
"""

import configparser
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from pybridge.model.package import EntryPoint, Package
from pybridge.source.naming import normalise
from pybridge.source.tables import table_at, text_at, texts_of

_MOST = 1_000
"""Of extras or entry points that are kept, and of characters of each text: nobody writes more by hand."""


def package_of_metadata(metadata: str, entry_points: str | None) -> Package:
    """Read ``METADATA`` and ``entry_points.txt``; a distribution without the second has no entry points."""
    headers = list(_headers(metadata))
    required = [value for key, value in headers if key == "requires-python"]
    return Package(
        requires_python=_specifiers(required[-1] if required else ""),
        extras=_extras(value for key, value in headers if key == "provides-extra"),
        entry_points=_sorted(_of_sections(entry_points or "")),
    )


def package_of_pkg_info(text: str, entry_points: str | None) -> Package:
    """Read the ``PKG-INFO`` of an unpacked sdist; ``entry_points`` is what stands beside it, None where none tells."""
    read = package_of_metadata(text, entry_points)
    return read if entry_points is not None else msgspec.structs.replace(read, entry_points=None)


def package_of_pyproject(data: object) -> Package:
    """Read ``[project]``, else ``[tool.poetry]``; what is listed as dynamic is decided when the project is built."""
    if not table_at(data, "project"):
        return _of_poetry(data)
    dynamic = texts_of(table_at(data, "project").get("dynamic"))
    scripts = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}
    tables = {group: table_at(data, "project", key) for group, key in scripts.items()}
    others = {
        group: table_at(data, "project", "entry-points", group) for group in table_at(data, "project", "entry-points")
    }
    are_known = not {*scripts.values(), "entry-points"}.intersection(dynamic)
    return Package(
        requires_python=None
        if "requires-python" in dynamic
        else _specifiers(text_at(data, "project", "requires-python") or ""),
        extras=None
        if "optional-dependencies" in dynamic
        else _extras(table_at(data, "project", "optional-dependencies")),
        entry_points=_sorted(_of_tables(tables | others)) if are_known else None,
    )


def package_of_setup_cfg(parser: configparser.RawConfigParser) -> Package:
    """Read ``[options]``; what stands there adds to what ``setup.py`` says, so nothing is known to be absent."""
    required = parser.get("options", "python_requires", fallback=None)
    extras = parser.options("options.extras_require") if parser.has_section("options.extras_require") else None
    points: list[EntryPoint] = []
    if parser.has_section("options.entry_points"):
        for group, text in parser.items("options.entry_points"):
            points += _of_sections(f"[{group}]\n{text}")
    return Package(
        requires_python=_specifiers(required) if required else None,
        extras=_extras(extras) if extras is not None else None,
        entry_points=_sorted(points) if points else None,
    )


def merged(packages: Iterable[Package]) -> Package:
    """Take each fact from the first that tells it."""
    known = tuple(packages)
    return Package(
        requires_python=next((one.requires_python for one in known if one.requires_python is not None), None),
        extras=next((one.extras for one in known if one.extras is not None), None),
        entry_points=next((one.entry_points for one in known if one.entry_points is not None), None),
    )


def _of_poetry(data: object) -> Package:
    poetry = table_at(data, "tool", "poetry")
    if not poetry:
        return Package()
    required = text_at(poetry, "dependencies", "python")
    plugins = table_at(poetry, "plugins")
    tables = {"console_scripts": table_at(poetry, "scripts"), **{group: table_at(plugins, group) for group in plugins}}
    return Package(
        requires_python=_specifiers(_caret(required)) if required else None,
        extras=_extras(table_at(poetry, "extras")),
        entry_points=_sorted(_of_tables(tables)),
    )


def _caret(text: str) -> str:
    """Write Poetry's ``^3.9`` as its metadata does."""
    major = text.removeprefix("^").partition(".")[0]
    return f">={text[1:]},<{int(major) + 1}.0" if text.startswith("^") and major.isdecimal() else text


def _headers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if not line.strip():
            return
        key, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            yield key.strip().lower(), value.strip()


def _specifiers(text: str) -> str:
    parts = (part.replace(" ", "") for part in text[:_MOST].split(","))
    return ",".join(sorted(part for part in parts if part))


def _extras(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({normalise(name[:_MOST]) for name in names}))[:_MOST]


def _of_sections(text: str) -> Iterator[EntryPoint]:
    """Read the form of ``entry_points.txt``; nothing where it is broken."""
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # names of entry points keep their case
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    for group in parser.sections():
        for name, target in parser.items(group):
            yield EntryPoint(group=group[:_MOST], name=name[:_MOST], target=(target or "")[:_MOST])


def _of_tables(tables: Mapping[str, Mapping[str, object]]) -> Iterator[EntryPoint]:
    for group, table in tables.items():
        for name, target in table.items():
            if isinstance(target, str):
                yield EntryPoint(group=group[:_MOST], name=name[:_MOST], target=target[:_MOST])


def _sorted(points: Iterable[EntryPoint]) -> tuple[EntryPoint, ...]:
    return tuple(sorted(points, key=lambda one: (one.group, one.name)))[:_MOST]
