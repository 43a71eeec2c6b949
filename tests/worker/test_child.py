"""A child process alone, spoken to in frames: how far a stream runs ahead, and what interrupts can hit."""

import socket
import subprocess
import sys

import pytest

from pybridge_worker import frames
from pybridge_worker.bundle import FunctionEntry, Surface
from pybridge_worker.frames import Answer, Call, Cancel, Chunk, Credit, Keywords, Refusal, Release, Released, Step, Wish
from pybridge_worker.tools import CallFunction
from worker_clients import SECONDS

FOREVER, PULSE = "workbench.streams:forever", "workbench.loops:pulse"
ENTRIES = {FOREVER: FunctionEntry(stream="generator"), PULSE: FunctionEntry(stream="async_generator")}


class Child:
    def __init__(self, libraries):
        self.ours, theirs = socket.socketpair()
        self.ours.settimeout(SECONDS)
        code = "import sys; from pybridge_worker.child.main import main; main(int(sys.argv[1]))"
        command = [sys.executable, "-c", code, str(theirs.fileno())]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()
        self.send(
            0,
            frames.Start(
                epoch=1,
                surface=Surface(functions=ENTRIES),
                python_path=(str(libraries),),
                modules=(),
                max_result_bytes=1000,
                max_objects=10,
                show_tracebacks=False,
            ),
        )
        self.receive()

    def send(self, number, message):
        self.ours.sendall(frames.encode(number, message))

    def receive(self):
        size, number = frames.HEAD.unpack(self.ours.recv(frames.HEAD.size, socket.MSG_WAITALL))
        return number, frames.to_front.decode(self.ours.recv(size, socket.MSG_WAITALL))


@pytest.fixture
def child(request):
    child = Child(request.path.parent.parent / "libraries")
    yield child
    child.ours.close()
    assert child.process.wait(SECONDS) == 0


def stream(window, symbol=FOREVER):
    operation = CallFunction(symbol, ENTRIES[symbol])
    step = Step(operation=operation, arguments=Keywords("json", {}), wish=Wish())
    return Call(session="", step=step, stream=frames.StreamWish(1, 0.0, window))


@pytest.mark.parametrize("symbol", [FOREVER, PULSE], ids=["generator", "asynchronous generator"])
def test_a_stream_runs_ahead_by_its_window_and_by_credit_only(child, symbol):
    def items(count):
        """The next chunks, and the proof that there is no further one: the child answers something else."""
        got = [child.receive()[1].items[0] for _ in range(count)]
        child.send(99, Release("s", ()))
        assert child.receive() == (99, Released(0, 0))
        return got

    child.send(1, stream(4, symbol))
    first = items(4)
    child.send(1, Credit(2))
    second = items(2)
    child.send(1, Cancel())
    number, end = child.receive()

    assert (first, second) == ([b"0", b"1", b"2", b"3"], [b"4", b"5"])
    assert (number, cancelled(end)) == (1, True)


def cancelled(end):
    """A call says how it was cancelled, a coroutine what it raised; the front answers both alike."""
    return end.code == "CANCELLED" if isinstance(end, Refusal) else end.raised.type.endswith("CancelledError")


def test_credit_and_cancel_for_a_call_that_has_ended_do_nothing(child):
    child.send(1, stream(1))
    assert isinstance(child.receive()[1], Chunk)
    child.send(1, Cancel())
    assert isinstance(child.receive()[1], Refusal)
    child.send(1, Cancel())
    child.send(1, Credit(5))
    child.send(2, Release("s", ()))

    assert child.receive() == (2, Released(0, 0))


def test_a_generator_that_is_not_streamed_is_held_by_reference(child):
    step = Step(operation=CallFunction(FOREVER, FunctionEntry()), arguments=Keywords("json", {}), wish=Wish())
    child.send(1, Call(session="s", step=step))
    number, answer = child.receive()

    assert number == 1
    assert isinstance(answer, Answer)
    assert answer.reference is not None
    assert answer.reference.type_path == "builtins.generator"
