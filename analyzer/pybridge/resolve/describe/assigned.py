"""Functions that an assignment makes: ``x = f``, ``x = staticmethod(f)``, ``x = partial(f, 1)``, ``x = factory()``."""

from collections.abc import Sequence

import msgspec

from pybridge.model.callables import Binding, Function, Parameter, Signature
from pybridge.model.evidence import Tier
from pybridge.model.expressions import Argument, Attribute, Call, Expr, Lambda, Name, Subscript
from pybridge.model.facts import Annotation, Assignment, ClassFacts, FunctionFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.types import Callable, ParameterKind
from pybridge.resolve.annotations import Qualifier, text_of
from pybridge.resolve.describe.claims import claim
from pybridge.resolve.describe.functions import describe_function
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import literal
from pybridge.resolve.describe.world import World
from pybridge.resolve.symbols import Definition, NameTarget
from pybridge.resolve.types.answers import VariableAnswer

_MAX_DEPTH = 6
_STATIC = SymbolPath("builtins:staticmethod")
_CLASS = SymbolPath("builtins:classmethod")
_PARTIALS = frozenset({"functools:partial", "functools:partialmethod"})
_CALLABLE_VALUES = (Name, Attribute, Call, Lambda)


def function_of_value(
    facts: Assignment, path: SymbolPath, scope: LexicalScope, world: World, *, is_member: bool
) -> Function | None:
    """Describe the function that an assignment puts under a name; None where it is none, or not known to be one.

    An annotated attribute stays one, unless its value is a ``staticmethod`` or ``classmethod``.
    """
    value = facts.value
    if value is None or facts.operator is not None or not isinstance(value, _CALLABLE_VALUES):
        return None
    reader = _Values(scope=scope, world=world, path=path)
    wrapper = reader.wrapper(value) if is_member else None
    if facts.annotation is not None and wrapper is None and not _is_bare(facts.annotation, scope):
        return None
    found = reader.function(value, _MAX_DEPTH, is_member=is_member) or reader.answered(value, wrapper)
    if found is None:
        return None
    docstring = facts.docstring if found.docstring is None else found.docstring
    name = split_symbol(path)[1].rpartition(".")[2]
    return msgspec.structs.replace(found, path=path, name=name, docstring=docstring, public_paths=())


def with_running_variant(
    function: Function, definition: Definition, path: SymbolPath, scope: LexicalScope, world: World, *, is_member: bool
) -> Function:
    """Complete a function that only type checkers see by the one that an assignment puts there for the run."""
    for one in definition.variants:
        if isinstance(one, Assignment) and function.docstring is None:
            running = function_of_value(one, path, scope, world, is_member=is_member)
            if running is not None:
                return msgspec.structs.replace(
                    function,
                    docstring=running.docstring,
                    implementation=function.implementation or running.implementation or running.signatures[0],
                )
    return function


def _is_bare(annotation: Annotation, scope: LexicalScope) -> bool:
    """True for ``ClassVar`` and ``Final`` that name no type."""
    match annotation.expr:
        case Name() | Attribute():
            return bool(scope.read(annotation).qualifiers & {Qualifier.CLASS_VARIABLE, Qualifier.FINAL})
        case _:
            return False


class _Values(msgspec.Struct, frozen=True, kw_only=True):
    """Reads values as functions, for one name."""

    scope: LexicalScope
    world: World
    path: SymbolPath

    def wrapper(self, value: Expr) -> Binding | None:
        """Tell ``staticmethod(f)`` and ``classmethod(f)``."""
        target = self._called(value)
        if target is None:
            return None
        return {_STATIC: Binding.STATIC, _CLASS: Binding.CLASS}.get(target.path)

    def function(self, value: Expr, depth: int, *, is_member: bool) -> Function | None:
        """Read a value as a function; None where the library's text does not tell."""
        if depth == 0:
            return None
        match value:
            case Attribute(value=Call() as owner, name=name) if (home := self._class_of(owner, self.scope)) is not None:
                return self._bound(home, name)
            case Attribute(value=Name() | Attribute() as owner, name=name) if (
                home := self._class_behind(owner)
            ) is not None:
                return self._bound(home, name) or self._named(value, is_member=is_member)
            case Name() | Attribute():
                return self._named(value, is_member=is_member)
            case Call(arguments=[Argument(value=inner, name=None)]) if (binding := self.wrapper(value)) is not None:
                takes_class = binding is Binding.CLASS
                found = self.function(inner, depth - 1, is_member=takes_class)
                return msgspec.structs.replace(found, binding=binding) if found is not None else None
            case Call(arguments=[Argument(value=inner, name=None), *given]):
                target = self._called(value)
                if target is not None and target.path in _PARTIALS:
                    found = self.function(inner, depth - 1, is_member=is_member)
                    return _partial(found, given) if found is not None else None
                return self._made(target, is_member=is_member)
            case Call():
                return self._made(self._called(value), is_member=is_member)
            case _:
                return None

    def answered(self, value: Expr, binding: Binding | None) -> Function | None:
        """Read what the engine knows of a callable value, where it knows its parameters by name."""
        answer = self.world.answer(self.path)
        if not isinstance(answer, VariableAnswer) or answer.is_declared or not isinstance(answer.type, Callable):
            return None
        parameters = answer.type.parameters
        if parameters is None or any(one.name is None for one in parameters):
            return None
        in_class = self.scope.current_class is not None
        signature = Signature(
            parameters=tuple(
                Parameter(
                    name=one.name or "",
                    kind=one.kind,
                    type=claim(one.type, Tier.INFERRED),
                    is_required=one.is_required and one.kind not in _VARIADIC,
                )
                for one in parameters
            ),
            returns=claim(answer.type.returns, Tier.INFERRED),
        )
        default = Binding.INSTANCE if in_class and not isinstance(value, Attribute) else Binding.FUNCTION
        own = binding or (Binding.STATIC if in_class and default is Binding.FUNCTION else default)
        return Function(path=self.path, name="", binding=own, signatures=(signature,))

    def _named(self, value: Name | Attribute, *, is_member: bool) -> Function | None:
        target = self.scope.lookup_value(value)
        if target is None:
            deleted = self._deleted(value)
            return self._describe(deleted, self.path, self.scope, is_member=True) if deleted else None
        if target.kind is not SymbolKind.FUNCTION:
            return None
        definition = self.world.definition(target.path)
        if definition is None:
            return None
        is_method = "." in split_symbol(target.path)[1]
        found = describe_function(
            definition, target.path, self.scope.elsewhere_of(target.path), self.world, is_member=is_member or is_method
        )
        if found is not None and is_method and not is_member:
            return msgspec.structs.replace(found, binding=Binding.FUNCTION)
        return found

    def _deleted(self, value: Name | Attribute) -> FunctionFacts | None:
        """Find a function of the class body that is gone when the body ends (``del _fail``)."""
        owner = self.scope.current_class
        facts = self.world.class_facts(owner) if owner is not None and isinstance(value, Name) else None
        if not isinstance(facts, ClassFacts) or not isinstance(value, Name):
            return None
        return next((one for one in facts.body if isinstance(one, FunctionFacts) and one.name == value.id), None)

    def _made(self, target: NameTarget | None, *, is_member: bool) -> Function | None:
        """The one function that a factory of the library defines and returns."""
        if target is None or target.kind is not SymbolKind.FUNCTION:
            return None
        factory = self.world.function(target.path)
        if factory is None or factory.is_async or factory.is_generator or factory.decorators:
            return None
        nested = {one.name: one for one in factory.nested if isinstance(one, FunctionFacts)}
        returned = [nested.get(one.id) if isinstance(one, Name) else None for one in factory.returned]
        first = returned[0] if returned else None
        if first is None or factory.can_fall_through or any(one is not first for one in returned):
            return None
        return self._describe(first, self.path, self.scope.elsewhere_of(target.path), is_member=is_member)

    def _bound(self, home: SymbolPath, name: str) -> Function | None:
        """A method taken from an instance: ``shared = Pool().get``."""
        method = self.world.method(home, name)
        if method is None:
            return None
        module, qualname = split_symbol(method)
        definition = self.world.members(symbol_path(module, qualname.rpartition(".")[0]))[name]
        found = describe_function(definition, method, self.scope.elsewhere_of(method), self.world, is_member=True)
        if found is None:
            return None
        in_class = self.scope.current_class is not None
        return msgspec.structs.replace(found, binding=Binding.STATIC if in_class else Binding.FUNCTION)

    def _describe(
        self, facts: FunctionFacts, path: SymbolPath, scope: LexicalScope, *, is_member: bool
    ) -> Function | None:
        definition = Definition(name=facts.name, kind=SymbolKind.FUNCTION, statements=(facts,))
        return describe_function(definition, path, scope, self.world, is_member=is_member)

    def _called(self, value: Expr) -> NameTarget | None:
        if isinstance(value, Call) and isinstance(value.function, Name | Attribute):
            return self.scope.lookup_value(value.function)
        return None

    def _class_of(self, call: Call, scope: LexicalScope) -> SymbolPath | None:
        function = call.function.value if isinstance(call.function, Subscript) else call.function
        target = scope.lookup(function) if isinstance(function, Name | Attribute) else None
        return target.path if target is not None and target.kind is SymbolKind.CLASS else None

    def _class_behind(self, owner: Name | Attribute) -> SymbolPath | None:
        """The class of an object that a module holds: ``_pool = Pool()``, or ``_pool: Pool``."""
        target = self.scope.lookup(owner)
        assigned = self.world.assignment(target.path) if target is not None else None
        if target is None or assigned is None:
            return None
        inside = self.scope.elsewhere_of(target.path)
        if assigned.annotation is not None and isinstance(assigned.annotation.expr, Name | Attribute):
            held = inside.lookup(assigned.annotation.expr)
            return held.path if held is not None and held.kind is SymbolKind.CLASS else None
        return self._class_of(assigned.value, inside) if isinstance(assigned.value, Call) else None


_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
_POSITIONAL = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)


def _partial(function: Function, given: Sequence[Argument]) -> Function | None:
    """Bind arguments as ``functools.partial`` shows them: keywords become defaults, and all after them keyword-only."""
    if any(one.name in {"*", "**"} for one in given):
        return None
    bound = [one for one in given if one.name is None]
    keywords = {one.name: one.value for one in given if one.name is not None}
    signatures = tuple(_bind(one, len(bound), keywords) for one in function.signatures)
    implementation = _bind(function.implementation, len(bound), keywords) if function.implementation else None
    return msgspec.structs.replace(function, signatures=signatures, implementation=implementation)


def _bind(signature: Signature, count: int, keywords: dict[str, Expr]) -> Signature:
    kept: list[Parameter] = []
    only_keywords = False
    for place, one in enumerate(signature.parameters):
        if place < count and one.kind in _POSITIONAL:
            continue
        if one.name in keywords and one.kind not in _VARIADIC:
            only_keywords = True
            value = keywords[one.name]
            kept.append(
                msgspec.structs.replace(
                    one,
                    kind=ParameterKind.KEYWORD_ONLY,
                    is_required=False,
                    default=text_of(value),
                    default_value=literal(value),
                )
            )
        elif only_keywords and one.kind in _POSITIONAL:
            kept.append(msgspec.structs.replace(one, kind=ParameterKind.KEYWORD_ONLY))
        elif not (only_keywords and one.kind is ParameterKind.VAR_POSITIONAL):
            kept.append(one)
    return msgspec.structs.replace(signature, parameters=tuple(kept))
