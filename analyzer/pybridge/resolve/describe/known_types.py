"""Types of the library that values lead to: what calls give and what attributes hold, declared or read off the code."""

from pybridge.model.evidence import Confidence
from pybridge.model.facts import Assignment, FunctionFacts
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.types import NoneType, TypeExpr, TypeVariable
from pybridge.resolve.annotations import parts_of, read_type
from pybridge.resolve.describe.claims import is_silent, unknown_parts
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import infer_return
from pybridge.resolve.types.answers import Answer, CallableAnswer, PropertyAnswer, VariableAnswer

_MAX_CHAIN = 8
"""Functions followed from one return to the next."""
_PROPERTIES = frozenset({"property", "cached_property", "memoized_property"})
_TRANSPARENT = frozenset({"staticmethod", "classmethod", "final", "override", "lru_cache", "cache"})


class KnownTypes:
    """Answers for `pybridge.resolve.evidence.Known`, each question once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._returned: dict[SymbolPath, TypeExpr | None] = {}
        self._attributes: dict[tuple[SymbolPath, str], TypeExpr | None] = {}
        self._depth = 0

    def in_scope(self, scope: LexicalScope) -> "KnownInScope":
        """What is known, asked from a place in the library."""
        return KnownInScope(self, scope)

    def returned_by(self, path: SymbolPath, scope: LexicalScope) -> TypeExpr | None:
        """What calling a function or method gives; None for a coroutine, and where nothing tells."""
        if path not in self._returned:
            self._returned[path] = None  # asked again while being read, it leads back to itself
            if self._depth < _MAX_CHAIN:
                self._depth += 1
                try:
                    self._returned[path] = self._read_return(path, scope)
                finally:
                    self._depth -= 1
        return self._returned[path]

    def attribute(self, owner: SymbolPath, name: str, scope: LexicalScope) -> TypeExpr | None:
        """Type of an attribute of a class's instances, inherited ones too; None where nothing tells."""
        key = (owner, name)
        if key not in self._attributes:
            self._attributes[key] = None
            self._attributes[key] = self._read_attribute(owner, name, scope)
        return self._attributes[key]

    def inherited(self, owner: SymbolPath, name: str, scope: LexicalScope) -> TypeExpr | None:
        """What ``super().name()`` gives in a class; None where nothing tells."""
        for ancestor in self._world.ancestors(owner)[1:]:
            if name in self._world.members(ancestor):
                module, qualname = split_symbol(ancestor)
                return self.returned_by(symbol_path(module, f"{qualname}.{name}"), scope)
        return None

    def variable(self, path: SymbolPath, scope: LexicalScope) -> TypeExpr | None:
        """Type of a variable of a module: as annotated, else as the engine read it off its value."""
        assignment = self._world.assignment(path)
        if assignment is None or "." in split_symbol(path)[1]:
            return None
        if assignment.annotation is not None:
            return scope.elsewhere_of(path).read(assignment.annotation).expr
        return self._whole(self._world.answer(path))

    def _read_return(self, path: SymbolPath, scope: LexicalScope) -> TypeExpr | None:
        external = self._world.external(path)
        if external is not None:
            return external.returns
        found = self._method(path) if self._world.function(path) is None else path
        facts = self._world.function(found) if found is not None else None
        if facts is None or found is None or facts.is_async:
            return None
        home = scope.elsewhere_of(found).under(facts.type_parameters)
        if facts.returns is not None:
            return read_type(facts.returns.expr, home)
        answer = self._world.answer(found)
        if isinstance(answer, CallableAnswer) and answer.signatures and not is_silent(answer.signatures[0].returns):
            return answer.signatures[0].returns
        if any(_last_name(one.text) not in _TRANSPARENT for one in facts.decorators):
            return None
        return self._inferred(facts, home)

    def _inferred(self, facts: FunctionFacts, home: LexicalScope) -> TypeExpr | None:
        if facts.is_stub_body or facts.is_generator:
            return None
        inferred = infer_return(facts, home, self.in_scope(home))
        if inferred is None or inferred.evidence.confidence is Confidence.LOW:
            return None
        is_hook = isinstance(inferred.expr, NoneType) and home.current_class is not None
        return None if is_hook else inferred.expr

    def _method(self, path: SymbolPath) -> SymbolPath | None:
        """The ancestor's method that a class inherits."""
        module, qualname = split_symbol(path)
        owner, _, name = qualname.rpartition(".")
        if not owner:
            return None
        for ancestor in self._world.ancestors(symbol_path(module, owner)):
            if name in self._world.members(ancestor):
                home, inside = split_symbol(ancestor)
                return symbol_path(home, f"{inside}.{name}")
        return None

    def _read_attribute(self, owner: SymbolPath, name: str, scope: LexicalScope) -> TypeExpr | None:
        for ancestor in self._world.ancestors(owner):
            definition = self._world.members(ancestor).get(name)
            found = self._declared(ancestor, name, definition.statements[0], scope) if definition else None
            found = found or self._answered(ancestor, name)
            if found is not None:
                is_foreign = ancestor != owner and any(isinstance(one, TypeVariable) for one in parts_of(found))
                return None if is_foreign else found
            if definition is not None:
                return None
        return None

    def _declared(self, owner: SymbolPath, name: str, statement: object, scope: LexicalScope) -> TypeExpr | None:
        module, qualname = split_symbol(owner)
        inner = scope.elsewhere(module).inside(qualname)
        match statement:
            case Assignment(annotation=annotation) if annotation is not None:
                return inner.read(annotation).expr
            case FunctionFacts(returns=returns, decorators=decorators) if decorators:
                if not any(_last_name(one.text) in _PROPERTIES for one in decorators):
                    return None
                if returns is not None:
                    return read_type(returns.expr, inner)
                return self._of_property(symbol_path(module, f"{qualname}.{name}"), statement, inner)
            case _:
                return None

    def _of_property(self, path: SymbolPath, facts: FunctionFacts, inner: LexicalScope) -> TypeExpr | None:
        if path in self._returned or self._depth >= _MAX_CHAIN:
            return self._returned.get(path)
        self._returned[path] = None
        self._depth += 1
        try:
            self._returned[path] = self._inferred(facts, inner)
        finally:
            self._depth -= 1
        return self._returned[path]

    def _answered(self, owner: SymbolPath, name: str) -> TypeExpr | None:
        """What the engine read off the values that are assigned."""
        module, qualname = split_symbol(owner)
        return self._whole(self._world.answer(symbol_path(module, f"{qualname}.{name}")))

    def _whole(self, answer: Answer | None) -> TypeExpr | None:
        """The type of a variable that the engine knows whole; a lone None says nothing of what comes later."""
        if not isinstance(answer, VariableAnswer | PropertyAnswer) or isinstance(answer.type, NoneType):
            return None
        is_whole = not is_silent(answer.type) and next(unknown_parts(answer.type), None) is None
        return answer.type if is_whole else None


class KnownInScope:
    """`KnownTypes` as `pybridge.resolve.evidence.Known` asks."""

    def __init__(self, types: KnownTypes, scope: LexicalScope) -> None:
        self._types, self._scope = types, scope

    def returned_by(self, path: SymbolPath) -> TypeExpr | None:
        """See `KnownTypes.returned_by`."""
        return self._types.returned_by(path, self._scope)

    def attribute(self, owner: SymbolPath, name: str) -> TypeExpr | None:
        """See `KnownTypes.attribute`."""
        return self._types.attribute(owner, name, self._scope)

    def inherited(self, owner: SymbolPath, name: str) -> TypeExpr | None:
        """See `KnownTypes.inherited`."""
        return self._types.inherited(owner, name, self._scope)

    def variable(self, path: SymbolPath) -> TypeExpr | None:
        """See `KnownTypes.variable`."""
        return self._types.variable(path, self._scope)


def _last_name(text: str) -> str:
    return text.partition("(")[0].strip().rpartition(".")[2]
