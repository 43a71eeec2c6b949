"""Tables: the special forms of ``typing``, and where typeshed really defines what ``typing`` only renames."""

from enum import Enum
from typing import Final

from pybridge.model.names import SymbolPath, split_symbol

TYPING_MODULES: Final = frozenset({"typing", "typing_extensions", "mypy_extensions"})


class Form(Enum):
    """A name with a meaning of its own in a type expression."""

    ANY = "any"
    NONE = "none"
    OPTIONAL = "optional"
    UNION = "union"
    LITERAL = "literal"
    ANNOTATED = "annotated"
    QUALIFIER = "qualifier"
    TUPLE = "tuple"
    CALLABLE = "callable"
    TYPE = "type"
    SELF = "self"
    NEVER = "never"
    STRING = "string"
    UNPACK = "unpack"
    CONCATENATE = "concatenate"
    TYPE_VARIABLE = "type_variable"
    NOT_A_TYPE = "not_a_type"


TYPING_FORMS: Final[dict[str, Form]] = {
    "Any": Form.ANY,
    "Optional": Form.OPTIONAL,
    "Union": Form.UNION,
    "Literal": Form.LITERAL,
    "Annotated": Form.ANNOTATED,
    "ClassVar": Form.QUALIFIER,
    "Final": Form.QUALIFIER,
    "Required": Form.QUALIFIER,
    "NotRequired": Form.QUALIFIER,
    "ReadOnly": Form.QUALIFIER,
    "TypeAlias": Form.QUALIFIER,
    "Tuple": Form.TUPLE,
    "Callable": Form.CALLABLE,
    "Type": Form.TYPE,
    "TypeForm": Form.TYPE,
    "Self": Form.SELF,
    "Never": Form.NEVER,
    "NoReturn": Form.NEVER,
    "LiteralString": Form.STRING,
    "Text": Form.STRING,
    "Unpack": Form.UNPACK,
    "Concatenate": Form.CONCATENATE,
    "AnyStr": Form.TYPE_VARIABLE,
}
"""By name in any of `TYPING_MODULES`."""

OTHER_FORMS: Final[dict[str, Form]] = {
    "builtins:tuple": Form.TUPLE,
    "builtins:type": Form.TYPE,
    "builtins:None": Form.NONE,
    "types:NoneType": Form.NONE,
    "collections.abc:Callable": Form.CALLABLE,
    "_collections_abc:Callable": Form.CALLABLE,
    "dataclasses:InitVar": Form.QUALIFIER,
    "builtins:any": Form.NOT_A_TYPE,
    "builtins:all": Form.NOT_A_TYPE,
    "builtins:callable": Form.NOT_A_TYPE,
    "builtins:iter": Form.NOT_A_TYPE,
    "builtins:id": Form.NOT_A_TYPE,
    "builtins:input": Form.NOT_A_TYPE,
    "builtins:len": Form.NOT_A_TYPE,
    "builtins:max": Form.NOT_A_TYPE,
    "builtins:min": Form.NOT_A_TYPE,
    "builtins:open": Form.NOT_A_TYPE,
    "builtins:round": Form.NOT_A_TYPE,
    "builtins:sum": Form.NOT_A_TYPE,
}
"""By symbol path."""

_RENAMED_IN_TYPING: Final[dict[str, str]] = {
    "List": "builtins:list",
    "Dict": "builtins:dict",
    "Set": "builtins:set",
    "FrozenSet": "builtins:frozenset",
    "DefaultDict": "collections:defaultdict",
    "OrderedDict": "collections:OrderedDict",
    "Counter": "collections:Counter",
    "ChainMap": "collections:ChainMap",
    "Deque": "collections:deque",
    "Pattern": "re:Pattern",
    "Match": "re:Match",
    "ContextManager": "contextlib:AbstractContextManager",
    "AsyncContextManager": "contextlib:AbstractAsyncContextManager",
}

_DEFINED_IN_TYPING: Final = frozenset(
    {
        *("AbstractSet", "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "ByteString", "Collection"),
        *("Container", "Coroutine", "Generator", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView"),
        *("Mapping", "MappingView", "MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence"),
        *("Sized", "ValuesView", "IO", "TextIO", "BinaryIO", "NamedTuple", "Protocol", "Generic", "ForwardRef"),
        *("SupportsAbs", "SupportsBytes", "SupportsComplex", "SupportsFloat", "SupportsIndex", "SupportsInt"),
        *("SupportsRound", "NewType", "TypeVar", "ParamSpec", "TypeVarTuple", "TypedDict"),
        *("TypeGuard", "TypeIs"),
    }
)
"""Classes of typeshed's ``typing``; ``collections.abc`` and ``typing_extensions`` only re-export them.

``TypeGuard[int]`` is kept as written: to a caller it is a bool, to a type checker more.
"""

_ABC_MODULES: Final = frozenset({"collections.abc", "_collections_abc"})
_ABC_SPELLING: Final = {"Set": "AbstractSet"}


BUILTIN_CLASSES: Final = frozenset(
    {
        *("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "memoryview", "object"),
        *("property", "range", "set", "slice", "str", "tuple", "type"),
    }
)
"""Lower-case names that in an annotation mean the builtin, also where a library has something else of that name."""


def looks_like_class(path: SymbolPath) -> bool:
    """Tell whether a symbol is named as classes are, ``Tensor`` but not ``zeros`` or ``MAX``."""
    name = path.rpartition(":")[2].rpartition(".")[2].lstrip("_")
    return name[:1].isupper() and (len(name) == 1 or not name.isupper())


def form_of(path: SymbolPath) -> Form | None:
    """Tell which special form a symbol is; None for an ordinary one."""
    module, name = split_symbol(path)
    if module in TYPING_MODULES:
        return TYPING_FORMS.get(name)
    return OTHER_FORMS.get(path)


def canonical_path(path: SymbolPath) -> SymbolPath | None:
    """Give a class of ``typing`` or ``collections.abc`` the one path where typeshed defines it; None for any other."""
    module, name = split_symbol(path)
    if module in TYPING_MODULES:
        renamed = _RENAMED_IN_TYPING.get(name)
        if renamed is not None:
            return SymbolPath(renamed)
        return SymbolPath(f"typing:{name}") if name in _DEFINED_IN_TYPING else None
    if module in _ABC_MODULES:
        spelled = _ABC_SPELLING.get(name, name)
        return SymbolPath(f"typing:{spelled}") if spelled in _DEFINED_IN_TYPING else None
    return None
