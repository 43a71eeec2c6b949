"""What one module sees of its library while it is described, with a note of everything it looked at.

Of its own it sees all. Of other modules it sees names, declarations and types, one symbol at a time, and their
documentation only through `World.docstring`: what a description depends on is thereby known, and nothing can be looked
at unnoticed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

import msgspec

from pybridge.model.expressions import Name
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, ModuleFacts, Statement, TypeAliasFacts
from pybridge.model.names import Digest, ModuleName, SymbolPath, split_symbol
from pybridge.resolve.describe.ground import Ground, Outline
from pybridge.resolve.describe.world import Rules, World
from pybridge.resolve.surface import class_scope
from pybridge.resolve.symbols import Definition, DefinitionStatement, ModuleSurface, Surface
from pybridge.resolve.types.answers import ModuleAnswer, TypeAnswers

T = TypeVar("T")
N = TypeVar("N", bound=str)
S = TypeVar("S", FunctionFacts, ClassFacts, Assignment)

NOBODY = ModuleName("")
"""A module that has nothing of its own."""
ALL = "*"
"""Stands for every name of a table, where one was walked over."""


class Touches(msgspec.Struct, frozen=True, array_like=True):
    """What of other modules and packages a description depends on; `ALL` for whole tables."""

    names: Mapping[ModuleName, tuple[str, ...]] = {}
    """Where names lead."""
    definitions: Mapping[ModuleName, tuple[str, ...]] = {}
    """Statements, without their documentation."""
    documents: Mapping[ModuleName, tuple[str, ...]] = {}
    """Documentation, by qualified names; by `presence` where only that counts."""
    answers: Mapping[ModuleName, tuple[str, ...]] = {}
    """What the type engine says."""
    externals: tuple[SymbolPath, ...] = ()


class Documentation(msgspec.Struct, frozen=True):
    """The documentation of a statement."""

    name: str
    """Qualified, within the module."""
    text: str | None


class Bare(msgspec.Struct, frozen=True):
    """A definition without its documentation, and where that is."""

    definition: Definition
    documentation: Mapping[int, Documentation]
    """By ``id`` of a statement of the definition, inner ones included."""


class Watched(Mapping[N, T]):
    """A table that notes which of its names were asked for."""

    __slots__ = ("_seen", "_show", "_table")

    def __init__(self, table: Mapping[N, T], seen: set[N], show: Callable[[N], T] | None = None) -> None:
        self._table, self._seen = table, seen
        self._show = show or table.__getitem__

    def __getitem__(self, name: N) -> T:
        self._seen.add(name)
        if name not in self._table:
            raise KeyError(name)
        return self._show(name)

    def get(self, name: N, default: object = None) -> Any:
        """Do as the one that is inherited, without an exception for each of the many names that a table has not."""
        self._seen.add(name)
        return self._show(name) if name in self._table else default

    def __contains__(self, name: object) -> bool:
        self._seen.add(cast("N", name))
        return name in self._table

    def __iter__(self) -> Iterator[N]:
        self._seen.add(cast("N", ALL))
        return iter(self._table)

    def __len__(self) -> int:
        self._seen.add(cast("N", ALL))
        return len(self._table)


class Modules(Mapping[ModuleName, T]):
    """What there is of each module: one's own as it is, another's by a view."""

    __slots__ = ("_all", "_own", "_view", "_views")

    def __init__(self, own: ModuleName, modules: Mapping[ModuleName, T], view: Callable[[ModuleName], T]) -> None:
        self._own, self._all, self._view = own, modules, view
        self._views: dict[ModuleName, T] = {}

    def __getitem__(self, module: ModuleName) -> T:
        found = self._views.get(module)
        if found is None:
            if module not in self._all:
                raise KeyError(module)
            found = self._views[module] = self._all[module] if module == self._own else self._view(module)
        return found

    def get(self, module: ModuleName, default: object = None) -> Any:
        """Do as the one that is inherited, without an exception for each module of another package."""
        found = self._views.get(module)
        if found is not None:
            return found
        return self[module] if module in self._all else default

    def __contains__(self, module: object) -> bool:
        return module in self._all

    def __iter__(self) -> Iterator[ModuleName]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class Body(msgspec.Struct, frozen=True):
    """The members of a class as other modules see them, and what of the library was looked at to know them."""

    members: Mapping[str, Definition]
    names: Mapping[ModuleName, set[str]]
    definitions: Mapping[ModuleName, set[str]]


class Library:
    """A ground that many modules look at, with the definitions that others see of them made once."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.rules = Rules(ground.overlays)
        self._bare: dict[tuple[ModuleName, str], Bare] = {}
        self._bodies: dict[SymbolPath, Body] = {}

    def bare(self, module: ModuleName, name: str) -> Bare:
        """Show a definition as other modules see it."""
        key = (module, name)
        if key not in self._bare:
            self._bare[key] = bare(self.ground.surfaces[module].definitions[name])
        return self._bare[key]

    def body(self, path: SymbolPath, facts: ClassFacts) -> Body:
        """Evaluate the body of a class, ``facts`` as other modules see it."""
        found = self._bodies.get(path)
        if found is None:
            found = self._bodies[path] = ModuleView(self, NOBODY).body(path, facts)
        return found


class ModuleView:
    """The library as one module sees it."""

    def __init__(self, library: Library, module: ModuleName) -> None:
        self.module = module
        self._library = library
        self._names: dict[ModuleName, set[str]] = {}
        self._definitions: dict[ModuleName, set[str]] = {}
        self._documents: dict[ModuleName, set[str]] = {}
        self._answers: dict[ModuleName, set[str]] = {}
        self._externals: set[SymbolPath] = set()
        self._documentation: dict[int, tuple[ModuleName, Documentation]] = {}

    def world(self) -> World:
        """Make a world of its own, so that what it remembers was looked at by this module."""
        ground, own = self._library.ground, self.module
        return World(
            surface=Surface(
                modules=Modules(own, ground.surfaces, self._surface),
                unread_modules=ground.unread_modules,
                public_paths={},
            ),
            facts=Modules(own, ground.facts, self._facts),
            stubs=Modules(own, ground.stubs, self._stub),
            answers=TypeAnswers(
                engine="",
                modules=Modules(own, ground.answers, self._answer),
                externals=Watched(ground.externals, self._externals),
            ),
            target=ground.target,
            rules=self._library.rules,
            docstring_of=self._docstring,
            has_docstring=self._has_docstring,
            members_of=self._members if self.module != NOBODY else None,
        )

    def body(self, path: SymbolPath, facts: ClassFacts) -> Body:
        """Evaluate the body of a class, and tell what was looked at."""
        surface, module = self.world().surface, split_symbol(path)[0]
        members = class_scope(facts, surface=surface, module=module, target=self._library.ground.target)
        return Body(members, self._names, self._definitions)

    def touches(self) -> Touches:
        """Tell what was looked at until now."""
        return Touches(
            names=_frozen(self._names),
            definitions=_frozen(self._definitions),
            documents=_frozen(self._documents),
            answers=_frozen(self._answers),
            externals=tuple(sorted(self._externals)),
        )

    def _members(self, path: SymbolPath, facts: ClassFacts) -> Mapping[str, Definition] | None:
        """Share the members of another module's class with all that look at it; None for an own one."""
        if split_symbol(path)[0] == self.module:
            return None
        body = self._library.body(path, facts)
        for notes, seen in ((self._names, body.names), (self._definitions, body.definitions)):
            for module, names in seen.items():
                if module != self.module:
                    notes.setdefault(module, set()).update(names)
        return body.members

    def _surface(self, module: ModuleName) -> ModuleSurface:
        whole = self._library.ground.surfaces[module]
        return ModuleSurface(
            module=module,
            names=Watched(whole.names, self._names.setdefault(module, set())),
            definitions=Watched(
                whole.definitions,
                self._definitions.setdefault(module, set()),
                lambda name: self._definition(module, name),
            ),
            exports=(),
            declared_names=None,
        )

    def _definition(self, module: ModuleName, name: str) -> Definition:
        shown = self._library.bare(module, name)
        for key, one in shown.documentation.items():
            self._documentation[key] = (module, one)
        return shown.definition

    def _docstring(self, statement: DefinitionStatement) -> str | None:
        found = self._documentation.get(id(statement))
        if found is None:
            return None if isinstance(statement, TypeAliasFacts) else statement.docstring
        module, one = found
        self._documents.setdefault(module, set()).add(one.name)
        return one.text

    def _has_docstring(self, statement: DefinitionStatement) -> bool:
        found = self._documentation.get(id(statement))
        if found is None:
            return self._docstring(statement) is not None
        module, one = found
        self._documents.setdefault(module, set()).add(presence(one.name))
        return one.text is not None

    def _answer(self, module: ModuleName) -> ModuleAnswer:
        whole = self._library.ground.answers[module]
        return ModuleAnswer(module=module, symbols=Watched(whole.symbols, self._answers.setdefault(module, set())))

    def _facts(self, module: ModuleName) -> ModuleFacts:
        return _shell(module, self._library.ground.outlines[module])

    def _stub(self, module: ModuleName) -> ModuleFacts:
        return _shell(module, Outline(is_package=self._library.ground.outlines[module].is_package, is_stub=True))


def presence(name: str) -> str:
    """Note of a name that only whether it is documented was asked."""
    return f"{name}?"


def bare(definition: Definition) -> Bare:
    """Take the documentation off a definition."""
    documentation: dict[int, Documentation] = {}
    shown = msgspec.structs.replace(
        definition,
        statements=tuple(_bare(one, definition.name, documentation) for one in definition.statements),
        variants=tuple(_bare(one, definition.name, documentation) for one in definition.variants),
    )
    return Bare(definition=shown, documentation=documentation)


def _bare(statement: DefinitionStatement, name: str, documentation: dict[int, Documentation]) -> DefinitionStatement:
    match statement:
        case FunctionFacts():
            return _bare_function(statement, name, documentation)
        case ClassFacts():
            return _bare_class(statement, name, documentation)
        case Assignment():
            shown = msgspec.structs.replace(statement, docstring=None)
            return _noted(statement, shown, name, documentation)
        case TypeAliasFacts():
            return statement


def _bare_function(one: FunctionFacts, name: str, documentation: dict[int, Documentation]) -> FunctionFacts:
    shown = msgspec.structs.replace(
        one,
        docstring=None,
        self_assignments=tuple(
            each if each.docstring is None else msgspec.structs.replace(each, docstring=None)
            for each in one.self_assignments
        ),
        nested=tuple(
            _bare_function(each, f"{name}.{each.name}", documentation)
            if isinstance(each, FunctionFacts)
            else _bare_class(each, f"{name}.{each.name}", documentation)
            for each in one.nested
        ),
    )
    return _noted(one, shown, name, documentation)


def _bare_class(one: ClassFacts, name: str, documentation: dict[int, Documentation]) -> ClassFacts:
    body = tuple(_bare_member(each, name, documentation) for each in one.body)
    return _noted(one, msgspec.structs.replace(one, docstring=None, body=body), name, documentation)


def _bare_member(one: Statement, owner: str, documentation: dict[int, Documentation]) -> Statement:
    match one:
        case FunctionFacts(name=name) | ClassFacts(name=name) | Assignment(target=Name(id=name)):
            return _bare(one, f"{owner}.{name}", documentation)
        case Assignment():
            return _bare(one, f"{owner}.", documentation)
        case _:
            return one


def _noted(whole: S, shown: S, name: str, documentation: dict[int, Documentation]) -> S:
    documentation[id(shown)] = Documentation(name, whole.docstring)
    return shown


def _shell(module: ModuleName, outline: Outline) -> ModuleFacts:
    return ModuleFacts(
        module=module,
        path="",
        is_package=outline.is_package,
        is_stub=outline.is_stub,
        content_digest=Digest(""),
    )


def _frozen(noted: Mapping[ModuleName, set[str]]) -> dict[ModuleName, tuple[str, ...]]:
    return {module: tuple(sorted(names)) for module, names in sorted(noted.items()) if names}
