"""Child side: what reading an attribute gives when its class holds a descriptor there."""

from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, SymbolNode, TypeInfo
from mypy.types import AnyType, CallableType, Instance, NoneType, Overloaded, Type, TypeOfAny, get_proper_type

_INSTANCE = 1
"""Place of the parameter of ``__get__`` that takes the instance: after ``self``."""


def read_through(value: Instance) -> Type | None:
    """Type of ``instance.x`` where ``x = value`` stands in the class's body; None where the value is no descriptor.

    Of overloads the one counts that takes an instance, not None. What ``__get__`` does not declare, or declares by
    type variables of its own, is ``Any``.
    """
    found = value.type.get("__get__")
    if found is None:
        return None
    getter = _declared(found.node)
    owner = _owner(found.node)
    items = () if getter is None else getter.items if isinstance(getter, Overloaded) else (getter,)
    fitting = [one for one in items if not _takes_none(one)]
    if len(fitting) != 1 or fitting[0].variables or owner is None:
        return AnyType(TypeOfAny.unannotated)
    return expand_type_by_instance(fitting[0].ret_type, map_instance_to_supertype(value, owner))


def _declared(node: SymbolNode | None) -> CallableType | Overloaded | None:
    typ = (
        node.type
        if isinstance(node, FuncDef | OverloadedFuncDef)
        else node.var.type
        if isinstance(node, Decorator)
        else None
    )
    proper = get_proper_type(typ) if typ is not None else None
    return proper if isinstance(proper, CallableType | Overloaded) else None


def _owner(node: SymbolNode | None) -> TypeInfo | None:
    match node:
        case FuncDef() | OverloadedFuncDef():
            return node.info or None
        case Decorator():
            return node.func.info or None
        case _:
            return None


def _takes_none(item: CallableType) -> bool:
    return len(item.arg_types) > _INSTANCE and isinstance(get_proper_type(item.arg_types[_INSTANCE]), NoneType)
