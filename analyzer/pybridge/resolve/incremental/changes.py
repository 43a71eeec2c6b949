"""What differs between two states of a library, and whom it concerns."""

from collections.abc import Iterable, Mapping

import msgspec

from pybridge.model.names import ModuleName, SymbolPath
from pybridge.resolve.describe.ground import Ground
from pybridge.resolve.describe.views import ALL, Bare, Touches, bare, presence
from pybridge.resolve.symbols import Definition
from pybridge.resolve.types.answers import ExternalAnswer

_POSITIONS = frozenset({"span", "block"})


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed, by module and name; `ALL` where it cannot be told apart."""

    names: Mapping[ModuleName, frozenset[str]]
    definitions: Mapping[ModuleName, frozenset[str]]
    documents: Mapping[ModuleName, frozenset[str]]
    answers: Mapping[ModuleName, frozenset[str]]
    externals: frozenset[SymbolPath]

    def concern(self, touches: Touches) -> bool:
        """Tell whether a description that looked at this has to be made again."""
        return (
            _meet(self.names, touches.names)
            or _meet(self.definitions, touches.definitions)
            or _meet(self.documents, touches.documents)
            or _meet(self.answers, touches.answers)
            or not self.externals.isdisjoint(touches.externals)
        )


def compare(before: Ground, after: Ground, modules: Iterable[ModuleName]) -> Changes:
    """Compare some modules of two states of a library that have the same modules; others are taken for equal."""
    names: dict[ModuleName, frozenset[str]] = {}
    definitions: dict[ModuleName, frozenset[str]] = {}
    documents: dict[ModuleName, frozenset[str]] = {}
    answers: dict[ModuleName, frozenset[str]] = {}
    for module in modules:
        old, new = before.surfaces[module], after.surfaces[module]
        names[module] = _different(old.names, new.names)
        definitions[module], documents[module] = _different_definitions(old.definitions, new.definitions)
        known = [one.answers[module].symbols if module in one.answers else {} for one in (before, after)]
        answers[module] = _different(known[0], known[1])
    return Changes(
        names=names,
        definitions=definitions,
        documents=documents,
        answers=answers,
        externals=different_externals(before.externals, after.externals),
    )


def everything(modules: Iterable[ModuleName]) -> Changes:
    """Take all of some modules for changed."""
    changed = dict.fromkeys(modules, frozenset({ALL}))
    return Changes(names=changed, definitions=changed, documents=changed, answers=changed, externals=frozenset())


def different_externals(
    before: Mapping[SymbolPath, ExternalAnswer], after: Mapping[SymbolPath, ExternalAnswer]
) -> frozenset[SymbolPath]:
    """Find the names of other packages that the type engine answers differently."""
    return frozenset(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def _meet(changed: Mapping[ModuleName, frozenset[str]], touched: Mapping[ModuleName, tuple[str, ...]]) -> bool:
    for module, names in changed.items():
        seen = touched.get(module)
        if seen and names and (ALL in seen or ALL in names or not names.isdisjoint(seen)):
            return True
    return False


def _different(before: Mapping[str, object], after: Mapping[str, object]) -> frozenset[str]:
    return frozenset(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def _different_definitions(
    before: Mapping[str, Definition], after: Mapping[str, Definition]
) -> tuple[frozenset[str], frozenset[str]]:
    """Names whose statements differ, and qualified names whose documentation does."""
    statements: set[str] = set()
    documentation: set[str] = set()
    for name in before.keys() | after.keys():
        pair = [bare(one[name]) if name in one else None for one in (before, after)]
        old, new = pair
        if old is None or new is None or _without_places(old) != _without_places(new):
            statements.add(name)
        texts = [_texts(one) for one in pair]
        for one in {*texts[0], *texts[1]}:
            old_texts, new_texts = (each.get(one, []) for each in texts)
            if old_texts != new_texts:
                documentation.add(one)
            if [each is None for each in old_texts] != [each is None for each in new_texts]:
                documentation.add(presence(one))
    return frozenset(statements), frozenset(documentation)


def _texts(one: Bare | None) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for each in one.documentation.values() if one is not None else ():
        found.setdefault(each.name, []).append(each.text)
    return found


def _without_places(one: Bare) -> object:
    """The definition with its places counted from its first: statements before it move none of it."""
    plain = msgspec.to_builtins(one.definition)
    first = {key: min(_places(plain, key), default=0) for key in _POSITIONS}
    return _shifted(plain, first)


def _places(value: object, key: str) -> list[int]:
    found: list[int] = []
    match value:
        case dict():
            for name, one in value.items():
                if name == key and isinstance(one, int) and one >= 0:
                    found.append(one)
                else:
                    found += _places(one, key)
        case list() | tuple():
            for one in value:
                found += _places(one, key)
        case _:
            pass
    return found


def _shifted(value: object, first: Mapping[str, int]) -> object:
    match value:
        case dict():
            return {
                name: one - first[name] if name in first and isinstance(one, int) and one >= 0 else _shifted(one, first)
                for name, one in value.items()
            }
        case list() | tuple():
            return [_shifted(one, first) for one in value]
        case _:
            return value
