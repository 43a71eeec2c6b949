"""Walks a body as Python would and keeps, for each name, the binding that wins and those that lost."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from pybridge.model.expressions import Attribute, Call, Constant, Expr, Name, Opaque, Subscript
from pybridge.model.expressions import Sequence as SequenceExpr
from pybridge.model.facts import (
    Assignment,
    ClassFacts,
    Decorator,
    Delete,
    Expression,
    FromImport,
    FunctionFacts,
    Guard,
    Import,
    Statement,
    TypeAliasFacts,
)
from pybridge.model.library import How
from pybridge.model.names import ModuleName, SourceText
from pybridge.resolve.surface.scan.reach import ALWAYS, Branch, Reach
from pybridge.resolve.surface.scan.sources import MAX_DEPTH, text_of
from pybridge.resolve.symbols import DefinitionStatement

_PASSING = frozenset({"iteration", "context"})
"""What the value of a loop, and of a ``with`` statement, is read as."""
_ACCESSORS = frozenset({"setter", "deleter", "getter"})
_NAMESPACE_CALLS = frozenset({"globals", "vars", "locals"})


class Binding(msgspec.Struct, frozen=True):
    """One way a name comes to be: its own statements, or an import (``module`` is not None)."""

    how: How
    index: int
    """Number of its statement in the body; later ones win."""
    statements: tuple[DefinitionStatement, ...] = ()
    module: ModuleName | None = None
    member: str | None = None
    """The imported name; None for the module itself."""
    is_explicit: bool = False
    """Written as ``x as x``."""


class Slot(msgspec.Struct):
    """A name and what is known of it so far."""

    chosen: Binding
    open: tuple[Branch, ...] = ()
    condition: SourceText | None = None
    is_fallback: bool = False
    """Exists only where an import fails, or is declared without a value."""
    variants: tuple[Binding, ...] = ()


class Star(msgspec.Struct, frozen=True):
    """``from module import *``."""

    module: ModuleName
    reach: Reach
    index: int


class Scope(msgspec.Struct):
    """The names of a body. ``typing`` holds only names whose binding a type checker sees otherwise."""

    runtime: dict[str, Slot]
    typing: dict[str, Slot | None]
    """None where a type checker sees no binding at all."""
    stars: list[Star]
    absent: dict[str, tuple[Guard, ...]]
    """Names whose only statements never run for the target, with the guards of the first."""
    submodules: set[ModuleName]
    """Modules that its imports load."""
    writes_namespace: bool = False
    """True where names are written that the text does not tell."""


Resolve = Callable[[FromImport], ModuleName | None]
"""Names the module of a from-import."""


def bind(
    body: Sequence[Statement],
    *,
    module: ModuleName,
    reach_of: Callable[[int, tuple[Guard, ...]], Reach],
    resolve: Resolve,
    overload_names: Collection[str],
) -> Scope:
    """Evaluate the statements of a body in order."""
    scope = Scope(runtime={}, typing={}, stars=[], absent={}, submodules=set())
    for index, statement in enumerate(body):
        reach = reach_of(index, statement.guards) if statement.guards else ALWAYS
        if isinstance(statement, Delete):
            _delete(scope, statement, reach)
            continue
        if isinstance(statement, Expression):
            scope.writes_namespace = scope.writes_namespace or _writes_names(statement.value)
            continue
        if isinstance(statement, FromImport) and statement.name == "*":
            home = resolve(statement)
            if home is not None and home != module and (reach.is_runtime or reach.is_typing):
                scope.stars.append(Star(home, reach, index))
            continue
        for name, binding in _bindings(scope, statement, index, resolve):
            if name not in scope.runtime and name not in scope.typing and reach is ALWAYS and _is_plain(statement):
                # As `_record` would have it, for what most statements are.
                scope.runtime[name] = Slot(binding, is_fallback=_is_declaration(binding))
            elif binding.module == module and binding.member == name and name in scope.runtime:
                # A module that imports a name from itself keeps what the name is.
                continue
            elif not reach.is_runtime and not reach.is_typing:
                scope.absent.setdefault(name, statement.guards)
            else:
                _record(scope, name, binding, reach, overload_names)
    return scope


def _is_plain(statement: Statement) -> bool:
    """True for what stands for itself, whatever else the body has."""
    return not (isinstance(statement, FunctionFacts) and statement.decorators)


def _bindings(scope: Scope, statement: Statement, index: int, resolve: Resolve) -> Iterable[tuple[str, Binding]]:
    match statement:
        case FunctionFacts(name=name):
            return () if name == "_" else ((name, Binding(How.DEFINITION, index, (statement,))),)
        case ClassFacts(name=name) | TypeAliasFacts(name=name):
            return ((name, Binding(How.DEFINITION, index, (statement,))),)
        case Import(module=module, alias=alias):
            scope.submodules.add(ModuleName(module))
            named = ModuleName(module if alias else module.partition(".")[0])
            return ((alias or named, Binding(How.IMPORT, index, (), named, None, alias == named)),)
        case FromImport(name=name, alias=alias):
            home = resolve(statement)
            if home is None:
                return ()
            scope.submodules.update((home, ModuleName(f"{home}.{name}")))
            return ((alias or name, Binding(How.IMPORT, index, (), home, name, alias == name)),)
        case Assignment(target=Name(id=name)):
            return ((name, Binding(How.ASSIGNMENT, index, (statement,))),)
        case Assignment(target=target):
            return _assigned(scope, target, statement, index)
        case _:
            return ()


def _assigned(scope: Scope, target: Expr, statement: Assignment, index: int) -> Iterator[tuple[str, Binding]]:
    for name, single in _targets(scope, target, statement, 0):
        yield name, Binding(How.ASSIGNMENT, index, (single,))


def is_passing(value: Expr | None) -> bool:
    """Tell what a loop or a ``with`` statement gives its target, which is left over when it is done."""
    return isinstance(value, Opaque) and value.what in _PASSING


def _targets(scope: Scope, target: Expr, statement: Assignment, depth: int) -> Iterator[tuple[str, Assignment]]:
    match target:
        case Name(id=name):
            yield name, statement
        case SequenceExpr(items=items) if depth < MAX_DEPTH:
            values: Sequence[Expr | None] = (
                statement.value.items
                if isinstance(statement.value, SequenceExpr) and len(statement.value.items) == len(items)
                else [statement.value if is_passing(statement.value) else None] * len(items)
            )
            for item, value in zip(items, values, strict=True):
                part = msgspec.structs.replace(statement, target=item, value=value, value_text=None)
                yield from _targets(scope, item, part, depth + 1)
        case Subscript(value=Call(function=Name(id=called), arguments=()), index=key) if called in _NAMESPACE_CALLS:
            name_text = text_of(key)
            if name_text is None:
                scope.writes_namespace = True
            elif name_text.isidentifier():
                yield name_text, statement
        case _:
            return


def _record(scope: Scope, name: str, binding: Binding, reach: Reach, overloads: Collection[str]) -> None:
    runtime = scope.runtime.get(name)
    if reach.is_runtime and reach.is_typing:
        scope.runtime[name] = _joined(scope.runtime, runtime, name, binding, reach, overloads)
        if name in scope.typing:
            scope.typing[name] = _joined(scope.runtime, scope.typing[name], name, binding, reach, overloads)
        return
    typed = scope.typing.get(name, runtime)
    if reach.is_runtime:
        scope.runtime[name] = _joined(scope.runtime, runtime, name, binding, reach, overloads)
    else:
        typed = _joined(scope.runtime, typed, name, binding, reach, overloads)
    scope.typing[name] = typed


def _joined(
    table: dict[str, Slot], old: Slot | None, name: str, binding: Binding, reach: Reach, overloads: Collection[str]
) -> Slot:
    """Decide between what a name was and a new binding of it."""
    is_weak = reach.is_fallback or _is_declaration(binding)
    if old is None:
        base = _accessor_base(table, binding)
        statements = (*base, *binding.statements) if base else binding.statements
        chosen = binding if not base else msgspec.structs.replace(binding, statements=statements)
        return Slot(chosen, reach.open, reach.condition, is_weak)
    if reach.is_fallback and not old.is_fallback:
        return Slot(old.chosen, old.open, old.condition, old.is_fallback, (*old.variants, binding))
    grouped = _grouped(table, old.chosen, name, binding, overloads)
    if grouped is not None:
        return Slot(grouped, old.open, old.condition, old.is_fallback and is_weak, old.variants)
    if _keeps_its_own(old, binding, reach):
        return Slot(old.chosen, old.open, old.condition, old.is_fallback, (*old.variants, binding))
    lost = (*old.variants, old.chosen) if reach.open else old.variants if old.is_fallback else ()
    return Slot(binding, reach.open, reach.condition, is_weak, lost)


def _keeps_its_own(old: Slot, binding: Binding, reach: Reach) -> bool:
    if old.is_fallback or not reach.open:
        return False
    if old.open and reach.open[: len(old.open)] == old.open:
        return False
    # ``name = None`` before a conditional definition only reserves the name.
    return not (_is_placeholder(old.chosen) and not _is_placeholder(binding))


def _grouped(
    table: dict[str, Slot], old: Binding, name: str, binding: Binding, overloads: Collection[str]
) -> Binding | None:
    """Join statements that make one definition; None when the new one stands for itself."""
    new = binding.statements[0] if binding.statements else None
    last = old.statements[-1] if old.statements else None
    match new:
        case FunctionFacts(decorators=decorators):
            base = _accessor_base(table, binding)
            if base:
                return msgspec.structs.replace(old, index=binding.index, statements=(*base, new))
            if isinstance(last, FunctionFacts) and _is_overload(last.decorators, overloads):
                return msgspec.structs.replace(old, index=binding.index, statements=(*old.statements, new))
            return old if _registers_on(decorators, name) else None
        case Assignment(operator=operator) if operator is not None:
            return old
        case Assignment(value=None, annotation=annotation) if annotation is not None:
            # A bare annotation of a name that has a value says nothing about the value.
            return old if last is not None else None
        case Assignment(value=Name(id=same)) if same == name:
            return old
        case Assignment(value=Call() as call) if isinstance(last, FunctionFacts | ClassFacts) and _wraps(call, name):
            return old
        case Assignment(value=Call() as call) if old.module is not None and _wraps(call, name):
            return msgspec.structs.replace(old, how=How.ASSIGNMENT)
        case Assignment(annotation=None) if isinstance(last, Assignment) and last.value is None and last.annotation:
            return msgspec.structs.replace(binding, statements=(last, new))
        case _:
            return None


def builds_on_another(function: FunctionFacts) -> bool:
    """True for a function that ``@name.setter`` and the like may join with a property, of whatever name."""
    return any(
        isinstance(one.expr, Attribute) and one.expr.name in _ACCESSORS and isinstance(one.expr.value, Name)
        for one in function.decorators
    )


def _accessor_base(table: dict[str, Slot], binding: Binding) -> tuple[DefinitionStatement, ...]:
    """Statements of the property that ``@name.setter`` and the like build on."""
    new = binding.statements[0] if binding.statements else None
    if not isinstance(new, FunctionFacts):
        return ()
    for decorator in new.decorators:
        match decorator.expr:
            case Attribute(value=Name(id=base), name=accessor) if accessor in _ACCESSORS:
                slot = table.get(base)
                return slot.chosen.statements if slot is not None else ()
            case _:
                continue
    return ()


def _is_overload(decorators: tuple[Decorator, ...], overloads: Collection[str]) -> bool:
    for decorator in decorators:
        match decorator.expr:
            case Name(id=name) if name in overloads:
                return True
            case Attribute(name="overload"):
                return True
            case _:
                continue
    return False


def _registers_on(decorators: tuple[Decorator, ...], name: str) -> bool:
    """True for ``@name.register``, with or without arguments: another case of the same generic function."""
    for decorator in decorators:
        expr = decorator.expr.function if isinstance(decorator.expr, Call) else decorator.expr
        match expr:
            case Attribute(value=Name(id=generic), name="register") if generic == name:
                return True
            case _:
                continue
    return False


def _wraps(call: Expr, name: str, depth: int = 0) -> bool:
    """True when a call is given the name itself: ``f = decorate(f)``."""
    if not isinstance(call, Call) or depth > 4:
        return False
    return any(
        (isinstance(argument.value, Name) and argument.value.id == name) or _wraps(argument.value, name, depth + 1)
        for argument in call.arguments
    )


def _is_declaration(binding: Binding) -> bool:
    return (
        len(binding.statements) == 1
        and isinstance(binding.statements[0], Assignment)
        and binding.statements[0].value is None
        and isinstance(binding.statements[0].target, Name)
        and binding.statements[0].annotation is not None
    )


def _is_placeholder(binding: Binding) -> bool:
    only = binding.statements[0] if len(binding.statements) == 1 else None
    return isinstance(only, Assignment) and isinstance(only.value, Constant | None)


def _delete(scope: Scope, statement: Delete, reach: Reach) -> None:
    if not isinstance(statement.target, Name) or reach.open or reach.is_fallback:
        return
    name = statement.target.id
    if reach.is_typing:
        if not reach.is_runtime or name in scope.typing:
            scope.typing[name] = None
    elif name not in scope.typing:
        scope.typing[name] = scope.runtime.get(name)
    if reach.is_runtime:
        scope.runtime.pop(name, None)


def _writes_names(value: Expr) -> bool:
    """True for ``globals().update(...)`` and ``setattr(sys.modules[...], name, ...)`` with names the text hides."""
    match value:
        case Call(function=Attribute(value=Call(function=Name(id=called)), name="update")):
            return called in _NAMESPACE_CALLS
        case Call(function=Name(id="setattr"), arguments=(first, second, *_)):
            return isinstance(first.value, Subscript) and text_of(second.value) is None
        case _:
            return False
