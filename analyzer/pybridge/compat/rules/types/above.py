"""Attributes that changed with the class above, which tells it."""

from collections.abc import Callable

from pybridge.compat.classes.ancestry import after, is_exposed
from pybridge.compat.pairs import ClassPair
from pybridge.model.classes import Class, Field


def is_told_above(pair: ClassPair, name: str, is_alike: Callable[[Field, Field], bool]) -> bool:
    """Whether a public class above, the same on both sides, declares an attribute of that name that changed alike.

    ``is_alike`` is asked about its field of the old and of the new side.
    """
    libraries = pair.libraries
    for path in pair.old.mro[1:]:
        old, new = libraries.old.class_at(path), after(libraries, path)
        if old is None or new is None or new.path not in pair.new.mro[1:]:
            continue
        if not is_exposed(libraries.old, path) and not is_exposed(libraries.new, new.path):
            continue
        before, now = _field(old, name), _field(new, name)
        if before is not None and now is not None and is_alike(before, now):
            return True
    return False


def _field(one: Class, name: str) -> Field | None:
    return next((field for field in one.fields if field.name == name), None)
