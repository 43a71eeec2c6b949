"""The client's side of one contender: told a case on stdin, does it over and over, and tells what each time took.

    python drive.py CLIENT ADDRESS

Imports nothing of the others' clients, so each runs where its peer is installed.
"""

import importlib
import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

CLASSES = {"bare": "Bare", "worker": "Worker", "netref": "Netref", "web": "Http", "rayserve": "RayServe"}
CLIENTS = 8


def main(name: str, address: str) -> None:
    module = importlib.import_module(f"clients.{name}")
    make = partial(getattr(module, CLASSES[name]), address)
    client = _called(make)
    print("READY", flush=True)
    for line in sys.stdin:
        wish = json.loads(line)
        if wish["seconds"] is None:
            told = prepare(client, wish["case"])
        elif wish["case"] == "eight":
            told = eight(make, wish["seconds"])
        else:
            told = alone(getattr(client, wish["case"]), wish["seconds"])
        print(json.dumps(told), flush=True)
    client.close()


def prepare(client: Any, case: str) -> dict[str, float]:
    """Do what a case needs beforehand, if anything; it is not timed."""
    work = getattr(client, f"prepare_{case}", None)
    if work is not None:
        work()
    return {}


def alone(work: Callable[[], int], seconds: float) -> dict[str, float]:
    """Do the work for some time, at least once."""
    times, operations = [], 0
    cpu, began = time.process_time(), time.perf_counter()
    while True:
        start = time.perf_counter()
        operations += work()
        end = time.perf_counter()
        times.append(end - start)
        if end - began >= seconds:
            break
    return _told(times, operations, end - began, time.process_time() - cpu)


def eight(make: Callable[[], Any], seconds: float) -> dict[str, float]:
    """Do the echo from eight clients at once, a thread and a connection each."""
    clients = [_called(make) for _ in range(CLIENTS)]
    times: list[list[float]] = [[] for _ in clients]
    gate = threading.Barrier(CLIENTS + 1)

    def loop(client: Any, mine: list[float]) -> None:
        gate.wait()
        stop = time.perf_counter() + seconds
        while (start := time.perf_counter()) < stop:
            client.echo()
            mine.append(time.perf_counter() - start)

    threads = [threading.Thread(target=loop, args=pair) for pair in zip(clients, times, strict=True)]
    for thread in threads:
        thread.start()
    gate.wait()
    cpu, began = time.process_time(), time.perf_counter()
    for thread in threads:
        thread.join()
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    for client in clients:
        client.close()
    together = [one for mine in times for one in mine]
    return _told(together, len(together), wall, spent)


def _called(make: Callable[[], Any]) -> Any:
    """Make a client that has been answered once."""
    client = make()
    client.echo()
    return client


def _told(times: list[float], operations: int, wall: float, cpu: float) -> dict[str, float]:
    times.sort()
    return {
        "calls": len(times),
        "operations": operations,
        "wall": wall,
        "cpu": cpu,
        "p50": times[len(times) // 2],
        "p99": times[min(len(times) - 1, len(times) * 99 // 100)],
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(*sys.argv[1:])
