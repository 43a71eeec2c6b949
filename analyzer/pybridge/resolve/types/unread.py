"""Child side: answers that the describer would not read, left out to be neither made nor sent nor kept."""

from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, SymbolNode, SymbolTableNode, TypeInfo

from pybridge.model.types import AnyType, Unknown
from pybridge.resolve.types.answers import Answer, VariableAnswer


class Unread:
    """Tells them in one module, whose functions that settle their own types are ``settled``."""

    def __init__(self, settled: frozenset[str]) -> None:
        self._settled = settled

    def is_function(self, name: str, symbol: SymbolTableNode, node: SymbolNode, owner: TypeInfo | None) -> bool:
        """Tell a function that nobody asks about, before its types are converted."""
        if symbol.plugin_generated:
            # What a plug-in adds is shown where no ``class`` statement is read, private names left out.
            is_alone = owner is None or f"{name}-redefinition" not in owner.names
            return name.startswith("_") and is_alone and isinstance(node, FuncDef | Decorator | OverloadedFuncDef)
        match node:
            case FuncDef():
                return node.type is None or _qualified(name, owner) in self._settled
            case OverloadedFuncDef():
                return _qualified(name, owner) in self._settled
            case _:
                return False

    def is_variable(self, answer: Answer, owner: TypeInfo | None) -> bool:
        """Tell a variable that nothing is known of; of a class that a call may have made, its names are news."""
        if not isinstance(answer, VariableAnswer) or not isinstance(answer.type, Unknown | AnyType):
            return False
        return owner is None or not _is_made_by_calls(owner)


def _qualified(name: str, owner: TypeInfo | None) -> str:
    return name if owner is None else f"{owner.fullname.removeprefix(f'{owner.module_name}.')}.{name}"


def _is_made_by_calls(info: TypeInfo) -> bool:
    """Tell the kinds of classes that ``X = Kind("X", ...)`` makes, as ``class X(Kind)`` does."""
    return info.is_named_tuple or info.is_enum or info.is_newtype or info.typeddict_type is not None
