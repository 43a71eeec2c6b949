"""Hypothesis strategies for the nouns: any value that the types allow, hostile strings included, kept small."""

from collections.abc import Callable
from datetime import UTC
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import Digest
from pybridge.model.types import (
    Alias,
    AnyType,
    CallableParameter,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    UnknownReason,
    Unpack,
)
from pybridge.model.types import Callable as CallableType

identifiers = st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Every character that UTF-8 can say, control characters included."""
module_names = st.lists(identifiers, min_size=1, max_size=3).map(".".join)
symbol_paths = st.builds("{}:{}".format, module_names, module_names)
digests = st.binary(min_size=32, max_size=32).map(lambda raw: Digest(raw.hex()))

literal_values = st.builds(LiteralValue, kind=st.sampled_from(LiteralKind), text=texts)


def _type_layers(inner: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    many = st.lists(inner, max_size=2).map(tuple)
    parameter = st.builds(
        CallableParameter,
        type=inner,
        kind=st.sampled_from(ParameterKind),
        name=st.none() | identifiers,
        is_required=st.booleans(),
    )
    return st.one_of(
        st.builds(Named, path=symbol_paths, arguments=many),
        st.builds(Alias, path=symbol_paths, arguments=many, target=st.none() | inner),
        st.builds(Union, members=st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Tuple, items=many),
        st.builds(Tuple, items=inner.map(lambda item: (item,)), is_variadic=st.just(value=True)),
        st.builds(CallableType, parameters=st.none() | st.lists(parameter, max_size=2).map(tuple), returns=inner),
        st.builds(Unpack, packed=inner),
    )


type_exprs: st.SearchStrategy[TypeExpr] = st.recursive(
    st.one_of(
        st.builds(Named, path=symbol_paths),
        st.builds(Literal, values=st.lists(literal_values, min_size=1, max_size=2).map(tuple)),
        st.builds(TypeVariable, name=identifiers, kind=st.sampled_from(TypeVariableKind)),
        st.builds(Unknown, reason=st.sampled_from(UnknownReason), text=st.none() | texts),
        *(st.just(kind()) for kind in (SelfType, NoneType, Never, AnyType)),
    ),
    _type_layers,
    max_leaves=4,
)
"""Types nested a few levels deep."""


def build(struct: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a Struct of the model, field by field from its own annotations."""
    return _of_struct(struct, 2)


@cache
def _of_struct(struct: type[Any], depth: int) -> st.SearchStrategy[Any]:
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)
    return st.builds(struct, **{field.name: _of_field(field, depth) for field in info.fields})


def _of_field(field: msgspec.inspect.Field, depth: int) -> st.SearchStrategy[Any]:
    """Build a field's value; one with a default has it more often than not, which keeps nouns small."""
    any_value = _of_type(field.type, field.name, depth)
    if field.required:
        return any_value
    default = st.just(field.default)
    return st.one_of(default, default, any_value)


_BY_TYPE: dict[type[msgspec.inspect.Type], Callable[[], st.SearchStrategy[Any]]] = {
    msgspec.inspect.StrType: lambda: texts,
    msgspec.inspect.BoolType: st.booleans,
    msgspec.inspect.NoneType: st.none,
    msgspec.inspect.IntType: lambda: st.integers(0, 99),
    msgspec.inspect.DateTimeType: lambda: st.datetimes(timezones=st.just(UTC)),
}


def _of_type(kind: msgspec.inspect.Type, name: str, depth: int) -> st.SearchStrategy[Any]:
    """Build what an annotation allows; ``depth`` bounds classes nested in classes."""
    match kind:
        case msgspec.inspect.UnionType(types=types) if any(_is_type_expr(one) for one in types):
            has_none = any(isinstance(one, msgspec.inspect.NoneType) for one in types)
            return st.none() | type_exprs if has_none else type_exprs
        case msgspec.inspect.UnionType(types=types):
            return st.one_of(*(_of_type(one, name, depth) for one in types))
        case msgspec.inspect.StructType(cls=cls):
            return _of_struct(cls, depth)
        case msgspec.inspect.EnumType(cls=cls):
            return st.sampled_from(cls)
        case msgspec.inspect.VarTupleType(item_type=item):
            if name == "nested_classes":
                if depth == 0:
                    return st.just(())
                depth -= 1
            return st.lists(_of_type(item, name, depth), max_size=2).map(tuple)
        case _:
            return _BY_TYPE[type(kind)]()


def _is_type_expr(kind: msgspec.inspect.Type) -> bool:
    return isinstance(kind, msgspec.inspect.StructType) and kind.cls is Named


modules: st.SearchStrategy[Module] = st.deferred(lambda: build(Module))
descriptors: st.SearchStrategy[LibraryDescriptor] = st.deferred(
    lambda: st.builds(
        lambda library, found: msgspec.structs.replace(library, modules=_sorted_by_name(found)),
        build(LibraryDescriptor),
        st.lists(modules, max_size=2),
    )
)
"""Whole descriptors; their modules sorted by name and distinct, as the model promises."""


def _sorted_by_name(found: list[Module]) -> tuple[Module, ...]:
    by_name = {module.name: module for module in found}
    return tuple(by_name[name] for name in sorted(by_name))
