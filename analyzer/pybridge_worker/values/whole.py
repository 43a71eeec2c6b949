"""Results that are one thing and are sent as that, without a tree around it: bytes as they are, a table as an Arrow stream."""

from typing import Protocol

from pybridge_worker.frames import ARROW, JSON, MSGPACK, RAW, Buffer, Reference
from pybridge_worker.values import as_json, as_msgpack, tables
from pybridge_worker.values.trees import Leaf, Names, NoForm


class Write(Protocol):
    """Writes a value; raw data goes to the list, where there is one."""

    def __call__(self, value: object, names: Names, leaf: Leaf, buffers: list[Buffer] | None = None, /) -> bytes:
        """Give the encoded value.

        Raises:
            NoForm: it has none, and may not be held.
        """
        ...


def write_raw(value: object, _names: Names, _leaf: Leaf, _buffers: list[Buffer] | None = None) -> bytes:
    """Write bytes as they are. Of a reference nothing: it is told beside it.

    Raises:
        NoForm: it is anything else.
    """
    match value:
        case None | Reference():
            return b""
        case bytes() | bytearray() | memoryview():
            return bytes(value)
        case _:
            raise NoForm(f"a {type(value).__qualname__} is not bytes")


def write_arrow(value: object, _names: Names, _leaf: Leaf, _buffers: list[Buffer] | None = None) -> bytes:
    """Write a table as an Arrow IPC stream. Of a reference nothing: it is told beside it.

    Raises:
        NoForm: it is anything else.
    """
    if value is None or isinstance(value, Reference):
        return b""
    if not tables.is_table(type(value)):
        raise NoForm(f"a {type(value).__qualname__} is not a table")
    try:
        data, _ = tables.write(value)
    except tables.NoTable as error:
        raise NoForm(str(error)) from error
    return bytes(data)


WRITERS: dict[str, Write] = {
    JSON: as_json.write,
    MSGPACK: as_msgpack.write,
    ARROW: write_arrow,
    RAW: write_raw,
}
"""By format."""
PLAIN_WRITERS = {JSON: as_json.write_plain, MSGPACK: as_msgpack.write_plain}
"""By format: of values that need no tags, None of others."""
