"""Runs `async def` code of the library to its end, on one event loop that lives as long as the process."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any


class Coroutines:
    """An event loop made at first use. It runs only while a call does."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, awaitable: Awaitable[Any]) -> object:
        """Run an awaitable to its end. When interrupted, its task is cancelled and its cleanup runs first."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        task: asyncio.Task[object] = self._loop.create_task(_awaited(awaitable))
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                task.cancel()
                with contextlib.suppress(BaseException):
                    self._loop.run_until_complete(task)
            raise


async def _awaited(awaitable: Awaitable[Any]) -> object:
    result: object = await awaitable
    return result
