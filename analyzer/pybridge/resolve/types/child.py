"""The child process: read a `ChildTask` from a folder, answer into it, leave.

Whatever mypy prints goes nowhere.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from pybridge.model.names import ModuleName
from pybridge.resolve.types.answers import TypeAnswers
from pybridge.resolve.types.contexts import lean_contexts
from pybridge.resolve.types.diagnostics import described
from pybridge.resolve.types.request import (
    ANSWERS,
    EMPTY,
    PROGRESS,
    TASK,
    ChildFault,
    ChildReply,
    ChildTask,
    decode_task,
)

_BUILD_STACK_BYTES = 256 * 1024**2
_POOL_STACK_BYTES = 32 * 1024**2
_LOOK_SECONDS = 0.5
"""How often the child looks whether its parent still lives: one that was killed cannot end its child."""
_RECURSION_LIMIT = 2**14
"""What mypy's own command line sets."""


def go_on(folder: str) -> None:
    """Answer one task and end the process without tidying up, which would cost more than the work for small ones."""
    place = Path(folder)
    os.chdir(place / EMPTY)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    task = decode_task((place / TASK).read_bytes())
    _limit_memory(task.request.memory_limit_bytes)
    # A short life: collecting garbage costs more than it frees, and mypy switches it back on by this name.
    gc.disable()
    gc.enable = lambda: None
    sys.setrecursionlimit(_RECURSION_LIMIT)
    threading.stack_size(_BUILD_STACK_BYTES)
    # Unbuffered, as the parent counts its bytes.
    with (place / ANSWERS).open("wb") as answers, (place / PROGRESS).open("ab", buffering=0) as progress:
        worker = threading.Thread(target=_work, args=(task, answers, progress))
        worker.start()
        parent = os.getppid()
        while worker.is_alive() and os.getppid() == parent:
            worker.join(_LOOK_SECONDS)
    os._exit(0)


def _work(task: ChildTask, answers: BinaryIO, progress: BinaryIO) -> None:
    """Answer on a thread with a stack deep enough for deeply nested sources."""
    threading.stack_size(_POOL_STACK_BYTES)
    try:
        answers.write(encoded_reply(lambda: _reply(task, progress)))
        answers.flush()
    except BaseException:  # noqa: BLE001  the outer edge of the process: nobody is left to tell
        os._exit(3)


def encoded_reply(reply: Callable[[], ChildReply]) -> bytes:
    """Write what ``reply`` returns; whatever it raises, or cannot be written of it, becomes a `ChildFault` that says so."""
    answers: TypeAnswers | None = None
    try:
        made = reply()
        answers = made.answers
        return msgspec.msgpack.encode(made)
    except Exception as error:  # noqa: BLE001  as in `_work`, with somebody to tell
        module = _unwritable_module(answers) if answers is not None else None
        return msgspec.msgpack.encode(ChildReply(fault=ChildFault(module=module, reason=described(error))))


def _unwritable_module(answers: TypeAnswers) -> ModuleName | None:
    """Find the first module whose answers cannot be written; None when it is none alone."""
    for name, answer in answers.modules.items():
        try:
            msgspec.msgpack.encode(answer)
        except Exception:  # noqa: BLE001  which one is told by the caller
            return name
    return None


def _reply(task: ChildTask, progress: BinaryIO) -> ChildReply:
    with lean_contexts():
        from pybridge.resolve.types.build import (  # noqa: PLC0415  mypy is loaded after the limits
            EngineBroke,
            reading,
        )
        from pybridge.resolve.types.dump import dump  # noqa: PLC0415  as above

    try:
        with reading(task, on_module=lambda: progress.write(b".")) as library:
            answers = dump(library, task.request)
        return ChildReply(answers=answers)
    except EngineBroke as fault:
        return ChildReply(fault=ChildFault(module=fault.module, reason=fault.reason))
    except MemoryError:
        return ChildReply(fault=ChildFault(module=None, reason="out of memory"))


def _limit_memory(size_bytes: int) -> None:
    """Bound the address space where the system can."""
    if not size_bytes or sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not everywhere

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = size_bytes if hard == resource.RLIM_INFINITY else min(size_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
