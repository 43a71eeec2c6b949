"""Decides what of a module's names is public, and why."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from pybridge.model.expressions import Constant
from pybridge.model.facts import Assignment
from pybridge.model.library import Export, How, Skip, SkipReason, SymbolKind, Visibility
from pybridge.model.names import ModuleName, split_symbol, symbol_path
from pybridge.model.types import LiteralKind
from pybridge.resolve.surface.definitions import definition_of, kind_of
from pybridge.resolve.surface.follow import Follower, Found
from pybridge.resolve.surface.namespace import Namespace
from pybridge.resolve.surface.scan.bindings import Slot, is_passing
from pybridge.resolve.surface.scan.reach import written_condition
from pybridge.resolve.surface.scan.sources import Sources
from pybridge.resolve.symbols import Definition, ModuleSurface, NameTarget

MAX_CONDITION = 200

_DESCRIBED = (SymbolKind.CLASS, SymbolKind.FUNCTION)
_MACHINERY = frozenset(
    {"__all__", "__doc__", "__name__", "__file__", "__path__", "__package__", "__loader__", "__spec__", "__builtins__"}
    | {"__getattr__", "__dir__", "__annotations__", "__dict__", "__slots__"}
)


def module_surface(space: Namespace, *, sources: Sources, follower: Follower) -> ModuleSurface:
    """Write down one module: where its names lead, what it defines, what of it is public."""
    module = space.facts.module
    found: dict[str, Found] = {}
    for name in sorted({*space.runtime, *space.typing}):
        one = follower.find(module, name, is_typing=True)
        if one is not None:
            found[name] = one
    names = {name: one.target for name, one in found.items()}
    for child in sources.children(module):
        if child not in names:
            names[child] = _submodule_target(module, child)
    exports = list(_exports(space, sources=sources, follower=follower, typed=found))
    skipped = (*_skipped(space, follower, {export.name for export in exports}), *_missing_stars(space, sources))
    return ModuleSurface(
        module=module,
        names=names,
        definitions=_definitions(space, found, follower),
        exports=tuple(sorted(exports, key=lambda export: export.name)),
        declared_names=space.declared,
        is_dynamic=space.is_dynamic,
        skipped=skipped,
    )


def _definitions(space: Namespace, typed: Mapping[str, Found], follower: Follower) -> dict[str, Definition]:
    module = space.facts.module
    made: dict[str, Definition] = {}
    for name, one in typed.items():
        path = symbol_path(module, name)
        slot, target = _main_slot(space, name), one.target
        if slot is None or not slot.chosen.statements:
            continue
        if target.path != path or target.kind is SymbolKind.VARIABLE:
            # What a type checker sees may lead elsewhere while the module defines the name for the run.
            run = follower.find(module, name, is_typing=False)
            target = run.target if run is not None and run.target.path == path else target
        if target.path == path:
            kind = kind_of(slot.chosen.statements[-1])
            made[name] = definition_of(
                name, slot, target.kind if kind is SymbolKind.VARIABLE else kind, space.runtime.get(name)
            )
    return made


def _main_slot(space: Namespace, name: str) -> Slot | None:
    """Choose between what runs and what a type checker sees: a class or function tells more than a variable."""
    run = space.runtime.get(name)
    typed = space.typing.get(name)
    if run is None or typed is None:
        return run or typed
    tells = [
        bool(slot.chosen.statements) and kind_of(slot.chosen.statements[-1]) in _DESCRIBED for slot in (typed, run)
    ]
    return run if tells == [False, True] else typed


def _exports(space: Namespace, *, sources: Sources, follower: Follower, typed: Mapping[str, Found]) -> Iterator[Export]:
    module = space.facts.module
    declared = frozenset(space.declared or ())
    for name in sorted({*space.runtime, *declared}):
        slot = space.runtime.get(name)
        if slot is None:
            if sources.submodule(module, name) is not None:
                yield _submodule_export(module, name, Visibility.DECLARED)
            continue
        found = _export_target(space, follower, name, typed)
        if found is None or found.missing is SkipReason.UNRESOLVED:
            continue
        if found.target.kind is SymbolKind.MODULE and found.target.path == f"{module}.{name}:":
            visibility = Visibility.DECLARED if name in declared else Visibility.DEFINED
            if name in declared or not name.startswith("_"):
                yield _submodule_export(module, name, visibility)
            continue
        chosen = _visibility(space, name, slot, found)
        if chosen is not None:
            target = found.target
            yield Export(
                name=name,
                target=target.path,
                kind=target.kind,
                visibility=chosen,
                how=target.how,
                condition=target.condition,
            )
    for child in sources.children(module):
        skip = sources.unread.get(ModuleName(f"{module}.{child}"))
        is_bound = child in space.runtime or child in declared
        if not is_bound and not child.startswith("_") and skip in (None, SkipReason.COMPILED):
            yield _submodule_export(module, child, Visibility.DEFINED)


def _export_target(space: Namespace, follower: Follower, name: str, typed: Mapping[str, Found]) -> Found | None:
    run = follower.find(space.facts.module, name, is_typing=False)
    seen = typed.get(name)
    if name not in space.typing or seen is None or run is None:
        return run
    tells_more = seen.target.kind in _DESCRIBED or run.target.kind not in _DESCRIBED
    if not tells_more or seen.missing is not None or seen.target.kind is SymbolKind.EXTERNAL:
        return run
    return Found(msgspec.structs.replace(seen.target, how=run.target.how, condition=run.target.condition))


def _visibility(space: Namespace, name: str, slot: Slot, found: Found) -> Visibility | None:
    """Say why a name is public; None when it is not."""
    if space.declared is not None and name in space.declared:
        return Visibility.DECLARED
    if slot.is_fallback:
        return None
    how, kind = slot.chosen.how, found.target.kind
    is_own = slot.chosen.module is None or how is How.ASSIGNMENT
    if name.startswith("_"):
        return _metadata_visibility(name, slot, kind)
    if how is How.LAZY:
        return _lazy_visibility(space, found)
    if is_own:
        return Visibility.INCIDENTAL if _is_passing(slot) else Visibility.DEFINED
    if kind is SymbolKind.EXTERNAL and found.missing is None:
        if any(variant.statements for variant in slot.variants):
            # ``except ImportError: def f(): ...``: whichever branch runs, this module makes the name.
            return Visibility.DEFINED
        return Visibility.REEXPORTED if slot.chosen.is_explicit else None
    is_facade = (space.facts.is_package and not space.facts.is_stub) or how is How.STAR
    if slot.chosen.is_explicit or (is_facade and space.declared is None):
        return Visibility.REEXPORTED
    return None if kind is SymbolKind.MODULE else Visibility.INCIDENTAL


def _is_passing(slot: Slot) -> bool:
    """Tell what only a loop or a ``with`` statement binds, which is left over when it is done."""
    statements = [one for one in slot.chosen.statements if not _is_only_declared(one)]
    is_all = all(isinstance(one, Assignment) and is_passing(one.value) for one in statements)
    return bool(statements) and is_all and not slot.variants


def _is_only_declared(statement: object) -> bool:
    """Tell ``name: type``, which binds nothing."""
    return isinstance(statement, Assignment) and statement.value is None and statement.annotation is not None


def _lazy_visibility(space: Namespace, found: Found) -> Visibility:
    """Tell offered names from those a hook still answers: left out of ``__all__``, or kept under a private name."""
    _, name = split_symbol(found.target.path)
    is_kept = space.declared is not None or name.startswith("_")
    return Visibility.INCIDENTAL if is_kept else Visibility.REEXPORTED


def _metadata_visibility(name: str, slot: Slot, kind: SymbolKind) -> Visibility | None:
    """Let ``__version__`` and the like through, where they are texts; it itself whatever it is made of."""
    if not (name.startswith("__") and name.endswith("__")) or name in _MACHINERY or kind is not SymbolKind.VARIABLE:
        return None
    if name == "__version__":
        return Visibility.REEXPORTED if slot.chosen.how is How.LAZY else Visibility.DEFINED
    last = slot.chosen.statements[-1] if slot.chosen.statements else None
    match last:
        case None:
            return Visibility.REEXPORTED
        case Assignment(value=Constant(value=literal)) if literal.kind is LiteralKind.STR:
            return Visibility.DEFINED
        case _:
            return None


def _skipped(space: Namespace, follower: Follower, exported: set[str]) -> Iterator[Skip]:
    module = space.facts.module
    for name in space.declared or ():
        found = follower.find(module, name, is_typing=False)
        if found is not None and found.missing is not None:
            yield _skip(module, name, found.missing, found.target.path)
        elif name not in exported:
            yield _skip(module, name, SkipReason.DYNAMIC if space.is_dynamic else SkipReason.UNRESOLVED, "")
    declared = frozenset(space.declared or ())
    for name in sorted(space.runtime):
        if name.startswith("_") or name in declared:
            continue
        slot = space.runtime[name]
        if slot.is_fallback and slot.chosen.how is not How.STAR and slot.condition:
            yield _skip(module, name, SkipReason.CONDITION, slot.condition)
        elif slot.chosen.how is How.LAZY or (slot.chosen.module is not None and space.facts.is_package):
            found = follower.find(module, name, is_typing=False)
            if found is not None and found.missing is not None:
                yield _skip(module, name, found.missing, found.target.path)
    for name, guards in sorted(space.scope.absent.items()):
        if not name.startswith("_") and name not in space.runtime and name not in declared:
            yield _skip(module, name, SkipReason.CONDITION, written_condition(guards))


def _missing_stars(space: Namespace, sources: Sources) -> Iterator[Skip]:
    """All names of a module of the library that is not there, made when it is built: nobody knows which."""
    for star in space.scope.stars if space.declared is None else ():
        is_sure = star.reach.is_runtime and not star.reach.is_fallback and not star.reach.open
        if is_sure and sources.is_inside(star.module) and not sources.exists(star.module):
            yield _skip(space.facts.module, "*", SkipReason.UNRESOLVED, f"{star.module}:*")


def _skip(module: ModuleName, name: str, reason: SkipReason, detail: str) -> Skip:
    return Skip(path=symbol_path(module, name), reason=reason, detail=detail[:MAX_CONDITION])


def _submodule_target(module: ModuleName, name: str) -> NameTarget:
    path = symbol_path(ModuleName(f"{module}.{name}"), "")
    return NameTarget(path=path, kind=SymbolKind.MODULE, how=How.SUBMODULE)


def _submodule_export(module: ModuleName, name: str, visibility: Visibility) -> Export:
    path = symbol_path(ModuleName(f"{module}.{name}"), "")
    return Export(name=name, target=path, kind=SymbolKind.MODULE, visibility=visibility, how=How.SUBMODULE)


def is_public_module(module: str) -> bool:
    """True when no part of a module's name starts with an underscore."""
    return not module.startswith("_") and "._" not in module


def public_modules(modules: Iterable[ModuleName]) -> tuple[ModuleName, ...]:
    """Modules that a user may import by their own name, sorted."""
    return tuple(sorted(module for module in modules if is_public_module(module)))
