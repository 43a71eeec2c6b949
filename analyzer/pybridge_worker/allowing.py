"""The list of what may be called besides the bundle: written and reviewed by people, each entry with its reason.

A library makes names at run time, or hands out objects of classes that no documentation tells; the analyzer cannot know
them. An entry lets one of them be used. It never lets in what is private or the machinery of Python: see `_check`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from pybridge_worker.bundle import Bundle, ClassEntry, FunctionEntry, Library, MemberEntry, is_symbol
from pybridge_worker.errors import BadAllowList
from pybridge_worker.tools import OPERATORS

_MIN_REASON = 10
_Stream = Literal["none", "iterator", "generator", "async_generator"]


class AllowedMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member of a class."""

    kind: Literal["method", "classmethod", "staticmethod", "property", "field"] = "method"
    stream: _Stream = "none"
    is_async: bool = False


class Allowed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry: a function, a constant, or members of a class."""

    symbol: str
    """``module:qualname``, where the library itself defines it."""
    kind: Literal["function", "variable", "class"]
    reason: str
    members: Mapping[str, AllowedMember] = {}
    is_constructible: bool = False
    """Whether clients may make instances of a class, where the bundle does not let them."""
    stream: _Stream = "none"
    is_async: bool = False


class AllowList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file."""

    allow: tuple[Allowed, ...]


def load(path: Path) -> AllowList:
    """Read an allow-list.

    Raises:
        BadAllowList: it cannot be read, has what is not known, or an entry that must never be.
    """
    try:
        listed = msgspec.toml.decode(path.read_bytes(), type=AllowList)
    except OSError as error:
        raise BadAllowList(path, error.strerror or str(error)) from error
    except ImportError as error:
        raise BadAllowList(path, "Python 3.10 reads TOML only with the package tomli") from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadAllowList(path, " ".join(str(error).split())) from error
    seen: set[str] = set()
    for index, entry in enumerate(listed.allow):
        where = f"$.allow[{index}]"
        for why in _check(entry):
            raise BadAllowList(path, f"{where}: {why}")
        if entry.symbol in seen:
            raise BadAllowList(path, f"{where}: {entry.symbol} is listed twice")
        seen.add(entry.symbol)
    return listed


def extend(bundle: Bundle, listed: AllowList, path: Path) -> Bundle:
    """Give a bundle in which what is listed may be called, too.

    Raises:
        BadAllowList: a symbol is of no library of the bundle, or is another kind of thing there.
    """
    libraries = {library.library: library for library in bundle.libraries}
    for entry in listed.allow:
        owner = _owner(libraries.values(), entry.symbol.partition(":")[0])
        if owner is None:
            raise BadAllowList(path, f"{entry.symbol}: the bundle has no library that this module belongs to")
        kind = _kind_in(owner, entry.symbol)
        if kind not in {None, entry.kind}:
            raise BadAllowList(path, f"{entry.symbol}: it is a {kind} in the bundle, not a {entry.kind}")
        libraries[owner.library] = _with(owner, entry)
    return Bundle(schema=bundle.schema, libraries=tuple(libraries.values()))


def _check(entry: Allowed) -> Iterator[str]:
    """Say what is wrong with an entry.

    Functions, constants and members whose name starts with an underscore are never let in, the special methods that are
    operations excepted. A *class* may be private: its methods are used on objects that the library hands out.
    """
    if not is_symbol(entry.symbol):
        yield f"{entry.symbol[:80]!r} is not module:qualname"
    if len(entry.reason.strip()) < _MIN_REASON:
        yield "its reason says nothing; write why it is safe, and who looked"
    name = entry.symbol.rpartition(":")[2]
    if entry.kind != "class":
        if any(part.startswith("_") for part in name.split(".")):
            yield f"{name} is private"
        if entry.members or entry.is_constructible:
            yield "only a class has members and instances"
    elif not entry.members and not entry.is_constructible:
        yield "a class needs members, or is_constructible = true"
    if entry.kind != "function" and (entry.is_async or entry.stream != "none"):
        yield "only a function or a member streams or is awaited"
    for member in entry.members:
        if not member.isidentifier() or (member.startswith("_") and member not in OPERATORS):
            yield f"the member {member[:80]!r} is private, or no name"


def _owner(libraries: Iterable[Library], module: str) -> Library | None:
    found = [one for one in libraries if module == one.library or module.startswith(f"{one.library}.")]
    return max(found, key=lambda one: len(one.library), default=None)


def _kind_in(library: Library, symbol: str) -> str | None:
    if symbol in library.classes:
        return "class"
    if symbol in library.functions:
        return "function"
    return "variable" if symbol in library.variables else None


def _with(library: Library, entry: Allowed) -> Library:
    symbol = entry.symbol
    classes, functions, variables = dict(library.classes), dict(library.functions), library.variables
    if entry.kind == "class":
        classes[symbol] = _class(classes.get(symbol), entry)
    elif entry.kind == "function":
        functions[symbol] = FunctionEntry(stream=entry.stream, is_async=entry.is_async)
    elif symbol not in variables:
        variables = tuple(sorted((*variables, symbol)))
    paths = {symbol.replace(":", "."): symbol, **library.paths}
    return msgspec.structs.replace(library, classes=classes, functions=functions, variables=variables, paths=paths)


def _class(known: ClassEntry | None, entry: Allowed) -> ClassEntry:
    members = {
        name: MemberEntry(kind=one.kind, stream=one.stream, is_async=one.is_async)
        for name, one in entry.members.items()
    }
    if known is not None:
        is_constructible = known.is_constructible or entry.is_constructible
        return msgspec.structs.replace(known, members={**known.members, **members}, is_constructible=is_constructible)
    return ClassEntry(mro=(entry.symbol,), members=members, is_constructible=entry.is_constructible)
