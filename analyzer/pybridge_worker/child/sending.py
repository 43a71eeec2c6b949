"""How an answer goes to the front: in one frame, its large value beside it, or in pieces that the front keeps."""

from collections.abc import Sequence

import msgspec

from pybridge_worker.child.channel import Channel
from pybridge_worker.frames import MIN_APART_BYTES, Answer, Buffer, Fault, Piece, Refusal

_PIECE_BYTES = 1024 * 1024


def send_end(channel: Channel, number: int, end: Answer | Fault | Refusal, buffers: Sequence[Buffer]) -> None:
    """Send how a call ended."""
    if not isinstance(end, Answer):
        channel.send(number, end)
    elif end.is_stored:
        for part, data in enumerate((end.data, *buffers)):
            _send_pieces(channel, number, part, memoryview(data))
        channel.send(number, msgspec.structs.replace(end, data=b"", buffers=0))
    elif len(end.data) >= MIN_APART_BYTES:
        whole = [end.data, *buffers]
        channel.send(number, msgspec.structs.replace(end, data=b"", is_apart=True, buffers=len(whole)), whole)
    else:
        channel.send(number, end, buffers)


def _send_pieces(channel: Channel, number: int, part: int, data: memoryview) -> None:
    for start in range(0, max(1, data.nbytes), _PIECE_BYTES):
        channel.send(number, Piece(part), [data[start : start + _PIECE_BYTES]])
