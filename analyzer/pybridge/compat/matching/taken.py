"""What the calls of both sides give: the parameters of the runtime signatures, without what only looks different."""

import re
from collections.abc import Mapping
from itertools import takewhile

import msgspec

from pybridge.compat.library import Library
from pybridge.compat.pairs import CallablePair
from pybridge.model.callables import Binding, Parameter
from pybridge.model.classes import Field
from pybridge.model.names import SymbolPath
from pybridge.model.types import Named, ParameterKind, TypeExpr, Unpack

_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
_NAMED = frozenset({ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY})
_HIDDEN = re.compile(r"(?:_[A-Za-z]\w*)?__\w*[^\W_]_?")
"""``__name``, and what Python makes of it in a class: ``_Client__name``."""
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

    A receiver that only one side writes is no parameter of its calls. Keys of an unpacked typed dict stand against
    parameters where the other side has no ``**kwargs``. See also `as_called`.
    """
    old, new = pair.old.runtime.parameters, pair.new.runtime.parameters
    if old == new:
        return old, new
    old, new = _without_receivers(pair, old, new)
    old, new = as_called(old, pair.old.path), as_called(new, pair.new.path)
    return (old, new) if is_given_by_python(pair) else _unpacked_against(old, new, pair)


def as_called(parameters: tuple[Parameter, ...], path: SymbolPath) -> tuple[Parameter, ...]:
    """Leave out what only looks like a parameter of calls.

    Python calls special methods by position. A name of two underscores is the old way to write a positional-only
    parameter. One of one underscore is private: where it is optional and no call by position has to pass it, nobody
    outside gives it; where it has to be given, nobody gives it by name.
    """
    count = _given_by_python(path)
    if count is not None:
        return _by_position(parameters, count)
    if not any(one.name.startswith("_") for one in parameters):
        return parameters
    return _without_private(_with_private_names(_with_hidden_names(parameters)))


def is_given_by_python(pair: CallablePair) -> bool:
    """Tell special methods whose arguments Python gives, by position: ``__eq__``, ``__exit__``."""
    return _given_by_python(pair.old.path) is not None


def unpacked(expr: TypeExpr, library: Library) -> Mapping[str, Field] | None:
    """Keys of the typed dict in ``Unpack[...]``, by name; None for any other type, and for one of another package."""
    if not isinstance(expr, Unpack) or not isinstance(expr.packed, Named):
        return None
    owner = library.class_at(expr.packed.path)
    if owner is None:
        return None
    ancestors = [one for path in owner.mro if (one := library.class_at(path)) is not None]
    return {field.name: field for one in reversed((owner, *ancestors)) for field in one.fields}


def _given_by_python(path: SymbolPath) -> int | None:
    name = path.rpartition(":")[2].rpartition(".")[2]
    is_special = name.startswith("__") and name.endswith("__")
    return _GIVEN_BY_PYTHON.get(name[2:-2]) if is_special else None


def _with_hidden_names(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    leading = sum(1 for _ in takewhile(lambda one: one.kind in _POSITIONAL and _HIDDEN.fullmatch(one.name), parameters))
    hidden = (msgspec.structs.replace(one, kind=ParameterKind.POSITIONAL_ONLY) for one in parameters[:leading])
    return (*hidden, *parameters[leading:])


def _with_private_names(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Take what has to be given under a private name as given by position, where nothing before it can be named."""
    leading = sum(
        1
        for _ in takewhile(
            lambda one: (
                one.kind is ParameterKind.POSITIONAL_ONLY
                or (one.kind in _POSITIONAL and one.name.startswith("_") and one.is_required)
            ),
            parameters,
        )
    )
    hidden = (msgspec.structs.replace(one, kind=ParameterKind.POSITIONAL_ONLY) for one in parameters[:leading])
    return (*hidden, *parameters[leading:])


def _without_private(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Leave out private keyword-only parameters, and those after which no other one is given by position."""
    kept = list(parameters)
    is_last = not any(one.kind is ParameterKind.VAR_POSITIONAL for one in parameters)
    for one in reversed(parameters):
        is_private = one.name.startswith("_") and not one.is_required and one.kind not in _VARIADIC
        if one.kind in _POSITIONAL:
            is_last = is_last and is_private
        if is_private and (one.kind is ParameterKind.KEYWORD_ONLY or is_last):
            kept.remove(one)
    return tuple(kept)


def _without_receivers(
    pair: CallablePair, old: tuple[Parameter, ...], new: tuple[Parameter, ...]
) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """A ``@staticmethod`` above ``def f(self, x)`` makes a parameter of the receiver; its binding tells it."""
    bindings = [one.function.binding if one.function is not None else None for one in (pair.old, pair.new)]
    if None in bindings or bindings[0] is bindings[1]:
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
        if len(found) >= count and one.name.startswith("_") and not one.is_required:
            continue
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
    # What one side names may be a key of what the other one takes: it is told with that, and the rest goes on as it does.
    return _with_named_keys(old, new, pair.libraries.old), _with_named_keys(new, old, pair.libraries.new)


def _with_named_keys(
    parameters: tuple[Parameter, ...], others: tuple[Parameter, ...], library: Library
) -> tuple[Parameter, ...]:
    """Write those keys of ``**kwargs: Unpack[Options]`` as parameters that the other side has as such."""
    names = {one.name for one in others if one.kind in _NAMED}
    keys = [one for one in _with_keys(parameters, library)[len(parameters) - 1 :] if one.name in names]
    return (*parameters[:-1], *(one for one in keys if one.kind is ParameterKind.KEYWORD_ONLY), parameters[-1])


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
