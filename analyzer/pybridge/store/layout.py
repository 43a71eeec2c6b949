"""Where things lie in the store: names of refs and paths in trees.

Names of libraries and modules are input and may be hostile. Every one of them gets a safe and distinct place, so none
needs to be refused: letters, digits, ``_``, ``-`` and inner dots stay as they are, all else becomes ``%XX``.
"""

import hashlib

from pybridge.model.library import Target
from pybridge.model.names import ModuleName

JOURNAL = "refs/heads/main"
"""The branch that HEAD names: one commit a snapshot, its tree holding the newest snapshot of every library."""
LIBRARIES = "refs/libraries/"
LIBRARY_BLOB = "library.json"
MODULES = "modules"
SUFFIX = ".json"
MAX_COMPONENT_BYTES = 200
"""Longer components are cut and end in a digest; a checkout allows 255."""
MAX_DEPTH = 40
"""Deeper modules share one component for the rest of their name."""


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


def module_path(module: ModuleName) -> tuple[str, ...]:
    """Place a module below `MODULES`: ``jinja2.ext`` is ``("jinja2", "ext.json")``.

    A package's own blob lies beside its folder (``jinja2.json``), so no two modules share a place and a module that
    becomes a package keeps its own.
    """
    *folders, last = (_component(part, keeps_dots=False) for part in module.split(".", MAX_DEPTH))
    return (*folders, last + SUFFIX)


def _component(text: str, *, keeps_dots: bool) -> str:
    """Escape a text so that it is one valid, distinct component; the empty text is ``%``."""
    kept = "".join(_escape(character, keeps_dots=keeps_dots) for character in text) or "%"
    if keeps_dots and (kept.startswith(".") or kept.endswith((".", ".lock", ".git")) or ".." in kept):
        kept = kept.replace(".", "%2E")
    raw = kept.encode()
    if len(raw) <= MAX_COMPONENT_BYTES:
        return kept
    cut = raw[: MAX_COMPONENT_BYTES - 34].decode(errors="ignore")
    return f"{cut}%{hashlib.sha256(raw).hexdigest()[:32]}"


def _escape(character: str, *, keeps_dots: bool) -> str:
    if character.isalnum() or character in "_-" or (keeps_dots and character == "."):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))
