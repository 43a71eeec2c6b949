"""Kills processes at random while clients call, stream, cancel and leave: nobody may wait for ever or get a wrong answer.

    python benchmarks/worker/torture.py [--seconds 20] [--clients 8] [-- OPTIONS OF serve]

Prints how calls ended. Exit code 1 for a wrong answer, an INTERNAL, a call that nobody answered, or a process left over.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import grpc  # noqa: E402 - the tests' own modules come from the path above

from pybridge_worker.v1 import pybridge_pb2 as pb  # noqa: E402
from pybridge_worker.v1 import pybridge_pb2_grpc  # noqa: E402
from worker_bundles import workbench  # noqa: E402
from worker_clients import SECONDS, Server, Session, refusal  # noqa: E402
from worker_processes import WORKER, ZYGOTE, children  # noqa: E402

EXPECTED = {"CANCELLED", "DEADLINE_EXCEEDED", "SESSION_CLOSING", "WORKER_LOST", "OBJECT_LOST"}


class Torture:
    """One server, its clients, and whoever kills its processes."""

    def __init__(self, server: Server, seconds: float) -> None:
        self.server = server
        self.ended: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._until = time.monotonic() + seconds

    def client(self, seed: int) -> None:
        """Do one thing after another."""
        chance = random.Random(seed)
        with grpc.insecure_channel(self.server.address) as channel:
            stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
            while time.monotonic() < self._until:
                session = Session(stub, f"session-{chance.randrange(6)}" if chance.random() < 0.8 else "")
                work = chance.choices(WORKS, WEIGHTS)[0]
                try:
                    work(session, chance.randrange(1000))
                    self.ended[work.__name__] += 1
                except grpc.RpcError as error:
                    reason = refusal(error)[1] or error.code().name
                    self.ended[f"({reason})"] += 1
                    if reason not in EXPECTED:
                        self.wrong.append(f"{work.__name__}: {reason}: {error.details()}")
                except AssertionError as error:
                    self.wrong.append(f"{work.__name__}: {error}")

    def killer(self) -> None:
        """Kill a worker, or now and then the zygote, a few times a second."""
        chance = random.Random(0)
        while time.monotonic() < self._until - 1:
            time.sleep(chance.random() * 0.5)
            kind = ZYGOTE if chance.random() < 0.3 else WORKER
            for pid in children(self.server.process.pid, kind)[:1]:
                try:
                    os.kill(pid, signal.SIGKILL)
                    self.ended[f"killed a {kind.partition(':')[2]}"] += 1
                except ProcessLookupError:
                    continue


def echo(session: Session, number: int) -> None:
    assert session.call("workbench.values.echo", value=number) == number


def coroutine(session: Session, number: int) -> None:
    assert session.call("workbench.values.double", number=number) == number * 2


def stream(session: Session, number: int) -> None:
    items = [chunk.payload for chunk in session.stream("workbench.streams.count", None, SECONDS, n=50)]
    assert items[:50] == [b"%d" % one for one in range(50)], number


def leave(session: Session, number: int) -> None:
    tool = "workbench.streams.forever" if number % 2 else "workbench.loops.pulse"
    running = session.stream(tool)
    for _ in range(5):
        next(running)
    running.cancel()


def run_out_of_time(session: Session, number: int) -> None:
    tool = ("workbench.faults.spin", "workbench.faults.deaf", "workbench.values.echo")[number % 3]
    session.raw(tool, {"timeout_ms": 30})


def crash(session: Session, number: int) -> None:
    session.raw("workbench.faults.leave", code=number % 100)


def objects(session: Session, number: int) -> None:
    if session.name:
        counter = session.call("workbench.Counter", start=number)
        assert session.call("workbench.Counter.increment", self=counter) == number + 1


def close(session: Session, number: int) -> None:
    request = pb.CloseSessionRequest(session_id=session.name, cancel_running=number % 2 == 0)
    session.stub.CloseSession(request, timeout=SECONDS)


WORKS = (echo, coroutine, stream, leave, run_out_of_time, crash, objects, close)
WEIGHTS = (40, 15, 10, 10, 6, 2, 12, 5)
EXPECTED |= {"OBJECT_NOT_FOUND"}  # another client closed the session between the two calls of `objects`


def main() -> int:
    """Torture a server; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("options", nargs="*", help="of `pybridge-worker serve`, after --")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = folder / "bundle.json"
        bundle.write_text(json.dumps({"schema": "pybridge.bundle/1", "libraries": [workbench()]}))
        given = ("--bundle", bundle, "--python-path", ROOT / "tests" / "libraries", "--listen", f"unix:{folder}/s")
        limits = ("--workers", 2, "--crash-limit", 1_000_000, "--cancel-grace", 0.2, "--recycle-calls", 50)
        torture = Torture(Server((*given, *limits, *chosen.options), folder), chosen.seconds)
        works = [
            threading.Thread(target=torture.client, args=(number,), daemon=True) for number in range(chosen.clients)
        ]
        works.append(threading.Thread(target=torture.killer, daemon=True))
        for work in works:
            work.start()
        for work in works:
            work.join(chosen.seconds + 3 * SECONDS)
        hung = sum(work.is_alive() for work in works)
        pids = children(torture.server.process.pid)
        code, _ = torture.server.stop()
        left = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    for what, count in sorted(torture.ended.items()):
        print(f"{count:7} {what}")
    print("\n".join(torture.wrong[:20]))
    print(f"{len(torture.wrong)} wrong, {hung} hung, {len(left)} processes left over, exit code {code}")
    return 1 if torture.wrong or hung or left or code else 0


if __name__ == "__main__":
    raise SystemExit(main())
