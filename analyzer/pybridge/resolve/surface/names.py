"""Resolves names used in a module, for whoever reads annotations, bases and decorators."""

from pybridge.model.expressions import Expr, Name, Subscript
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts
from pybridge.model.library import How, SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.resolve.surface.follow import outside_target
from pybridge.resolve.surface.scan.builtin_names import BUILTIN_NAMES
from pybridge.resolve.surface.scan.sources import dotted_parts
from pybridge.resolve.symbols import NameTarget, Surface

MAX_BASES = 200
"""Classes asked for one inherited name."""

_BUILTINS = {
    name: NameTarget(path=SymbolPath(f"builtins:{name}"), kind=SymbolKind.EXTERNAL, how=How.IMPORT)
    for name in BUILTIN_NAMES
}


def resolve_name(surface: Surface, module: ModuleName, expr: Expr, *, scope: str = "") -> NameTarget | None:
    """Resolve ``x`` or ``a.b.c`` as it stands in a module, or in a class body of it (``scope``, ``Outer.Inner``).

    Builtins are ``builtins:int``, other packages' names ``numpy:ndarray``, both `SymbolKind.EXTERNAL`. None for any
    other expression, for a name that is not bound, and for an attribute that the text does not tell.
    """
    own = surface.modules.get(module)
    if isinstance(expr, Name) and not scope:
        found = own.names.get(expr.id) if own is not None else None
        return found if found is not None else _BUILTINS.get(expr.id)
    parts = dotted_parts(expr)
    if parts is None:
        return None
    if scope:
        member = _member(
            surface,
            NameTarget(path=SymbolPath(f"{module}:{scope}"), kind=SymbolKind.CLASS, how=How.DEFINITION),
            parts[0],
        )
        if member is not None:
            return _attributes(surface, member, parts[1:])
    root = own.names.get(parts[0]) if own is not None else None
    root = root if root is not None else _BUILTINS.get(parts[0])
    return None if root is None else _attributes(surface, root, parts[1:])


def _attributes(surface: Surface, found: NameTarget, parts: tuple[str, ...]) -> NameTarget | None:
    for at, part in enumerate(parts):
        match found.kind:
            case SymbolKind.EXTERNAL:
                home, name = split_symbol(found.path)
                names = (*name.split("."), *parts[at:]) if name else parts[at:]
                return outside_target(home, names, found.how)
            case SymbolKind.MODULE:
                home, _ = split_symbol(found.path)
                inner = _in_module(surface, home, part)
            case SymbolKind.CLASS:
                inner = _member(surface, found, part)
            case _:
                return None
        if inner is None:
            return None
        found = inner
    return found


def _in_module(surface: Surface, module: ModuleName, name: str) -> NameTarget | None:
    own = surface.modules.get(module)
    if own is not None and name in own.names:
        return own.names[name]
    full = ModuleName(f"{module}.{name}")
    if full in surface.modules or full in surface.unread_modules:
        return NameTarget(path=SymbolPath(f"{full}:"), kind=SymbolKind.MODULE, how=How.SUBMODULE)
    return None


def _member(surface: Surface, owner: NameTarget, name: str) -> NameTarget | None:
    """Find a class, method or variable in a class or in one of its bases."""
    seen: set[SymbolPath] = set()
    waiting = [owner.path]
    while waiting and len(seen) < MAX_BASES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        facts = class_statement(surface, path)
        if facts is None:
            continue
        kind = _own_member(facts, name)
        if kind is not None:
            return NameTarget(path=SymbolPath(f"{path}.{name}"), kind=kind, how=How.DEFINITION)
        module, _ = split_symbol(path)
        for base in facts.bases:
            found = resolve_name(surface, module, base.value if isinstance(base, Subscript) else base)
            if found is not None and found.kind is SymbolKind.CLASS:
                waiting.append(found.path)
    return None


def class_statement(surface: Surface, path: SymbolPath) -> ClassFacts | None:
    """Find the ``class`` statement of a symbol, nested ones included; None when it is not one of the library."""
    module, qualname = split_symbol(path)
    own = surface.modules.get(module)
    head, *rest = qualname.split(".")
    definition = own.definitions.get(head) if own is not None else None
    found = definition.statements[0] if definition is not None else None
    for name in rest:
        if not isinstance(found, ClassFacts):
            return None
        found = next((one for one in reversed(found.body) if isinstance(one, ClassFacts) and one.name == name), None)
    return found if isinstance(found, ClassFacts) else None


def _own_member(facts: ClassFacts, name: str) -> SymbolKind | None:
    for statement in reversed(facts.body):
        match statement:
            case FunctionFacts(name=found) if found == name:
                return SymbolKind.FUNCTION
            case ClassFacts(name=found) if found == name:
                return SymbolKind.CLASS
            case Assignment(target=Name(id=found)) if found == name:
                return SymbolKind.VARIABLE
            case _:
                continue
    return None
