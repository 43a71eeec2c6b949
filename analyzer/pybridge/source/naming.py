"""Names of distributions and modules: how they are compared, and which are near."""

import difflib
import keyword
import re
from collections.abc import Iterable

COMPILED_SUFFIXES = (".so", ".pyd")
CYTHON_SUFFIX = ".pyx"
STUBS_SUFFIX = "-stubs"

_MAX_PART = 200
"""No file system holds a longer name with its suffix."""
_SEPARATORS = re.compile(r"[-_.]+")


def normalise(name: str) -> str:
    """Write a distribution's name as PEP 503 compares it: lowercase, one dash between words."""
    return _SEPARATORS.sub("-", name).lower()


def is_module_part(name: str) -> bool:
    """Tell whether an import statement can spell this part of a module's name."""
    return len(name) <= _MAX_PART and name.isidentifier() and not keyword.iskeyword(name)


def is_module_name(name: str) -> bool:
    """Tell whether an import statement can spell a dotted name."""
    return all(map(is_module_part, name.split(".")))


def module_stem(file_name: str) -> str | None:
    """Name of the module that a file would be; None when it is none. ``x.cpython-311-x86_64-linux-gnu.so`` is ``x``."""
    if file_name.endswith((".py", ".pyi")):
        return file_name.rpartition(".")[0]
    if file_name.endswith(COMPILED_SUFFIXES):
        return file_name.partition(".")[0]
    return None


def suggestions(name: str, known: Iterable[str], *, count: int = 3) -> tuple[str, ...]:
    """Known names that a person may have meant, nearest first; case and separators do not matter."""
    by_key: dict[str, str] = {}
    for one in sorted(known):
        by_key.setdefault(normalise(one), one)
    near = difflib.get_close_matches(normalise(name)[:100], list(by_key), n=count, cutoff=0.7)
    return tuple(by_key[key] for key in near)
