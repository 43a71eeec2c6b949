"""The front runs on either event loop; what it promises does not depend on which."""

import sys

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import Session

pytest.importorskip("uvloop")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_calls_streams_and_lost_processes_are_the_same_on_both(start, loop, tmp_path):
    server = start("--listen", f"unix:{tmp_path}/s", "--loop", loop)
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        items = [chunk.payload for chunk in session.stream("workbench.streams.count", n=2)]
        lost = session.refused("workbench.faults.leave", code=3)
        echoed = session.call("workbench.values.echo", value=1)

    assert items == [b"0", b"1", b""]
    assert lost[:2] == ("UNAVAILABLE", "WORKER_LOST")
    assert echoed == 1


def test_a_loop_that_is_not_installed_is_told(monkeypatch):
    from pybridge_worker.errors import BadOption
    from pybridge_worker.front import loop

    async def never():
        raise AssertionError

    monkeypatch.setitem(sys.modules, "uvloop", None)

    with pytest.raises(BadOption, match="pip install"):
        loop.run(never(), "uvloop")


def test_asyncio_is_taken_where_uvloop_is_not_installed(monkeypatch):
    import asyncio

    from pybridge_worker.front import loop

    seen = []

    async def look():
        seen.append(type(asyncio.get_running_loop()).__module__)

    monkeypatch.setitem(sys.modules, "uvloop", None)
    loop.run(look(), "auto")

    assert seen[0].startswith("asyncio")
