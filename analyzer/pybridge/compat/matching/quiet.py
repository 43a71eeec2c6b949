"""What is the same on both sides in every respect that a rule asks about, so that nobody need walk it.

A definition may mean something else although not a word of it changed: by a class that it inherits from, by an alias, a
protocol or a typed dict that it names. Where one of the latter changed anywhere, nothing is left out.
"""

from collections.abc import Iterator

from pybridge.compat.library import Definition, Library
from pybridge.compat.pairs import Exposed, LibraryPair
from pybridge.model.classes import Class, ClassKind
from pybridge.model.library import Module

_SHAPES = frozenset({ClassKind.PROTOCOL, ClassKind.TYPED_DICT})


class Quiet:
    """Knows of two libraries what may be left out."""

    def __init__(self, libraries: LibraryPair) -> None:
        """Look through the modules that differ; those that are one object on both sides are not looked at."""
        self._old, self._new = libraries.sides
        self._is_any = _shapes(self._old, self._new) == _shapes(self._new, self._old)

    def is_symbol(self, old: Exposed | None, new: Exposed | None) -> bool:
        """Tell a symbol that is the same, reached by the same names."""
        if old is None or new is None:
            return False
        names = [[(name.path, name.export) for name in side.names] for side in (old, new)]
        if names[0] != names[1] or old.definition is None or new.definition is None:
            return False
        return self.is_definition(old.definition, new.definition)

    def is_definition(self, old: Definition, new: Definition) -> bool:
        """Tell a definition that is the same, and so is all that it inherits from in the library."""
        if not self._is_any or not _equal(old, new):
            return False
        return not isinstance(old, Class) or all(
            _equal(self._old.class_at(one), self._new.class_at(one)) for one in old.mro
        )


def _shapes(library: Library, other: Library) -> dict[str, object]:
    """Everything that gives other definitions their meaning, of the modules that differ from the other side's."""
    return {
        str(path): shape
        for name, module in library.modules.items()
        if module is not other.modules.get(name)
        for path, shape in _shapes_in(module)
    }


def _shapes_in(module: Module) -> Iterator[tuple[str, object]]:
    for alias in module.type_aliases:
        yield alias.path, alias
    waiting = list(module.classes)
    while waiting:
        one = waiting.pop()
        waiting.extend(one.nested_classes)
        if one.kind in _SHAPES:
            yield one.path, one


def _equal(old: object, new: object) -> bool:
    return old is new or old == new
