"""Whether the type engine may take the value of a function somewhere, told from the text and the facts of a file."""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from pybridge.model.facts import ClassFacts, FromImport, FunctionFacts, Import, ModuleFacts, Span, Statement
from pybridge.model.library import SymbolKind
from pybridge.model.names import ModuleName, split_symbol
from pybridge.resolve.incremental.heads import Head
from pybridge.resolve.symbols import ModuleSurface

_PROSE = re.compile(
    rb"""
    ([A-Za-z]{0,3}) (?:
        "{3} (?: [^"\\]++ | \\. | "(?!"") )*+ "{3} | '{3} (?: [^'\\]++ | \\. | '(?!'') )*+ '{3}
        | " (?: [^"\\\n]++ | \\. )*+ " | ' (?: [^'\\\n]++ | \\. )*+ '
    ) | \#[^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)
"""A string with its prefix, or a comment."""
_CHAIN = re.compile(rb"(?<![\w.])[^\W\d]\w*+(?:\s*+\.\s*+\w++)*+")
"""A name with all that is taken from it."""
_INNER_IMPORT = re.compile(rb"^[ \t]+(?:from|import)\b", re.MULTILINE)


class File(msgspec.Struct, frozen=True):
    """A file that the engine reads."""

    data: bytes
    facts: ModuleFacts
    surface: ModuleSurface
    is_own: Callable[[ModuleName], bool]
    """Tells the library's modules."""


def mentions(name: str, data: bytes) -> bool:
    """Tell whether a word stands anywhere in the bytes of a file; the first and cheap question."""
    word = name.encode(errors="surrogatepass")
    return word in data and re.search(rb"\b%s\b" % re.escape(word), data) is not None


def may_use(head: Head, file: File) -> bool:
    """Tell whether the engine may come upon a function in a file that mentions its name.

    Functions of which it reads the head only do not count, nor do imports that give it no other name, strings and
    comments. A function of a module is reached by its name where that leads there, or as an attribute of a module; a
    method as an attribute of anything, or by its name beside it.
    """
    data, facts = file.data, file.facts
    is_plain = head.name.isascii() and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"))
    if not is_plain or facts.is_broken or any(_renames(one, head.name) for one in _imports(facts.body)):
        return True
    seen = _seen(data, facts)
    is_home = facts.module == head.module
    has_inner_imports = _INNER_IMPORT.search(seen) is not None
    by_name = is_home or (not head.is_member and (has_inner_imports or _leads_to(head, file.surface)))
    by_attribute = head.is_member or has_inner_imports
    for found in re.finditer(rb"(\.\s*)?\b%s\b" % re.escape(head.name.encode()), seen):
        if by_name if found[1] is None else by_attribute:
            return True
    return not head.is_member and _is_taken_from_modules(head, file, seen)


def _seen(data: bytes, facts: ModuleFacts) -> bytes:
    """The lines that the engine reads and that are no imports, without strings and comments."""
    unread = _unread_lines(facts)
    lines = _PROSE.sub(_without_prose, data).split(b"\n")
    return b"\n".join(one for number, one in enumerate(lines, 1) if number not in unread)


def _without_prose(found: re.Match[bytes]) -> bytes:
    if found[1] and set(found[1].lower()) & set(b"ft"):
        return found[0]  # names may stand in it
    return b"''" + b"\n" * found[0].count(b"\n")


def _renames(one: FromImport | Import, name: str) -> bool:
    if one.alias is None or (isinstance(one, FromImport) and one.alias == one.name):
        return False
    names = one.name if isinstance(one, FromImport) else one.module
    return name in {one.alias, *names.split(".")}


def _leads_to(head: Head, surface: ModuleSurface) -> bool:
    target = surface.names.get(head.name)
    if target is None:
        return surface.is_dynamic
    module, qualname = split_symbol(target.path)
    return (module, qualname) == (head.module, head.name) or target.kind is SymbolKind.MODULE


def _is_taken_from_modules(head: Head, file: File, seen: bytes) -> bool:
    """Tell whether a dotted name leads from a module of the library to a function, or to a module as a value."""
    for found in _CHAIN.finditer(seen):
        first, *rest = re.split(r"\s*\.\s*", found[0].decode(errors="replace"))
        target = file.surface.names.get(first)
        if target is None or target.kind is not SymbolKind.MODULE:
            continue
        module = split_symbol(target.path)[0]
        if not file.is_own(module):
            continue
        while rest and file.is_own(ModuleName(f"{module}.{rest[0]}")):
            module = ModuleName(f"{module}.{rest.pop(0)}")
        if not rest or rest[0] == head.name:
            return True
    return False


def _unread_lines(facts: ModuleFacts) -> set[int]:
    """Lines of functions of which only the head is read, and of imports."""
    heads = frozenset(facts.heads)
    lines: set[int] = set()
    for one in _plain_functions(facts.body):
        if one.span in heads:
            lines.update(_lines(facts.spans, one.span))
    for each in _imports(facts.body):
        lines.update(_lines(facts.spans, each.span))
    return lines


def _lines(spans: Sequence[Span], number: int) -> range:
    return range(spans[number].line, spans[number].end_line + 1) if number >= 0 else range(0)


def _plain_functions(body: Sequence[Statement]) -> Iterator[FunctionFacts]:
    """Functions but those of protocols: what they ask for counts."""
    for one in body:
        if isinstance(one, FunctionFacts):
            yield one
        elif isinstance(one, ClassFacts) and not any("Protocol" in text for text in one.base_texts):
            yield from _plain_functions(one.body)


def _imports(body: Sequence[Statement]) -> Iterator[FromImport | Import]:
    for one in body:
        if isinstance(one, FromImport | Import):
            yield one
        elif isinstance(one, ClassFacts):
            yield from _imports(one.body)
