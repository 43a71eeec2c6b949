"""What is the same on both sides in every respect that a rule asks about, so that nobody need walk it.

A definition may mean something else although not a word of it changed: by a class that it inherits from, by an alias, a
protocol or a typed dict that it names. Where one of the latter changed anywhere, nothing is left out.
"""

from collections.abc import Iterator

from pybridge.compat.library import Definition, Library
from pybridge.compat.pairs import Exposed, LibraryPair
from pybridge.model.classes import Class, ClassKind
from pybridge.model.library import Module
from pybridge.model.names import ModuleName, SymbolPath

_SHAPES = frozenset({ClassKind.PROTOCOL, ClassKind.TYPED_DICT})


class Quiet:
    """Knows of two libraries what may be left out."""

    def __init__(self, libraries: LibraryPair) -> None:
        """Look through the modules that differ; those that are one object on both sides are not looked at."""
        self._old, self._new = libraries.sides
        self.is_any = _shapes(self._old, self._new, libraries.same) == _shapes(self._new, self._old, libraries.same)
        """Whether anything may be left out."""

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
        if not self.is_any or not _equal(old, new):
            return False
        return not isinstance(old, Class) or all(
            _equal(self._old.class_at(one), self._new.class_at(one)) for one in _above(old)
        )


def _shapes(library: Library, other: Library, same: frozenset[ModuleName]) -> dict[str, object]:
    """Everything that gives other definitions their meaning, of the modules that differ from the other side's."""
    return {
        str(path): shape
        for name in library.modules
        if name not in same and library.modules[name] is not other.modules.get(name)
        for path, shape in _shapes_in(library.modules[name])
    }


def _above(one: Class) -> Iterator[SymbolPath]:
    """Classes above a class and above those inside it."""
    yield from one.mro
    for inner in one.nested_classes:
        yield from _above(inner)


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
