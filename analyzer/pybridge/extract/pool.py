"""Reads many files in child processes: a crash, a hang or a memory blow-up costs one file, the rest goes on."""

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pybridge.codec.frames import read_payload, write_frame
from pybridge.errors import EngineFailed
from pybridge.extract.file import Parser, broken_facts
from pybridge.extract.frames import Job, Ready, SentOn, Settings, Work
from pybridge.extract.process import Boot, Offspring, Process, end, start
from pybridge.extract.spare import FILES_PER_CHILD, MEMORY_BYTES, SPARE_BYTES, Spare
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.facts import PARSER_REPLACED, ModuleFacts
from pybridge.model.source import SourceFile
from pybridge.protocols import ChildProcess, Progress, Silent

TIMEOUT_SECONDS = 20.0

_MAX_WAITING = 16
_MAX_WAITING_BYTES = 1 << 20
_LOOKAHEAD = 256
"""Results held back for an earlier one, at most."""
_MAX_CRASHES = 100
_BOOT = Boot("import sys; sys.path[:] = sys.argv[1:]; from pybridge.extract.child import main; main()")


def extract_all(
    files: Iterable[tuple[SourceFile, bytes]],
    *,
    python_version: tuple[int, int],
    jobs: int = 1,
    progress: Progress | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    spare: Spare | None = None,
) -> Iterator[ModuleFacts]:
    """Read files, in at most ``jobs`` child processes; one result a file, in the order of ``files``.

    A file that kills its parser is read again with ``ast``; one that kills that too, or takes longer than
    ``timeout_seconds``, gives broken facts with a `Diagnostic` ``parser-crashed`` or ``parser-timeout``.
    ``progress`` advances by one a result. Closing the iterator ends the children; of those that read all they were
    given, and little, ``spare`` may keep one.

    Raises:
        EngineFailed: the child process does not even start.
    """
    settings = Settings(python_version, memory_bytes)
    pool = _Pool(files, settings, jobs=max(jobs, 1), timeout_seconds=timeout_seconds, spare=spare)
    watcher = progress or Silent()
    try:
        for facts in pool.results():
            watcher.advance()
            yield facts
    finally:
        pool.close()


class _Task(msgspec.Struct, kw_only=True):
    """A file on its way."""

    number: int
    file: SourceFile
    data: bytes
    parser: Parser = Parser.NATIVE


class _Child:
    """A child process and the files it was given, oldest first: the one it reads now, and a few that wait.

    Threads write and listen, so that nobody here ever waits on a pipe of a child that hangs.
    """

    def __init__(
        self,
        process: Process,
        settings: Settings | None,
        answers: "queue.SimpleQueue[tuple[_Child, bytes | None]]",
        timeout_seconds: float,
    ) -> None:
        """Take a process that knows its settings, or is told them now."""
        self.tasks: deque[_Task] = deque()
        self.given_bytes = 0
        self.deadline = 0.0
        self.is_ready = False
        self._process = process
        self._answers = answers
        self._timeout_seconds = timeout_seconds
        self._outbox: queue.SimpleQueue[Settings | Work | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._write)]
        for thread in self._threads:
            thread.start()
        if settings is not None:
            self._outbox.put(settings)

    def has_room(self) -> bool:
        """Tell whether it should be given one more file, so as not to run dry while its answers are read."""
        return len(self.tasks) < _MAX_WAITING and sum(len(task.data) for task in self.tasks) < _MAX_WAITING_BYTES

    def give(self, task: _Task) -> None:
        """Hand over a file; a child that is gone is noticed when its answers end."""
        self.tasks.append(task)
        self.given_bytes += len(task.data)
        if len(self.tasks) == 1:
            self._start_clock()
        file = task.file
        self._outbox.put(Job(file.module, file.kind, file.is_package, file.path, task.parser, task.data))

    def finish(self) -> _Task:
        """Take the file that an answer has come for; the time of the next begins."""
        finished = self.tasks.popleft()
        self._start_clock()
        return finished

    def introduce(self, ready: Ready) -> None:
        """Take note that it is ready."""
        self.is_ready = True
        if isinstance(self._process, Offspring):
            self._process.introduce(ready.pid)

    def go_on(self, folder: Path) -> ChildProcess:
        """Send it on to what lies in a folder."""
        self._outbox.put(SentOn(str(folder)))
        return self._process

    def _start_clock(self) -> None:
        self.deadline = time.monotonic() + self._timeout_seconds

    def end(self) -> str:
        """Kill it and wait; return the end of what it said on standard error before it was ready."""
        self._outbox.put(None)
        return end(self._process, self._threads)

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            while (value := self._outbox.get()) is not None:
                write_frame(self._process.stdin, value)

    def _listen(self) -> None:
        while (payload := read_payload(self._process.stdout)) is not None:
            self._answers.put((self, payload))
        self._answers.put((self, None))


class _Pool:
    def __init__(
        self,
        files: Iterable[tuple[SourceFile, bytes]],
        settings: Settings,
        *,
        jobs: int,
        timeout_seconds: float,
        spare: Spare | None,
    ) -> None:
        self._tasks = (_Task(number=number, file=file, data=data) for number, (file, data) in enumerate(files))
        self._again: deque[_Task] = deque()
        self._settings = settings
        self._spare = spare
        self._boot = spare.boot if spare is not None else _BOOT
        self._jobs = jobs
        self._timeout_seconds = timeout_seconds
        self._answers: queue.SimpleQueue[tuple[_Child, bytes | None]] = queue.SimpleQueue()
        self._children: list[_Child] = []
        self._done: dict[int, ModuleFacts] = {}
        self._given = self._next = self._crashes = 0
        self._decoder = msgspec.msgpack.Decoder(ModuleFacts)

    def results(self) -> Iterator[ModuleFacts]:
        """Yield the facts of every file in order."""
        while True:
            self._fill()
            while (facts := self._done.pop(self._next, None)) is not None:
                self._next += 1
                yield facts
            if any(child.tasks for child in self._children):
                self._receive()
            elif self._next == self._given and not self._fill():
                return

    def close(self) -> None:
        """End every child that is not kept."""
        while self._children:
            child = self._children.pop()
            is_fresh = child.is_ready and not child.tasks and child.given_bytes <= SPARE_BYTES
            if self._spare is None or not is_fresh or not self._spare.keep(child):
                child.end()

    def _fill(self) -> bool:
        """Give every child enough files, and start another one when there are many; False when all are idle."""
        if not self._given and self._spare is not None:
            self._children += [self._child(process, None) for process in self._spare.take(self._settings)]
        for child in self._children:
            while child.has_room() and (task := self._take()) is not None:
                child.give(task)
        while len(self._children) < self._jobs and self._given >= FILES_PER_CHILD * len(self._children):
            task = self._take()
            if task is None:
                break
            process = start(self._boot)
            child = self._child(process, self._settings)
            self._children.append(child)
            child.give(task)
        return any(child.tasks for child in self._children)

    def _child(self, process: Process, settings: Settings | None) -> _Child:
        return _Child(process, settings, self._answers, self._timeout_seconds)

    def _take(self) -> _Task | None:
        if self._again:
            return self._again.popleft()
        if self._given - self._next >= _LOOKAHEAD:
            return None
        task = next(self._tasks, None)
        if task is not None:
            self._given += 1
        return task

    def _receive(self) -> None:
        """Take one answer, or end the child that let its time pass."""
        first = min((child for child in self._children if child.tasks), key=lambda child: child.deadline)
        try:
            child, payload = self._answers.get(timeout=max(first.deadline - time.monotonic(), 0.05))
        except queue.Empty:
            self._lose(first, is_late=True)
            return
        if child not in self._children:
            return
        if payload is None:
            self._lose(child, is_late=False)
        elif not child.is_ready:
            child.introduce(msgspec.msgpack.decode(payload, type=Ready))
        elif child.tasks:
            finished = child.finish()
            if child.has_room() and (task := self._take()) is not None:
                child.give(task)
            facts = self._decoder.decode(payload)
            self._done[finished.number] = facts if finished.parser is Parser.NATIVE else _read_otherwise(facts)

    def _lose(self, child: _Child, *, is_late: bool) -> None:
        """Bury a child, decide what becomes of the file it was at, and let others have those that waited."""
        self._children.remove(child)
        said = child.end()
        if not child.is_ready:
            self._begin_anew(child, said)
            return
        if not child.tasks:
            return
        self._crashes += 1
        task = child.tasks.popleft()
        self._again.extendleft(reversed(child.tasks))
        if is_late:
            self._give_up(task, "parser-timeout", f"reading took longer than {self._timeout_seconds:g} s")
        elif task.parser is Parser.NATIVE and self._crashes < _MAX_CRASHES:
            task.parser = Parser.AST
            self._again.appendleft(task)
        else:
            self._give_up(task, "parser-crashed", "the parser ended abnormally, or ran out of memory")
        if self._crashes >= _MAX_CRASHES and not self._children:
            self._give_up_rest()

    def _begin_anew(self, child: _Child, said: str) -> None:
        """Read on in an interpreter of its own where a fork never came to be; once."""
        if self._boot.run is None:
            raise EngineFailed("parser", said or "its process ended, or took too long, before it was ready")
        self._boot = msgspec.structs.replace(self._boot, run=None)
        self._again.extendleft(reversed(child.tasks))
        for other in [one for one in self._children if not one.is_ready]:
            self._children.remove(other)
            other.end()
            self._again.extendleft(reversed(other.tasks))
        if self._spare is not None:
            self._spare.close()

    def _give_up_rest(self) -> None:
        for rest in [*self._again, *self._tasks]:
            self._given = max(self._given, rest.number + 1)
            self._give_up(rest, "parser-crashed", f"not read: the parser had ended abnormally {_MAX_CRASHES} times")
        self._again.clear()

    def _give_up(self, task: _Task, code: str, message: str) -> None:
        diagnostic = Diagnostic(code=code, severity=Severity.WARNING, message=message, path=task.file.path)
        self._done[task.number] = broken_facts(task.file, task.data, diagnostic)


def _read_otherwise(facts: ModuleFacts) -> ModuleFacts:
    """Tell that the first parser ended on a file: the type engine, which has the same one, must not meet it."""
    message = "the parser ended abnormally, another one has read it; its types come from its text alone"
    told = Diagnostic(code=PARSER_REPLACED, severity=Severity.WARNING, message=message, path=facts.path)
    return msgspec.structs.replace(facts, diagnostics=(told, *facts.diagnostics))
