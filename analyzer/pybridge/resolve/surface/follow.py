"""Follows a name through imports, aliases and instances to the symbol that defines it."""

from collections.abc import Iterable

import msgspec

from pybridge.model.expressions import Attribute, Call, Expr, Name, Subscript
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, TypeAliasFacts
from pybridge.model.library import How, SkipReason, SymbolKind
from pybridge.model.names import ModuleName, SourceText, SymbolPath
from pybridge.resolve.surface.assigned import Sort, sort_of
from pybridge.resolve.surface.namespace import Namespace, Namespaces
from pybridge.resolve.surface.scan.bindings import Slot
from pybridge.resolve.surface.scan.builtin_names import BUILTIN_NAMES
from pybridge.resolve.surface.scan.sources import dotted_parts
from pybridge.resolve.symbols import NameTarget

MAX_HOPS = 256
"""Aliases and attributes one name may take, plain imports not counted; the most in real code is below ten."""
MAX_NESTING = 12
"""Lookups inside a lookup (a base of a base, an alias in a class): far above real code, far below the stack."""
MAX_LOOKUPS = 500
"""Lookups inside one lookup, all together: bases may fan out."""
MAX_REST = 32
"""Attributes still to take: names that lead to each other's attributes only grow."""

_KINDS = {
    FunctionFacts: SymbolKind.FUNCTION,
    ClassFacts: SymbolKind.CLASS,
    TypeAliasFacts: SymbolKind.TYPE_ALIAS,
}
_INSTANCE = "()"
"""Stands among the parts of a path for "an instance of it"."""


class Found(msgspec.Struct, frozen=True):
    """Where a name leads, and why it could not be followed to the end, if so."""

    target: NameTarget
    missing: SkipReason | None = None


class _Step(msgspec.Struct, frozen=True):
    """A place on the way: a name of a module and the attributes still to take; an empty name is the module."""

    module: ModuleName
    name: str
    rest: tuple[str, ...] = ()


class Follower:
    """Follows names of one library; answers are remembered."""

    def __init__(self, spaces: Namespaces) -> None:
        self._spaces = spaces
        self._sources = spaces.sources
        self._known: dict[tuple[ModuleName, str, bool], Found | None] = {}
        self._nesting = 0
        self._lookups = 0

    def find(self, module: ModuleName, name: str, *, is_typing: bool) -> Found | None:
        """Follow a name of a module, as seen by a type checker or at run time; None when it is not bound."""
        key = (module, name, is_typing)
        if key not in self._known:
            found = self._at_hand(module, name, is_typing=is_typing)
            self._known[key] = found or self._follow(_Step(module, name), is_typing=is_typing)
        return self._known[key]

    def _at_hand(self, module: ModuleName, name: str, *, is_typing: bool) -> Found | None:
        """Answer without a walk where a name is defined right here, or imported from where it is known."""
        slot = self.slot(module, name, is_typing=is_typing)
        if slot is None:
            return None
        chosen = slot.chosen
        if chosen.module is None:
            return _defined(module, name, slot)
        if not self._sources.is_inside(chosen.module):
            names = (chosen.member,) if chosen.member else ()
            target = outside_target(chosen.module, names, chosen.how)
            return Found(msgspec.structs.replace(target, condition=slot.condition))
        if chosen.member is None or chosen.module not in self._spaces.modules or chosen.module == module:
            return None
        known = self._there(chosen.module, chosen.member, is_typing=is_typing)
        return None if known is None else _seen_from(slot, known)

    def _there(self, module: ModuleName, name: str, *, is_typing: bool) -> Found | None:
        """Answer for a name of another module where it is known, or defined there."""
        key = (module, name, is_typing)
        known = self._known.get(key)
        if known is None and key not in self._known:
            slot = self.slot(module, name, is_typing=is_typing)
            known = _defined(module, name, slot) if slot is not None and slot.chosen.module is None else None
            if known is not None:
                self._known[key] = known
        return known

    def known(self, module: ModuleName, name: str, *, is_typing: bool) -> Found | None:
        """Answer what is remembered; None where nothing is, or nothing was found."""
        return self._known.get((module, name, is_typing))

    def remember(self, module: ModuleName, name: str, found: Found, *, is_typing: bool) -> None:
        """Keep what another walk has found on its way: a chain of imports is walked once, not once from each link."""
        self._known.setdefault((module, name, is_typing), found)

    def find_expr(self, module: ModuleName, expr: Expr | None, *, is_typing: bool) -> Found | None:
        """Follow ``a.b.c`` as used in a module; None for another expression and for what leads nowhere."""
        parts = dotted_parts(expr) if expr is not None else None
        if parts is None or self.is_too_deep():
            return None
        if len(parts) == 1 and self.slot(module, parts[0], is_typing=is_typing) is not None:
            return self.find(module, parts[0], is_typing=is_typing)
        return self._follow(_Step(module, parts[0], parts[1:]), is_typing=is_typing)

    def slot(self, module: ModuleName, name: str, *, is_typing: bool) -> Slot | None:
        """Look a name up in a module's own namespace."""
        space = self._spaces.modules.get(module)
        return None if space is None else _slot(space, name, is_typing=is_typing)

    def _follow(self, step: _Step, *, is_typing: bool) -> Found | None:
        self._lookups = self._lookups + 1 if self._nesting else 0
        self._nesting += 1
        try:
            return _Walk(self, self._spaces, is_typing=is_typing).run(step)
        finally:
            self._nesting -= 1

    def is_too_deep(self) -> bool:
        """True when lookups are nested so deep, or so many, that no other should be begun."""
        return self._nesting >= MAX_NESTING or self._lookups >= MAX_LOOKUPS


class _Walk:
    """One way from a name to its symbol."""

    def __init__(self, follower: Follower, spaces: Namespaces, *, is_typing: bool) -> None:
        self._follower = follower
        self._spaces = spaces
        self._sources = spaces.sources
        self._is_typing = is_typing
        self._how: How | None = None
        self._conditions: list[SourceText | None] = []
        """Of every slot passed, in order; the first that is one counts."""
        self._passed: list[tuple[_Step, How, int]] = []
        """Plain imports passed, with how each binds its name and its place among the conditions."""
        self._variable: Found | None = None
        """The variable that the last alias would be if it led nowhere."""
        self._alias: str | None = None
        """The last alias passed."""

    def run(self, step: _Step) -> Found | None:
        """Take steps until a symbol is reached."""
        seen: set[_Step] = set()
        while len(seen) - len(self._passed) < MAX_HOPS:
            if step in seen:
                return self._submodule_of_cycle(step)
            if len(step.rest) > MAX_REST:
                break
            known = self._known_from(step) if seen else None
            if known is not None:
                return self._remembered(known)
            seen.add(step)
            taken = self._take(step)
            if not isinstance(taken, _Step):
                return self._remembered(taken) if taken is not None else self._variable
            step = taken
        return self._variable

    def _known_from(self, step: _Step) -> Found | None:
        """What another walk has found from here on, as it is seen from where this one began."""
        if step.rest or not step.name or self._variable is not None or self._how is None:
            return None
        known = self._follower.known(step.module, step.name, is_typing=self._is_typing)
        if known is None:
            return None
        self._conditions.append(known.target.condition)
        return Found(msgspec.structs.replace(known.target, how=self._how, condition=self._condition), known.missing)

    def _remembered(self, found: Found) -> Found:
        """Tell the follower what the imports on the way lead to."""
        condition: SourceText | None = None
        end = len(self._conditions)
        for step, how, place in reversed(self._passed[1:]):
            later = (one for one in self._conditions[place:end] if one is not None)
            condition, end = next(later, condition), place
            seen_there = Found(msgspec.structs.replace(found.target, how=how, condition=condition), found.missing)
            self._follower.remember(step.module, step.name, seen_there, is_typing=self._is_typing)
        return found

    @property
    def _condition(self) -> SourceText | None:
        return next((one for one in self._conditions if one is not None), None)

    def _take(self, step: _Step) -> _Step | Found | None:
        if not step.name:
            return self._in_module(step)
        slot = self._follower.slot(step.module, step.name, is_typing=self._is_typing)
        if slot is None:
            return self._unbound(step)
        if self._how is None:
            self._how = slot.chosen.how
        self._conditions.append(slot.condition)
        if slot.chosen.module is not None:
            if not step.rest and self._variable is None and len(self._passed) == len(self._conditions) - 1:
                self._passed.append((step, slot.chosen.how, len(self._conditions) - 1))
            return self._imported(step, slot.chosen.module, slot.chosen.member)
        return self._own(step, slot)

    def _in_module(self, step: _Step) -> _Step | Found | None:
        if step.rest and step.rest[0] == _INSTANCE:
            return None
        if step.rest:
            return _Step(step.module, step.rest[0], step.rest[1:])
        if not self._sources.exists(step.module):
            return self._found(f"{step.module}:", SymbolKind.EXTERNAL, SkipReason.UNRESOLVED)
        return self._found(f"{step.module}:", SymbolKind.MODULE)

    def _imported(self, step: _Step, module: ModuleName, member: str | None) -> _Step | Found | None:
        if not self._sources.is_inside(module):
            return self._found_outside(module, (member, *step.rest) if member else step.rest)
        if member is None:
            return _Step(module, "", step.rest)
        if module == step.module and member == step.name:
            # ``from . import x`` in a package binds its own submodule.
            submodule = self._sources.submodule(module, member)
            return None if submodule is None else _Step(submodule, "", step.rest)
        if module not in self._spaces.modules and not self._sources.submodule(module, member):
            return self._opaque(module, (member, *step.rest))
        return _Step(module, member, step.rest)

    def _unbound(self, step: _Step) -> _Step | Found | None:
        submodule = self._sources.submodule(step.module, step.name)
        if submodule is not None:
            if self._how is None:
                self._how = How.SUBMODULE
            return _Step(submodule, "", step.rest)
        if self._variable is not None and step.name in BUILTIN_NAMES:
            return self._found_outside(ModuleName("builtins"), (step.name, *step.rest))
        space = self._spaces.modules.get(step.module)
        if space is not None and space.outside_stars:
            return self._found_outside(space.outside_stars[-1], (step.name, *step.rest))
        return None if self._how is None else self._opaque(step.module, (step.name, *step.rest))

    def _opaque(self, module: ModuleName, names: tuple[str, ...]) -> Found | None:
        """Name something whose definition is not readable."""
        if self._variable is not None or _INSTANCE in names:
            return None
        space = self._spaces.modules.get(module)
        if module in self._sources.unread:
            reason = self._sources.unread[module]
        elif space is not None and space.is_dynamic:
            reason = SkipReason.DYNAMIC
        else:
            reason = SkipReason.UNRESOLVED
        return self._found(f"{module}:{'.'.join(names)}", SymbolKind.EXTERNAL, reason)

    def _own(self, step: _Step, slot: Slot) -> _Step | Found | None:
        first = slot.chosen.statements[0]
        path = f"{step.module}:{step.name}"
        match first:
            case FunctionFacts():
                return self._found(path, SymbolKind.FUNCTION) if not step.rest else None
            case TypeAliasFacts():
                return self._found(path, SymbolKind.TYPE_ALIAS) if not step.rest else None
            case ClassFacts():
                if not step.rest:
                    return self._found(path, SymbolKind.CLASS)
                return self._member(step.module, step.name, first, step.rest)
            case Assignment():
                last = slot.chosen.statements[-1]
                return self._assigned(step, path, last if isinstance(last, Assignment) else first)

    def _assigned(self, step: _Step, path: str, statement: Assignment) -> _Step | Found | None:
        if step.rest:
            return self._through_value(step, statement)
        sort = sort_of(statement, lambda expr: self._nested(step.module, expr))
        match sort:
            case Sort.CLASS:
                return self._found(path, SymbolKind.CLASS)
            case Sort.TYPE_ALIAS:
                return self._found(path, SymbolKind.TYPE_ALIAS)
            case Sort.ALIAS:
                parts = dotted_parts(statement.value) if statement.value is not None else None
                if self._variable is None:
                    self._variable = self._found(path, SymbolKind.VARIABLE)
                self._alias = path
                return None if parts is None else _Step(step.module, parts[0], parts[1:])
            case Sort.VARIABLE:
                return self._variable or self._found(path, SymbolKind.VARIABLE)

    def _through_value(self, step: _Step, statement: Assignment) -> _Step | None:
        """Go on with what the value of a variable, or its declared type, has as attributes."""
        value = statement.value
        if value is None and statement.annotation is not None:
            parts = dotted_parts(statement.annotation.expr)
            return None if parts is None else _Step(step.module, parts[0], (*parts[1:], _INSTANCE, *step.rest))
        if isinstance(value, Call):
            parts = dotted_parts(value.function)
            return None if parts is None else _Step(step.module, parts[0], (*parts[1:], _INSTANCE, *step.rest))
        parts = dotted_parts(value) if value is not None else None
        return None if parts is None else _Step(step.module, parts[0], (*parts[1:], *step.rest))

    def _member(
        self, module: ModuleName, qualname: str, facts: ClassFacts, rest: tuple[str, ...]
    ) -> _Step | Found | None:
        is_instance = rest[0] == _INSTANCE
        rest = rest[1:] if is_instance else rest
        if not rest:
            return None
        for statement in reversed(facts.body):
            match statement:
                case FunctionFacts(name=name, decorators=decorators) if name == rest[0]:
                    if len(rest) > 1 or (is_instance and any(is_property(one.expr) for one in decorators)):
                        return None
                    # ``seed = _instance.seed`` is a function of its own: the method, bound to what the module holds.
                    if is_instance and self._alias is not None:
                        return self._found(self._alias, SymbolKind.VARIABLE)
                    return self._found(f"{module}:{qualname}.{name}", SymbolKind.FUNCTION)
                case ClassFacts(name=name) if name == rest[0]:
                    if len(rest) == 1:
                        return self._found(f"{module}:{qualname}.{name}", SymbolKind.CLASS)
                    return self._member(module, f"{qualname}.{name}", statement, rest[1:])
                case Assignment(target=Name(id=name)) if name == rest[0]:
                    if len(rest) > 1 or is_instance or self._variable is not None:
                        return None
                    return self._found(f"{module}:{qualname}.{name}", SymbolKind.VARIABLE)
                case _:
                    continue
        return self._inherited(module, facts, (_INSTANCE, *rest) if is_instance else rest)

    def _inherited(self, module: ModuleName, facts: ClassFacts, rest: tuple[str, ...]) -> Found | None:
        for base in facts.bases:
            expr = base.value if isinstance(base, Subscript) else base
            parts = dotted_parts(expr)
            if parts is None or self._follower.is_too_deep():
                continue
            follower = self._follower
            found = follower._follow(_Step(module, parts[0], (*parts[1:], *rest)), is_typing=self._is_typing)  # noqa: SLF001  # one machine in two classes
            if found is not None and found.missing is None and found.target.kind is not SymbolKind.EXTERNAL:
                if rest[0] == _INSTANCE and self._alias is not None and found.target.kind is SymbolKind.FUNCTION:
                    return self._found(self._alias, SymbolKind.VARIABLE)
                return self._found(found.target.path, found.target.kind)
        return None

    def _nested(self, module: ModuleName, expr: Expr) -> NameTarget | None:
        found = self._follower.find_expr(module, expr, is_typing=self._is_typing)
        if found is not None:
            return found.target
        parts = dotted_parts(expr)
        if parts is not None and parts[0] in BUILTIN_NAMES:
            return outside_target(ModuleName("builtins"), parts, How.IMPORT)
        return None

    def _submodule_of_cycle(self, step: _Step) -> Found | None:
        """Names that only lead to each other: the submodule, as an import in a half-made package finds it."""
        submodule = self._sources.submodule(step.module, step.name) if step.name else None
        if submodule is None or step.rest:
            return self._variable
        return self._found(f"{submodule}:", SymbolKind.MODULE)

    def _found(self, path: str, kind: SymbolKind, missing: SkipReason | None = None) -> Found:
        how = self._how or How.SUBMODULE
        return Found(NameTarget(path=SymbolPath(path), kind=kind, how=how, condition=self._condition), missing)

    def _found_outside(self, module: ModuleName, names: tuple[str, ...]) -> Found | None:
        if _INSTANCE in names:
            return None
        target = outside_target(module, names, self._how or How.IMPORT)
        return Found(msgspec.structs.replace(target, condition=self._condition))


def _defined(module: ModuleName, name: str, slot: Slot) -> Found | None:
    """Answer for a slot with a ``def``, a ``class`` or a ``type``; None for an assignment, which may lead on."""
    kind = _KINDS.get(type(slot.chosen.statements[0]))
    if kind is None:
        return None
    path = SymbolPath(f"{module}:{name}")
    return Found(NameTarget(path=path, kind=kind, how=slot.chosen.how, condition=slot.condition))


def _seen_from(slot: Slot, known: Found) -> Found:
    """Answer for an import of something known."""
    target = known.target
    condition = target.condition if slot.condition is None else slot.condition
    seen = NameTarget(path=target.path, kind=target.kind, how=slot.chosen.how, condition=condition)
    return Found(seen, known.missing)


def outside_target(module: str, names: Iterable[str], how: How) -> NameTarget:
    """Write a name of another package; parts that do not look like a class are taken for modules, the last excepted."""
    parts = tuple(names)
    at = 0
    while module != "builtins" and at < len(parts) - 1 and parts[at][:1].islower():
        at += 1
    home = ".".join((module, *parts[:at]))
    return NameTarget(path=SymbolPath(f"{home}:{'.'.join(parts[at:])}"), kind=SymbolKind.EXTERNAL, how=how)


def is_property(decorator: Expr) -> bool:
    """True for decorators that turn a method into an attribute."""
    match decorator:
        case Name(id=name) | Attribute(name=name):
            return name.endswith("property") or name in {"setter", "deleter", "getter"}
        case _:
            return False


def _slot(space: Namespace, name: str, *, is_typing: bool) -> Slot | None:
    if is_typing:
        if space.typing and name in space.typing:
            return space.typing[name] or space.runtime.get(name)
        return space.runtime.get(name)
    return space.runtime.get(name) or space.typing.get(name)
