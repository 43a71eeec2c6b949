"""The maps of ``__pybridge_descriptor__/0``: what a generated function stands for, as data at run time."""

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.docs.python_text import claim_text, cut, type_text
from pybridge.generate.targets.elixir.escape import Elixir, atom, string
from pybridge.generate.targets.elixir.functions.callee import Callee
from pybridge.generate.targets.elixir.functions.module_context import ModuleContext
from pybridge.model.callables import Parameter

_INDENT = 8
_TYPE_LIMIT = 60


def describe(callee: Callee, name: str, example: Elixir, context: ModuleContext) -> Elixir:
    """Write the map of one function at the indentation of the list it stands in."""
    inner = _INDENT + 4
    last = len(callee.widest.parameters) - 1
    parameters = [
        _parameter(parameter, indent=inner, is_last=at == last) for at, parameter in enumerate(callee.widest.parameters)
    ]
    is_create = callee.python_name == "__init__"
    returns = context.python_path if is_create else claim_text(callee.widest.returns) or "Any"
    return layout.mapping(
        (
            (Elixir("name:"), string(callee.python_name)),
            (Elixir("elixir_name:"), atom(name)),
            (Elixir("kind:"), atom(callee.kind.value)),
            (Elixir("parameters:"), layout.broken_list(parameters, indent=_INDENT + 2)),
            (Elixir("return_type:"), string(cut(returns, _TYPE_LIMIT))),
            (Elixir("streaming:"), Elixir("true" if callee.item is not None else "false")),
            (Elixir("example:"), example if len(example) <= 60 else Elixir("nil")),
        ),
        indent=_INDENT,
    )


def _parameter(parameter: Parameter, *, indent: int, is_last: bool) -> Elixir:
    shown = claim_text(parameter.type) or type_text(parameter.type.expr) or "Any"
    return layout.small_mapping(
        (
            (Elixir("name:"), string(parameter.name)),
            (Elixir("kind:"), string(parameter.kind.value)),
            (Elixir("required:"), Elixir("true" if parameter.is_required else "false")),
            (Elixir("type:"), string(cut(shown, _TYPE_LIMIT))),
        ),
        indent=indent,
        is_last=is_last,
    )
