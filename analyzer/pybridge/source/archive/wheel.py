"""A wheel becomes a `SourceTree`, as if it were installed and nothing else were.

Source: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from collections.abc import Iterator

import msgspec

from pybridge.errors import DistributionNotFound
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.source import SourceTree
from pybridge.source.archive.gathering import Gathering
from pybridge.source.archive.record import checked, read_record
from pybridge.source.files import Member, MemoryFiles
from pybridge.source.installed import read_headers, roots_of_files
from pybridge.source.naming import normalise, suggestions
from pybridge.source.package import package_of_metadata
from pybridge.source.tree import build_tree

_INFO = ".dist-info"
_LIBRARY_FOLDERS = ("purelib", "platlib")
"""Below ``.data``: what installing moves beside the rest."""


def wheel_tree(gathering: Gathering, *, name: str | None, include_tests: bool) -> SourceTree:
    """Read the members of a wheel.

    Raises:
        ArchiveRefused: it is no wheel, or holds no module.
        DistributionNotFound: it is not of the library that was asked for.
    """
    info = _info(gathering)
    rows = read_record((gathering.members[f"{info}/RECORD"].data or b"").decode("utf-8", "replace"))
    if rows is None:
        raise gathering.refuse("its RECORD cannot be read")
    gathering.members = _installed(checked(gathering.members, rows), gathering)
    metadata = (gathering.members[f"{info}/METADATA"].data or b"").decode("utf-8", "replace")
    headers = read_headers(metadata)
    distribution = headers.get("name") or info.removesuffix(_INFO).rpartition("-")[0]
    roots = roots_of_files(gathering.members)
    if not roots:
        raise gathering.refuse("it holds no module")
    if name is not None and normalise(name) not in {normalise(one) for one in (distribution, *roots)}:
        known = (distribution, *roots)
        near = suggestions(name, known) or known[:3]
        raise DistributionNotFound(name, searched=(gathering.archive,), suggestions=near)
    files = MemoryFiles.of(gathering.archive, gathering.members)
    tree = build_tree(
        files,
        roots,
        asked=name,
        include_tests=include_tests,
        distribution=distribution,
        version=headers.get("version") or None,
        package=package_of_metadata(metadata, files.text(f"{info}/entry_points.txt")),
    )
    told = (*tree.diagnostics, *gathering.diagnostics(files.told), *_lies(gathering, info, headers))
    return msgspec.structs.replace(tree, diagnostics=told)


def _info(gathering: Gathering) -> str:
    """Find the one folder of metadata."""
    found = {path.partition("/")[0] for path in gathering.members if path.partition("/")[0].endswith(_INFO)}
    if len(found) != 1:
        raise gathering.refuse(
            "it is no wheel: it has no folder .dist-info" if not found else "it is two wheels in one"
        )
    [info] = found
    for one in ("METADATA", "RECORD"):
        member = gathering.members.get(f"{info}/{one}")
        if member is None or member.data is None:
            raise gathering.refuse(f"it is no wheel: {info}/{one} is missing or cannot be read")
    return info


def _installed(members: dict[str, Member], gathering: Gathering) -> dict[str, Member]:
    """Put members where installing would put them."""
    found: dict[str, Member] = {}
    for path, member in members.items():
        top, _, rest = path.partition("/")
        if top.endswith(".data"):
            kind, _, rest = rest.partition("/")
            if kind not in _LIBRARY_FOLDERS or not rest:
                continue
            path = rest  # noqa: PLW2901 - where it goes
        if path in found:
            raise gathering.refuse(f"two members would be installed as {path!r}")
        found[path] = member
    both = sorted({folder for path in found for folder in _above(path)} & found.keys())
    if both:
        raise gathering.refuse(f"{both[0]!r} would be both a file and a folder")
    return found


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _lies(gathering: Gathering, info: str, headers: dict[str, str]) -> Iterator[Diagnostic]:
    """Tell where the names of a wheel do not agree."""
    parts = gathering.archive.name.removesuffix(".whl").split("-")
    name, _, version = info.removesuffix(_INFO).rpartition("-")
    known = [(name, version), (headers.get("name", ""), headers.get("version", ""))]
    if len(parts) >= 5:
        known.append((parts[0], parts[1]))
    if len({(normalise(one), other.replace("_", "-").lower()) for one, other in known}) > 1:
        shown = ", ".join(" ".join(one)[:100] for one in dict.fromkeys(known))
        message = f"the wheel, its folder and its metadata give different names or versions: {shown}"
        yield Diagnostic(code="names-disagree", severity=Severity.WARNING, message=message)
