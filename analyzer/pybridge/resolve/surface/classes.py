"""Class bodies, evaluated by the same rules as modules."""

from collections.abc import Mapping

from pybridge.model.expressions import Name
from pybridge.model.facts import Assignment, ClassFacts, Expression, FunctionFacts, ModuleFacts
from pybridge.model.library import SymbolKind, Target
from pybridge.model.names import Digest, ModuleName, split_symbol
from pybridge.resolve.surface.assigned import Sort, sort_of
from pybridge.resolve.surface.definitions import definition_of, kind_of
from pybridge.resolve.surface.names import resolve_name
from pybridge.resolve.surface.scan.bindings import Slot, bind, builds_on_another
from pybridge.resolve.surface.scan.conditions import Conditions
from pybridge.resolve.surface.scan.constants import ConstantValue, Origin, OutsideName
from pybridge.resolve.surface.scan.reach import Reaches
from pybridge.resolve.symbols import Definition, ModuleSurface, Surface

_OVERLOADS = frozenset({"typing:overload", "typing_extensions:overload"})


def class_scope(facts: ClassFacts, *, surface: Surface, module: ModuleName, target: Target) -> Mapping[str, Definition]:
    """Evaluate a class body: its own members by name, in the order in which they first appear.

    Methods, overloads, properties with their setters, nested classes, assignments (aliases such as ``__radd__ =
    __add__`` and ``x = property(get)`` stay assignments) and names that are only declared (``x: int``). A member that
    only a type checker sees is kept: it tells of what exists. Imports inside a class are left out.
    """
    plain = _plain(facts, surface, module)
    return plain if plain is not None else _evaluated(facts, surface, module, target)


def _plain(facts: ClassFacts, surface: Surface, module: ModuleName) -> Mapping[str, Definition] | None:
    """Evaluate a body, as most are, in which every statement defines a name of its own; None for any other."""
    found: dict[str, Definition] = {}
    at = -1
    for one in facts.body:
        match one:
            case Expression(guards=()):
                continue
            case FunctionFacts(name=name, guards=(), decorators=decorators):
                is_alone = name != "_" and not (decorators and builds_on_another(one))
                kind = SymbolKind.FUNCTION
            case ClassFacts(name=name, guards=()):
                is_alone, kind = True, SymbolKind.CLASS
            case Assignment(target=Name(id=name), guards=()):
                is_alone, kind = True, _kind_of_assigned(surface, module, one)
            case _:
                return None
        if not is_alone or name in found or one.span < at:
            return None
        at = one.span
        found[name] = Definition(name=name, kind=kind, statements=(one,))
    return found


def _evaluated(facts: ClassFacts, surface: Surface, module: ModuleName, target: Target) -> Mapping[str, Definition]:
    conditions = Conditions(target, lambda home, parts: _origin(surface, home, parts))
    holder = ModuleFacts(module=module, path="", is_package=False, is_stub=False, content_digest=Digest(""))
    guarded = any(statement.guards for statement in facts.body)
    reaches = Reaches(holder, facts.body if guarded else (), conditions=conditions, sources=None)
    overloads = _overload_names(facts, surface.modules.get(module))
    scope = bind(facts.body, module=module, reach_of=reaches.of, resolve=lambda _: None, overload_names=overloads)
    chosen: dict[str, Slot] = {}
    for name in dict.fromkeys((*scope.runtime, *scope.typing)):
        slot = scope.typing.get(name) or scope.runtime.get(name)
        if slot is not None and slot.chosen.statements:
            chosen[name] = slot
    return {
        name: definition_of(name, slot, _kind(surface, module, slot), scope.runtime.get(name))
        for name, slot in sorted(chosen.items(), key=lambda pair: pair[1].chosen.statements[0].span)
    }


def _overload_names(facts: ClassFacts, own: ModuleSurface | None) -> set[str]:
    """Names under which the decorators of a body know ``typing.overload``; only they are looked up."""
    found = {"overload"}
    for one in facts.body if own is not None else ():
        for decorator in one.decorators if isinstance(one, FunctionFacts) else ():
            name = decorator.expr.id if isinstance(decorator.expr, Name) else ""
            target = own.names.get(name) if own is not None and name else None
            if target is not None and target.path in _OVERLOADS:
                found.add(name)
    return found


def _kind(surface: Surface, module: ModuleName, slot: Slot) -> SymbolKind:
    last = slot.chosen.statements[-1]
    if not isinstance(last, Assignment):
        return kind_of(slot.chosen.statements[0])
    return _kind_of_assigned(surface, module, last)


def _kind_of_assigned(surface: Surface, module: ModuleName, last: Assignment) -> SymbolKind:
    sort = sort_of(last, lambda expr: resolve_name(surface, module, expr))
    match sort:
        case Sort.CLASS:
            return SymbolKind.CLASS
        case Sort.TYPE_ALIAS:
            return SymbolKind.TYPE_ALIAS
        case Sort.ALIAS | Sort.VARIABLE:
            return SymbolKind.VARIABLE


def _origin(surface: Surface, module: ModuleName, parts: tuple[str, ...]) -> Origin:
    own = surface.modules.get(module)
    found = own.names.get(parts[0]) if own is not None else None
    if found is None:
        return None
    home, name = split_symbol(found.path)
    if found.kind is SymbolKind.EXTERNAL:
        return OutsideName(".".join(part for part in (home, name, *parts[1:]) if part))
    if found.kind is SymbolKind.MODULE and len(parts) > 1:
        return _origin(surface, home, parts[1:])
    other = surface.modules.get(home)
    definition = other.definitions.get(name) if other is not None and len(parts) == 1 else None
    statement = definition.statements[-1] if definition is not None and not definition.variants else None
    if isinstance(statement, Assignment) and statement.value is not None:
        return ConstantValue(home, statement.value)
    return None
