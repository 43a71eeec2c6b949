"""Types of one module that got a name because they are too long to stand inside a line."""

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.escape import Elixir
from pybridge.generate.targets.elixir.naming import BUILTIN_TYPES, Allotment, type_name
from pybridge.generate.targets.elixir.typespecs.typespec import Atomic, Choice, Compound, ElixirType, flat

INLINE_LIMIT = 44
"""The most columns of a type inside another or among arguments; measured to keep every line under `layout.WIDTH`."""
MEMBER_LIMIT = 84
"""The most columns of a member of a union on a line of its own; what is longer is told less exactly."""
_SHORT = 14
"""A type of no more columns gains nothing from a name."""


class NamedTypes:
    """Collects the ``@type`` definitions of a module; the same type gets one name."""

    def __init__(self, taken: tuple[str, ...] = ("t", "instance")) -> None:
        self._allotment = Allotment((*taken, *BUILTIN_TYPES))
        self._names: dict[tuple[Elixir, ...], Elixir] = {}
        self._definitions: list[Elixir] = []

    @property
    def definitions(self) -> tuple[Elixir, ...]:
        """Every ``@type`` so far, each before its first use by another."""
        return tuple(self._definitions)

    def inline(self, expr: ElixirType, *hint: str) -> Elixir:
        """Give code of at most `INLINE_LIMIT` columns, or the name of a type, for use inside a line."""
        code = flat(expr)
        if len(code) <= INLINE_LIMIT:
            return code
        return self.define(self.members(expr, *hint), *hint)

    def members(self, expr: ElixirType, *hint: str) -> tuple[Elixir, ...]:
        """Give the members of the union that a type is, each fit for a line of its own."""
        match expr:
            case Choice(members=members):
                return tuple(self._member(member, *hint) for member in members)
            case Atomic() | Compound():
                return (self._member(expr, *hint),)

    def define(self, members: tuple[Elixir, ...], *hint: str) -> Elixir:
        """Name a union and give the name, ``load_result()``."""
        known = self._names.get(members)
        if known is not None:
            return known
        name = self._allotment.allot(type_name(*hint))
        self._definitions.append(layout.type_definition(Elixir(name), members))
        self._names[members] = Elixir(f"{name}()")
        return self._names[members]

    def _member(self, member: Atomic | Compound, *hint: str) -> Elixir:
        code = flat(member)
        if isinstance(member, Atomic) or len(code) <= INLINE_LIMIT:
            return code
        items = [flat(item) for item in member.items]
        for at in sorted(range(len(items)), key=lambda at: len(items[at]), reverse=True):
            if len(items[at]) <= INLINE_LIMIT and len(_joined(member, items)) <= MEMBER_LIMIT:
                break
            items[at] = self._name(member.items[at], *hint, "item")
        rebuilt = _joined(member, items)
        return rebuilt if len(rebuilt) <= MEMBER_LIMIT or len(items) == 1 else _coarse(rebuilt)

    def _name(self, item: ElixirType, *hint: str) -> Elixir:
        code = flat(item)
        return code if len(code) <= _SHORT else self.define(self.members(item, *hint), *hint)

    def options(self, members: tuple[Elixir, ...], *hint: str) -> Elixir:
        """Name the options of one function, even when another has the same ones, and give the name."""
        name = self._allotment.allot(type_name(*hint))
        self._definitions.append(layout.type_definition(Elixir(name), members))
        return Elixir(f"{name}()")


def _joined(member: Compound, items: list[Elixir]) -> Elixir:
    return flat(Compound(member.texts, tuple(Atomic(item) for item in items)))


def _coarse(code: Elixir) -> Elixir:
    return Elixir("map()" if code.startswith("%") else "tuple()")
