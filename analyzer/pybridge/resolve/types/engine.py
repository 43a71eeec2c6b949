"""The parent's side of the type engine: start the child, watch it, and turn whatever happens into answers.

The child runs isolated (``-I``) in an empty folder with a bare environment, so that no configuration, no start-up hook
and no search path of the target or of the user reaches it. Bad input never raises: it costs modules and diagnostics.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from pybridge.model.names import ModuleName
from pybridge.protocols import ChildProcess, Progress, Silent
from pybridge.resolve.types.answers import TypeAnswers
from pybridge.resolve.types.diagnostics import dropped_dependency, dropped_module, engine_failed
from pybridge.resolve.types.request import (
    ANSWERS,
    EMPTY,
    PAPERS,
    PROGRESS,
    TASK,
    ChildFault,
    ChildReply,
    ChildTask,
    TypeRequest,
    encode_task,
)

MAX_DROPPED = 10
"""Modules given up one by one because the engine named them when it broke down."""
MAX_SEARCHES = 3
"""Times that a module which kills the engine without a word is searched for by halving."""

_POLL_SECONDS = 0.05
_START_CHILD = (
    "import sys; sys.path[:] = sys.argv[2:]; from pybridge.resolve.types.child import go_on; go_on(sys.argv[1])"
)
_REPLY = msgspec.msgpack.Decoder(ChildReply)


Start = Callable[[Path], ChildProcess | None]
"""Has a child process do as `pybridge.resolve.types.child.go_on` with a folder; None when there is no such child."""


def ask_engine(request: TypeRequest, *, progress: Progress | None = None, go_on: Start | None = None) -> TypeAnswers:
    """Let the type engine read the library and answer.

    ``go_on`` may have a child at hand, which saves starting one; only the first attempt asks for it.

    A module the engine cannot read is left out, with a `Diagnostic` ``engine-dropped-module``. When nothing can be
    answered the answers are empty, with one ``engine-failed``; bad input never raises.
    """
    if request.cache_dir is not None:
        request = msgspec.structs.replace(request, cache_dir=request.cache_dir.absolute())
    watcher = progress or Silent()
    watcher.stage("Resolving types", total=len(request.modules))
    return _Question(request, watcher, go_on).answer()


class _Question:
    """One request with its retries."""

    def __init__(self, request: TypeRequest, progress: Progress, go_on: Start | None) -> None:
        self._request = request
        self._go_on = go_on
        self._progress = progress
        self._advanced = 0
        self._deadline = time.monotonic() + request.time_limit_seconds
        self._dropped: dict[ModuleName, str] = {}
        self._searches = 0

    def answer(self) -> TypeAnswers:
        """Run the child until it answers or nothing is left to try."""
        uses_cache = self._request.cache_dir is not None
        while True:
            # Half of the time that is left: the other half finds the module that took it.
            reply = self._run(uses_cache=uses_cache, seconds=self._seconds_left() / 2)
            match reply:
                case TypeAnswers():
                    return self._complete(reply)
                case ChildFault() if self._seconds_left() <= 0:
                    return self._fail(f"no answer within {self._request.time_limit_seconds:.0f} s")
                case ChildFault() if uses_cache:
                    # What a former run left behind is the first suspect, and the cheapest to clear.
                    uses_cache = False
                case ChildFault() if not self._drop_culprit(reply):
                    return self._fail(reply.reason)
                case ChildFault():
                    pass

    def _drop_culprit(self, fault: ChildFault) -> bool:
        """Give up the module at fault, searching for it when the child could not name it; False when there is none."""
        culprit = fault.module
        if culprit is None or culprit in self._dropped or len(self._dropped) >= MAX_DROPPED:
            if self._searches >= MAX_SEARCHES:
                return False
            self._searches += 1
            culprit = self._search(self._remaining())
        if culprit is None:
            return False
        self._dropped[culprit] = fault.reason
        return True

    def _search(self, suspects: tuple[ModuleName, ...]) -> ModuleName | None:
        """Find one module that breaks the engine when read without the other half; None when no half does."""
        rounds = len(suspects).bit_length()
        seconds = self._seconds_left() / (2 * rounds + 2)
        while len(suspects) > 1:
            middle = len(suspects) // 2
            halves = (suspects[:middle], suspects[middle:])
            guilty = (half for half in halves if self._breaks(half, seconds))
            suspects = next(guilty, ())
        return suspects[0] if suspects else None

    def _breaks(self, modules: tuple[ModuleName, ...], seconds: float) -> bool:
        return isinstance(self._run(uses_cache=False, seconds=seconds, only=modules), ChildFault)

    def _seconds_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def _remaining(self) -> tuple[ModuleName, ...]:
        return tuple(module.name for module in self._request.modules if module.name not in self._dropped)

    def _run(
        self, *, uses_cache: bool, seconds: float, only: tuple[ModuleName, ...] | None = None
    ) -> TypeAnswers | ChildFault:
        """Run the child once, on all modules that are not dropped or on some of them."""
        dropped = set(self._dropped)
        if only is not None:
            dropped.update(module.name for module in self._request.modules if module.name not in set(only))
        task = ChildTask(request=self._request, dropped=tuple(sorted(dropped)), uses_cache=uses_cache)
        go_on, self._go_on = self._go_on, None
        return run_child(task, seconds=seconds, on_progress=self._advance, go_on=go_on)

    def _advance(self, done: int) -> None:
        """Tell the watcher, who is never told more steps than there are, nor any of them twice."""
        done = min(done, len(self._request.modules))
        if done > self._advanced:
            self._progress.advance(done - self._advanced)
            self._advanced = done

    def _complete(self, answers: TypeAnswers) -> TypeAnswers:
        self._advance(len(self._request.modules))
        own = {module.name: module for module in self._request.modules}
        lost = tuple(
            dropped_module(own[name], reason) if name in own else dropped_dependency(name, reason)
            for name, reason in sorted(self._dropped.items())
        )
        return msgspec.structs.replace(answers, diagnostics=(*lost, *answers.diagnostics))

    def _fail(self, reason: str) -> TypeAnswers:
        return TypeAnswers(engine="mypy", modules={}, externals={}, diagnostics=(engine_failed(reason),))


def run_child(
    task: ChildTask, *, seconds: float, on_progress: Callable[[int], None], go_on: Start | None = None
) -> TypeAnswers | ChildFault:
    """Run one child to its end, or kill it when the time is over."""
    if seconds <= 0:
        return ChildFault(module=None, reason="no time")
    with tempfile.TemporaryDirectory(prefix="pybridge-types-") as name:
        folder = Path(name)
        for one in PAPERS:
            (folder / one).touch()
        (folder / EMPTY).mkdir()
        (folder / TASK).write_bytes(encode_task(task))
        child = (go_on(folder) if go_on is not None else None) or _start(folder)
        status = _wait(child, seconds, folder / PROGRESS, on_progress)
        if status is None:
            return ChildFault(module=None, reason=f"no answer within {seconds:.0f} s")
        return _read_reply(folder / ANSWERS, status)


def _start(folder: Path) -> ChildProcess:
    """Start a child that needs neither `site` nor ``.pth`` files: it finds code where this process does."""
    paths = [path for path in sys.path if path and Path(path).is_absolute()]
    return subprocess.Popen(  # noqa: S603  the command is ours; names of the target travel in a file
        [sys.executable, "-I", "-S", "-X", "utf8", "-W", "ignore", "-c", _START_CHILD, str(folder), *paths],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder / EMPTY,
        env=_environment(),
        close_fds=True,
    )


def _wait(child: ChildProcess, seconds: float, progress_file: Path, on_progress: Callable[[int], None]) -> int | None:
    """Return the child's exit status; None when it had to be killed."""
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                return child.wait(timeout=_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                on_progress(progress_file.stat().st_size)
                if time.monotonic() >= deadline:
                    return None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _read_reply(path: Path, status: int) -> TypeAnswers | ChildFault:
    """Read what the child wrote; half an answer is none."""
    if status < 0:
        return ChildFault(module=None, reason=f"killed by signal {-status}")
    if status > 0:
        return ChildFault(module=None, reason=f"ended with status {status}")
    try:
        reply = _REPLY.decode(path.read_bytes())
    except (msgspec.DecodeError, RecursionError) as error:
        return ChildFault(module=None, reason=f"unreadable answer ({error})")
    return reply.answers or reply.fault or ChildFault(module=None, reason="empty answer")


def _environment() -> dict[str, str]:
    """Nothing of the caller's environment but what the operating system itself needs."""
    needed = ("SYSTEMROOT", "WINDIR")
    return {name: os.environ[name] for name in needed if name in os.environ}
