"""What is installed in a site-packages folder: distributions, read from their metadata as text."""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from pybridge.errors import SourceUnreadable
from pybridge.model.package import Package
from pybridge.source.naming import COMPILED_SUFFIXES, STUBS_SUFFIX, is_module_part, module_stem, normalise
from pybridge.source.package import package_of_metadata
from pybridge.source.reading import read_metadata

_IGNORED_SUFFIXES = (".dist-info", ".egg-info", ".data", ".libs", ".dylibs")
_MAX_NAMESPACE_DEPTH = 4
_TEST_ROOTS = frozenset({"test", "tests"})


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """One installed distribution."""

    name: str
    """As its metadata spells it."""
    version: str | None
    metadata: Path
    """Its ``.dist-info`` or ``.egg-info``."""


class InstalledLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """An installed distribution and what to import of it."""

    distribution: str
    version: str | None
    roots: tuple[str, ...]
    """Top-level import names, sorted; empty when its metadata does not tell."""


def installed_libraries(site_packages: Path) -> tuple[InstalledLibrary, ...]:
    """List what is installed, sorted by name.

    Raises:
        SourceUnreadable: there is no such folder.
    """
    found = [
        InstalledLibrary(distribution=one.name, version=one.version, roots=roots_of(one, site_packages))
        for one in distributions(site_packages)
    ]
    return tuple(sorted(found, key=lambda one: (one.distribution.lower(), one.distribution)))


def distributions(site_packages: Path) -> tuple[Distribution, ...]:
    """Read the name and version of every distribution, in the order of their metadata folders.

    Raises:
        SourceUnreadable: there is no such folder.
    """
    try:
        with os.scandir(site_packages) as entries:
            names = sorted(one.name for one in entries if one.name.endswith((".dist-info", ".egg-info")))
    except OSError as error:
        raise SourceUnreadable(site_packages, (error.strerror or str(error)).lower()) from error
    found = (read_distribution(site_packages / name) for name in names)
    return tuple(one for one in found if one is not None)


def read_distribution(metadata: Path) -> Distribution | None:
    """Read a ``.dist-info`` folder, or an ``.egg-info`` folder or file; None when it names nothing."""
    text = None
    for place in (metadata / "METADATA", metadata / "PKG-INFO", metadata):
        text = read_metadata(place)
        if text is not None:
            break
    headers = read_headers(text or "")
    stem, _, version = metadata.name.rpartition(".")[0].partition("-")
    name = headers.get("name") or stem
    if not name:
        return None
    return Distribution(
        name=name, version=headers.get("version") or version.partition("-py")[0] or None, metadata=metadata
    )


def package_of(distribution: Distribution) -> Package:
    """Read what a distribution promises; nothing where its metadata is gone."""
    for name in ("METADATA", "PKG-INFO"):
        text = read_metadata(distribution.metadata / name)
        if text is not None:
            return package_of_metadata(text, read_metadata(distribution.metadata / "entry_points.txt"))
    return Package()


def read_headers(text: str) -> dict[str, str]:
    """Read metadata, which has the form of an e-mail header: values by lowercase key, the last of several."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            found[key.strip().lower()] = value.strip()
    return found


def recorded_files(distribution: Distribution) -> tuple[str, ...]:
    """Paths of the files that make modules, relative to site-packages; empty when nothing is recorded."""
    record = read_metadata(distribution.metadata / "RECORD")
    if record is not None:
        try:
            paths = [row[0] for row in csv.reader(record.splitlines()) if row]
        except csv.Error:
            return ()
    else:
        listed = read_metadata(distribution.metadata / "installed-files.txt") or ""
        paths = [line.removeprefix("../") for line in listed.splitlines()]
    return tuple(path for path in paths if _is_module_file(path))


def roots_of(distribution: Distribution, site_packages: Path) -> tuple[str, ...]:
    """Top-level import names of a distribution, sorted; below a namespace the dotted names.

    Empty when its metadata does not tell (an editable install records no modules).
    """
    files = recorded_files(distribution)
    if files:
        return roots_of_files(files)
    listed = (read_metadata(distribution.metadata / "top_level.txt") or "").split()
    return _without_tests({name for name in listed if is_module_part(name) and _exists(site_packages, name)})


def roots_of_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Top-level import names of a distribution by the files it consists of; as `roots_of`."""
    return _without_tests(set(_roots_below((), [PurePosixPath(one).parts for one in paths if _is_module_file(one)])))


def _without_tests(roots: set[str]) -> tuple[str, ...]:
    return tuple(sorted(roots - _TEST_ROOTS or roots))


def _roots_below(prefix: tuple[str, ...], files: list[tuple[str, ...]]) -> Iterator[str]:
    """Find the regular packages and modules nearest to the top, and namespace folders that hold modules themselves.

    Judged by what the distribution records alone, so that its roots are the same in every environment.
    """
    folders: dict[str, list[tuple[str, ...]]] = {}
    depth = len(prefix)
    for parts in files:
        if len(parts) > depth + 1:
            folders.setdefault(parts[depth], []).append(parts)
        elif (stem := module_stem(parts[-1])) is not None and is_module_part(stem):
            yield ".".join((*prefix, stem))
    for folder, inside in folders.items():
        name = folder.removesuffix(STUBS_SUFFIX) if depth == 0 else folder
        if not is_module_part(name):
            continue
        if depth >= _MAX_NAMESPACE_DEPTH or any(len(one) == depth + 2 for one in inside):
            yield ".".join((*prefix, name))
        else:
            yield from _roots_below((*prefix, name), inside)


def _is_module_file(path: str) -> bool:
    top, *rest = path.split("/")
    if not top or top == ".." or path.startswith("/") or "\\" in path or ".." in rest:
        return False
    if top.endswith(_IGNORED_SUFFIXES) or "__pycache__" in path:
        return False
    return module_stem(path.rpartition("/")[2]) is not None


def _exists(site_packages: Path, name: str) -> bool:
    if (site_packages / name).is_dir() or any((site_packages / f"{name}{end}").is_file() for end in (".py", ".pyi")):
        return True
    return any(next(site_packages.glob(f"{name}.*{end}"), None) for end in COMPILED_SUFFIXES)


def _is_of_stubs(name: str) -> bool:
    """True for distributions of stubs, by how they are called."""
    normal = normalise(name)
    return normal.startswith("types-") or normal.endswith(STUBS_SUFFIX)


def distribution_providing(import_name: str, site_packages: Path) -> Distribution | None:
    """Find the distribution that an import name belongs to; None when none says so.

    Of several, the one called the same comes first, and packages of stubs last. A namespace belongs to a distribution
    that has it for itself.
    """
    top = import_name.partition(".")[0]
    # Without this look at the disk, a misspelt name costs reading every RECORD of the environment.
    if not is_module_part(top) or not (_exists(site_packages, top) or _exists(site_packages, top + STUBS_SUFFIX)):
        return None
    try:
        installed = distributions(site_packages)
    except SourceUnreadable:
        return None
    wanted = normalise(import_name)
    ordered = sorted(installed, key=lambda one: (normalise(one.name) != wanted, _is_of_stubs(one.name), one.name))
    below: list[Distribution] = []
    for one in ordered:
        roots = roots_of(one, site_packages)
        if import_name in roots:
            return one
        if any(root.startswith(f"{import_name}.") for root in roots):
            below.append(one)
    return below[0] if len(below) == 1 else None
