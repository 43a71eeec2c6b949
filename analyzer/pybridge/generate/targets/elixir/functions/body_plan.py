"""The functions of one module, named in a fixed order, so that the order of the descriptor makes no difference."""

from collections.abc import Iterable, Sequence

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.escape import Elixir
from pybridge.generate.targets.elixir.files.content import ModuleBody
from pybridge.generate.targets.elixir.functions.callee import Access, Callee, CalleeKind
from pybridge.generate.targets.elixir.functions.function_plan import plan_function
from pybridge.generate.targets.elixir.functions.module_context import FunctionPlan, ModuleContext
from pybridge.generate.targets.elixir.naming import function_name

_KIND_ORDER = {
    CalleeKind.CREATE: 0,
    CalleeKind.METHOD: 1,
    CalleeKind.CLASS_METHOD: 1,
    CalleeKind.STATIC_METHOD: 1,
    CalleeKind.FUNCTION: 1,
    CalleeKind.PROPERTY: 2,
    CalleeKind.VARIABLE: 2,
}


def plan_body(callees: Iterable[Callee], facts: Sequence[Elixir], context: ModuleContext) -> ModuleBody:
    """Name and plan every function of a module."""
    named = _named(sorted(callees, key=_naming_order), context)
    plans: list[FunctionPlan] = []
    for name, callee in sorted(named, key=lambda one: _printing_order(one[1], one[0])):
        plan = plan_function(callee, name, context)
        if plan is not None:
            plans.append(plan)
    return ModuleBody(
        types=context.types.definitions,
        blocks=tuple(block for plan in plans for block in plan.blocks),
        methods=tuple(layout.triple(*plan.method, indent=6, is_last=plan is plans[-1]) for plan in plans),
        facts=tuple(facts),
        descriptions=tuple(plan.description for plan in plans if plan.description is not None),
    )


def _named(callees: Sequence[Callee], context: ModuleContext) -> list[tuple[str, Callee]]:
    named: list[tuple[str, Callee]] = []
    for callee in callees:
        if callee.kind is CalleeKind.CREATE:
            named.append(("create", callee))
            continue
        wanted = function_name(callee.wanted_name)
        name = context.names.allot(wanted)
        named.append((name, callee))
        if name != wanted:
            context.report(
                "elixir-name-taken",
                f"{context.python_path}.{callee.python_name} is generated as {name}: {wanted} stands for another name",
            )
    return named


def _naming_order(callee: Callee) -> tuple[bool, bool, bool, bool, bool, str, str]:
    """Who gets a name that several want: own before inherited, what is called so in Python before what is translated."""
    return (
        callee.kind is not CalleeKind.CREATE,
        callee.access is Access.WRITE,
        callee.inherited_from is not None,
        callee.python_name.startswith("__"),
        function_name(callee.wanted_name) != callee.wanted_name,
        callee.python_name,
        callee.kind.value,
    )


def _printing_order(callee: Callee, name: str) -> tuple[bool, int, str, bool, str]:
    return (
        callee.inherited_from is not None,
        _KIND_ORDER[callee.kind],
        callee.python_name,
        callee.access is Access.WRITE,
        name,
    )
