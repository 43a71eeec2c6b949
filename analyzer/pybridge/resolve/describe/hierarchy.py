"""Ancestors of the library's classes, also where the type engine does not know them."""

from collections.abc import Iterator

from pybridge.model.expressions import Attribute, Expr, Name, Subscript
from pybridge.model.library import SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.resolve.describe.mro import OBJECT, Orders
from pybridge.resolve.describe.scopes import Declarations, LexicalScope
from pybridge.resolve.describe.world import World
from pybridge.resolve.types.answers import ClassAnswer

_MAX_DEPTH = 200


class Hierarchy:
    """Bases, order of ancestors and metaclasses, computed once a class."""

    def __init__(self, world: World, declarations: Declarations) -> None:
        self._world = world
        self._declarations = declarations
        self._orders: dict[SymbolPath, tuple[SymbolPath, ...]] = {}
        self._bases: dict[SymbolPath, tuple[SymbolPath, ...]] = {}
        self._merged = Orders()

    def mro(self, path: SymbolPath) -> tuple[SymbolPath, ...]:
        """Order a class and its ancestors; the engine's word where it knows every base."""
        if path in self._orders:
            return self._orders[path]
        answer = self._world.answer(path)
        if isinstance(answer, ClassAnswer) and answer.mro and not answer.has_unknown_base:
            self._orders[path] = tuple(one for one in answer.mro if one != OBJECT)
        elif not self.bases(path) and self._world.is_own(path):
            self._orders[path] = (path,)
        else:
            ancestors = dict(self._ancestors(path))
            self._orders[path] = self._merged.of(path, ancestors, self._external_orders(ancestors))
        return self._orders[path]

    def bases(self, path: SymbolPath) -> tuple[SymbolPath, ...]:
        """Direct bases of a class of the library by path; empty for another package's."""
        if path not in self._bases:
            self._bases[path] = tuple(self._read_bases(path))
        return self._bases[path]

    def metaclass(self, path: SymbolPath) -> SymbolPath | None:
        """Return the metaclass that a class or its nearest ancestor names; None for ``type``."""
        for ancestor in self.mro(path):
            answer = self._world.answer(ancestor)
            if isinstance(answer, ClassAnswer) and answer.metaclass:
                return answer.metaclass
            facts = self._world.class_facts(ancestor)
            expr = dict(facts.keywords).get("metaclass") if facts and facts.keywords else None
            found = self._resolve(ancestor, expr) if expr is not None else None
            if found is not None:
                return found
        return None

    def has_unknown_ancestor(self, path: SymbolPath) -> bool:
        """True when an ancestor is of another package and the engine does not know it, or cannot be read at all."""
        for one in self.mro(path):
            if self._world.is_own(one):
                facts = self._world.class_facts(one)
                if facts is not None and len(self.bases(one)) < len(facts.bases) and not self._is_answered(one):
                    return True
            elif not self._is_known_external(one):
                return True
        return False

    def _is_answered(self, path: SymbolPath) -> bool:
        answer = self._world.answer(path)
        return isinstance(answer, ClassAnswer) and not answer.has_unknown_base

    def _is_known_external(self, path: SymbolPath) -> bool:
        external = self._world.external(path)
        if path.startswith(("builtins:", "typing:")):
            return True
        answer = external.class_answer if external is not None else None
        return answer is not None and not answer.has_unknown_base

    def _ancestors(self, path: SymbolPath) -> Iterator[tuple[SymbolPath, tuple[SymbolPath, ...]]]:
        seen: set[SymbolPath] = set()
        pending = [path]
        while pending and len(seen) < _MAX_DEPTH * 10:
            one = pending.pop()
            if one in seen or one in self._merged:
                continue
            seen.add(one)
            bases = self.bases(one)
            yield one, bases
            pending.extend(bases)

    def _external_orders(
        self, ancestors: dict[SymbolPath, tuple[SymbolPath, ...]]
    ) -> dict[SymbolPath, tuple[SymbolPath, ...]]:
        found = {}
        for one in ancestors:
            external = None if self._world.is_own(one) else self._world.external(one)
            if external and external.class_answer:
                found[one] = tuple(each for each in external.class_answer.mro if each != OBJECT) or (one,)
        return found

    def _read_bases(self, path: SymbolPath) -> Iterator[SymbolPath]:
        facts = self._world.class_facts(path)
        for expr in facts.bases if facts else ():
            found = self._resolve(path, expr)
            if found is not None:
                yield found

    def _resolve(self, path: SymbolPath, expr: Expr) -> SymbolPath | None:
        module, qualname = split_symbol(path)
        base = expr.value if isinstance(expr, Subscript) else expr
        if not isinstance(base, Name | Attribute):
            return None
        scope = LexicalScope(self._world, self._declarations, ModuleName(module), owner=qualname.rpartition(".")[0])
        target = scope.lookup(base)
        if target is None or target.kind is SymbolKind.MODULE:
            return None
        external = self._world.external(target.path)
        return external.path if external and external.path else target.path
