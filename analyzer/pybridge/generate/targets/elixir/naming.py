"""Python names become Elixir names: modules, functions, variables, types and file paths.

A name is first translated, which may give two Python names one Elixir name, and then allotted by `Allotment`, which
never gives the same name twice. Allotting in a fixed order makes the result the same for every order of the input.
"""

import re
from collections.abc import Iterable
from itertools import chain, count

from pybridge.codec import digest_bytes


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAME_LIMIT = 60
"""The most characters of one name; a longer one ends in a part of its digest."""
TYPE_NAME_LIMIT = 40

RESERVED = _words(
    "fn end do nil true false and or not in when after catch else rescue "
    "unquote unquote_splicing def defstruct alias sigil_S "
    "module_info behaviour_info record_info __info__ __struct__ __block__ __aliases__"
)
"""What no function of a generated module can be called: words of the grammar, and what such a module itself uses."""

KERNEL = _words(
    "abs alias and apply binary_part binary_slice bit_size byte_size case ceil cond dbg def defdelegate defexception "
    "defguard defguardp defimpl defmacro defmacrop defmodule defoverridable defp defprotocol defstruct destructure "
    "div elem exit floor fn for function_exported get_and_update_in get_in hd if import in inspect "
    "is_atom is_binary is_bitstring is_boolean is_exception is_float is_function is_integer is_list is_map "
    "is_map_key is_nil is_non_struct_map is_number is_pid is_port is_reference is_struct is_tuple length "
    "macro_exported make_ref map_size match max min node not or pop_in put_elem put_in quote raise receive rem "
    "require reraise round self send spawn spawn_link spawn_monitor struct sub super tap then throw tl to_charlist "
    "to_string to_timeout trunc try tuple_size unless unquote update_in use var with"
)
"""What a plain call may already mean in every module; such a function is called through its module instead."""

_VARIABLE_RESERVED = _words("fn end do nil true false and or not in when after catch else rescue")

_ELIXIR_MODULES = _words(
    "access agent application argumenterror atom base behaviour bitwise calendar code collectable config date "
    "datetime dict dynamicsupervisor eex elixir enum enumerable error exception exunit file float function "
    "genevent genserver hashdict hashset iex inspect integer io json kernel keyword list logger macro map mapset mix "
    "module naivedatetime node oban path partitionsupervisor port process protocol pybridge range record ref regex "
    "registry runtime runtimeerror set stream string stringio supervisor system task time tuple uri version"
)

BUILTIN_TYPES = _words(
    "any none atom map pid port reference struct tuple float integer neg_integer non_neg_integer pos_integer list "
    "nonempty_list maybe_improper_list nonempty_improper_list nonempty_maybe_improper_list term arity as_boolean "
    "binary bitstring nonempty_binary nonempty_bitstring boolean byte char charlist nonempty_charlist fun function "
    "identifier iodata iolist keyword mfa module no_return node number timeout string nonempty_string dynamic "
    "optional required record var"
)
"""Types that every module has, and words with a meaning inside types."""

_NOT_ASCII_WORD = re.compile(r"[^A-Za-z0-9_]")
_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Allotment:
    """Names already given in one scope."""

    def __init__(self, taken: Iterable[str] = (), *, is_folding: bool = False) -> None:
        self._is_folding = is_folding
        self._taken = {self._key(name) for name in taken}

    def is_taken(self, name: str) -> bool:
        """Tell whether a name is given already."""
        return self._key(name) in self._taken

    def allot(self, wanted: str) -> str:
        """Give `wanted`, or the first of ``wanted_``, ``wanted_2``, ``wanted_3``, … that is free."""
        return self._first_free(wanted, chain((wanted, f"{wanted}_"), (f"{wanted}_{n}" for n in count(2))))

    def allot_module(self, wanted: str) -> str:
        """Give `wanted`, or the first of ``wanted2``, ``wanted3``, … that is free."""
        return self._first_free(wanted, chain((wanted,), (f"{wanted}{n}" for n in count(2))))

    def _first_free(self, wanted: str, candidates: Iterable[str]) -> str:
        name = next((name for name in candidates if self._key(name) not in self._taken), wanted)
        self._taken.add(self._key(name))
        return name

    def _key(self, name: str) -> str:
        return name.lower() if self._is_folding else name


def function_name(python: str) -> str:
    """Name of a function: snake case for what begins with a capital, an underscore after a reserved word."""
    name = _lowered(_ascii(python, "u"))
    name = name if name.strip("_") else f"underscore{len(name)}"
    name = name if name[0].isalpha() or name[0] == "_" else f"n{name}"
    name = _shortened(name)
    return f"{name}_" if name in RESERVED or name.startswith("__") else name


def variable_name(python: str) -> str:
    """Name of a variable; no leading underscore, which would mean that it is not used."""
    name = _lowered(_ascii(python, "u").lstrip("_"))
    name = name if name and name[0].isalpha() else f"arg_{name}".rstrip("_")
    name = _shortened(name)
    return f"{name}_" if name in _VARIABLE_RESERVED else name


def type_name(*parts: str) -> str:
    """Name of a type made of several names of Python or Elixir."""
    words = [_lowered(_ascii(part, "u")).strip("_") or "x" for part in parts]
    name = _shortened("_".join(words), TYPE_NAME_LIMIT)
    name = name if name[0].isalpha() else f"n{name}"
    return f"{name}_type" if name in BUILTIN_TYPES or name in _VARIABLE_RESERVED else name


def module_segment(python: str) -> str:
    """One part of a module's name: what begins with a capital stays, the rest is camelised."""
    name = _ascii(python, "U").lstrip("_")
    if not name:
        return f"Underscore{len(python)}"
    if not "A" <= name[0] <= "Z":
        name = "".join(part[:1].upper() + part[1:] for part in name.split("_") if part)
    name = name if name[:1].isalpha() else f"N{name}"
    return _shortened(name)


def root_segment(python: str) -> str:
    """Name of the root module; what Elixir's own library or the runtime is called gets ``Py`` in front."""
    name = module_segment(python)
    return f"Py{name}" if name.lower() in _ELIXIR_MODULES else name


def is_module_name(name: str) -> bool:
    """Tell whether `name` can be given to a module: ``Acme.Jinja2``."""
    return re.fullmatch(r"[A-Z][A-Za-z0-9_]*(\.[A-Z][A-Za-z0-9_]*)*", name) is not None and len(name) <= NAME_LIMIT


def file_stem(segment: str) -> str:
    """Part of a file path for one part of a module's name, ``HTTPAdapter`` -> ``http_adapter``."""
    return _WORD_BORDER.sub("_", segment).lower()


def _ascii(python: str, mark: str) -> str:
    return _NOT_ASCII_WORD.sub(lambda match: f"{mark}{ord(match.group()):04X}", python)


def _lowered(name: str) -> str:
    """Snake case where the first letter is a capital; else as it is."""
    bare = name.lstrip("_")
    if not bare[:1].isupper():
        return name
    return name[: len(name) - len(bare)] + _WORD_BORDER.sub("_", bare).lower()


def _shortened(name: str, limit: int = NAME_LIMIT) -> str:
    if len(name) <= limit:
        return name
    return f"{name[: limit - 9]}_{digest_bytes(name.encode('utf-8', 'surrogatepass'))[:8]}"
