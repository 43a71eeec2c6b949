"""The child's end of its socket gives the frames that were sent, however they are cut on the way."""

import os
import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge_worker import frames
from pybridge_worker.child.channel import Channel
from pybridge_worker.frames import Release

SIZES = st.sampled_from([0, 1, 7, 70, 20_000, 65_500, 65_536, 70_000, 200_000])
MESSAGES = st.lists(st.tuples(SIZES, st.lists(SIZES, max_size=3)), min_size=1, max_size=8)


def sent_in_pieces(connection, data, pieces):
    view, turn = memoryview(data), 0
    while view:
        size = pieces[turn % len(pieces)]
        connection.sendall(view[:size])
        view, turn = view[size:], turn + 1
    connection.close()


def received(channel):
    while (one := channel.receive()) is not None:
        number, message, buffers = one
        yield number, len(message.session), [bytes(buffer) for buffer in buffers]


@settings(max_examples=40, deadline=None)
@given(messages=MESSAGES, pieces=st.lists(st.sampled_from([1000, 3, 8, 65_536, 10**6]), min_size=1, max_size=4))
def test_frames_arrive_as_they_were_sent(messages, pieces):
    expected, data = [], bytearray()
    for number, (size, sizes) in enumerate(messages, start=1):
        buffers = [os.urandom(one) for one in sizes]
        message = Release("s" * size, ())
        parts = frames.encode_parts(number, message, buffers) if buffers else [frames.encode(number, message)]
        data += b"".join(parts)
        expected.append((number, size, buffers))
    ours, theirs = socket.socketpair()
    sender = threading.Thread(target=sent_in_pieces, args=(ours, bytes(data), pieces))
    sender.start()
    with theirs:
        found = list(received(Channel(theirs)))
    sender.join()

    assert found == expected


def test_a_frame_that_came_with_another_is_ahead():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(frames.encode(1, Release("a", ())) + frames.encode(2, Release("b", ())))
        channel = Channel(theirs)
        states = [(channel.receive()[0], channel.has_ahead) for _ in range(2)]

    assert states == [(1, True), (2, False)]


@pytest.mark.parametrize("cut", [3, 8, 12])
def test_a_frame_that_ends_in_the_middle_is_the_end(cut):
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(frames.encode(1, Release("a", ()))[:cut])
        ours.close()

        assert Channel(theirs).receive() is None
