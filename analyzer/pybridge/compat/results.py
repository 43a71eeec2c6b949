"""What a call gives, and how callers use it: as a value, item by item, in a ``with``, after an ``await``."""

from enum import Enum

import msgspec

from pybridge.compat.packing import is_repacked
from pybridge.compat.pairs import CallablePair, Callee
from pybridge.model.callables import Function, StreamKind
from pybridge.model.evidence import TypeClaim
from pybridge.model.types import AnyType, Named, TypeExpr, Unknown

_COROUTINES = frozenset({"typing:Coroutine", "collections.abc:Coroutine"})
_FUTURES = frozenset(f"{module}:{name}" for module in ("asyncio", "_asyncio") for name in ("Future", "Task")) | {
    "asyncio.futures:Future",
    "asyncio.tasks:Task",
}
_AWAITABLES = frozenset({"typing:Awaitable", "collections.abc:Awaitable"})
_CONTEXTS = frozenset(
    {"contextlib:AbstractContextManager", "contextlib:_GeneratorContextManager", "typing:ContextManager"}
)
_ASYNC_CONTEXTS = frozenset(
    {"contextlib:AbstractAsyncContextManager", "contextlib:_AsyncGeneratorContextManager", "typing:AsyncContextManager"}
)
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


def use_of(function: Function) -> Use:
    """Tell how what a function gives is used."""
    path = _path(function)
    if path in _CONTEXTS or path in _ASYNC_CONTEXTS or function.is_context_manager:
        is_async = path in _ASYNC_CONTEXTS or any("asynccontextmanager" in one for one in function.decorators)
        return Use.ASYNC_CONTEXT if is_async else Use.CONTEXT
    return _STREAMS.get(function.stream, Use.VALUE)


def waiting_of(function: Function) -> Waiting:
    """Tell what callers await: ``async def`` and a plain function declared to give a coroutine are alike."""
    path = _path(function)
    if function.is_async or path in _COROUTINES:
        return Waiting.COROUTINE
    if path in _FUTURES:
        return Waiting.FUTURE
    return Waiting.AWAITABLE if path in _AWAITABLES else Waiting.NOTHING


def is_unknown(function: Function) -> bool:
    """Whether nothing tells what it gives, so that it may be an iterator or a coroutine already."""
    is_plain = use_of(function) is Use.VALUE and waiting_of(function) is Waiting.NOTHING
    return is_plain and all(isinstance(one.returns.expr, Unknown | AnyType) for one in function.signatures)


def gives_iterable(function: Function) -> bool:
    """Whether it is declared to give something to iterate over, which an iterator is as well."""
    return _path(function) in _ITERABLES


def returned(pair: CallablePair) -> tuple[TypeClaim, TypeClaim] | None:
    """Return the types of the results to compare.

    None where another rule tells more: PB602 that they are used otherwise, PB607 of overloads, PB214 of what stands for
    parameters. Where only one side has an ``await`` written into its type, both are what awaiting gives.
    """
    if pair.is_constructor or is_overloaded(pair):
        return None
    old, new = pair.old.runtime.returns, pair.new.runtime.returns
    if pair.old.function is not None and pair.new.function is not None:
        if use_of(pair.old.function) is not use_of(pair.new.function):
            return None
        sides = [_is_written(pair.old), _is_written(pair.new)]
        if sides[0] is not sides[1]:
            old, new = (_awaited(one) if is_written else one for one, is_written in zip((old, new), sides, strict=True))
    return None if is_repacked(old.expr, new.expr) else (old, new)


def is_overloaded(pair: CallablePair) -> bool:
    """Whether a side has overloads: callers see them, and not what runs."""
    return len(pair.old.signatures) > 1 or len(pair.new.signatures) > 1


def _is_written(callee: Callee) -> bool:
    """Whether the type that is awaited stands in the type of the result: not for ``async def``."""
    function = callee.function
    return function is not None and not function.is_async and waiting_of(function) is not Waiting.NOTHING


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
