"""Documentation that a method has from what it overrides: linked, not copied."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Class, Property
from pybridge.model.library import Module
from pybridge.model.names import SymbolPath

_Member = TypeVar("_Member", Function, Property)
Documented = Mapping[SymbolPath, Mapping[str, SymbolPath]]
"""Of each class, its own members that have documentation, by name."""


def with_inherited_documentation(modules: tuple[Module, ...]) -> tuple[Module, ...]:
    """Say of methods and properties without documentation whose applies: that of the nearest documented ancestor.

    Only ancestors in the library count. An empty docstring is one; ``object`` and other packages document nothing here.
    """
    documented = documented_by(modules)
    return tuple(with_documentation(module, documented) for module in modules)


def documented_by(modules: Iterable[Module]) -> Documented:
    """Find the members that have documentation."""
    classes = {one.path: one for module in modules for top in module.classes for one in _with_nested(top)}
    return {path: dict(_documented(one)) for path, one in classes.items()}


def with_documentation(module: Module, documented: Documented) -> Module:
    """Do as `with_inherited_documentation` for one module, knowing what all of them document."""
    classes = tuple(_class(one, documented) for one in module.classes)
    return module if classes == module.classes else msgspec.structs.replace(module, classes=classes)


def _class(one: Class, documented: Documented) -> Class:
    methods = tuple(_linked(method, one.mro, documented) for method in one.methods)
    properties = tuple(_linked(prop, one.mro, documented) for prop in one.properties)
    nested = tuple(_class(each, documented) for each in one.nested_classes)
    if (methods, properties, nested) == (one.methods, one.properties, one.nested_classes):
        return one
    return msgspec.structs.replace(one, methods=methods, properties=properties, nested_classes=nested)


def _linked(one: _Member, mro: tuple[SymbolPath, ...], documented: Documented) -> _Member:
    found = None
    if one.docstring is None:
        found = next((known[one.name] for path in mro[1:] if one.name in (known := documented.get(path, {}))), None)
    return one if found == one.docstring_from else msgspec.structs.replace(one, docstring_from=found)


def _documented(one: Class) -> Iterator[tuple[str, SymbolPath]]:
    members: tuple[Function | Property, ...] = (*one.methods, *one.properties)
    for member in members:
        if member.docstring is not None:
            yield member.name, member.path


def _with_nested(one: Class) -> Iterator[Class]:
    yield one
    for nested in one.nested_classes:
        yield from _with_nested(nested)
