"""The typespecs of a generated function: one clause for each overload where those are disjoint, else one of unions.

Dialyzer drops a contract whose clauses overlap, and warns (elixir.md, section 1); hence the test.
"""

from collections.abc import Sequence

import msgspec

from pybridge.generate.targets.elixir.escape import Elixir, atom
from pybridge.generate.targets.elixir.functions.callee import Access, Callee, CalleeKind
from pybridge.generate.targets.elixir.functions.module_context import ModuleContext
from pybridge.generate.targets.elixir.functions.shape import MergedParameter, Shape
from pybridge.generate.targets.elixir.types import Direction, elixir_type
from pybridge.generate.targets.elixir.typespecs.example import example
from pybridge.generate.targets.elixir.typespecs.typespec import (
    Atomic,
    Choice,
    Compound,
    ElixirType,
    choice,
    list_of,
)
from pybridge.model.types import TypeExpr

ERROR = Elixir("{:error, Error.t()}")
OWN_OPTION = Elixir("pybridge: Runtime.opts()")
_KWARGS = Elixir("Runtime.kwargs()")


class SpecCase(msgspec.Struct, frozen=True, kw_only=True):
    """One ``@spec`` clause."""

    arguments: tuple[Elixir, ...]
    result: tuple[Elixir, ...]
    bang_result: tuple[Elixir, ...]


class FunctionTypes(msgspec.Struct, frozen=True, kw_only=True):
    """All clauses of a function, and a value that fits its result."""

    cases: tuple[SpecCase, ...]
    example: Elixir


def function_types(callee: Callee, shape: Shape, name: str, context: ModuleContext) -> FunctionTypes:
    """Work out the clauses; long types get names in the module of `context`."""
    if callee.access is Access.WRITE:
        return _write_types(callee, name, context)
    options = _options(shape, name, context)
    required = [_argument_types(one, context) for one in shape.required]
    results = [_result_type(callee, index, context) for index in range(len(callee.signatures))]
    if not _are_disjoint(required, len(results)):
        required = [[choice(tuple(types))] for types in required]
        results = [choice(tuple(results))]
    cases = []
    for index, result in enumerate(results):
        hints = [one.parameter.name for one in shape.required]
        given = [context.types.inline(types[index], name, hint) for types, hint in zip(required, hints, strict=True)]
        arguments = _arguments(callee, shape, given, options, name, context)
        cases.append(_case(callee, arguments, result, name, context))
    shown = _shown(callee, context)
    return FunctionTypes(cases=tuple(cases), example=example(shown, context.paths, context.python_path))


def _write_types(callee: Callee, name: str, context: ModuleContext) -> FunctionTypes:
    value = elixir_type(callee.signatures[0].returns.expr, Direction.IN, context.scope)
    arguments = (context.instance, context.types.inline(value, name, "value"), OWN_OPTION)
    case = SpecCase(arguments=arguments, result=(Elixir("{:ok, nil}"), ERROR), bang_result=(Elixir("nil"),))
    return FunctionTypes(cases=(case,), example=Elixir("nil"))


def _options(shape: Shape, name: str, context: ModuleContext) -> Elixir:
    if not shape.options:
        return OWN_OPTION
    members = []
    for one in shape.options:
        key = one.parameter.name
        accepted = choice(tuple(_argument_types(one, context)))
        members.append(Elixir(f"{{{atom(key)}, {context.types.inline(accepted, name, key)}}}"))
    given = context.types.options((*members, Elixir("{:pybridge, Runtime.opts()}")), name, "opt")
    return Elixir(f"[{given}]")


def _arguments(
    callee: Callee, shape: Shape, given: Sequence[Elixir], options: Elixir, name: str, context: ModuleContext
) -> tuple[Elixir, ...]:
    arguments = [context.instance] if callee.needs_instance else []
    arguments += given
    if shape.rest is not None:
        items = list_of(choice(tuple(_argument_types(shape.rest, context))))
        arguments.append(context.types.inline(items, name, shape.rest.parameter.name))
    if shape.keywords is None:
        return (*arguments, options)
    is_first = callee.python_name == "__call__" and not shape.options
    if is_first:
        return (*arguments, _KWARGS, options)
    boxed = Elixir(f"[{options}]") if options == OWN_OPTION else options
    return (*arguments, boxed, _KWARGS)


def _case(
    callee: Callee, arguments: tuple[Elixir, ...], result: ElixirType, name: str, context: ModuleContext
) -> SpecCase:
    code = context.types.inline(result, name, "item" if callee.item is not None else "result")
    if callee.item is not None:
        code = Elixir(f"Enumerable.t({code})")
        return SpecCase(arguments=arguments, result=(Elixir(f"{{:ok, {code}}}"), ERROR), bang_result=(code,))
    bang = (code,)
    return SpecCase(arguments=arguments, result=(Elixir(f"{{:ok, {code}}}"), ERROR), bang_result=bang)


def _argument_types(one: MergedParameter, context: ModuleContext) -> list[ElixirType]:
    """The type of a parameter in each overload; where one lacks it, whatever the others take."""
    known = [None if expr is None else elixir_type(expr, Direction.IN, context.scope) for expr in one.types]
    anything = choice(tuple(expr for expr in known if expr is not None))
    return [anything if expr is None else expr for expr in known]


def _result_type(callee: Callee, index: int, context: ModuleContext) -> ElixirType:
    if callee.kind is CalleeKind.CREATE:
        return Atomic(Elixir("t()"))
    if callee.item is not None:
        return elixir_type(callee.item, Direction.OUT, context.scope)
    return elixir_type(callee.signatures[index].returns.expr, Direction.OUT, context.scope)


def _shown(callee: Callee, context: ModuleContext) -> ElixirType:
    expr: TypeExpr = callee.signatures[0].returns.expr if callee.item is None else callee.item
    return _result_type(callee, 0, context) if callee.item is None else elixir_type(expr, Direction.OUT, context.scope)


def _are_disjoint(required: list[list[ElixirType]], count: int) -> bool:
    """Tell whether every two overloads differ in some required argument beyond doubt."""
    return all(
        any(_domains(types[one]).isdisjoint(_domains(types[other])) for types in required)
        for one in range(count)
        for other in range(one + 1, count)
    )


_EVERYTHING = frozenset({"integer", "float", "binary", "atom", "list", "map", "tuple"})
_ATOMIC_DOMAINS = {
    "integer()": frozenset({"integer"}),
    "number()": frozenset({"integer", "float"}),
    "String.t()": frozenset({"binary"}),
    "binary()": frozenset({"binary"}),
    "boolean()": frozenset({"atom"}),
    "true": frozenset({"atom"}),
    "false": frozenset({"atom"}),
    "nil": frozenset({"atom"}),
    "atom()": frozenset({"atom"}),
    "tuple()": frozenset({"tuple"}),
    "map()": frozenset({"map"}),
    "t()": frozenset({"map"}),
}


def _domains(expr: ElixirType) -> frozenset[str]:
    """The kinds of terms a type may hold; all of them when in doubt."""
    match expr:
        case Choice(members=members):
            return frozenset().union(*(_domains(member) for member in members))
        case Compound(texts=texts):
            return _COMPOUND_DOMAINS.get(texts[0][:1], frozenset({"map"}) if texts[0] == "MapSet.t(" else _EVERYTHING)
        case Atomic(code=code) if code.startswith(":"):
            return frozenset({"atom"})
        case Atomic(code=code) if code.lstrip("-")[:1].isdigit():
            return frozenset({"integer"})
        case Atomic(code=code) if code.endswith((".instance()", "Date.t()", "Time.t()", "DateTime.t()")):
            return frozenset({"map"})
        case Atomic(code=code):
            return _ATOMIC_DOMAINS.get(code, _EVERYTHING)


_COMPOUND_DOMAINS = {"[": frozenset({"list"}), "{": frozenset({"tuple"}), "%": frozenset({"map"})}
