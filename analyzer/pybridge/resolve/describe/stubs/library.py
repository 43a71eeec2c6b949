"""A described library, completed by what its stubs say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.facts import ModuleFacts
from pybridge.model.library import Module, SymbolKind, Target, TypeAlias, Variable
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, dotted, split_symbol
from pybridge.model.overlays import Overlays
from pybridge.model.source import Place
from pybridge.resolve.describe.ground import Ground
from pybridge.resolve.describe.library import (
    Described,
    Description,
    describe_module,
    ground_of,
    mentioned_aliases,
)
from pybridge.resolve.describe.places import locate
from pybridge.resolve.describe.stubs.callables import called_class, function_of_variable
from pybridge.resolve.describe.stubs.counterparts import Counterparts
from pybridge.resolve.describe.stubs.merging import Symbol, listed, merge_symbol
from pybridge.resolve.describe.stubs.renaming import renamed
from pybridge.resolve.describe.stubs.run_time import MadeMembers
from pybridge.resolve.describe.stubs.signatures import Difference
from pybridge.resolve.describe.views import Library
from pybridge.resolve.symbols import Surface
from pybridge.resolve.types.answers import TypeAnswers

MAX_TOLD = 500
"""Disagreements told one by one; real libraries have fewer, generated ones may have any number."""


_KINDS: Mapping[type[Symbol], SymbolKind] = {
    Class: SymbolKind.CLASS,
    Function: SymbolKind.FUNCTION,
    Variable: SymbolKind.VARIABLE,
    TypeAlias: SymbolKind.TYPE_ALIAS,
}


class Stubbed(msgspec.Struct, frozen=True, kw_only=True):
    """A library and its stubs, both evaluated."""

    facts: Mapping[ModuleName, ModuleFacts]
    """Sources."""
    stubs: Mapping[ModuleName, ModuleFacts]
    """Stubs, also of modules without a source."""
    surface: Surface
    """By the sources, completed by the stubs."""
    declared: Surface
    """By the stubs, and by the sources of modules that have none."""
    answers: TypeAnswers
    target: Target
    overlays: Overlays


def with_stubs(description: Description, given: Stubbed) -> Description:
    """Give the symbols of sources the types and overloads of the stubs beside them.

    Existence, parameters, defaults, documentation and flags stay the source's; what only a stub says of code that is
    compiled or made at run time is described by the stub. In what both disagree is told in diagnostics
    (``stub-disagrees``). The description itself where no stub stands beside a source.
    """
    beside = {name: given.stubs[name] for name in sorted(given.stubs) if name in given.facts}
    return _Merge(description, given, beside).merged() if beside else description


class _Merge:
    def __init__(self, description: Description, given: Stubbed, beside: Mapping[ModuleName, ModuleFacts]) -> None:
        self._description, self._given, self._beside = description, given, beside
        self._pairs = Counterparts(given.surface, given.declared, beside)
        self._stub_places = locate(beside, {}, {}).places
        self._diagnostics: list[Diagnostic] = []
        modules = description.descriptor.modules
        self._made = MadeMembers(given.facts, (one for module in modules for one in module.classes))

    def merged(self) -> Description:
        """Describe what stubs declare, and put it into the modules."""
        old = self._description
        declared, mentioned = self._declared(old.descriptor.modules)
        modules = tuple(self._module(one, declared) for one in old.descriptor.modules)
        modules = _with_kinds(_with_aliases(modules, mentioned))
        self._report_names()
        return msgspec.structs.replace(
            old,
            descriptor=msgspec.structs.replace(old.descriptor, modules=modules),
            source_map=msgspec.structs.replace(old.source_map, places=self._places(modules)),
            diagnostics=(*old.diagnostics, *_capped(self._diagnostics)),
        )

    def _declared(self, modules: Iterable[Module]) -> tuple[dict[SymbolPath, Symbol], tuple[TypeAlias, ...]]:
        """Describe the stubs' side of everything that is described, and the aliases that only stubs have."""
        described = {one.path: one for module in modules for one in _symbols(module)}
        sides = {self._pairs.by_source[path]: one for path, one in described.items() if path in self._pairs.by_source}
        ground = self._ground()
        found = _described(ground, sides)
        declared = {one.path: one for each in found for one in _symbols(each.module)}
        called = [one for path, one in declared.items() if _is_called(sides[path], one) and isinstance(one, Variable)]
        classes = _described(ground, filter(None, map(called_class, called)))
        by_path = {one.path: one for each in classes for one in each.module.classes}
        declared.update((one.path, made) for one in called if (made := function_of_variable(one, by_path)) is not None)
        rename = self._pairs.source_path
        named = mentioned_aliases(
            _library(ground, sides), (path for each in (*found, *classes) for path in each.mentioned)
        )
        aliases = (renamed(one.alias, rename) for each in named.values() for one in each)
        return (
            {path: renamed(one, rename) for path, one in declared.items()},
            tuple(one for one in aliases if one.path not in described),
        )

    def _ground(self) -> Ground:
        given = self._given
        return ground_of(
            surface=given.declared,
            facts={name: one for name, one in given.facts.items() if name not in self._beside},
            stubs=given.stubs,
            answers=given.answers,
            target=given.target,
            overlays=given.overlays,
        )

    def _module(self, module: Module, declared: Mapping[SymbolPath, Symbol]) -> Module:
        merged = [self._symbol(one, declared) for one in _symbols(module)]
        stub = self._beside.get(module.name)
        docstring = module.docstring if module.docstring is not None or stub is None else stub.docstring
        return msgspec.structs.replace(
            module,
            docstring=docstring,
            classes=_sorted(one for one in merged if isinstance(one, Class)),
            functions=_sorted(one for one in merged if isinstance(one, Function)),
            variables=_sorted(one for one in merged if isinstance(one, Variable)),
            type_aliases=_sorted(one for one in merged if isinstance(one, TypeAlias)),
        )

    def _symbol(self, one: Symbol, declared: Mapping[SymbolPath, Symbol]) -> Symbol:
        stub = declared.get(self._pairs.by_source.get(one.path, SymbolPath("")))
        if stub is None:
            return one
        if self._pairs.is_made_by_stub(one.path):
            return _with_paths(stub, one.public_paths)
        return merge_symbol(one, stub, report=self._report, is_made=self._made)

    def _places(self, modules: Iterable[Module]) -> dict[SymbolPath, Place]:
        """The source's places, and the stub's of what only a stub defines."""
        places = dict(self._description.source_map.places)
        tops = {one.path for module in modules for one in _symbols(module) if one.path not in places}
        for path, place in self._stub_places.items():
            module, qualname = split_symbol(path)
            if path not in places and SymbolPath(f"{module}:{qualname.partition('.')[0]}") in tops:
                places[path] = place
        return places

    def _report(self, path: SymbolPath, differences: Sequence[Difference]) -> None:
        source = self._description.source_map.places.get(path) or self._description.source_map.places.get(_owner(path))
        stub_path = self._stub_path(path)
        stub = self._stub_places.get(stub_path) or self._stub_places.get(_owner(stub_path))
        where = f" ({source.path}:{source.line})" if source is not None else ""
        self._diagnostics.append(
            Diagnostic(
                code="stub-disagrees",
                severity=Severity.WARNING if any(one.is_breaking for one in differences) else Severity.NOTE,
                message=f"{dotted(path)}{where}: {'; '.join(one.text for one in differences)}",
                path=stub.path if stub is not None else None,
                line=stub.line if stub is not None else None,
            )
        )

    def _stub_path(self, path: SymbolPath) -> SymbolPath:
        module, qualname = split_symbol(path)
        head, _, rest = qualname.partition(".")
        top = self._pairs.by_source.get(SymbolPath(f"{module}:{head}"), SymbolPath(f"{module}:{head}"))
        return SymbolPath(f"{top}.{rest}") if rest else top

    def _report_names(self) -> None:
        for module, stub in self._beside.items():
            if module not in self._given.surface.modules or stub.is_broken or self._given.facts[module].is_broken:
                continue
            sides = (
                ("only the stub has", self._pairs.only_in_stub(module)),
                ("only the source has", self._pairs.only_in_source(module)),
            )
            told = [f"{words} {listed(names)}" for words, names in sides if names]
            if told:
                self._diagnostics.append(
                    Diagnostic(
                        code="stub-disagrees",
                        severity=Severity.NOTE,
                        message=f"{module} ({self._given.facts[module].path}): {'; '.join(told)}",
                        path=stub.path,
                    )
                )


def _library(ground: Ground, wanted: Iterable[SymbolPath]) -> Library:
    names: dict[ModuleName, set[str]] = {}
    for path in wanted:
        module, name = split_symbol(path)
        names.setdefault(module, set()).add(name)
    plans = {
        module: msgspec.structs.replace(plan, wanted=tuple(sorted(names.get(module, ()))), public_paths={})
        for module, plan in ground.plans.items()
    }
    return Library(msgspec.structs.replace(ground, plans=plans))


def _described(ground: Ground, wanted: Iterable[SymbolPath]) -> tuple[Described, ...]:
    paths = [path for path in wanted if split_symbol(path)[0] in ground.plans]
    library = _library(ground, paths)
    return tuple(describe_module(library, name) for name in sorted({split_symbol(path)[0] for path in paths}))


def _is_called(source: Symbol, stub: Symbol) -> bool:
    return isinstance(source, Function) and isinstance(stub, Variable)


def _symbols(module: Module) -> Iterator[Symbol]:
    yield from module.classes
    yield from module.functions
    yield from module.variables
    yield from module.type_aliases


_One = TypeVar("_One", Class, Function, Variable, TypeAlias)


def _sorted(found: Iterable[_One]) -> tuple[_One, ...]:
    return tuple(sorted(found, key=lambda one: one.name))


def _with_paths(one: Symbol, paths: tuple[PublicPath, ...]) -> Symbol:
    return _class_with_paths(one, paths) if isinstance(one, Class) else msgspec.structs.replace(one, public_paths=paths)


def _class_with_paths(one: Class, paths: tuple[PublicPath, ...]) -> Class:
    nested = tuple(
        _class_with_paths(each, tuple(PublicPath(f"{path}.{each.name}") for path in paths))
        for each in one.nested_classes
    )
    return msgspec.structs.replace(one, public_paths=paths, nested_classes=nested)


def _with_aliases(modules: tuple[Module, ...], aliases: Iterable[TypeAlias]) -> tuple[Module, ...]:
    added: dict[ModuleName, dict[str, TypeAlias]] = {}
    for one in aliases:
        added.setdefault(split_symbol(one.path)[0], {})[one.name] = one
    return tuple(
        msgspec.structs.replace(
            module,
            type_aliases=tuple(sorted((*module.type_aliases, *added[module.name].values()), key=lambda one: one.name)),
        )
        if module.name in added
        else module
        for module in modules
    )


def _with_kinds(modules: tuple[Module, ...]) -> tuple[Module, ...]:
    """Say of exports what they turned out to be."""
    kinds = {one.path: _KINDS[type(one)] for module in modules for one in _symbols(module)}
    return tuple(
        msgspec.structs.replace(
            module,
            exports=tuple(
                one
                if kinds.get(one.target, one.kind) is one.kind
                else msgspec.structs.replace(one, kind=kinds[one.target])
                for one in module.exports
            ),
        )
        for module in modules
    )


def _capped(found: list[Diagnostic]) -> Iterator[Diagnostic]:
    ordered = sorted(
        found, key=lambda one: (one.severity is not Severity.WARNING, one.path or "", one.line or 0, one.message)
    )
    yield from ordered[:MAX_TOLD]
    if len(ordered) > MAX_TOLD:
        yield Diagnostic(
            code="stub-disagrees",
            severity=Severity.NOTE,
            message=f"{len(ordered) - MAX_TOLD} more disagreements between stubs and sources are not listed",
        )


def _owner(path: SymbolPath) -> SymbolPath:
    return SymbolPath(path.rpartition(".")[0]) if "." in split_symbol(path)[1] else path
