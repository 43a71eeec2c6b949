"""Where things lie in the store: names of refs and paths in trees.

Names of libraries and modules are input and may be hostile. Every one of them gets a safe and distinct place, so none
needs to be refused: letters, digits, ``_``, ``-`` and inner dots stay as they are, all else becomes ``%XX``.
"""

import hashlib

from pybridge.model.library import Target
from pybridge.model.names import ModuleName

ALL_REFS = "refs/"
JOURNAL = "refs/heads/main"
"""The branch that HEAD names: one commit a snapshot, its tree holding the newest snapshot of every library."""
LIBRARIES = "refs/libraries/"
TAGS = "refs/tags/"
"""Names that people gave to snapshots; ``refs/tags/jinja2/3.1.6/3.11-linux`` is that of a version."""
FETCHED = "refs/fetched/"
"""What another store has; in quarantine only."""
QUARANTINE = "tmp_fetch_"
"""Folders below ``objects`` in which lies what another store sent, until it is known."""
LIBRARY_BLOB = "library.json"
MODULES = "modules"
SUFFIX = ".json"
PLACES = "places"
PLACES_SUFFIX = ".places"
"""Of the blobs that say where things are written. A suffix of its own, by which `git diff` is told to be brief of them."""
FILES_BLOB = "files.places"
"""The files that nothing is described in."""
MAX_COMPONENT_BYTES = 200
"""Longer components are cut and end in a digest; a checkout allows 255."""
MAX_DEPTH = 40
"""Deeper modules share one component for the rest of their name."""
_CUT_BYTES = 34
_SHORTEST_CUT = MAX_COMPONENT_BYTES - 4
"""A cut component has a few bytes less than allowed, where a character was in the way."""


def library_ref(library: str, target: Target) -> str:
    """Name the ref of a library for a target, ``refs/libraries/jinja2/3.11-linux``."""
    return f"{LIBRARIES}{library_component(library)}/{target_component(target)}"


def library_component(library: str) -> str:
    """Write a library's import name as one component of a ref or path, ``google.cloud``."""
    return _component(library, keeps_dots=True)


def target_component(target: Target) -> str:
    """Write a target as one component, ``3.11-linux``."""
    version = _component(target.python_version, keeps_dots=True).replace("-", "%2D")
    return f"{version}-{_component(target.platform, keeps_dots=False)}"


def tag_ref(library: str, name: str, target: str) -> str:
    """Name the ref of a tag, ``refs/tags/jinja2/3.1.6/3.11-linux``; the target is a component already."""
    return f"{TAGS}{library_component(library)}/{_component(name, keeps_dots=True)}/{target}"


def module_path(module: ModuleName) -> tuple[str, ...]:
    """Place a module below `MODULES`: ``jinja2.ext`` is ``("jinja2", "ext.json")``.

    A package's own blob lies beside its folder (``jinja2.json``), so no two modules share a place and a module that
    becomes a package keeps its own.
    """
    *folders, last = (_component(part, keeps_dots=False) for part in module.split(".", MAX_DEPTH))
    return (*folders, last + SUFFIX)


def places_path(module: ModuleName) -> tuple[str, ...]:
    """Place what is known of where a module's symbols are written, below `PLACES`, as `module_path` does."""
    *folders, last = module_path(module)
    return (*folders, last.removesuffix(SUFFIX) + PLACES_SUFFIX)


def module_at(path: tuple[str, ...]) -> ModuleName | None:
    """Undo `module_path`; None where the name was cut, or could not be read off for another reason."""
    if not path or not path[-1].endswith(SUFFIX):
        return None
    parts = (*path[:-1], path[-1].removesuffix(SUFFIX))
    if any(len(one.encode()) >= _SHORTEST_CUT for one in parts):
        return None
    try:
        module = ModuleName(".".join(_unescape(one) for one in parts))
    except ValueError:
        return None
    return module if module_path(module) == path else None


def names_in(ref: str) -> tuple[str, ...]:
    """The components of a ref below `LIBRARIES` or `TAGS`: library, tag if it is one, target; as they are escaped."""
    return tuple(ref.split("/")[2:])


def tag_name(ref: str) -> str:
    """Read the name off a tag's ref; where it cannot be undone, as it is escaped."""
    escaped = names_in(ref)[1]
    try:
        return _unescape(escaped)
    except ValueError:
        return escaped


def _component(text: str, *, keeps_dots: bool) -> str:
    """Escape a text so that it is one valid, distinct component; the empty text is ``%``."""
    if text.isidentifier() and text.isascii() and len(text) <= MAX_COMPONENT_BYTES:
        return text
    kept = "".join(_escape(character, keeps_dots=keeps_dots) for character in text) or "%"
    if keeps_dots and (kept.startswith(".") or kept.endswith((".", ".lock", ".git")) or ".." in kept):
        kept = kept.replace(".", "%2E")
    raw = kept.encode()
    if len(raw) <= MAX_COMPONENT_BYTES:
        return kept
    cut = raw[: MAX_COMPONENT_BYTES - _CUT_BYTES].decode(errors="ignore")
    return f"{cut}%{hashlib.sha256(raw).hexdigest()[:32]}"


def _escape(character: str, *, keeps_dots: bool) -> str:
    if character.isalnum() or character in "_-" or (keeps_dots and character == "."):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))


def _unescape(component: str) -> str:
    """Undo `_component`, where nothing was cut.

    Raises:
        ValueError: no text is escaped like this.
    """
    if component == "%":
        return ""
    first, *rest = component.split("%")
    data = first.encode() + b"".join(bytes.fromhex(one[:2]) + one[2:].encode() for one in rest)
    return data.decode()
