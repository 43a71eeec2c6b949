"""The event loop of a process: made at first use, run while somebody waits for what it does."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any, Protocol

_END_SECONDS = 0.5


class Readable(Protocol):
    """What becomes readable."""

    @property
    def has_ahead(self) -> bool:
        """Whether some of it was taken from the descriptor already."""

    def fileno(self) -> int:
        """Its descriptor."""


class Coroutines:
    """An event loop made at first use, on the main thread."""

    def __init__(self) -> None:
        self.has_tasks = False
        """Whether there were tasks, of the library's own as well, when the loop last stopped."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waited: asyncio.Task[object] | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop; another one, should the library have closed the last."""
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        return self._loop

    def run(self, awaitable: Awaitable[Any]) -> object:
        """Run an awaitable to its end, and others meanwhile. When interrupted, its cleanup runs first."""
        task: asyncio.Task[object] = self.loop.create_task(_awaited(awaitable))
        self._waited = task
        try:
            return self._finished(task)
        except BaseException:
            if not task.done():
                task.cancel()
                with contextlib.suppress(BaseException):
                    self._finished(task)
            raise
        finally:
            self._waited = None
            self._stopped()

    def interrupt(self) -> bool:
        """Cancel what `run` waits for, from a signal's handler. False: it has the thread itself, or `run` waits for nothing."""
        task, loop = self._waited, self._loop
        if task is None or loop is None or not loop.is_running() or asyncio.current_task(loop) is task:
            return False
        loop.call_soon_threadsafe(task.cancel)
        return True

    def run_until_readable(self, channel: Readable) -> None:
        """Run all there is until there is something to read."""
        loop, is_readable = self.loop, False

        def stop() -> None:
            nonlocal is_readable
            is_readable = True
            loop.stop()

        if channel.has_ahead:
            loop.call_soon(stop)  # after one turn for everyone
        else:
            loop.add_reader(channel, stop)
        try:
            while not is_readable:
                # SystemExit and KeyboardInterrupt in a task of the library's own come out here, and stay with it.
                with contextlib.suppress(SystemExit, KeyboardInterrupt):
                    loop.run_forever()
        finally:
            loop.remove_reader(channel)
            self._stopped()

    def close(self) -> None:
        """Cancel what is left, and let it clean up for a moment."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            with contextlib.suppress(BaseException):
                loop.run_until_complete(asyncio.wait(tasks, timeout=_END_SECONDS))

    def _finished(self, task: "asyncio.Task[object]") -> object:
        """Run the loop until a task has ended. What others end the loop with is their own."""
        loop = self.loop
        while True:
            try:
                return loop.run_until_complete(task)
            except BaseException:
                if task.done() or loop.is_closed():
                    raise

    def _stopped(self) -> None:
        self.has_tasks = self._loop is not None and bool(asyncio.all_tasks(self._loop))


async def _awaited(awaitable: Awaitable[Any]) -> object:
    result: object = await awaitable
    return result
