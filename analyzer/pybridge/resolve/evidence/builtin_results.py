"""Tables: what calls of builtins and of the methods of builtin types give."""

from typing import Final

from pybridge.model.names import SymbolPath
from pybridge.model.types import Named, NoneType, Tuple, TypeExpr


def named(name: str, *arguments: TypeExpr) -> Named:
    """A builtin class by its name."""
    return Named(path=SymbolPath(f"builtins:{name}"), arguments=arguments)


BOOL: Final = named("bool")
BYTES: Final = named("bytes")
FLOAT: Final = named("float")
INT: Final = named("int")
STR: Final = named("str")

_FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "str": ("ascii", "bin", "chr", "format", "hex", "input", "oct", "repr"),
    "int": ("hash", "id", "len", "ord"),
    "bool": ("all", "any", "callable", "hasattr", "isinstance", "issubclass"),
    "list": ("sorted", "dir"),
    "type": ("type",),
}
_CLASSES: Final = (
    *("bool", "bytearray", "bytes", "complex", "dict", "enumerate", "filter", "float", "frozenset", "int", "list"),
    *("map", "memoryview", "object", "range", "reversed", "set", "slice", "str", "tuple", "zip"),
)
BUILTIN_CALLS: Final[dict[str, TypeExpr]] = {
    **{function: named(result) for result, functions in _FUNCTIONS.items() for function in functions},
    **{name: named(name) for name in _CLASSES},
    "dir": named("list", STR),
    "print": NoneType(),
    "setattr": NoneType(),
    "delattr": NoneType(),
}
"""What calling a builtin gives, whatever its arguments."""

_STR_METHODS: Final[dict[str, TypeExpr]] = {
    **dict.fromkeys(
        (
            *("capitalize", "casefold", "center", "expandtabs", "format", "format_map", "join", "ljust", "lower"),
            *("lstrip", "removeprefix", "removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title"),
            *("translate", "upper", "zfill"),
        ),
        STR,
    ),
    **dict.fromkeys(("split", "rsplit", "splitlines"), named("list", STR)),
    **dict.fromkeys(("partition", "rpartition"), Tuple(items=(STR, STR, STR))),
    **dict.fromkeys(("count", "find", "index", "rfind", "rindex"), INT),
    **dict.fromkeys(
        (
            *("endswith", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower"),
            *("isnumeric", "isprintable", "isspace", "istitle", "isupper", "startswith"),
        ),
        BOOL,
    ),
    "encode": BYTES,
}
METHODS: Final[dict[str, dict[str, TypeExpr]]] = {
    "str": _STR_METHODS,
    "bytes": {"decode": STR, "hex": STR, "join": BYTES, "strip": BYTES, "startswith": BOOL, "endswith": BOOL},
    "list": {"count": INT, "index": INT, "append": NoneType(), "extend": NoneType(), "sort": NoneType()},
    "dict": {"clear": NoneType(), "update": NoneType()},
    "int": {"bit_length": INT, "to_bytes": BYTES},
    "float": {"is_integer": BOOL, "hex": STR},
}
"""What a method of a builtin type gives, by type and name."""

SPECIAL_METHODS: Final[dict[str, TypeExpr]] = {
    **dict.fromkeys(("__str__", "__repr__", "__format__"), STR),
    **dict.fromkeys(("__len__", "__hash__", "__index__", "__int__", "__sizeof__", "__length_hint__"), INT),
    **dict.fromkeys(("__bool__", "__contains__", "__instancecheck__", "__subclasscheck__"), BOOL),
    **dict.fromkeys(
        (
            *("__init__", "__post_init__", "__init_subclass__", "__set_name__", "__del__", "__setattr__"),
            *("__delattr__", "__setitem__", "__delitem__", "__set__", "__delete__"),
        ),
        NoneType(),
    ),
    "__bytes__": BYTES,
    "__float__": FLOAT,
    "__complex__": named("complex"),
}
"""What Python itself demands of a special method, or what it throws away."""
