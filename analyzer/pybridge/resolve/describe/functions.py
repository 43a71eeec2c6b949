"""Functions and methods: which statements make one, how it is bound, and what its decorators mean."""

from collections.abc import Mapping, Sequence

import msgspec

from pybridge.model.callables import Binding, Function, Signature, StreamKind
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.expressions import Attribute, Call, Name, Unary
from pybridge.model.facts import FunctionFacts, Guard, ParameterFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import Named, ParameterKind
from pybridge.resolve.describe.claims import claim, is_silent, unknown_parts
from pybridge.resolve.describe.decorators import Effect, Outcome, effect_of
from pybridge.resolve.describe.deprecation import DEPRECATING, function_deprecation
from pybridge.resolve.describe.overlays import apply_rule
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import Sources, answered_signature, read_signature
from pybridge.resolve.describe.told import UNTOLD, as_told, told_by_documentation
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import DocFacts, clean_docstring, read_docstring
from pybridge.resolve.symbols import Definition
from pybridge.resolve.types.answers import CallableAnswer, SignatureAnswer

_OVERLOADS = frozenset({"typing:overload", "typing_extensions:overload"})
ABSTRACT = frozenset(
    {"abc:abstractmethod", "abc:abstractclassmethod", "abc:abstractstaticmethod", "abc:abstractproperty"}
)
_FINAL = frozenset({"typing:final", "typing_extensions:final"})
_CLASS_METHODS = frozenset({"builtins:classmethod", "abc:abstractclassmethod"})
_STATIC_METHODS = frozenset({"builtins:staticmethod", "abc:abstractstaticmethod"})
_CONTEXT_MANAGERS = frozenset({"contextlib:contextmanager", "contextlib:asynccontextmanager"})
TRANSPARENT = _OVERLOADS | ABSTRACT | _FINAL | DEPRECATING | _CLASS_METHODS | _STATIC_METHODS
"""Decorators that leave the signature as written."""
_IMPLICIT_CLASS_METHODS = frozenset({"__init_subclass__", "__class_getitem__"})
_BOUND = (Binding.INSTANCE, Binding.CLASS)
_ITERATORS = frozenset({"typing:Iterator", "typing:Generator", "collections.abc:Iterator", "collections.abc:Generator"})
_ASYNC_ITERATORS = frozenset(
    {"typing:AsyncIterator", "typing:AsyncGenerator", "collections.abc:AsyncIterator", "collections.abc:AsyncGenerator"}
)


def decorator_paths(facts: FunctionFacts, scope: LexicalScope) -> tuple[SymbolPath | None, ...]:
    """Resolve the decorators of a function, outermost first; None for one that cannot be."""
    if not facts.decorators:
        return ()
    return tuple(_path_of(one.expr, scope) for one in facts.decorators)


def describe_function(
    definition: Definition, path: SymbolPath, scope: LexicalScope, world: World, *, is_member: bool
) -> Function | None:
    """Describe a function or method; None when its statements hold no ``def``."""
    defs = [one for one in definition.statements if isinstance(one, FunctionFacts)]
    if not defs:
        return None
    resolved = [decorator_paths(one, scope) for one in defs]
    overloads = [one for one, its in zip(defs, resolved, strict=True) if its and _OVERLOADS.intersection(its)]
    last, paths = defs[-1], resolved[-1]
    binding = _binding(last, paths, world) if is_member else Binding.FUNCTION
    raw = _documentation(defs, world)
    docstring = clean_docstring(raw) if raw is not None else None
    doc = read_docstring(raw) if raw else None
    found = world.answer(path)
    answer = found if isinstance(found, CallableAnswer) else None
    reader = _Reader(scope=scope, world=world, path=path, binding=binding, doc=doc, docstring=docstring, answer=answer)
    if overloads:
        seen = _Seen(
            signatures=reader.overloads(overloads),
            implementation=None if last in overloads else reader.as_written(last, None),
        )
    else:
        seen = reader.single(last, paths)
    signatures, behind = seen.signatures, _behind(definition, last)
    stream = _stream(last, paths, signatures)
    return Function(
        path=path,
        name=split_symbol(path)[1].rpartition(".")[2],
        binding=binding,
        signatures=signatures,
        implementation=reader.as_written(behind, None) if behind is not None else seen.implementation,
        is_signature_hidden=seen.is_hidden,
        is_async=last.is_async and not last.is_generator,
        stream=stream,
        is_generator=last.is_generator and stream in (StreamKind.GENERATOR, StreamKind.ASYNC_GENERATOR),
        yields=_yields(signatures) if stream is not StreamKind.NONE else None,
        is_context_manager=_has_any(paths, _CONTEXT_MANAGERS),
        is_abstract=_has_any(paths, ABSTRACT),
        is_final=_has_any(paths, _FINAL),
        deprecated=function_deprecation(last, docstring, scope),
        decorators=tuple(one.text for one in last.decorators),
        docstring=docstring,
        raises=doc.raises if doc else (),
        condition=definition.condition,
    )


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The signatures that callers see, and what runs where that shows another one."""

    signatures: tuple[Signature, ...]
    implementation: Signature | None = None
    is_hidden: bool = False


class _Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Reads the signatures of one function."""

    scope: LexicalScope
    world: World
    path: SymbolPath
    binding: Binding
    doc: DocFacts | None
    docstring: str | None
    answer: CallableAnswer | None

    def overloads(self, defs: Sequence[FunctionFacts]) -> tuple[Signature, ...]:
        """One signature an overload, as written."""
        answers = self.answer.signatures if self.answer else ()
        matched = answers if len(answers) == len(defs) else (None,) * len(defs)
        return tuple(self.as_written(one, answer) for one, answer in zip(defs, matched, strict=True))

    def single(self, facts: FunctionFacts, paths: Sequence[SymbolPath | None]) -> "_Seen":
        """The signature of a plain function, after its decorators."""
        answer = self.answer
        first = answer.signatures[0] if answer and answer.signatures else None
        if not facts.decorators:
            return _Seen(signatures=self.told(facts) or (self.as_written(facts, first),))
        opaque = [one for one, path in zip(facts.decorators, paths, strict=True) if path not in TRANSPARENT]
        effects = [effect_of(one, self.scope, self.world) for one in opaque]
        outcomes = {one.outcome for one in effects}
        if not effects or outcomes == {Outcome.ITSELF}:
            return _Seen(signatures=self.told(facts) or (self.as_written(facts, None if effects else first),))
        if Outcome.UNKNOWN not in outcomes and (outcomes & {Outcome.WRAPPER, Outcome.RULE}):
            return self._applied(facts, effects)
        if answer is None or answer.is_opaque or first is None:
            written = self.as_written(facts, first)
            is_sure = Outcome.UNKNOWN not in outcomes
            return _Seen(signatures=(written if is_sure else _less_sure(written),), is_hidden=not is_sure)
        if all(_is_erased(one) for one in answer.signatures):
            returning = self._returning(self.as_written(facts, None), first, is_needed=True)
            return _Seen(signatures=(returning,), is_hidden=Outcome.UNKNOWN in outcomes)
        if answer.changes_signature:
            known = _names(facts.parameters, has_receiver=self.has_receiver(facts))
            tier = self.world.tier(self.scope.module)
            seen = tuple(answered_signature(_with_names(one, known), tier, known) for one in answer.signatures)
            shows_own = outcomes <= {Outcome.COPY, Outcome.ITSELF}
            return _Seen(signatures=seen, implementation=self.as_written(facts, None) if shows_own else None)
        return _Seen(signatures=(self._returning(self.as_written(facts, first), first, is_needed=_is_managed(paths)),))

    def _applied(self, facts: FunctionFacts, effects: Sequence[Effect]) -> "_Seen":
        """Apply decorators whose effect is known, the innermost first."""
        signature, shown = self.as_written(facts, None), None
        is_hidden = False
        for effect in reversed(effects):
            if effect.wrapper is not None and effect.home is not None:
                own = self._wrapper(effect.wrapper, self.scope.elsewhere_of(effect.home))
                if _passes_on(own):
                    signature, shown, is_hidden = _less_sure(signature), own, True
                else:
                    signature, shown, is_hidden = own, None, False
            elif effect.rule is not None:
                signature = apply_rule(signature, effect.rule, self.scope.elsewhere_of(effect.rule.path))
        return _Seen(signatures=(signature,), implementation=shown, is_hidden=is_hidden)

    def _wrapper(self, facts: FunctionFacts, scope: LexicalScope) -> Signature:
        tier = self.world.tier(scope.module)
        has_receiver = self.binding in _BOUND
        return read_signature(facts, scope, Sources(tier=tier, engine_tier=tier, has_receiver=has_receiver))

    def _returning(self, written: Signature, answer: SignatureAnswer, *, is_needed: bool) -> Signature:
        """What a typed decorator makes of the result, where the engine knows it whole."""
        is_known = not is_silent(answer.returns) and next(unknown_parts(answer.returns), None) is None
        if not is_known or not (is_needed or is_silent(written.returns.expr)):
            return written
        annotation = written.returns.evidence.annotation
        if annotation is None and not is_silent(written.returns.expr):
            return written
        returns = claim(answer.returns, self.world.tier(self.scope.module), annotation=annotation)
        return msgspec.structs.replace(written, returns=returns)

    def has_receiver(self, facts: FunctionFacts) -> bool:
        """True when the first parameter is ``self`` or ``cls``."""
        return self.binding in _BOUND or facts.name == "__new__"

    def told(self, facts: FunctionFacts) -> tuple[Signature, ...]:
        """The signatures that only the documentation of a compiled function tells; empty where it tells none."""
        if self.world.tier(self.scope.module) is not Tier.STUB:
            return ()
        has_receiver = self.has_receiver(facts)
        found = told_by_documentation(facts, self.docstring, has_receiver=has_receiver)
        sources = Sources(tier=Tier.DOCSTRING, engine_tier=Tier.DOCSTRING, doc=self.doc, has_receiver=has_receiver)
        own = self.as_written(facts, None).returns
        says_more = facts.returns is not None and facts.returns.text.rpartition(".")[2] not in UNTOLD
        told = [(one, as_told(read_signature(one, self.scope, sources))) for one in found]
        return tuple(
            msgspec.structs.replace(one, returns=own) if says_more or header.returns is None else one
            for header, one in told
        )

    def as_written(self, facts: FunctionFacts, answer: SignatureAnswer | None) -> Signature:
        """The signature of a ``def`` as its text says it."""
        module = self.scope.module
        return read_signature(
            facts,
            self.scope,
            Sources(
                tier=self.world.tier(module),
                engine_tier=self.world.engine_tier(module),
                answer=answer,
                doc=self.doc,
                has_receiver=self.has_receiver(facts),
            ),
        )


def _is_erased(answer: SignatureAnswer) -> bool:
    """True for ``(*args, **kwargs)``: a decorator that passes on whatever it gets tells nothing of what that is."""
    kinds = [one.kind for one in answer.parameters]
    return kinds == [ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD]


def _passes_on(signature: Signature) -> bool:
    kinds = [one.kind for one in signature.parameters]
    return kinds == [ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD]


def _names(parameters: Sequence[ParameterFacts], *, has_receiver: bool) -> dict[str, ParameterFacts]:
    return {one.name: one for one in parameters[1 if has_receiver else 0 :]}


def _with_names(answer: SignatureAnswer, known: Mapping[str, ParameterFacts]) -> SignatureAnswer:
    """Name the parameters of ``Callable[[A, B], R]`` as the definition does, where their number is the same."""
    if len(answer.parameters) != len(known) or any(one.name is not None for one in answer.parameters):
        return answer
    named = tuple(
        msgspec.structs.replace(one, name=name, kind=facts.kind, is_required=facts.default_text is None)
        for one, (name, facts) in zip(answer.parameters, known.items(), strict=True)
    )
    return msgspec.structs.replace(answer, parameters=named)


def _is_managed(paths: Sequence[SymbolPath | None]) -> bool:
    return bool(_CONTEXT_MANAGERS.intersection(paths))


def _behind(definition: Definition, chosen: FunctionFacts) -> FunctionFacts | None:
    """The definition that runs where type checkers are shown another one (``if TYPE_CHECKING:``)."""
    if not definition.variants:
        return None
    is_shown_only = any(_is_type_checking(one, is_negated=False) for one in chosen.guards)
    for one in definition.variants:
        is_running = any(_is_type_checking(guard, is_negated=True) for guard in one.guards)
        if isinstance(one, FunctionFacts) and is_running and (is_shown_only or one.span > chosen.span):
            return one
    return None


def _is_type_checking(guard: Guard, *, is_negated: bool) -> bool:
    match guard.test:
        case Name(id="TYPE_CHECKING") | Attribute(name="TYPE_CHECKING"):
            return guard.is_negated is is_negated
        case Unary(operator="not", operand=Name(id="TYPE_CHECKING") | Attribute(name="TYPE_CHECKING")):
            return guard.is_negated is not is_negated
        case _:
            return False


def _less_sure(signature: Signature) -> Signature:
    reason = "a decorator without types stands in between"
    return msgspec.structs.replace(
        signature,
        parameters=tuple(msgspec.structs.replace(one, type=_doubted(one.type, reason)) for one in signature.parameters),
        returns=_doubted(signature.returns, reason),
    )


def _doubted(one: TypeClaim, reason: str) -> TypeClaim:
    evidence = one.evidence
    if evidence.confidence is not Confidence.HIGH:
        return one
    return TypeClaim(
        expr=one.expr,
        evidence=Evidence(
            tier=evidence.tier, confidence=Confidence.MEDIUM, annotation=evidence.annotation, reason=reason
        ),
    )


def _documentation(defs: Sequence[FunctionFacts], world: World) -> str | None:
    for one in reversed(defs):
        text = world.docstring(one)
        if text is not None:
            return text
    return None


def _has_any(paths: Sequence[SymbolPath | None], wanted: frozenset[str]) -> bool:
    return bool(paths) and not wanted.isdisjoint(paths)


def _binding(facts: FunctionFacts, paths: Sequence[SymbolPath | None], world: World) -> Binding:
    if _has_any(paths, _CLASS_METHODS) or facts.name in _IMPLICIT_CLASS_METHODS:
        return Binding.CLASS
    if _has_any(paths, _STATIC_METHODS) or facts.name == "__new__":
        return Binding.STATIC
    if paths and facts.parameters and facts.parameters[0].name == "cls":
        rules = (world.decorator_rule(path) for path in paths if path is not None)
        if any(rule is not None and rule.makes_class_methods for rule in rules):
            return Binding.CLASS
    return Binding.INSTANCE


def _stream(facts: FunctionFacts, paths: Sequence[SymbolPath | None], signatures: Sequence[Signature]) -> StreamKind:
    if facts.is_generator and not _has_any(paths, _CONTEXT_MANAGERS):
        return StreamKind.ASYNC_GENERATOR if facts.is_async else StreamKind.GENERATOR
    returned = [one.returns.expr.path for one in signatures if isinstance(one.returns.expr, Named)]
    if returned and len(returned) == len(signatures) and facts.name not in {"__iter__", "__aiter__"}:
        if all(path in _ITERATORS for path in returned):
            return StreamKind.ITERATOR
        if all(path in _ASYNC_ITERATORS for path in returned):
            return StreamKind.ASYNC_ITERATOR
    return StreamKind.NONE


def _yields(signatures: Sequence[Signature]) -> TypeClaim | None:
    returns = signatures[0].returns
    if isinstance(returns.expr, Named) and returns.expr.arguments:
        return TypeClaim(expr=returns.expr.arguments[0], evidence=returns.evidence)
    return None


def _path_of(expr: object, scope: LexicalScope) -> SymbolPath | None:
    function = expr.function if isinstance(expr, Call) else expr
    if not isinstance(function, Name | Attribute):
        return None
    target = scope.lookup_value(function)
    return target.path if target is not None and target.kind is not SymbolKind.MODULE else None
