"""Members of classes that exist although no statement of the source makes them one by one."""

from collections.abc import Iterable, Iterator, Mapping

from pybridge.model.callables import Function
from pybridge.model.classes import Class, EnumMember, Field, Property
from pybridge.model.expressions import Constant, Expr, Name, Sequence
from pybridge.model.facts import Assignment, ClassFacts, ModuleFacts
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind

_HOOKS = frozenset({"__getattr__", "__getattribute__"})


def member_names(one: Class) -> frozenset[str]:
    """Names of what a class defines itself."""
    groups: tuple[tuple[Function | Property | Field | Class | EnumMember, ...], ...] = (
        one.methods,
        one.properties,
        one.fields,
        one.nested_classes,
        one.enum_members,
    )
    return frozenset(member.name for group in groups for member in group)


class MadeMembers:
    """Answers for `pybridge.resolve.describe.stubs.merging.Made`."""

    def __init__(self, facts: Mapping[ModuleName, ModuleFacts], classes: Iterable[Class]) -> None:
        self._facts = facts
        self._classes = {one.path: one for top in classes for one in _with_nested(top)}
        self._slots: dict[SymbolPath, frozenset[str]] = {}

    def __call__(self, owner: SymbolPath, name: str) -> bool:
        """True for a slot, and for what a class with a hook for missing attributes may answer."""
        if name.startswith("_"):
            return False
        one = self._classes.get(owner)
        ancestors = one.mro if one is not None else ()
        if any(
            method.name in _HOOKS
            for path in ancestors
            if path in self._classes
            for method in self._classes[path].methods
        ):
            return True
        return name in self._own_slots(owner)

    def is_inherited(self, owner: SymbolPath, name: str) -> bool:
        """True when an ancestor has it, or may: one that is not described here."""
        one = self._classes.get(owner)
        for path in one.mro[1:] if one is not None else ():
            ancestor = self._classes.get(path)
            if ancestor is None or name in member_names(ancestor):
                return True
        return False

    def _own_slots(self, owner: SymbolPath) -> frozenset[str]:
        if owner not in self._slots:
            facts = self._class_facts(owner)
            values = [
                one.value
                for one in (facts.body if facts is not None else ())
                if isinstance(one, Assignment) and one.target == Name("__slots__") and one.value is not None
            ]
            self._slots[owner] = frozenset(name for value in values for name in _texts(value))
        return self._slots[owner]

    def _class_facts(self, path: SymbolPath) -> ClassFacts | None:
        module, qualname = split_symbol(path)
        own = self._facts.get(module)
        body = own.body if own is not None else ()
        found: ClassFacts | None = None
        for part in qualname.split("."):
            found = next((one for one in reversed(body) if isinstance(one, ClassFacts) and one.name == part), None)
            body = found.body if found is not None else ()
        return found


def _texts(value: Expr) -> Iterator[str]:
    match value:
        case Sequence(items=items):
            for one in items:
                yield from _texts(one)
        case Constant(value=literal) if literal.kind is LiteralKind.STR:
            yield literal.text
        case _:
            pass


def _with_nested(one: Class) -> Iterator[Class]:
    yield one
    for nested in one.nested_classes:
        yield from _with_nested(nested)
