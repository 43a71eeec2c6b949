"""One stream: items pulled from the called code, sent in chunks, never further ahead than the client's credit."""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, cast

from pybridge_worker.child.execution import Executor, Written
from pybridge_worker.frames import Answer, Buffer, Call, StreamWish
from pybridge_worker.tools import CallFunction, UseMember

_END = object()
_MAX_CHUNK_BYTES = 1024 * 1024
"""A chunk that has so much is sent, however many items it may have."""


class Stream:
    """The items of one streaming call. Every method runs code of the library and may raise whatever that raises."""

    def __init__(self, executor: Executor, call: Call, wish: StreamWish, buffers: Sequence[Buffer] = ()) -> None:
        self.end: Answer | None = None
        """How the stream ended; None while it may go on."""
        self.end_buffers: Sequence[Buffer] = ()
        """What belongs to the value that the generator returned."""
        self._executor = executor
        self._call = call
        self._wish = wish
        self._buffers = buffers
        self._next: Callable[[], object] | None = None
        self._close: Callable[[], object] | None = None
        self._return_value: object = None
        self._run_seconds = 0.0
        self._encode_seconds = 0.0

    def fill(self, items: list[Written]) -> None:
        """Pull and write the items of the next chunk onto a list; sets `end` when there are no more."""
        if self._next is None:
            self._executor.check(self._call.session, self._call.step.wish)
            self._start()
        pull = self._next
        if pull is None:
            raise RuntimeError("the stream has not started")
        written = time.perf_counter()
        latest, size = written + self._wish.max_delay_seconds, 0
        while True:
            item = pull()
            pulled = time.perf_counter()
            self._run_seconds += pulled - written
            if item is _END:
                self.end = self._ended()
                return
            one = self._write(item)
            items.append(one)
            size += one.size if one.buffers else len(one.data)
            written = time.perf_counter()
            self._encode_seconds += written - pulled
            if len(items) >= self._wish.items_per_chunk or size >= _MAX_CHUNK_BYTES or written >= latest:
                return

    def close(self) -> None:
        """Run the generator's cleanup now."""
        if self._close is not None:
            close, self._close = self._close, None
            close()

    def _start(self) -> None:
        started = time.perf_counter()
        value = self._executor.perform(self._call.session, self._call.step, self._buffers)
        self._run_seconds += time.perf_counter() - started
        iterator = self._iterator(value)
        if hasattr(type(iterator), "__anext__"):
            self._follow_async(cast("AsyncIterator[object]", iterator))
        else:
            self._follow(cast("Iterator[object]", iterator))

    def _iterator(self, value: object) -> object:
        """What gives the items of a result: its iterator, asynchronous or not, or one that gives the result itself."""
        cls = type(value)
        if self._is_declared_stream():
            if hasattr(cls, "__aiter__"):
                value = cls.__aiter__(value)
            elif hasattr(cls, "__iter__"):
                value = iter(cast("Iterator[object]", value))
            cls = type(value)
        return value if hasattr(cls, "__anext__") or hasattr(cls, "__next__") else iter((value,))

    def _follow(self, iterator: Iterator[object]) -> None:
        def pull() -> object:
            try:
                return next(iterator)
            except StopIteration as stop:
                self._return_value = stop.value
                return _END

        self._next, self._close = pull, getattr(iterator, "close", None)

    def _follow_async(self, iterator: AsyncIterator[object]) -> None:
        run = self._executor.coroutines.run

        def pull() -> object:
            try:
                return run(iterator.__anext__())
            except StopAsyncIteration:
                return _END

        close = getattr(iterator, "aclose", None)
        self._next, self._close = pull, (lambda: run(close())) if close else None

    def _write(self, item: object) -> Written:
        written = self._executor.write(self._call.session, item, self._call.step.wish)
        return _settled(written) if written.buffers and self._wish.items_per_chunk > 1 else written

    def _ended(self) -> Answer:
        wish = self._call.step.wish
        returned = self._return_value
        written = Written(b"", None, ())
        if returned is not None:
            written = _settled(self._executor.write(self._call.session, returned, wish))
        self.end_buffers = written.buffers
        return Answer(
            data=written.data,
            format=wish.format,
            reference=written.reference,
            buffers=len(written.buffers),
            run_seconds=self._run_seconds,
            encode_seconds=self._encode_seconds,
            object_count=self._executor.references.count(self._call.session),
        )

    def _is_declared_stream(self) -> bool:
        match self._call.step.operation:
            case UseMember(entry=entry) | CallFunction(entry=entry):
                return entry.stream != "none"
            case _:
                return False


class AsyncStream(Stream):
    """The items of a streaming call that runs beside others."""

    def __init__(self, executor: Executor, call: Call, wish: StreamWish, buffers: Sequence[Buffer]) -> None:
        super().__init__(executor, call, wish, buffers)
        self._source: Any = None

    async def pull(self, items: list[Written]) -> None:
        """As `fill`."""
        if self._source is None:
            self._executor.check(self._call.session, self._call.step.wish)
            value = await self._executor.perform_async(self._call.session, self._call.step, self._buffers)
            self._source = self._iterator(value)
        latest = time.perf_counter() + self._wish.max_delay_seconds
        size = 0
        while True:
            started = time.perf_counter()
            item = await self._next_item()
            pulled = time.perf_counter()
            self._run_seconds += pulled - started
            if item is _END:
                self.end = self._ended()
                return
            items.append(self._write(item))
            size += items[-1].size
            written = time.perf_counter()
            self._encode_seconds += written - pulled
            if len(items) >= self._wish.items_per_chunk or size >= _MAX_CHUNK_BYTES or written >= latest:
                return

    async def aclose(self) -> None:
        """As `close`."""
        source, self._source = self._source, None
        if hasattr(type(source), "aclose"):
            await source.aclose()
        elif hasattr(source, "close"):
            source.close()

    async def _next_item(self) -> object:
        if hasattr(type(self._source), "__anext__"):
            try:
                return await self._source.__anext__()
            except StopAsyncIteration:
                return _END
        try:
            item: object = next(self._source)
        except StopIteration as stop:
            self._return_value = stop.value
            return _END
        return item


def _settled(written: Written) -> Written:
    """A value whose buffers are copies: the library runs on before it is sent, and may change what it gave."""
    return written._replace(buffers=[bytes(one) for one in written.buffers]) if written.buffers else written
