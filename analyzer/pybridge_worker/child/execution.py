"""One operation: arguments in, the library's code run, the result written or held."""

import importlib
import time
from collections.abc import Callable, Sequence
from types import CoroutineType
from typing import Any, NamedTuple

from pybridge_worker.bundle import MemberEntry
from pybridge_worker.child.arguments import Arguments, Scope
from pybridge_worker.child.coroutines import Coroutines
from pybridge_worker.child.installed import Installed, mro_of
from pybridge_worker.child.references import NEVER_HELD, References
from pybridge_worker.errors import InvalidArgument, LimitReached, ResultNotEncodable, ToolNotFound
from pybridge_worker.frames import Answer, Buffer, Reference, Start, Step, Wish
from pybridge_worker.tools import (
    CallFunction,
    Create,
    ImportModules,
    ReadVariable,
    ReleaseHeld,
    SetNamed,
    UseMember,
    UseNamed,
)
from pybridge_worker.validation.signatures import Signatures
from pybridge_worker.values.trees import NoForm
from pybridge_worker.values.whole import PLAIN_WRITERS, WRITERS

_BY_VALUE = frozenset(("auto", "value"))
"""Modes of a result in which a value that has a form is written as that."""
_CALLED = frozenset({"method", "classmethod", "staticmethod"})


class Written(NamedTuple):
    """A value as it is sent."""

    data: bytes
    reference: Reference | None
    """Set when it is held as a whole."""
    buffers: Sequence[Buffer]
    """Raw data beside it: memory of the value itself, to be sent before any more code of the library runs."""

    @property
    def size(self) -> int:
        """Bytes of all of it."""
        return len(self.data) + sum(map(len, self.buffers))


class _Awaited(NamedTuple):
    """What a call returned is to be awaited."""

    awaitable: Any


class Executor:
    """Runs operations. Everything here may run code of the library, and may raise whatever that raises."""

    def __init__(self, start: Start) -> None:
        self.installed = Installed(start.surface)
        self._signatures = Signatures(start.surface.signatures, start.validation)
        self.references = References(self.installed, epoch=start.epoch, max_objects=start.max_objects)
        self.coroutines = Coroutines()
        self._max_result_bytes = start.max_result_bytes

    def answer(
        self, session: str, step: Step, buffers: Sequence[Buffer] = (), results: Sequence[object] = ()
    ) -> tuple[Answer, Sequence[Buffer], object]:
        """Run an operation and write its result; also gives the result itself, for a later operation of the batch."""
        self.check(session, step.wish)
        started = time.perf_counter()
        value = self.perform(session, step, buffers, results)
        return self._answer(session, step, value, started)

    async def answer_async(
        self, session: str, step: Step, buffers: Sequence[Buffer]
    ) -> tuple[Answer, Sequence[Buffer]]:
        """As `answer`, for a coroutine that runs beside others."""
        self.check(session, step.wish)
        started = time.perf_counter()
        value = await self.perform_async(session, step, buffers)
        answer, written, _ = self._answer(session, step, value, started)
        return answer, written

    def _answer(
        self, session: str, step: Step, value: object, started: float
    ) -> tuple[Answer, Sequence[Buffer], object]:
        ran = time.perf_counter()
        written = self.write(session, value, step.wish)
        answer = Answer(
            data=written.data,
            format=step.wish.format,
            reference=written.reference,
            run_seconds=ran - started,
            encode_seconds=time.perf_counter() - ran,
            object_count=self.references.count(session),
            buffers=len(written.buffers),
            is_stored=step.wish.stores and written.size > self._limit(step.wish),
        )
        return answer, written.buffers, value

    def check(self, session: str, wish: Wish) -> None:
        """Refuse before anything has run what cannot be answered.

        Raises:
            InvalidArgument: a result by reference, and no session to hold it.
        """
        if wish.mode == "reference" and not session:
            raise InvalidArgument("session_id", "a result by reference needs a session", reason="NO_SESSION")

    def perform(
        self, session: str, step: Step, buffers: Sequence[Buffer] = (), results: Sequence[object] = ()
    ) -> object:
        """Run an operation; a coroutine that it returns is run to its end."""
        value = self._begin(session, step, buffers, results)
        return self.coroutines.run(value.awaitable) if type(value) is _Awaited else value

    async def perform_async(self, session: str, step: Step, buffers: Sequence[Buffer]) -> object:
        """As `perform`, for a coroutine that runs beside others."""
        value = self._begin(session, step, buffers, ())
        return await value.awaitable if type(value) is _Awaited else value

    def _begin(self, session: str, step: Step, buffers: Sequence[Buffer], results: Sequence[object]) -> object:
        """Run an operation as far as it gets without waiting."""
        arguments = Arguments(step, self.installed, Scope(self.references, session, results), buffers)
        match step.operation:
            case Create(symbol=symbol):
                made = self.installed.class_at(symbol)
                if not self.installed.may_make_others(made):
                    self._check(symbol, arguments)
                return made(*arguments.positional, **arguments.keywords)
            case CallFunction(symbol=symbol, entry=entry):
                function = self.installed.resolve(symbol)
                self._check(symbol, arguments)
                return self._call(function, arguments, is_async=entry.is_async)
            case ReadVariable(symbol=symbol):
                arguments.refuse_any(symbol)
                return self.installed.resolve(symbol)
            case UseMember() as operation:
                return self._use_member(operation, arguments)
            case UseNamed(name=name):
                return self._use(arguments.target, name, self._entry(arguments, name), arguments)
            case SetNamed(name=name):
                self._set(arguments, name)
                return None
            case ReleaseHeld(held=held):
                return self.references.release_held(session, held)
            case ImportModules(modules=modules):
                for module in modules:
                    importlib.import_module(module)
                return None

    def write(self, session: str, value: object, wish: Wish) -> Written:
        """Write a result in the format asked for.

        Raises:
            ResultNotEncodable: it has no form and may not be held.
            LimitReached: it is too large, or the session too full.
        """
        if wish.mode in _BY_VALUE and wish.format in PLAIN_WRITERS:
            data = PLAIN_WRITERS[wish.format](value)
            if data is not None and len(data) <= self._limit(wish):
                return Written(data, None, ())
        mark = self.references.last
        try:
            return self._write(session, value, wish)
        except BaseException:
            self.references.release_since(session, mark)
            raise

    def _write(self, session: str, value: object, wish: Wish) -> Written:
        encode = WRITERS[wish.format]
        whole: Reference | None = None
        buffers: list[Buffer] = []

        def hold(one: object) -> Reference | None:
            nonlocal whole
            if not session or wish.mode == "value" or isinstance(one, NEVER_HELD):
                return None
            reference = self.references.keep(session, one)
            if one is value:
                whole = reference
            return reference

        try:
            shown = _shown(value, wish, hold)
            data = encode(shown, self.installed, hold, buffers if wish.takes_buffers else None)
        except NoForm as error:
            reference = hold(value) if wish.mode == "auto" else None
            if reference is None:
                raise ResultNotEncodable(_advice(session, wish, value, str(error))) from error
            buffers = []
            data = encode(reference, self.installed, hold)
        written = Written(data, whole, buffers)
        limit = self._limit(wish)
        if written.size > limit and not wish.stores:
            how = "ask for it with result_options.store and fetch it with DownloadPayload"
            raise LimitReached(f"the result has {written.size} bytes; {how}", limit)
        return written

    def _limit(self, wish: Wish) -> int:
        return min(wish.max_bytes or self._max_result_bytes, self._max_result_bytes)

    def _use_member(self, operation: UseMember, arguments: Arguments) -> object:
        owner = self.installed.class_at(operation.symbol)
        name, entry = operation.name, operation.entry
        if entry.kind in {"classmethod", "staticmethod"}:
            self._check(self.installed.definer_of(owner, name), arguments)
            return self._call(getattr(owner, name), arguments, is_async=entry.is_async)
        if not arguments.has_target:
            if entry.kind == "field":
                arguments.refuse_any(name)
                return getattr(owner, name)
            raise InvalidArgument("self", f"{name} needs the object it is used on", reason="NO_TARGET")
        if owner not in mro_of(type(arguments.target)):
            raise InvalidArgument("self", f"it is no {operation.symbol.replace(':', '.')}")
        return self._use(arguments.target, name, self._entry(arguments, name), arguments)

    def _use(self, target: object, name: str, entry: MemberEntry, arguments: Arguments) -> object:
        if entry.kind in _CALLED:
            self._check(self.installed.definer_of(type(target), name, target), arguments)
            return self._call(getattr(target, name), arguments, is_async=entry.is_async)
        arguments.refuse_any(name)
        return getattr(target, name)

    def _entry(self, arguments: Arguments, name: str) -> MemberEntry:
        if not arguments.has_target:
            raise InvalidArgument("self", f"{name[:80]} needs the object it is used on", reason="NO_TARGET")
        entry = self.installed.member_of(arguments.target, name)
        if entry is None:
            raise ToolNotFound(name)
        return entry

    def _set(self, arguments: Arguments, name: str) -> None:
        if self._entry(arguments, name).kind in _CALLED:
            raise InvalidArgument("name", f"{name} is called, not assigned")
        if len(arguments.positional) != 1 or arguments.keywords:
            raise InvalidArgument("value", "an assignment takes one value")
        setattr(arguments.target, name, arguments.positional[0])

    def _check(self, symbol: str | None, arguments: Arguments) -> None:
        """Refuse arguments that a callable does not take, where its symbol is known."""
        expected = None if symbol is None else self._signatures.of(symbol)
        if expected is not None:
            expected.check(arguments.positional, arguments.keywords)
            if expected.tables:
                arguments.make_tables(expected.tables, expected.table_positions)

    def _call(self, function: Any, arguments: Arguments, *, is_async: bool) -> object:
        value: Any = function(*arguments.positional, **arguments.keywords)
        if isinstance(value, CoroutineType) or (is_async and hasattr(type(value), "__await__")):
            return _Awaited(value)
        result: object = value
        return result


def _shown(value: object, wish: Wish, hold: Callable[[object], Reference | None]) -> object:
    """What of a result is written: nothing, its reference, or itself."""
    match wish.mode:
        case "discard":
            return None
        case "reference":
            reference = hold(value)
            if reference is None:
                raise ResultNotEncodable(f"a {type(value).__qualname__} is never held for a client")
            return reference
        case _:
            return value


def _advice(session: str, wish: Wish, value: object, why: str) -> str:
    if hasattr(type(value), "__next__") or hasattr(type(value), "__anext__"):
        return f"{why} in {wish.format}; take its items with ExecuteToolStreaming"
    if wish.mode == "value" or session:
        return f"{why} in {wish.format}"
    return f"{why} in {wish.format}; name a session_id to receive a reference to it"
