"""Puts the names of all modules together: stars are expanded, lazy names added, ``__all__`` evaluated."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.facts import ModuleFacts
from pybridge.model.library import How
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.lazy import LazyNames, lazy_names
from pybridge.resolve.surface.order import components
from pybridge.resolve.surface.scan.bindings import Binding, Scope, Slot, Star, bind
from pybridge.resolve.surface.scan.conditions import Conditions
from pybridge.resolve.surface.scan.constants import Constants, OutsideName
from pybridge.resolve.surface.scan.declared import DeclaredNames, Names, Operation, is_literal, operations
from pybridge.resolve.surface.scan.reach import Reaches
from pybridge.resolve.surface.scan.sources import Sources, imported_module

MAX_ROUNDS = 8
"""Times a cycle of modules is evaluated; its names no longer change long before in real code."""
MAX_STAR_NAMES = 2_000_000
"""Names that all stars of a library may bring together."""

OVERLOADS = frozenset({"typing.overload", "typing_extensions.overload"})
NO_SLOTS: Mapping[str, Slot] = {}


class Namespace(msgspec.Struct):
    """The names of one module."""

    facts: ModuleFacts
    scope: Scope
    steps: tuple[Operation, ...]
    stub: Scope | None
    """Names of the stub beside a source."""
    lazy: LazyNames | None
    runtime: dict[str, Slot]
    typing: dict[str, Slot | None]
    """Where a type checker sees another binding than the target does at run time."""
    outside_stars: tuple[ModuleName, ...] = ()
    declared: tuple[str, ...] | None = None
    is_declared_complete: bool = True

    @property
    def is_dynamic(self) -> bool:
        """True when names may exist that the text does not tell."""
        is_answered = self.lazy is not None and not self.lazy.is_complete
        return self.scope.writes_namespace or self.facts.is_broken or is_answered


class Namespaces:
    """The names of every module of a library."""

    def __init__(self, sources: Sources, constants: Constants, conditions: Conditions) -> None:
        self.sources = sources
        self.constants = constants
        self.conditions = conditions
        self.modules: dict[ModuleName, Namespace] = {}
        self.diagnostics: list[Diagnostic] = []
        self._star_names = 0
        for module, facts in sources.modules.items():
            self.modules[module] = self._scan(facts)
        for group in components({module: self._needed(space) for module, space in self.modules.items()}):
            self._settle(group)
        for module in self.modules:
            self._report(module)

    def _scan(self, facts: ModuleFacts) -> Namespace:
        scope, reaches = self._bind(facts)
        stub = self.sources.stubs.get(facts.module)
        return Namespace(
            facts=facts,
            scope=scope,
            steps=operations(facts, reaches),
            stub=None if stub is None else self._bind(stub)[0],
            lazy=lazy_names(facts, scope=scope, constants=self.constants, sources=self.sources),
            runtime=scope.runtime,
            typing=scope.typing,
            outside_stars=tuple(star.module for star in scope.stars if not self.sources.is_inside(star.module)),
        )

    def _bind(self, facts: ModuleFacts) -> tuple[Scope, Reaches]:
        reaches = Reaches(facts, facts.body, conditions=self.conditions, sources=self.sources)
        scope = bind(
            facts.body,
            module=facts.module,
            reach_of=reaches.of,
            resolve=lambda statement: imported_module(facts, statement),
            overload_names=overload_names(facts.module, self.constants),
        )
        if facts.is_stub:
            _trust_declarations(scope)
        return scope, reaches

    def _needed(self, space: Namespace) -> tuple[ModuleName, ...]:
        """Modules whose names must be known before this one's."""
        needed = {star.module for star in space.scope.stars}
        if space.lazy is not None:
            needed.update(space.lazy.stars)
        if space.stub is not None:
            needed.update(star.module for star in space.stub.stars)
        if not is_literal(space.steps):
            needed.update(space.scope.submodules)
        return tuple(sorted(module for module in needed if module in self.modules and module != space.facts.module))

    def _settle(self, group: tuple[ModuleName, ...]) -> None:
        for _ in range(MAX_ROUNDS if len(group) > 1 else 1):
            has_changed = False
            for module in group:
                space = self.modules[module]
                before = (len(space.runtime), len(space.typing), space.declared)
                self._evaluate(space)
                has_changed = has_changed or before != (len(space.runtime), len(space.typing), space.declared)
            if not has_changed:
                return

    def _evaluate(self, space: Namespace) -> None:
        runtime, typing = dict(space.scope.runtime), dict(space.scope.typing)
        for star in space.scope.stars:
            if star.reach.is_runtime:
                self._expand(star, runtime, space.facts.module)
            if star.reach.is_typing and (not star.reach.is_runtime or typing):
                self._expand_typing(star, runtime, typing)
        space.runtime, space.typing = runtime, typing
        if space.steps:
            declared = self._declared(space)
            # Names that cannot be read leave `__all__` unknown only when nothing of it is left.
            space.declared = declared.names if declared.names or declared.is_complete else None
            space.is_declared_complete = declared.is_complete
        if space.lazy is not None:
            self._add_lazy(space, space.lazy)
        elif space.scope.writes_namespace:
            self._add_stub(space)
        for name in space.declared or ():
            # Declared and imported for type checkers only: something makes it at run time.
            slot = space.typing.get(name)
            if slot is not None and slot.chosen.module is not None:
                _offer(space, name, slot.chosen.module, slot.chosen.member)

    def _declared(self, space: Namespace) -> Names:
        evaluator = DeclaredNames(
            module=space.facts.module,
            constants=self.constants,
            conditions=self.conditions,
            declared_of=lambda module: self.modules[module].declared if module in self.modules else None,
            names_of=lambda module: tuple(self.modules[module].runtime) if module in self.modules else (),
        )
        return evaluator.evaluate(space.steps)

    def star_names(self, module: ModuleName) -> Iterable[str]:
        """Names that ``from module import *`` brings: ``__all__``, or else every name without underscore."""
        space = self.modules.get(module)
        if space is None:
            return ()
        if space.declared is not None:
            return space.declared
        names = [name for name in space.runtime if not name.startswith("_") and not space.runtime[name].is_fallback]
        prefix = f"{module}."
        loaded = (one[len(prefix) :] for one in space.scope.submodules if one.startswith(prefix))
        names.extend(
            sorted(
                name
                for name in {one.partition(".")[0] for one in loaded}
                if name not in space.runtime and not name.startswith("_") and self.sources.submodule(module, name)
            )
        )
        return names

    def _expand(self, star: Star, names: dict[str, Slot], module: ModuleName) -> None:
        for name in self._counted(self.star_names(star.module)):
            old = names.get(name)
            is_later = old is not None and old.chosen.index < star.index and not star.reach.open
            if old is not None and is_later and self._comes_from(star.module, name, module):
                continue
            if old is None or (not star.reach.is_fallback and (old.is_fallback or is_later)):
                names[name] = _star_slot(star, name)

    def _comes_from(self, module: ModuleName, name: str, origin: ModuleName) -> bool:
        """True when a module only passes on what it imported from ``origin``: the star brings nothing new."""
        member: str | None = name
        for _ in range(MAX_ROUNDS):
            space = self.modules.get(module)
            slot = None if space is None or member is None else space.runtime.get(member)
            if slot is None or slot.chosen.module is None:
                return False
            module, member = slot.chosen.module, slot.chosen.member
            if module == origin:
                return member == name
        return False

    def _expand_typing(self, star: Star, runtime: Mapping[str, Slot], typing: dict[str, Slot | None]) -> None:
        for name in self._counted(self.star_names(star.module)):
            old = typing[name] if name in typing else runtime.get(name)
            if old is None or old.chosen.index < star.index:
                typing[name] = _star_slot(star, name)

    def _counted(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            self._star_names += 1
            if self._star_names > MAX_STAR_NAMES:
                return
            yield name

    def _add_lazy(self, space: Namespace, lazy: LazyNames) -> None:
        for name, (module, member) in lazy.names.items():
            _offer(space, name, module, member)
        for name, statement in lazy.values.items():
            if name.isidentifier() and name not in space.runtime:
                space.runtime[name] = Slot(Binding(How.LAZY, 0, (statement,)))
        self._add_stub(space)
        for module in lazy.stars:
            other = self.modules.get(module)
            for name in () if other is None or other.declared is None else self._counted(other.declared):
                _offer(space, name, module, name)
        if lazy.is_declaring and space.declared is None:
            space.declared = tuple(sorted(name for name, slot in space.runtime.items() if slot.chosen.how is How.LAZY))
        # Without ``__all__``, what only a type checker imports is taken for lazy where nothing else explains the hook.
        is_unexplained = not (lazy.is_complete or lazy.names or lazy.values) and space.facts.is_package
        if space.declared is None and (is_unexplained or lazy.stars):
            for name, slot in sorted(space.typing.items()):
                if slot is None or slot.chosen.module is None or name.startswith("_"):
                    continue
                if self.sources.is_inside(slot.chosen.module):
                    _offer(space, name, slot.chosen.module, slot.chosen.member)

    def _add_stub(self, space: Namespace) -> None:
        """Take names that only the stub beside a dynamic module tells."""
        stub = space.stub
        if stub is None:
            return
        declared = None if space.declared is None else frozenset(space.declared)
        for name, slot in stub.runtime.items():
            if declared is not None and name not in declared:
                continue
            if slot.chosen.module is not None:
                is_attached = space.lazy is not None and space.lazy.is_declaring
                if slot.chosen.is_explicit or declared is not None or is_attached:
                    _offer(space, name, slot.chosen.module, slot.chosen.member)
            elif name not in space.runtime:
                space.runtime[name] = slot
        for star in stub.stars:
            for name in self._counted(self.star_names(star.module)):
                _offer(space, name, star.module, name)

    def _report(self, module: ModuleName) -> None:
        space = self.modules[module]
        if not space.is_declared_complete:
            self.diagnostics.append(
                Diagnostic(
                    code="dynamic-all",
                    severity=Severity.WARNING,
                    message=f"part of `__all__` of {module} is computed and cannot be read off the text",
                    path=space.facts.path,
                )
            )
        for star in space.scope.stars:
            if self.sources.is_inside(star.module) and not self.sources.exists(star.module) and not star.reach.open:
                self.diagnostics.append(
                    Diagnostic(
                        code="missing-star-module",
                        severity=Severity.WARNING,
                        message=f"{module} imports all names of {star.module}, which the library does not hold",
                        path=space.facts.path,
                    )
                )
        if self._star_names > MAX_STAR_NAMES and module == next(iter(self.modules)):
            self.diagnostics.append(
                Diagnostic(
                    code="too-many-names",
                    severity=Severity.WARNING,
                    message=f"star imports bring more than {MAX_STAR_NAMES} names; the rest is left out",
                )
            )


def overload_names(module: ModuleName, constants: Constants) -> frozenset[str]:
    """Names under which a module knows ``typing.overload``."""
    aliases = (
        name
        for name, origin in constants.table(module).items()
        if isinstance(origin, OutsideName) and origin.dotted in OVERLOADS
    )
    return frozenset({"overload", *aliases})


def _star_slot(star: Star, name: str) -> Slot:
    binding = Binding(How.STAR, star.index, (), star.module, name)
    return Slot(binding, star.reach.open, star.reach.condition, star.reach.is_fallback)


def _offer(space: Namespace, name: str, module: ModuleName, member: str | None) -> None:
    """Add a lazy name, unless a statement binds it already."""
    old = space.runtime.get(name)
    if name.isidentifier() and (old is None or old.is_fallback):
        space.runtime[name] = Slot(Binding(How.LAZY, 0, (), module, member))


def _trust_declarations(scope: Scope) -> None:
    """In a stub, ``name: type`` is how a variable is made."""
    for slot in (*scope.runtime.values(), *scope.typing.values()):
        if slot is not None and not slot.chosen.module and slot.open == ():
            slot.is_fallback = False
