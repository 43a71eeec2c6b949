"""Child side: functions, methods and properties to answers, decorators seen through."""

from collections.abc import Sequence

from mypy.expandtype import expand_type_by_instance
from mypy.nodes import ARG_OPT, ARG_POS, Decorator, FuncBase, FuncDef, OverloadedFuncDef, TypeInfo, Var
from mypy.typeops import map_type_from_supertype
from mypy.types import (
    AnyType as MypyAny,
)
from mypy.types import (
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    Type,
    TypeType,
    TypeVarId,
    TypeVarType,
    get_proper_type,
)

from pybridge.model.types import AnyType, Named, ParameterKind, TypeExpr
from pybridge.resolve.types.answers import (
    CallableAnswer,
    ParameterAnswer,
    PropertyAnswer,
    SignatureAnswer,
    VariableAnswer,
)
from pybridge.resolve.types.convert import COROUTINES, UNANNOTATED, Converter, parameter_kind

_ANYTHING = frozenset({"builtins:object", "typing:Hashable", "collections.abc:Hashable"})
_NO_IDS: frozenset[TypeVarId] = frozenset()


class CallableReader:
    """Reads what can be called, with the types of one build."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter

    def function(self, node: FuncDef, *, is_synthesised: bool = False) -> CallableAnswer:
        """Answer for a plain ``def``."""
        return CallableAnswer(
            signatures=(self.declared(node),),
            is_declared=node.type is not None,
            is_synthesised=is_synthesised,
            deprecated=notice(node.deprecated),
        )

    def overloaded(self, node: OverloadedFuncDef) -> CallableAnswer | PropertyAnswer:
        """Answer for overloads, or for a property with a setter."""
        first = node.items[0] if node.items else node.impl
        if node.is_property and isinstance(first, Decorator):
            return self._property(first)
        functions = [item.func if isinstance(item, Decorator) else item for item in node.items]
        if not functions and isinstance(node.impl, FuncDef):
            return self.function(node.impl)
        proper = node.type
        is_async = any(function.is_coroutine for function in functions)
        if isinstance(proper, FunctionLike):
            bound = node.has_self_or_cls_argument and _in_class(node)
            signatures = self.signatures(proper, is_bound=bound, is_async=is_async)
        else:
            signatures = tuple(self.declared(function) for function in functions)
        return CallableAnswer(signatures=signatures, is_opaque=not signatures, deprecated=notice(node.deprecated))

    def decorated(
        self, node: Decorator, *, is_synthesised: bool = False
    ) -> CallableAnswer | PropertyAnswer | VariableAnswer:
        """Answer for a function below decorators."""
        function = node.func
        if function.is_property:
            return self._property(node)
        definition = self.declared(function)
        answer = self._seen(node, definition)
        if not isinstance(answer, CallableAnswer):
            return answer
        changes = answer.is_opaque or [_shape(one) for one in answer.signatures] != [_shape(definition)]
        is_decorated = answer.is_opaque or answer.signatures != (definition,)
        return CallableAnswer(
            signatures=answer.signatures,
            is_declared=function.type is not None,
            is_decorated=is_decorated,
            is_opaque=answer.is_opaque,
            changes_signature=changes and not answer.is_opaque,
            definition=(definition,) if changes else (),
            is_synthesised=is_synthesised,
            deprecated=notice(function.deprecated),
        )

    def signatures(
        self, typ: FunctionLike, *, is_bound: bool, is_async: bool = False, outer: frozenset[TypeVarId] = _NO_IDS
    ) -> tuple[SignatureAnswer, ...]:
        """Read each overload; ``outer`` are type variables that something around the callable declares."""
        return tuple(self._signature(item, is_bound=is_bound, is_async=is_async, outer=outer) for item in typ.items)

    def without_self(self, typ: FunctionLike) -> TypeExpr:
        """Type of a function found in a class body by assignment, as an instance sees it."""
        item = typ.items[0]
        if isinstance(typ, Overloaded) or not item.arg_kinds or item.arg_kinds[0] not in (ARG_POS, ARG_OPT):
            return self._converter.expr(typ)
        with self._converter.binding(_self_ids(item)):
            return self._converter.expr(
                item.copy_modified(
                    arg_types=item.arg_types[1:], arg_kinds=item.arg_kinds[1:], arg_names=item.arg_names[1:]
                )
            )

    def declared(self, function: FuncDef) -> SignatureAnswer:
        """Read the definition's own signature, whatever decorators stand above it."""
        bound = function.has_self_or_cls_argument and _in_class(function)
        typ = function.type
        if isinstance(typ, CallableType):
            return self._signature(typ, is_bound=bound, is_async=function.is_coroutine)
        start = 1 if bound and function.arg_kinds and function.arg_kinds[0] in (ARG_POS, ARG_OPT) else 0
        parameters = tuple(
            ParameterAnswer(
                name=name, kind=parameter_kind(kind, name), type=UNANNOTATED, is_required=kind.is_required()
            )
            for kind, name in zip(function.arg_kinds[start:], function.arg_names[start:], strict=True)
        )
        return SignatureAnswer(parameters=parameters, returns=UNANNOTATED)

    def _seen(self, node: Decorator, definition: SignatureAnswer) -> CallableAnswer | PropertyAnswer | VariableAnswer:
        """Read what the decorators left."""
        function = node.func
        proper = get_proper_type(node.var.type) if node.var.type is not None else None
        bound = function.has_self_or_cls_argument and _in_class(function)
        if function.type is None and isinstance(proper, CallableType) and _is_untouched(proper, function):
            return CallableAnswer(signatures=(definition,))
        match proper:
            case None | MypyAny():
                return CallableAnswer(signatures=(), is_opaque=True)
            case FunctionLike():
                return CallableAnswer(
                    signatures=self.signatures(proper, is_bound=bound, is_async=function.is_coroutine)
                )
            case Instance():
                return self._object(proper, function, definition)
            case _:
                return VariableAnswer(type=self._converter.expr(proper))

    def _object(
        self, typ: Instance, function: FuncDef, definition: SignatureAnswer
    ) -> CallableAnswer | PropertyAnswer | VariableAnswer:
        """Read an object that a decorator made: a descriptor, or something that is called."""
        got = _method_type(typ, "__get__") if _in_class(function) else None
        if got is not None:
            result = get_proper_type(got.items[-1].ret_type)
            if isinstance(result, FunctionLike):
                return self._called(result, function, definition)
            if not isinstance(result, MypyAny):
                settable = typ.type.get("__set__") is not None
                return PropertyAnswer(type=self._converter.expr(result), is_settable=settable)
        called = _method_type(typ, "__call__")
        if called is None:
            return VariableAnswer(type=self._converter.expr(typ))
        return self._called(called.with_name("__call__"), function, definition, is_bound=True)

    def _called(
        self, typ: FunctionLike, function: FuncDef, definition: SignatureAnswer, *, is_bound: bool = False
    ) -> CallableAnswer:
        """Read a call through an object; one that takes anything (``lru_cache``) passes it on to the definition."""
        signatures = self.signatures(typ, is_bound=is_bound, is_async=function.is_coroutine)
        if len(signatures) == 1 and _takes_anything(signatures[0]) and not isinstance(signatures[0].returns, AnyType):
            signatures = (
                SignatureAnswer(
                    parameters=definition.parameters,
                    returns=signatures[0].returns,
                    type_parameters=definition.type_parameters,
                ),
            )
        return CallableAnswer(signatures=signatures)

    def _property(self, node: Decorator) -> PropertyAnswer:
        function, var = node.func, node.var
        getter = get_proper_type(var.type) if var.type is not None else None
        if not isinstance(getter, CallableType):
            getter = function.type if isinstance(function.type, CallableType) else None
        if function.type is None or getter is None:
            result: TypeExpr = UNANNOTATED
        else:
            with self._converter.binding(_self_ids(getter)):
                result = self._converter.returns(getter)
        return PropertyAnswer(
            type=result,
            is_settable=var.is_settable_property,
            is_declared=function.type is not None,
            deprecated=notice(function.deprecated),
        )

    def _signature(
        self, typ: CallableType, *, is_bound: bool, is_async: bool, outer: frozenset[TypeVarId] = _NO_IDS
    ) -> SignatureAnswer:
        drops = is_bound and not typ.is_ellipsis_args and bool(typ.arg_kinds) and typ.arg_kinds[0] in (ARG_POS, ARG_OPT)
        self_ids = _self_ids(typ) if drops else _NO_IDS
        start = 1 if drops else 0
        arguments = list(zip(typ.arg_types, typ.arg_kinds, typ.arg_names, strict=True))[start:]
        converter = self._converter
        with converter.binding(self_ids):
            parameters = tuple(
                ParameterAnswer(
                    name=name,
                    kind=parameter_kind(kind, name),
                    type=converter.packed(arg, kind, packs=typ.unpack_kwargs),
                    is_required=kind.is_required(),
                )
                for arg, kind, name in arguments
            )
            returns = converter.expr(_awaited(typ.ret_type)) if is_async else converter.returns(typ)
            variables = tuple(
                converter.type_parameter(variable)
                for variable in typ.variables
                if variable.id not in outer and variable.id not in self_ids and not variable.id.is_self()
            )
        return SignatureAnswer(parameters=parameters, returns=returns, type_parameters=variables)


def notice(message: str | None) -> str | None:
    """Take a deprecation notice out of mypy's sentence around it."""
    if message is None:
        return None
    _, found, text = message.partition(" is deprecated: ")
    return text if found else message


def _in_class(node: FuncBase) -> bool:
    """Tell a method; mypy puts a false stand-in where a function has no class."""
    return bool(node.info)


def _is_untouched(typ: CallableType, function: FuncDef) -> bool:
    """Tell that nothing but transparent decorators (``staticmethod``) stood above an unannotated definition."""
    return typ.implicit and list(typ.arg_names) == list(function.arg_names)


def _self_ids(typ: CallableType) -> frozenset[TypeVarId]:
    """Type variables that stand for ``self`` because its annotation is one."""
    if not typ.arg_types:
        return _NO_IDS
    first = get_proper_type(typ.arg_types[0])
    if isinstance(first, TypeType):
        first = first.item
    return frozenset({first.id}) if isinstance(first, TypeVarType) else _NO_IDS


def _awaited(typ: Type) -> Type:
    """What awaiting the result of an ``async def`` gives."""
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.type.fullname in COROUTINES and len(proper.args) == 3:
        return proper.args[2]
    return typ


def _method_type(typ: Instance, name: str) -> FunctionLike | None:
    """Type of a method of an object, with the object's type arguments filled in; None where it has none."""
    info: TypeInfo = typ.type
    found = info.get(name)
    owner = info.get_containing_type_info(name)
    if found is None or owner is None or owner.fullname == "builtins.object":
        return None
    node = found.node
    method = node.var.type if isinstance(node, Decorator) else node.type if isinstance(node, FuncBase | Var) else None
    proper = get_proper_type(method) if method is not None else None
    if not isinstance(proper, FunctionLike):
        return None
    mapped = get_proper_type(expand_type_by_instance(map_type_from_supertype(proper, info, owner), typ))
    return mapped if isinstance(mapped, FunctionLike) else None


def _takes_anything(signature: SignatureAnswer) -> bool:
    """Tell ``(*args, **kwargs)`` of anything, which says nothing about what is wanted."""
    kinds = [one.kind for one in signature.parameters]
    return kinds == [ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD] and all(
        isinstance(one.type, AnyType) or (isinstance(one.type, Named) and one.type.path in _ANYTHING)
        for one in signature.parameters
    )


def _shape(signature: SignatureAnswer) -> Sequence[tuple[str | None, ParameterKind]]:
    return [(one.name, one.kind) for one in signature.parameters]
