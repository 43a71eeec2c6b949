"""One callable, property or variable of Python becomes an Elixir function, its bang variant and its description."""

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.docs.function_docs import bang_text, function_text
from pybridge.generate.targets.elixir.docs.markdown import doc
from pybridge.generate.targets.elixir.docs.python_text import cut
from pybridge.generate.targets.elixir.escape import Elixir, atom, one_line, string
from pybridge.generate.targets.elixir.functions.arguments import name_variables
from pybridge.generate.targets.elixir.functions.callee import Access, Callee
from pybridge.generate.targets.elixir.functions.module_context import Block, FunctionPlan, ModuleContext
from pybridge.generate.targets.elixir.functions.reflection import describe
from pybridge.generate.targets.elixir.functions.runtime_call import BANG, BODY, raising_runtime_call, runtime_call
from pybridge.generate.targets.elixir.functions.shape import REQUIRED_LIMIT, Shape, shape_of
from pybridge.generate.targets.elixir.naming import KERNEL
from pybridge.generate.targets.elixir.typespecs.function_types import FunctionTypes, function_types

_NOTICE_LIMIT = 60


def plan_function(callee: Callee, name: str, context: ModuleContext) -> FunctionPlan | None:
    """Plan a function that was given `name`; None, and a diagnostic, for what Elixir cannot express."""
    shape = shape_of(callee.signatures)
    if len(shape.required) > REQUIRED_LIMIT or _has_long_name(shape):
        context.report("elixir-not-callable", f"{context.python_path}.{callee.python_name} takes too many arguments")
        return None
    for left in shape.left_out:
        context.report(
            "elixir-option-left-out",
            f"{context.python_path}.{callee.python_name}: parameter {left[:80]} cannot be an option and is left out",
        )
    variables = name_variables(shape)
    types = function_types(callee, shape, name, context)
    parameters = _parameters(callee, shape, variables)
    arity = len(parameters) + callee.needs_instance
    main = Block(
        attributes=_attributes(callee, function_text(callee, shape, variables, context)),
        specs=_specs(name, types, is_bang=False),
        head=layout.head(
            Elixir(name),
            ((Elixir(f"{context.struct}{{ref: ref}}"), *parameters) if callee.needs_instance else parameters),
        ),
        body=runtime_call(callee, shape, variables, context),
    )
    blocks: tuple[Block, ...] = (main,)
    if callee.access is not Access.WRITE:
        blocks = (main, _bang(callee, shape, variables, name, arity, types, parameters, context))
    return FunctionPlan(
        blocks=blocks,
        method=(atom(name), Elixir(str(arity)), string(callee.python_name)),
        description=None if callee.access is Access.WRITE else describe(callee, name, types.example, context),
    )


def _has_long_name(shape: Shape) -> bool:
    return any(len(one.parameter.name) > 200 for one in shape.required)


def _parameters(callee: Callee, shape: Shape, variables: dict[str, str]) -> tuple[Elixir, ...]:
    """Variables of the head, the instance left out: required, ``*args``, options, ``**kwargs``."""
    if callee.access is Access.WRITE:
        return (Elixir("value"), Elixir("opts \\\\ []"))
    required = [Elixir(variables[one.parameter.name]) for one in shape.required]
    rest = [] if shape.rest is None else [Elixir(f"{variables[shape.rest.parameter.name]} \\\\ []")]
    opts = [Elixir("opts \\\\ []")]
    keywords = [] if shape.keywords is None else [Elixir(f"{variables[shape.keywords.parameter.name]} \\\\ []")]
    tail = [*keywords, *opts] if puts_keywords_first(callee, shape) else [*opts, *keywords]
    return (*required, *rest, *tail)


def puts_keywords_first(callee: Callee, shape: Shape) -> bool:
    """Tell whether ``**kwargs`` come before the options: a ``__call__`` that has no options of its own."""
    return callee.python_name == "__call__" and shape.keywords is not None and not shape.options


def _specs(name: str, types: FunctionTypes, *, is_bang: bool) -> tuple[Elixir, ...]:
    spec_name = Elixir(f"{name}!" if is_bang else name)
    return tuple(
        layout.spec(spec_name, case.arguments, case.bang_result if is_bang else case.result) for case in types.cases
    )


def _attributes(callee: Callee, text: str) -> tuple[Elixir, ...]:
    if callee.deprecated is None:
        return (doc(text),)
    notice = cut(one_line(callee.deprecated), _NOTICE_LIMIT) or "deprecated in Python"
    return (doc(text), Elixir(f"@deprecated {string(notice)}"))


def _bang(
    callee: Callee,
    shape: Shape,
    variables: dict[str, str],
    name: str,
    arity: int,
    types: FunctionTypes,
    parameters: tuple[Elixir, ...],
    context: ModuleContext,
) -> Block:
    is_lazy = callee.item is not None
    calls_runtime = is_lazy or name in KERNEL
    first = Elixir(f"{context.struct}{{ref: ref}}" if calls_runtime else f"{context.struct}{{}} = self")
    head = layout.head(Elixir(f"{name}!"), ((first, *parameters) if callee.needs_instance else parameters))
    passed = [Elixir(parameter.partition(" ")[0]) for parameter in parameters]
    if is_lazy:
        body = runtime_call(callee, shape, variables, context, is_lazy=True)
    elif calls_runtime:
        body = raising_runtime_call(callee, shape, variables, context)
    else:
        given = [Elixir("self"), *passed] if callee.needs_instance else passed
        body = layout.nested_call(BANG, Elixir(name), given, indent=BODY)
    return Block(
        attributes=_attributes(callee, bang_text(name, arity, is_lazy=is_lazy)),
        specs=_specs(name, types, is_bang=True),
        head=head,
        body=body,
    )
