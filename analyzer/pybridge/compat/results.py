"""What a call gives, and how callers use it: as a value, item by item, in a ``with``, after an ``await``."""

from enum import Enum

import msgspec

from pybridge.compat.packing import is_repacked
from pybridge.compat.pairs import CallablePair, Callee, LibraryPair
from pybridge.compat.types.relation import Answer
from pybridge.model.callables import Function, StreamKind
from pybridge.model.evidence import TypeClaim
from pybridge.model.names import SymbolPath
from pybridge.model.types import AnyType, Named, TypeExpr, Unknown

_COROUTINES = frozenset({"typing:Coroutine", "collections.abc:Coroutine"})
_FUTURES = frozenset(
    f"{module}:{name}"
    for module, name in (
        *(("asyncio", "Future"), ("asyncio.futures", "Future"), ("_asyncio", "Future")),
        *(("asyncio", "Task"), ("asyncio.tasks", "Task"), ("_asyncio", "Task")),
    )
)
_AWAITABLES = frozenset({"typing:Awaitable", "collections.abc:Awaitable"})
_ITERABLES = frozenset({"typing:Iterable", "collections.abc:Iterable"})


class Use(Enum):
    """What callers do with what a call gives."""

    VALUE = "a value"
    ITERATOR = "an iterator"
    ASYNC_ITERATOR = "an asynchronous iterator"
    CONTEXT = "a context manager"
    ASYNC_CONTEXT = "an asynchronous context manager"


class Waiting(Enum):
    """What has to be awaited to get it."""

    NOTHING = "nothing"
    COROUTINE = "a coroutine"
    FUTURE = "a future"
    AWAITABLE = "an awaitable"


_STREAMS = {
    StreamKind.GENERATOR: Use.ITERATOR,
    StreamKind.ITERATOR: Use.ITERATOR,
    StreamKind.ASYNC_GENERATOR: Use.ASYNC_ITERATOR,
    StreamKind.ASYNC_ITERATOR: Use.ASYNC_ITERATOR,
}
_NAMED = {
    **dict.fromkeys(
        (f"{module}:{name}" for module in ("typing", "collections.abc") for name in ("Iterator", "Generator")),
        Use.ITERATOR,
    ),
    **dict.fromkeys(
        (f"{module}:Async{name}" for module in ("typing", "collections.abc") for name in ("Iterator", "Generator")),
        Use.ASYNC_ITERATOR,
    ),
    "contextlib:AbstractContextManager": Use.CONTEXT,
    "contextlib:_GeneratorContextManager": Use.CONTEXT,
    "typing:ContextManager": Use.CONTEXT,
    "contextlib:AbstractAsyncContextManager": Use.ASYNC_CONTEXT,
    "contextlib:_AsyncGeneratorContextManager": Use.ASYNC_CONTEXT,
    "typing:AsyncContextManager": Use.ASYNC_CONTEXT,
}


def _protocol(path: str, arguments: int) -> Named:
    return Named(path=SymbolPath(path), arguments=(AnyType(),) * arguments)


_PROTOCOLS = {
    Use.ITERATOR: _protocol("typing:Iterator", 1),
    Use.ASYNC_ITERATOR: _protocol("typing:AsyncIterator", 1),
    Use.CONTEXT: _protocol("contextlib:AbstractContextManager", 2),
    Use.ASYNC_CONTEXT: _protocol("contextlib:AbstractAsyncContextManager", 2),
}
_AWAITABLE = _protocol("typing:Awaitable", 1)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A change of what callers have to do with a result."""

    before: Use | Waiting
    after: Use | Waiting
    is_sure: bool
    """False where what the side gives that callers use as it is may be of the other kind as well."""


def use_turn(pair: CallablePair) -> Turn | None:
    """How the use of the result changed; None where it did not, as from a generator to an object that is an iterator."""
    old, new = pair.old.function, pair.new.function
    if old is None or new is None:
        return None
    before, after = _use(old), _use(new)
    if before is after or _has_overloads(old, new):
        return None
    special = after if before is Use.VALUE else before if after is Use.VALUE else None
    answer = Answer.NO if special is None else _fits(pair, _PROTOCOLS[special], is_old=before is Use.VALUE)
    return None if answer is Answer.YES else Turn(before=before, after=after, is_sure=answer is Answer.NO)


def waiting_turn(pair: CallablePair) -> Turn | None:
    """How waiting for the result changed; None where it did not, or where its use did."""
    old, new = pair.old.function, pair.new.function
    if old is None or new is None or _use(old) is not _use(new):
        return None
    before, after = _waiting(old), _waiting(new)
    if before is after:
        return None
    is_sure = True
    if Waiting.NOTHING in (before, after):
        answer = _fits(pair, _AWAITABLE, is_old=before is Waiting.NOTHING)
        is_sure = answer is Answer.NO
        if answer is Answer.YES:
            before, after = (Waiting.AWAITABLE if one is Waiting.NOTHING else one for one in (before, after))
    if before is after or (before is Waiting.AWAITABLE and after is not Waiting.NOTHING):
        # Coroutines and futures are awaitables.
        return None
    return Turn(before=before, after=after, is_sure=is_sure)


def gives_iterable(function: Function) -> bool:
    """Whether it is declared to give something to iterate over, which an iterator is as well."""
    return _path(function) in _ITERABLES


def returned(pair: CallablePair) -> tuple[TypeClaim, TypeClaim] | None:
    """Return the types of the results to compare.

    None where another rule tells more: PB602 that they are used otherwise, PB607 of overloads, PB214 of what stands for
    parameters. Where only one side has an ``await`` written into its type, both are what awaiting gives.
    """
    if pair.is_constructor or is_overloaded(pair) or use_turn(pair) is not None:
        return None
    old, new = pair.old.runtime.returns, pair.new.runtime.returns
    if pair.old.function is not None and pair.new.function is not None:
        sides = [_is_written(pair.old), _is_written(pair.new)]
        if sides[0] is not sides[1]:
            old, new = (_awaited(one) if is_written else one for one, is_written in zip((old, new), sides, strict=True))
    return None if is_repacked(old.expr, new.expr) else (old, new)


def is_of_kind(libraries: LibraryPair, given: TypeExpr, wanted: TypeExpr, *, is_old: bool) -> Answer:
    """Whether a type of the old or new side is of a kind that Python itself defines, such as an iterator."""
    if isinstance(given, Unknown | AnyType):
        return Answer.MAYBE
    types = libraries.types
    return types.fits(*(types.placed(given, wanted) if is_old else types.placed(wanted, given)[::-1]))


def is_overloaded(pair: CallablePair) -> bool:
    """Whether a side has overloads: callers see them, and not what runs."""
    return len(pair.old.signatures) > 1 or len(pair.new.signatures) > 1


def _has_overloads(old: Function, new: Function) -> bool:
    """Tell that a side got or lost overloads: some of them may give what the other side gives, and PB607 tells it."""
    return (len(old.signatures) > 1) != (len(new.signatures) > 1)


def _use(function: Function) -> Use:
    named = _NAMED.get(_path(function) or "")
    if named is not None:
        return named
    if function.is_context_manager:
        is_async = any("asynccontextmanager" in one for one in function.decorators)
        return Use.ASYNC_CONTEXT if is_async else Use.CONTEXT
    if len(function.signatures) > 1:
        # What the body behind overloads does is not what they say they give.
        return Use.VALUE
    return _STREAMS.get(function.stream, Use.VALUE)


def _waiting(function: Function) -> Waiting:
    """``async def`` and a plain function declared to give a coroutine are alike."""
    path = _path(function)
    if function.is_async or path in _COROUTINES:
        return Waiting.COROUTINE
    if path in _FUTURES:
        return Waiting.FUTURE
    return Waiting.AWAITABLE if path in _AWAITABLES else Waiting.NOTHING


def _fits(pair: CallablePair, wanted: Named, *, is_old: bool) -> Answer:
    """Whether what a side gives is of a kind that is not written into its function."""
    callee = pair.old if is_old else pair.new
    answers = (is_of_kind(pair.libraries, one.returns.expr, wanted, is_old=is_old) for one in callee.signatures)
    return min(answers, default=Answer.MAYBE)


def _is_written(callee: Callee) -> bool:
    """Whether the type that is awaited stands in the type of the result: not for ``async def``."""
    function = callee.function
    return function is not None and not function.is_async and _waiting(function) is not Waiting.NOTHING


def _awaited(claim: TypeClaim) -> TypeClaim:
    expr = claim.expr
    if not isinstance(expr, Named) or not expr.arguments:
        return claim
    return msgspec.structs.replace(claim, expr=expr.arguments[-1])


def _path(function: Function) -> str | None:
    paths = {_named(one.returns.expr) for one in function.signatures}
    return paths.pop() if len(paths) == 1 else None


def _named(expr: TypeExpr) -> str | None:
    return expr.path if isinstance(expr, Named) else None
