"""The event loop of the front: uvloop where it is installed, asyncio's own elsewhere."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from pybridge_worker.errors import BadOption


def run(main: Coroutine[Any, Any, None], choice: str) -> None:
    """Run the server to its end.

    Raises:
        BadOption: uvloop was asked for and is not installed.
    """
    if choice != "asyncio":
        try:
            import uvloop  # noqa: PLC0415 - an extra; most of what it saves is the way to the worker's process and back
        except ImportError as error:
            if choice == "uvloop":
                main.close()
                raise BadOption("--loop", "uvloop is not installed; pip install 'pybridge-worker[uvloop]'") from error
        else:
            uvloop.run(main)
            return
    asyncio.run(main)
