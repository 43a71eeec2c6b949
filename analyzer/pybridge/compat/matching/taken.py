"""What the calls of both sides give: the parameters of the runtime signatures, without what only looks different."""

from collections.abc import Mapping

import msgspec

from pybridge.compat.library import Library
from pybridge.compat.pairs import CallablePair
from pybridge.model.callables import Binding, Parameter
from pybridge.model.classes import Field
from pybridge.model.types import Named, ParameterKind, TypeExpr, Unpack

_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_RECEIVERS = frozenset({"self", "cls"})
_BINARY = (
    *("add", "and", "divmod", "floordiv", "lshift", "matmul", "mod", "mul"),
    *("or", "pow", "rshift", "sub", "truediv", "xor"),
)
_GIVEN_ONE = frozenset(
    (
        *(f"{prefix}{name}" for prefix in ("", "r", "i") for name in _BINARY),
        *("eq", "ge", "gt", "le", "lt", "ne", "contains", "delitem", "getitem", "missing"),
        *("class_getitem", "deepcopy", "delattr", "delete", "format", "getattr", "getattribute"),
        *("instancecheck", "reduce_ex", "setstate", "subclasscheck"),
    )
)
_GIVEN_BY_PYTHON = {
    **dict.fromkeys(_GIVEN_ONE, 1),
    **dict.fromkeys(("get", "set", "set_name", "setattr", "setitem"), 2),
    **dict.fromkeys(("exit", "aexit"), 3),
}
"""How many arguments Python gives to special methods that take some, by position."""


def taken_parameters(pair: CallablePair) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """Return what calls of the old and of the new side may give.

    Special methods are called by position alone. A receiver that only one side writes is no parameter of its calls.
    Keys of an unpacked typed dict stand against parameters where the other side has no ``**kwargs``.
    """
    old, new = pair.old.runtime.parameters, pair.new.runtime.parameters
    if old == new:
        return old, new
    if pair.old.function is not None and pair.new.function is not None:
        old, new = _without_receivers(pair, old, new)
        count = _given_by_python(pair)
        if count is not None:
            return _by_position(old, count), _by_position(new, count)
    return _unpacked_against(old, new, pair)


def is_given_by_python(pair: CallablePair) -> bool:
    """Tell special methods whose arguments Python gives, by position: ``__eq__``, ``__exit__``."""
    return _given_by_python(pair) is not None


def unpacked(expr: TypeExpr, library: Library) -> Mapping[str, Field] | None:
    """Keys of the typed dict in ``Unpack[...]``, by name; None for any other type, and for one of another package."""
    if not isinstance(expr, Unpack) or not isinstance(expr.packed, Named):
        return None
    owner = library.class_at(expr.packed.path)
    if owner is None:
        return None
    ancestors = [one for path in owner.mro if (one := library.class_at(path)) is not None]
    return {field.name: field for one in reversed((owner, *ancestors)) for field in one.fields}


def _given_by_python(pair: CallablePair) -> int | None:
    name = pair.new.function.name if pair.new.function is not None else ""
    is_special = name.startswith("__") and name.endswith("__")
    return _GIVEN_BY_PYTHON.get(name[2:-2]) if is_special else None


def _without_receivers(
    pair: CallablePair, old: tuple[Parameter, ...], new: tuple[Parameter, ...]
) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """A ``@staticmethod`` above ``def f(self, x)`` makes a parameter of the receiver; its binding tells it."""
    bindings = [one.function.binding if one.function is not None else None for one in (pair.old, pair.new)]
    if bindings[0] is bindings[1]:
        return old, new
    kept = [
        side[1:] if binding is Binding.STATIC and side and side[0].name in _RECEIVERS else side
        for binding, side in zip(bindings, (old, new), strict=True)
    ]
    return kept[0], kept[1]


def _by_position(parameters: tuple[Parameter, ...], count: int) -> tuple[Parameter, ...]:
    """What a special method is given: ``*args`` stands for as many as are left of ``count``."""
    found: list[Parameter] = []
    for one in parameters:
        if one.kind in _POSITIONAL:
            found.append(msgspec.structs.replace(one, kind=ParameterKind.POSITIONAL_ONLY))
        elif one.kind is ParameterKind.VAR_POSITIONAL:
            found.extend(
                msgspec.structs.replace(
                    one, name=f"{one.name}[{place}]", kind=ParameterKind.POSITIONAL_ONLY, is_required=True
                )
                for place in range(len(found), count)
            )
    return tuple(found)


def _unpacked_against(
    old: tuple[Parameter, ...], new: tuple[Parameter, ...], pair: CallablePair
) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    if not _has_keywords(new):
        return _with_keys(old, pair.libraries.old), new
    if not _has_keywords(old):
        return old, _with_keys(new, pair.libraries.new)
    return old, new


def _has_keywords(parameters: tuple[Parameter, ...]) -> bool:
    return bool(parameters) and parameters[-1].kind is ParameterKind.VAR_KEYWORD


def _with_keys(parameters: tuple[Parameter, ...], library: Library) -> tuple[Parameter, ...]:
    """Write ``**kwargs: Unpack[Options]`` as the keyword-only parameters that it stands for."""
    keys = unpacked(parameters[-1].type.expr, library) if _has_keywords(parameters) else None
    if keys is None:
        return parameters
    named = {one.name for one in parameters}
    return (
        *parameters[:-1],
        *(
            Parameter(name=name, kind=ParameterKind.KEYWORD_ONLY, type=field.type, is_required=field.is_required)
            for name, field in keys.items()
            if name not in named
        ),
    )
