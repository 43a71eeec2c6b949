"""Functions and methods: which statements make one, how it is bound, and what its decorators mean."""

from collections.abc import Sequence

import msgspec

from pybridge.model.callables import Binding, Function, Signature, StreamKind
from pybridge.model.evidence import Confidence, Evidence, TypeClaim
from pybridge.model.expressions import Attribute, Call, Constant, Name
from pybridge.model.facts import FunctionFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import LiteralKind, Named, ParameterKind
from pybridge.resolve.describe.claims import claim, is_silent
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import Sources, answered_signature, read_signature
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import DocFacts, clean_docstring, read_docstring
from pybridge.resolve.symbols import Definition
from pybridge.resolve.types.answers import CallableAnswer, SignatureAnswer

_OVERLOADS = frozenset({"typing:overload", "typing_extensions:overload"})
ABSTRACT = frozenset(
    {"abc:abstractmethod", "abc:abstractclassmethod", "abc:abstractstaticmethod", "abc:abstractproperty"}
)
_FINAL = frozenset({"typing:final", "typing_extensions:final"})
_DEPRECATED = frozenset({"warnings:deprecated", "typing_extensions:deprecated"})
_CLASS_METHODS = frozenset({"builtins:classmethod", "abc:abstractclassmethod"})
_STATIC_METHODS = frozenset({"builtins:staticmethod", "abc:abstractstaticmethod"})
_CONTEXT_MANAGERS = frozenset({"contextlib:contextmanager", "contextlib:asynccontextmanager"})
TRANSPARENT = _OVERLOADS | ABSTRACT | _FINAL | _DEPRECATED | _CLASS_METHODS | _STATIC_METHODS
"""Decorators that leave the signature as written."""
_IMPLICIT_CLASS_METHODS = frozenset({"__init_subclass__", "__class_getitem__"})
_ITERATORS = frozenset({"typing:Iterator", "typing:Generator", "collections.abc:Iterator", "collections.abc:Generator"})
_ASYNC_ITERATORS = frozenset(
    {"typing:AsyncIterator", "typing:AsyncGenerator", "collections.abc:AsyncIterator", "collections.abc:AsyncGenerator"}
)


def decorator_paths(facts: FunctionFacts, scope: LexicalScope) -> tuple[SymbolPath | None, ...]:
    """Resolve the decorators of a function, outermost first; None for one that cannot be."""
    return tuple(_path_of(one.expr, scope) for one in facts.decorators)


def describe_function(
    definition: Definition, path: SymbolPath, scope: LexicalScope, world: World, *, is_member: bool
) -> Function | None:
    """Describe a function or method; None when its statements hold no ``def``."""
    defs = [one for one in definition.statements if isinstance(one, FunctionFacts)]
    if not defs:
        return None
    overloads = [one for one in defs if _OVERLOADS.intersection(decorator_paths(one, scope))]
    last = defs[-1]
    implementation = None if last in overloads else last
    paths = decorator_paths(last, scope)
    binding = _binding(last, paths) if is_member else Binding.FUNCTION
    raw = next((one.docstring for one in reversed(defs) if one.docstring is not None), None)
    doc = read_docstring(raw) if raw else None
    found = world.answer(path)
    answer = found if isinstance(found, CallableAnswer) else None
    reader = _Reader(scope=scope, world=world, path=path, binding=binding, doc=doc, answer=answer)
    signatures = reader.overloads(overloads) if overloads else reader.single(last, paths)
    stream = _stream(last, paths, signatures)
    return Function(
        path=path,
        name=split_symbol(path)[1].rpartition(".")[2],
        binding=binding,
        signatures=signatures,
        implementation=reader.as_written(last, None) if overloads and implementation else None,
        is_async=last.is_async and not last.is_generator,
        stream=stream,
        is_generator=last.is_generator and stream in {StreamKind.GENERATOR, StreamKind.ASYNC_GENERATOR},
        yields=_yields(signatures) if stream is not StreamKind.NONE else None,
        is_context_manager=bool(_CONTEXT_MANAGERS.intersection(paths)),
        is_abstract=bool(ABSTRACT.intersection(paths)),
        is_final=bool(_FINAL.intersection(paths)),
        deprecated=deprecation(last, scope),
        decorators=tuple(one.text for one in last.decorators),
        docstring=clean_docstring(raw) if raw is not None else None,
        raises=doc.raises if doc else (),
        condition=definition.condition,
    )


def deprecation(facts: FunctionFacts, scope: LexicalScope) -> str | None:
    """Read the notice of a ``@deprecated(...)``; None when there is none."""
    for one in facts.decorators:
        if _path_of(one.expr, scope) in _DEPRECATED:
            call = one.expr
            first = call.arguments[0].value if isinstance(call, Call) and call.arguments else None
            is_text = isinstance(first, Constant) and first.value.kind is LiteralKind.STR
            return first.value.text if is_text and isinstance(first, Constant) else ""
    return None


class _Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Reads the signatures of one function."""

    scope: LexicalScope
    world: World
    path: SymbolPath
    binding: Binding
    doc: DocFacts | None
    answer: CallableAnswer | None

    def overloads(self, defs: Sequence[FunctionFacts]) -> tuple[Signature, ...]:
        """One signature an overload, as written."""
        answers = self.answer.signatures if self.answer else ()
        matched = answers if len(answers) == len(defs) else (None,) * len(defs)
        return tuple(self.as_written(one, answer) for one, answer in zip(defs, matched, strict=True))

    def single(self, facts: FunctionFacts, paths: Sequence[SymbolPath | None]) -> tuple[Signature, ...]:
        """The signature of a plain function, after its decorators."""
        answer, module = self.answer, self.scope.module
        is_plain = all(path in TRANSPARENT for path in paths)
        if is_plain or answer is None or answer.is_opaque or not answer.signatures:
            first = answer.signatures[0] if answer and answer.signatures else None
            written = self.as_written(facts, first)
            hides = not is_plain and (answer is None or answer.is_opaque)
            return (_less_sure(written) if hides else written,)
        if all(_is_erased(one) for one in answer.signatures):
            (first, *_) = answer.signatures
            written = self.as_written(facts, None)
            if is_silent(written.returns.expr) and not is_silent(first.returns):
                return (msgspec.structs.replace(written, returns=claim(first.returns, self.world.tier(module))),)
            return (written,)
        if answer.changes_signature:
            known = {one.name: one for one in facts.parameters}
            tier = self.world.tier(module)
            return tuple(answered_signature(one, tier, known) for one in answer.signatures)
        (first, *_) = answer.signatures
        written = self.as_written(facts, first)
        if written.returns.evidence.annotation is None:
            return (written,)
        returns = claim(first.returns, self.world.tier(module), annotation=written.returns.evidence.annotation)
        is_changed = bool(_CONTEXT_MANAGERS.intersection(paths))
        return (msgspec.structs.replace(written, returns=returns),) if is_changed else (written,)

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
                has_receiver=self.binding in {Binding.INSTANCE, Binding.CLASS} or facts.name == "__new__",
            ),
        )


def _is_erased(answer: SignatureAnswer) -> bool:
    """True for ``(*args, **kwargs)``: a decorator that passes on whatever it gets tells nothing of what that is."""
    kinds = [one.kind for one in answer.parameters]
    return kinds == [ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD]


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


def _binding(facts: FunctionFacts, paths: Sequence[SymbolPath | None]) -> Binding:
    if _CLASS_METHODS.intersection(paths) or facts.name in _IMPLICIT_CLASS_METHODS:
        return Binding.CLASS
    if _STATIC_METHODS.intersection(paths) or facts.name == "__new__":
        return Binding.STATIC
    return Binding.INSTANCE


def _stream(facts: FunctionFacts, paths: Sequence[SymbolPath | None], signatures: Sequence[Signature]) -> StreamKind:
    if facts.is_generator and not _CONTEXT_MANAGERS.intersection(paths):
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
    target = scope.lookup(function)
    return target.path if target is not None and target.kind is not SymbolKind.MODULE else None
