"""Child side: classes to answers, with the constructor that calling them really runs."""

from collections.abc import Callable

import msgspec
from mypy.nodes import Decorator, SymbolNode, SymbolTableNode, TypeInfo
from mypy.typeops import type_object_type
from mypy.types import (
    AnyType as MypyAny,
)
from mypy.types import (
    FunctionLike,
    Instance,
    TypedDictType,
    TypeVarLikeType,
    TypeVarType,
    get_proper_type,
)

from pybridge.model.names import SymbolPath
from pybridge.model.types import Named, ParameterKind, TypeVariable, TypeVariableKind
from pybridge.resolve.types.answers import Answer, ClassAnswer, ParameterAnswer, SignatureAnswer, VariableAnswer
from pybridge.resolve.types.callables import CallableReader, notice
from pybridge.resolve.types.convert import Converter
from pybridge.resolve.types.origins import class_path
from pybridge.resolve.types.written import WrittenParameters


class _Constructor(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of `ClassAnswer` that tell of it."""

    signatures: tuple[SignatureAnswer, ...] = ()
    owner: SymbolPath | None = None
    method: str = ""
    is_synthesised: bool = False
    is_opaque: bool = False


class ClassReader:
    """Reads classes, with the types of one build."""

    def __init__(
        self, converter: Converter, callables: CallableReader, written: WrittenParameters, own: frozenset[str]
    ) -> None:
        self._converter = converter
        self._callables = callables
        self._written = written
        self._own = own
        """Modules of the library."""

    def read(
        self, info: TypeInfo, members: Callable[[TypeInfo], dict[str, Answer]] | None, *, is_base: bool = False
    ) -> ClassAnswer:
        """Answer for a class; without ``members`` only for its shape.

        ``is_base`` is true for one of another package that a class of the library derives from.
        """
        constructor = self._constructor(info, is_base=is_base)
        metadata = info.metadata
        found = members(info) if members else {}
        if info.typeddict_type is not None and members:
            found = {**found, **self._keys(info.typeddict_type, info)}
        metaclass = info.metaclass_type
        return ClassAnswer(
            path=class_path(info),
            bases=tuple(self._converter.expr(base) for base in info.bases if base.type.fullname != "builtins.object"),
            mro=tuple(class_path(one) for one in info.mro if one.fullname != "builtins.object"),
            has_unknown_base=info.fallback_to_any,
            metaclass=class_path(metaclass.type) if metaclass and metaclass.type.fullname != "builtins.type" else None,
            type_parameters=tuple(self._converter.type_parameter(variable) for variable in info.defn.type_vars),
            is_dataclass="dataclass" in metadata and not _is_transformed(info),
            is_frozen=any(bool(metadata[key].get("frozen")) for key in ("dataclass", "attrs") if key in metadata),
            is_attrs="attrs" in metadata,
            is_model="dataclass" in metadata and _is_transformed(info),
            is_enum=info.is_enum,
            is_protocol=info.is_protocol,
            is_named_tuple=info.is_named_tuple,
            is_typed_dict=info.typeddict_type is not None,
            is_abstract=info.is_abstract,
            is_final=info.is_final,
            deprecated=notice(info.deprecated),
            constructor=constructor.signatures,
            constructor_owner=constructor.owner,
            constructor_method=constructor.method,
            is_constructor_synthesised=constructor.is_synthesised,
            is_constructor_opaque=constructor.is_opaque,
            members=dict(sorted(found.items())),
            required_keys=self._required_keys(info),
        )

    def _constructor(self, info: TypeInfo, *, is_base: bool) -> _Constructor:
        if info.typeddict_type is not None:
            keys = (self._from_keys(info, info.typeddict_type),)
            return _Constructor(signatures=keys, owner=class_path(info), method="__init__", is_synthesised=True)
        through = self._metaclass_call(info)
        if through is not None:
            return through
        name = _constructor_method(info)
        owner = info.get_containing_type_info(name)
        if owner is None or _hides_constructor(info, owner):
            return _Constructor()
        if owner.fullname == "builtins.object":
            return _Constructor(signatures=(SignatureAnswer(parameters=(), returns=self._instance(info)),))
        symbol = owner.names[name]
        typ = type_object_type(info)
        if not isinstance(typ, FunctionLike):
            return self._hidden(info, symbol.node, _Constructor(owner=class_path(owner), method=name, is_opaque=True))
        outer = frozenset(variable.id for variable in info.defn.type_vars)
        signatures = self._callables.signatures(typ, is_bound=False, outer=outer)
        if (is_base or info.module_name in self._own) and owner.module_name not in self._own:
            inside = owner.fullname.removeprefix(f"{owner.module_name}.")
            signatures = self._written.completed(signatures, module=owner.module_name, owner=inside, method=name)
        return _Constructor(
            signatures=signatures,
            owner=class_path(owner),
            method=name,
            is_synthesised=symbol.plugin_generated,
        )

    def _hidden(self, info: TypeInfo, node: SymbolNode | None, constructor: _Constructor) -> _Constructor:
        """Read the definition below a decorator that tells nothing; what it makes is still an instance."""
        if not isinstance(node, Decorator):
            return constructor
        definition = self._callables.declared(node.func)
        signature = msgspec.structs.replace(definition, returns=self._instance(info))
        return msgspec.structs.replace(constructor, signatures=(signature,))

    def _instance(self, info: TypeInfo) -> Named:
        arguments = tuple(TypeVariable(name=one.name, kind=self._kind(one)) for one in info.defn.type_vars)
        return Named(path=class_path(info), arguments=arguments)

    def _kind(self, variable: TypeVarLikeType) -> TypeVariableKind:
        return self._converter.type_parameter(variable).kind

    def _metaclass_call(self, info: TypeInfo) -> _Constructor | None:
        """Take the metaclass's ``__call__`` where it says that calling the class gives something else."""
        meta = info.metaclass_type.type if info.metaclass_type else None
        owner = meta.get_containing_type_info("__call__") if meta else None
        if meta is None or owner is None or owner.fullname in {"builtins.type", "builtins.object"}:
            return None
        typ = _type_of(owner.names["__call__"])
        if typ is None:
            return None
        result = get_proper_type(typ.items[0].ret_type)
        if isinstance(result, MypyAny | TypeVarType) or (isinstance(result, Instance) and result.type in info.mro):
            return None
        signatures = self._callables.signatures(typ, is_bound=True)
        return _Constructor(signatures=signatures, owner=class_path(owner), method="__call__")

    def _keys(self, typ: TypedDictType, info: TypeInfo) -> dict[str, Answer]:
        return {
            key: VariableAnswer(type=self._converter.expr(typ.items[key]), is_declared=True)
            for key in _own_keys(typ, info)
        }

    def _required_keys(self, info: TypeInfo) -> tuple[str, ...]:
        typ = info.typeddict_type
        return tuple(key for key in _own_keys(typ, info) if key in typ.required_keys) if typ else ()

    def _from_keys(self, info: TypeInfo, typ: TypedDictType) -> SignatureAnswer:
        parameters = tuple(
            ParameterAnswer(
                name=key,
                kind=ParameterKind.KEYWORD_ONLY,
                type=self._converter.expr(typ.items[key]),
                is_required=key in typ.required_keys,
            )
            for key in sorted(typ.items)
        )
        return SignatureAnswer(parameters=parameters, returns=self._instance(info))


def _own_keys(typ: TypedDictType, info: TypeInfo) -> list[str]:
    """Keys that no base already has with the same type, sorted: mypy's cache keeps no order."""
    inherited = {
        key: value
        for base in reversed(info.mro[1:])
        if base.typeddict_type is not None
        for key, value in base.typeddict_type.items.items()
    }
    return sorted(key for key, value in typ.items.items() if key not in inherited or inherited[key] != value)


def _constructor_method(info: TypeInfo) -> str:
    """Choose between ``__init__`` and ``__new__`` as mypy does: nearest in the MRO, ``__init__`` in a tie."""
    order = {one: number for number, one in enumerate(info.mro)}
    init, new = info.get_containing_type_info("__init__"), info.get_containing_type_info("__new__")
    if init is not None and new is not None and order[new] < order[init]:
        return "__new__"
    return "__init__"


def _hides_constructor(info: TypeInfo, owner: TypeInfo) -> bool:
    """Tell that an unknown base stands before the owner in the MRO, so that it may have the last word."""
    for one in info.mro:
        if one is owner:
            return False
        if one.fallback_to_any and not any(base.fallback_to_any for base in one.mro[1:]):
            return True
    return False


def _is_transformed(info: TypeInfo) -> bool:
    """Tell a class made by a base or metaclass with ``dataclass_transform`` from one that a decorator made."""
    meta = info.metaclass_type.type if info.metaclass_type else None
    return any(one.dataclass_transform_spec is not None for one in (*info.mro[1:], *(meta.mro if meta else ())))


def _type_of(symbol: SymbolTableNode) -> FunctionLike | None:
    typ = symbol.type
    proper = get_proper_type(typ) if typ is not None else None
    return proper if isinstance(proper, FunctionLike) else None
