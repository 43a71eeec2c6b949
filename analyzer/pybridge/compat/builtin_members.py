"""What classes of Python itself have, so that a class which stops overriding it is not said to have lost it."""

from collections.abc import Iterable

from pybridge.model.names import SymbolPath

_EXCEPTIONS = {
    "BaseException": "args with_traceback add_note",
    "AttributeError": "name obj",
    "ImportError": "name path msg",
    "NameError": "name",
    "OSError": "errno strerror filename filename2",
    "StopIteration": "value",
    "SyntaxError": "msg filename lineno offset text end_lineno end_offset print_file_and_line",
    "SystemExit": "code",
    "UnicodeDecodeError": "encoding object start end reason",
    "UnicodeEncodeError": "encoding object start end reason",
}
_CONTAINERS = {
    "dict": "clear copy fromkeys get items keys pop popitem setdefault update values",
    "list": "append clear copy count extend index insert pop remove reverse sort",
    "tuple": "count index",
    "set": "add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset"
    " issuperset pop remove symmetric_difference symmetric_difference_update union update",
    "frozenset": "copy difference intersection isdisjoint issubset issuperset symmetric_difference union",
}
_VALUES = {
    "int": "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real"
    " to_bytes",
    "float": "as_integer_ratio conjugate fromhex hex imag is_integer real",
    "str": "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha"
    " isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower"
    " lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split"
    " splitlines startswith strip swapcase title translate upper zfill",
}
_MEMBERS = {
    SymbolPath("enum:Enum"): frozenset({"name", "value"}),
    **{
        SymbolPath(f"builtins:{name}"): frozenset(members.split())
        for name, members in (_EXCEPTIONS | _CONTAINERS | _VALUES).items()
    },
}


def is_builtin_member(name: str, ancestors: Iterable[SymbolPath]) -> bool:
    """Tell that one of a class's ancestors is a class of Python that has such a member; special methods left out."""
    return any(name in _MEMBERS.get(one, ()) for one in ancestors)


def is_common_member(name: str) -> bool:
    """Tell names that some class of Python has."""
    return any(name in members for members in _MEMBERS.values())
