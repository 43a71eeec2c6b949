"""Bases of a class as users know them: private classes of the library are seen through."""

from collections.abc import Iterator

import msgspec

from pybridge.codec.python_text import type_text
from pybridge.compat.classes.ancestry import after, is_exposed
from pybridge.compat.library import Library
from pybridge.compat.pairs import ClassPair, LibraryPair
from pybridge.compat.types.relation import Relation
from pybridge.model.classes import Class, ClassKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import Named, TypeExpr, TypeVariable

PROTOCOL = SymbolPath("typing:Protocol")
_UNSEEN = frozenset({"typing:Generic", "abc:ABC", "builtins:object"})
"""What no code asks for: it orders type parameters, or gives a metaclass, which is told as such."""
_HOMES = {"typing_extensions": "typing", "collections.abc": "typing", "_collections_abc": "typing"}
_OTHER_NAMES = {
    "builtins:EnvironmentError": "builtins:OSError",
    "builtins:IOError": "builtins:OSError",
    "builtins:WindowsError": "builtins:OSError",
    "socket:error": "builtins:OSError",
    "socket:timeout": "builtins:TimeoutError",
    "asyncio.exceptions:TimeoutError": "builtins:TimeoutError",
    "asyncio:TimeoutError": "builtins:TimeoutError",
    "concurrent.futures._base:TimeoutError": "builtins:TimeoutError",
    "enum:EnumType": "enum:EnumMeta",
    "typing:AbstractSet": "typing:Set",
}
_MADE = frozenset({ClassKind.ENUM, ClassKind.TYPED_DICT, ClassKind.NAMED_TUPLE})


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """A class that another one derives from."""

    key: SymbolPath | None
    """The same on both sides for what users take for the same; None for what is not known."""
    expr: TypeExpr


class BaseChanges(msgspec.Struct, frozen=True, kw_only=True):
    """How the bases of a class of both sides differ."""

    replaced: tuple[tuple[Base, Base], ...] = ()
    removed: tuple[Base, ...] = ()
    added: tuple[Base, ...] = ()
    is_reordered: bool = False
    may_be_incomplete: bool = False
    """True when the new side has a base that is not known: it may bring back what is missing."""


def base_changes(pair: ClassPair) -> BaseChanges:
    """Compare the bases of a class; a base that is still above it by another way is no loss.

    A class of the library that is gone altogether is left out, because that is told of the class itself.
    """
    libraries = pair.libraries
    old, new = public_bases(pair.old, libraries, 0), public_bases(pair.new, libraries, 1)
    above_old, above_new = ancestor_keys(pair.old, libraries, 0), ancestor_keys(pair.new, libraries, 1)
    above_new |= {one.key for one in new if one.key is not None}
    removed = [one for one in old if one.key is not None and one.key not in above_new and _is_there(one, libraries)]
    direct = {one.key for one in old}
    written = [one for one in new if one.key is not None and one.key not in direct and one.key != PROTOCOL]
    both = min(len(removed), len(written))
    return BaseChanges(
        replaced=tuple(zip(removed[:both], written[:both], strict=True)),
        removed=tuple(removed[both:]),
        added=tuple(one for one in written[both:] if one.key not in above_old),
        is_reordered=_common(old, new) != _common(new, old),
        may_be_incomplete=any(one.key is None for one in new),
    )


def is_lost_with_base(pair: ClassPair, owner: SymbolPath) -> bool:
    """Tell a class of the old side whose members a class no longer has because PB401 or PB402 tells a base of it."""
    if owner == pair.old.path or not is_about_bases(pair):
        return False
    key = key_of(owner, pair.libraries, 0)
    if key in ancestor_keys(pair.new, pair.libraries, 1):
        return False
    changes = base_changes(pair)
    gone = [*changes.removed, *(old for old, _ in changes.replaced)]
    return any(base.key == key or key in _above(base, pair.libraries) for base in gone)


def changed_arguments(pair: ClassPair) -> Iterator[tuple[Base, Base]]:
    """Find bases of both sides whose type arguments make them another type, variables left out."""
    new = {base.key: base for base in public_bases(pair.new, pair.libraries, 1)}
    for base in public_bases(pair.old, pair.libraries, 0):
        other = new.get(base.key) if base.key is not None else None
        # What an alias in them stands for is told of the alias.
        if other is None or base_text(base) == base_text(other):
            continue
        if any(isinstance(part, TypeVariable) for part in (*_parts(base), *_parts(other))):
            continue
        if pair.libraries.types.relate(base.expr, other.expr) in {Relation.OTHER, Relation.WIDER}:
            yield base, other


def is_about_bases(pair: ClassPair) -> bool:
    """False for enumerations, typed dicts and named tuples of both sides: their own rules tell what they are made of."""
    return pair.old.kind is not pair.new.kind or pair.old.kind not in _MADE


def public_bases(one: Class, libraries: LibraryPair, side: int) -> tuple[Base, ...]:
    """List direct bases, and instead of a private class of the library its own ones; each once."""
    found: dict[tuple[SymbolPath | None, str], Base] = {}
    for base in _bases(one, libraries, side):
        found.setdefault((base.key, "" if base.key else type_text(base.expr)), base)
    return tuple(found.values())


def ancestor_keys(one: Class, libraries: LibraryPair, side: int) -> frozenset[SymbolPath]:
    """Keys of a class and of everything that it derives from."""
    named = (base.path for base in one.bases if isinstance(base, Named))
    return frozenset(key_of(path, libraries, side) for path in (one.path, *one.mro, *named))


def key_of(path: SymbolPath, libraries: LibraryPair, side: int) -> SymbolPath:
    """Name a class, the same on both sides and by whichever of its homes it was imported from."""
    known = SymbolPath(_OTHER_NAMES.get(path, path))
    module, name = split_symbol(known)
    if module in _HOMES:
        known = SymbolPath(f"{_HOMES[module]}:{name}")
        return SymbolPath(_OTHER_NAMES.get(known, known))
    return libraries.key(known, side)


def base_text(base: Base) -> str:
    """Write a base as Python."""
    return type_text(base.expr)


def class_text(one: Class) -> str:
    """Write the first line of a class, without what only marks it as generic."""
    bases = [type_text(base) for base in one.bases]
    if one.metaclass is not None and one.kind is not ClassKind.ENUM:
        bases.append(f"metaclass={type_text(Named(path=one.metaclass))}")
    return f"class {one.name}({', '.join(bases)})" if bases else f"class {one.name}"


def _bases(one: Class, libraries: LibraryPair, side: int) -> Iterator[Base]:
    library: Library = libraries.sides[side]
    waiting, seen = list(reversed(one.bases)), set()
    while waiting:
        expr = waiting.pop()
        if not isinstance(expr, Named):
            yield Base(key=None, expr=expr)
            continue
        path = key_of(expr.path, libraries, side)
        inner = library.class_at(expr.path)
        if inner is not None and not is_exposed(library, expr.path):
            if path not in seen:
                seen.add(path)
                waiting.extend(reversed(inner.bases))
        elif path not in _UNSEEN and (path != PROTOCOL or expr in one.bases):
            # A class that derives from a protocol is none itself.
            yield Base(key=path, expr=expr)


def _above(base: Base, libraries: LibraryPair) -> frozenset[SymbolPath]:
    found = libraries.old.class_at(base.expr.path) if isinstance(base.expr, Named) else None
    return ancestor_keys(found, libraries, 0) if found is not None else frozenset()


def _parts(base: Base) -> tuple[TypeExpr, ...]:
    return base.expr.arguments if isinstance(base.expr, Named) else ()


def _is_there(base: Base, libraries: LibraryPair) -> bool:
    """Tell a base that the new side still has, or that is another package's."""
    path = base.expr.path if isinstance(base.expr, Named) else None
    is_own = path is not None and libraries.old.class_at(path) is not None
    return not is_own or path is None or after(libraries, path) is not None


def _common(one: tuple[Base, ...], other: tuple[Base, ...]) -> list[SymbolPath]:
    known = {base.key for base in other}
    return [base.key for base in one if base.key is not None and base.key in known]
