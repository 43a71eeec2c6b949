"""Evaluates ``__all__``: literals, arithmetic, ``.extend``, ``sub.__all__``, comprehensions, names of the namespace."""

from collections.abc import Callable, Iterable
from typing import Final, Literal

import msgspec

from pybridge.model.expressions import (
    Attribute,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Constant,
    Dict,
    Expr,
    Name,
    Sequence,
    Starred,
    Subscript,
)
from pybridge.model.facts import Assignment, Expression, ModuleFacts
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.scan.conditions import Conditions
from pybridge.resolve.surface.scan.constants import Constants, ConstantValue, InsideName, Origin
from pybridge.resolve.surface.scan.reach import Reaches
from pybridge.resolve.surface.scan.sources import MAX_DEPTH, dotted_parts, slice_text, text_of

ALL: Final = "__all__"
MAX_NAMES = 100_000
"""Names of one ``__all__``; a longer one is cut."""
MAX_WORK = 500_000
"""Expressions and names read for one ``__all__``: lists made of each other double at every step."""

_COPIES = frozenset({"list", "tuple", "sorted", "set", "frozenset", "reversed"})
_NAMESPACES = frozenset({"dir", "globals", "locals", "vars"})


class Operation(msgspec.Struct, frozen=True):
    """One statement that makes or changes ``__all__``."""

    kind: Literal["set", "extend", "append", "remove"]
    value: Expr
    is_open: bool


class Names(msgspec.Struct):
    """A list of names, and whether every part of it could be read."""

    names: tuple[str, ...] = ()
    is_complete: bool = True


INCOMPLETE = Names((), is_complete=False)


def operations(facts: ModuleFacts, reaches: Reaches) -> tuple[Operation, ...]:
    """Collect the statements that make ``__all__`` at run time, in order; empty when the module has none."""
    found: list[Operation] = []
    for index, statement in enumerate(facts.body):
        if not isinstance(statement, Assignment | Expression):
            continue
        kind_value = _operation(statement)
        if kind_value is None:
            continue
        reach = reaches.of(index, statement.guards)
        if reach.is_runtime and not reach.is_fallback:
            found.append(Operation(*kind_value, is_open=bool(reach.open)))
    return tuple(found)


def _operation(statement: Assignment | Expression) -> tuple[Literal["set", "extend", "append", "remove"], Expr] | None:
    match statement:
        case Assignment(target=Name(id="__all__"), operator=None, value=value) if value is not None:
            return "set", value
        case Assignment(target=Name(id="__all__"), operator="+" | "+=", value=value) if value is not None:
            return "extend", value
        case Assignment(target=Sequence(items=targets), value=Sequence(items=values)) if len(targets) == len(values):
            pairs = zip(targets, values, strict=True)
            return next((("set", value) for target, value in pairs if target == Name(ALL)), None)
        case Expression(value=Call(function=Attribute(value=Name(id="__all__"), name=method), arguments=(argument,))):
            match method:
                case "extend" | "append" | "remove":
                    return method, argument.value
                case _:
                    return None
        case _:
            return None


class DeclaredNames:
    """Evaluates the operations on ``__all__`` of one module."""

    def __init__(
        self,
        *,
        module: ModuleName,
        constants: Constants,
        conditions: Conditions,
        declared_of: Callable[[ModuleName], tuple[str, ...] | None],
        names_of: Callable[[ModuleName], Iterable[str]],
    ) -> None:
        self._module = module
        self._constants = constants
        self._conditions = conditions
        self._declared_of = declared_of
        self._names_of = names_of
        self._current: tuple[str, ...] = ()
        self._work = 0

    def evaluate(self, steps: Iterable[Operation]) -> Names:
        """Perform the operations in order; names keep their first place and appear once."""
        names: dict[str, None] = {}
        is_complete = True
        for step in steps:
            self._current = tuple(names)
            if step.kind in {"append", "remove"}:
                single = self._single(step.value)
                value = INCOMPLETE if single is None else Names((single,))
            else:
                value = self._names(step.value, self._module, 0)
            is_complete = (is_complete or (step.kind == "set" and not step.is_open)) and value.is_complete
            if step.kind == "set" and not step.is_open:
                names = {}
            if step.kind == "remove":
                for name in value.names:
                    names.pop(name, None)
            else:
                names.update(dict.fromkeys(value.names))
        return Names(tuple(names)[:MAX_NAMES], is_complete and len(names) <= MAX_NAMES)

    def _single(self, expr: Expr) -> str | None:
        match expr:
            case Constant():
                return text_of(expr)
            case Attribute(value=Name(id=name), name="__name__"):
                return name
            case Name(id=name):
                origin = self._constants.origin(self._module, name)
                return text_of(origin.value) if isinstance(origin, ConstantValue) else None
            case _:
                return None

    def _names(self, expr: Expr, module: ModuleName, depth: int) -> Names:
        self._work += 1
        if depth > MAX_DEPTH or self._work > MAX_WORK:
            return INCOMPLETE
        found = self._read(expr, module, depth)
        self._work += len(found.names)
        return found

    def _read(self, expr: Expr, module: ModuleName, depth: int) -> Names:
        match expr:
            case Sequence(items=items):
                return self._items(items, module, depth)
            case Binary(operator="+" | "|", left=left, right=right):
                return _join(self._names(left, module, depth + 1), self._names(right, module, depth + 1))
            case Binary(operator="-", left=left, right=right):
                dropped = self._names(right, module, depth + 1)
                kept = self._names(left, module, depth + 1)
                names = tuple(name for name in kept.names if name not in set(dropped.names))
                return Names(names, kept.is_complete and dropped.is_complete)
            case Dict(items=pairs):
                return self._items(tuple(Starred(value) if key is None else key for key, value in pairs), module, depth)
            case Call(function=function, arguments=arguments):
                first = arguments[0].value if arguments else None
                return self._call(function, first, module, depth)
            case Comprehension():
                return self._comprehension(expr, module, depth)
            case Conditional(test=test, body=body, otherwise=otherwise):
                held = self._conditions.decide(test, module, is_typing=False)
                sides = [side for side, wanted in ((body, True), (otherwise, False)) if held in {wanted, None}]
                return _join(*(self._names(side, module, depth + 1) for side in sides))
            case Subscript(value=value, index=index) if slice_text(index) == ":":
                return self._names(value, module, depth + 1)
            case Name(id="__all__") if module == self._module:
                return Names(self._current)
            case Name() | Attribute():
                return self._named(expr, module, depth)
            case _:
                return INCOMPLETE

    def _items(self, items: tuple[Expr, ...], module: ModuleName, depth: int) -> Names:
        names: list[str] = []
        is_complete = True
        for item in items:
            if isinstance(item, Starred):
                part = self._names(item.value, module, depth + 1)
                names.extend(part.names)
                is_complete = is_complete and part.is_complete
            elif (single := self._single(item)) is not None:
                names.append(single)
            else:
                is_complete = False
        return Names(tuple(names), is_complete)

    def _call(self, function: Expr, first: Expr | None, module: ModuleName, depth: int) -> Names:
        match function:
            case Name(id=name) if name in _COPIES:
                return Names() if first is None else self._names(first, module, depth + 1)
            case Name(id="sum") if isinstance(first, Sequence):
                return _join(*(self._names(item, module, depth + 1) for item in first.items))
            case Name(id=name) if name in _NAMESPACES and first is None:
                return Names(tuple(self._names_of(module)))
            case Name(id="dir" | "vars") | Attribute(name="keys") if isinstance(
                inner := function.value if isinstance(function, Attribute) else first, Name | Attribute
            ):
                origin = self._origin(inner, module)
                if isinstance(origin, InsideName) and not origin.name:
                    return Names(tuple(self._names_of(origin.module)))
                return self._names(inner, module, depth + 1)
            case Attribute(value=receiver, name="keys" | "copy"):
                return self._names(receiver, module, depth + 1)
            case Attribute(value=receiver, name="split") if first is None and (text := text_of(receiver)) is not None:
                return Names(tuple(text.split()))
            case _:
                return INCOMPLETE

    def _comprehension(self, expr: Comprehension, module: ModuleName, depth: int) -> Names:
        iterated = self._names(expr.iterable, module, depth + 1)
        if not isinstance(expr.target, Name) or expr.element != expr.target:
            return INCOMPLETE
        kept: list[str] = []
        is_complete = iterated.is_complete
        for name in iterated.names:
            local = {expr.target.id: name}
            results = [self._conditions.value(one, module, is_typing=False, local=local) for one in expr.conditions]
            if all(results):
                # An undecided condition is true as a value: the name is kept, and the list is not sure.
                kept.append(name)
                is_complete = is_complete and all(isinstance(one, bool) for one in results)
        return Names(tuple(kept), is_complete)

    def _named(self, expr: Expr, module: ModuleName, depth: int) -> Names:
        match self._origin(expr, module):
            case InsideName(module=home, name="__all__"):
                return self._declared(home)
            case ConstantValue(module=home, value=value):
                parts = dotted_parts(expr)
                if home != module and parts is not None and parts[-1] == ALL:
                    return self._declared(home)
                return self._names(value, home, depth + 1)
            case _:
                parts = dotted_parts(expr)
                holder = self._constants.origin_of_path(module, parts[:-1]) if parts and len(parts) > 1 else None
                if parts is not None and parts[-1] == ALL and isinstance(holder, InsideName) and not holder.name:
                    return self._declared(holder.module)
                return INCOMPLETE

    def _declared(self, module: ModuleName) -> Names:
        declared = self._declared_of(module)
        return INCOMPLETE if declared is None else Names(declared)

    def _origin(self, expr: Expr, module: ModuleName) -> Origin:
        parts = dotted_parts(expr)
        if parts is None:
            return None
        if len(parts) > 1 and parts[-1] == ALL:
            holder = self._constants.origin_of_path(module, parts[:-1])
            if isinstance(holder, InsideName) and not holder.name:
                return InsideName(holder.module, ALL)
        direct = self._constants.table(module).get(parts[0]) if len(parts) == 1 else None
        if isinstance(direct, InsideName) and direct.name == ALL:
            return direct
        return self._constants.origin_of_path(module, parts)


def is_literal(steps: Iterable[Operation]) -> bool:
    """True when no other module is needed to evaluate the operations."""
    return all(
        isinstance(step.value, Constant)
        or (isinstance(step.value, Sequence) and all(isinstance(item, Constant) for item in step.value.items))
        for step in steps
    )


def _join(*parts: Names) -> Names:
    return Names(tuple(name for part in parts for name in part.names), all(part.is_complete for part in parts))
