"""What workers print goes to the log, line by line and within bounds, and holds nobody up."""

import itertools
import os
import subprocess

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker.hosts.local.output import LINES_A_SECOND, LINES_AT_ONCE, MAX_LINE_BYTES, Lines
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import Session


@pytest.fixture
def connected():
    channels = []

    def connect(server, name="s"):
        channels.append(grpc.insecure_channel(server.address))
        return Session(pybridge_pb2_grpc.PyBridgeServiceStub(channels[-1]), name)

    yield connect
    for channel in channels:
        channel.close()


def test_lines_have_the_number_of_their_worker_and_no_control_characters(start, connected):
    server = start("--workers", 1, "--listen", "127.0.0.1:0", "--log-format", "json")
    session = connected(server)
    session.call("workbench.faults.shout")
    lines = server.logged("raw", lambda: session.call("workbench.values.echo"))
    (printed,) = [line for line in lines if "raw" in line]

    assert '"event":"worker_output"' in printed
    assert '"worker":1' in printed
    assert "\\\\x00\\\\x01raw" in printed


def test_a_log_that_nobody_reads_stops_no_call(start, connected):
    server = start("--workers", 1, "--listen", "127.0.0.1:0", stderr=subprocess.PIPE)
    session = connected(server)

    assert [session.call("workbench.faults.chatter", lines=20_000) for _ in range(3)] == [20_000] * 3
    assert session.call("workbench.values.echo", value=1) == 1
    server.process.kill()
    server.process.stderr.close()
    server.process.stderr = None


def test_lines_are_put_together_from_pieces_and_cut():
    lines = Lines()

    assert lines.take(b"one\ntw", 0.0) == ["one"]
    assert lines.take(b"o\n\n", 0.0) == ["two", ""]
    assert lines.take(b"x" * (MAX_LINE_BYTES + 7) + b"\n", 0.0) == ["x" * MAX_LINE_BYTES + "... (7 bytes more)"]
    assert lines.take(b"\x1b[2J\xff\r\n", 0.0) == ["\\x1b[2J\\xff"]
    assert (lines.take(b"rest", 0.0), lines.end(), lines.end()) == ([], ["rest"], [])


@given(st.binary(max_size=2000), st.lists(st.integers(0, 2000), max_size=20))
def test_lines_are_the_same_however_they_arrive(data, cuts):
    whole, pieces = Lines(), Lines()
    expected = whole.take(data, 0.0) + whole.end()
    marks = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    got = [line for start, end in itertools.pairwise(marks) for line in pieces.take(data[start:end], 0.0)]

    assert got + pieces.end() == expected


def test_a_flood_is_counted_and_not_kept():
    lines = Lines()
    first = lines.take(b"line\n" * (LINES_AT_ONCE + 500), 0.0)
    later = lines.take(b"line\n", 1.0)
    told = lines.take(b"line\n" * LINES_A_SECOND, 1.0)
    end = lines.end()

    assert first == ["line"] * LINES_AT_ONCE
    assert later == ["(500 lines were left out)", "line"]
    assert len(told) == LINES_A_SECOND - 1
    assert end == ["(1 lines were left out)"]


def test_a_line_that_never_ends_takes_no_memory():
    lines = Lines()
    for _ in range(1000):
        assert lines.take(os.urandom(100).replace(b"\n", b"") * 100, 0.0) == []

    assert len(lines._part) == MAX_LINE_BYTES
