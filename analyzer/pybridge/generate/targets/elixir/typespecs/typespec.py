"""`ElixirType`: a type of Elixir as a tree, before it is cut into pieces that fit their lines."""

from typing import TypeAlias

import msgspec

from pybridge.generate.targets.elixir.escape import Elixir


class Atomic(msgspec.Struct, frozen=True):
    """A type that has no parts: ``String.t()``, ``:fast``, ``Jinja2.Template.instance()``."""

    code: Elixir


class Compound(msgspec.Struct, frozen=True):
    """A type with parts: `texts` stand around and between `items`, one more than those."""

    texts: tuple[Elixir, ...]
    items: tuple["ElixirType", ...]


class Choice(msgspec.Struct, frozen=True):
    """A union: at least two members, flat, without duplicates."""

    members: tuple[Atomic | Compound, ...]


ElixirType: TypeAlias = Atomic | Compound | Choice

TERM = Atomic(Elixir("term()"))
NIL = Atomic(Elixir("nil"))


def list_of(item: ElixirType) -> ElixirType:
    """``[item]``."""
    return Compound((Elixir("["), Elixir("]")), (item,))


def tuple_of(items: tuple[ElixirType, ...]) -> ElixirType:
    """``{a, b}``."""
    if not items:
        return Atomic(Elixir("{}"))
    return Compound((Elixir("{"), *(Elixir(", ") for _ in items[1:]), Elixir("}")), items)


def map_of(key: ElixirType, value: ElixirType) -> ElixirType:
    """``%{optional(key) => value}``."""
    return Compound((Elixir("%{optional("), Elixir(") => "), Elixir("}")), (key, value))


def applied(name: str, item: ElixirType) -> ElixirType:
    """``name(item)`` for a name of ours, ``Enumerable.t``."""
    return Compound((Elixir(f"{name}("), Elixir(")")), (item,))


def choice(members: tuple[ElixirType, ...]) -> ElixirType:
    """Join types: flat, without duplicates, ``nil`` last; ``term()`` swallows all others."""
    found: dict[Elixir, Atomic | Compound] = {}
    for member in members:
        for one in member.members if isinstance(member, Choice) else (member,):
            found.setdefault(flat(one), one)
    if not found or TERM.code in found:
        return TERM
    if TRUE.code in found and FALSE.code in found:
        found = {BOOLEAN.code if code == TRUE.code else code: one for code, one in found.items() if code != FALSE.code}
        found[BOOLEAN.code] = BOOLEAN
    ordered = tuple(one for code, one in found.items() if code != NIL.code)
    ordered = (*ordered, NIL) if NIL.code in found else ordered
    return ordered[0] if len(ordered) == 1 else Choice(ordered)


def flat(expr: ElixirType) -> Elixir:
    """Write a type on one line."""
    match expr:
        case Atomic(code=code):
            return code
        case Choice(members=members):
            return Elixir(" | ".join(flat(member) for member in members))
        case Compound(texts=texts, items=items):
            return Elixir("".join(text + flat(item) for text, item in zip(texts, items, strict=False)) + texts[-1])


TRUE = Atomic(Elixir("true"))
FALSE = Atomic(Elixir("false"))
BOOLEAN = Atomic(Elixir("boolean()"))
