"""The body of a generated function: its call of the runtime (clients/elixir/CONTRACT.md, "The functions")."""

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.escape import Elixir, string
from pybridge.generate.targets.elixir.functions.arguments import OPTS, runtime_arguments
from pybridge.generate.targets.elixir.functions.callee import Access, Callee, CalleeKind
from pybridge.generate.targets.elixir.functions.module_context import ModuleContext
from pybridge.generate.targets.elixir.functions.shape import Shape

BODY = 4
"""Where the body of a function stands."""
BANG = Elixir("Runtime.bang")
_FUNCTIONS = {
    CalleeKind.CREATE: Elixir("Runtime.create"),
    CalleeKind.METHOD: Elixir("Runtime.call"),
    CalleeKind.PROPERTY: Elixir("Runtime.call"),
    CalleeKind.CLASS_METHOD: Elixir("Runtime.static"),
    CalleeKind.STATIC_METHOD: Elixir("Runtime.static"),
    CalleeKind.FUNCTION: Elixir("Runtime.function"),
    CalleeKind.VARIABLE: Elixir("Runtime.function"),
}
_ACCESSES = {Access.READ: Elixir("Runtime.get"), Access.WRITE: Elixir("Runtime.set")}


def runtime_call(
    callee: Callee, shape: Shape, variables: dict[str, str], context: ModuleContext, *, is_lazy: bool = False
) -> Elixir:
    """Write the call that gives ok or error, or with `is_lazy` the stream that raises."""
    given = _given(callee, shape, variables, context, indent=BODY + 2)
    return layout.call(_function(callee, is_lazy=is_lazy), given, indent=BODY)


def raising_runtime_call(callee: Callee, shape: Shape, variables: dict[str, str], context: ModuleContext) -> Elixir:
    """Write the call that gives the value or raises, for a function whose name stands for another inside the module."""
    given = _given(callee, shape, variables, context, indent=BODY + 4)
    return layout.nested_call(BANG, _function(callee, is_lazy=False), given, indent=BODY)


def _function(callee: Callee, *, is_lazy: bool) -> Elixir:
    if callee.access is not Access.CALL:
        return _ACCESSES[callee.access]
    if callee.item is not None:
        return Elixir("Runtime.open!" if is_lazy else "Runtime.open")
    return _FUNCTIONS[callee.kind]


def _given(
    callee: Callee, shape: Shape, variables: dict[str, str], context: ModuleContext, *, indent: int
) -> tuple[Elixir, ...]:
    python_name = string(callee.python_name)
    target = Elixir("ref") if callee.needs_instance else Elixir("nil")
    if callee.access is Access.READ:
        return (context.attribute, target, python_name, OPTS)
    if callee.access is Access.WRITE:
        return (context.attribute, target, python_name, Elixir("value"), OPTS)
    keywords = () if shape.keywords is None else (Elixir(variables[shape.keywords.parameter.name]),)
    given = (runtime_arguments(shape, variables, indent=indent), OPTS, *keywords)
    if callee.item is not None or callee.kind is CalleeKind.METHOD:
        return (context.attribute, target, python_name, *given)
    return (context.attribute, *given) if callee.kind is CalleeKind.CREATE else (context.attribute, python_name, *given)
