"""Tables as Arrow IPC streams, ``[data, type]``: whatever offers the Arrow C stream goes out, a pyarrow Table comes in.

The type is the dotted path of the table's class. One that is known here comes back as it was; any other as a pyarrow Table.
"""

import importlib
import sys
from typing import Any

from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import Buffer

_STREAM = "__arrow_c_stream__"
_FIRST_SAFE_PYARROW = 15
"""Earlier releases could be made to unpickle by a stream (CVE-2023-47248)."""
PANDAS, POLARS = "pandas.DataFrame", "polars.DataFrame"


class NoTable(Exception):
    """What offers an Arrow stream is no table, or cannot be written."""


def is_table(cls: type) -> bool:
    """Whether instances offer a whole table; what can be read once only (a reader) is none. Runs no code of the class's."""
    spaces = [type.__dict__["__dict__"].__get__(one) for one in type.__dict__["__mro__"].__get__(cls)]
    return any(_STREAM in space for space in spaces) and not any("__next__" in space for space in spaces)


def write(value: Any) -> tuple[Buffer, str]:
    """Write a table as an IPC stream, with the type that it is to come back as.

    Raises:
        NoTable: it is one column, or holds what Arrow has no form for, or pyarrow is not installed.
    """
    try:
        pyarrow = _pyarrow()
    except InvalidArgument as error:
        raise NoTable(error.why) from error
    sink = pyarrow.BufferOutputStream()
    try:
        with (
            pyarrow.RecordBatchReader.from_stream(value) as reader,
            pyarrow.ipc.new_stream(sink, reader.schema) as writer,
        ):
            for batch in reader:
                writer.write_batch(batch)
    except (pyarrow.ArrowException, ValueError, TypeError, ImportError) as error:
        raise NoTable(" ".join(str(error).split())[:200]) from error
    cls = type(value)
    top = cls.__module__.partition(".")[0]
    return memoryview(sink.getvalue()), f"{top}.{cls.__qualname__}"


def read(data: Buffer, kind: str) -> object:
    """Read an IPC stream; what it says of itself is checked before it is believed.

    Raises:
        ValueError: it is no IPC stream, or not a sound one.
        InvalidArgument: what is needed to make such a table is not installed.
    """
    pyarrow = _pyarrow()
    try:
        with pyarrow.ipc.open_stream(pyarrow.py_buffer(data)) as reader:
            table = reader.read_all()
        table.validate(full=True)
    except (pyarrow.ArrowException, OSError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error
    return as_kind(table, kind)


def is_bare(value: object) -> bool:
    """Whether a value is a pyarrow Table, as one is read where nobody asks for another kind."""
    pyarrow = sys.modules.get("pyarrow")
    return pyarrow is not None and type(value) is getattr(pyarrow, "Table", None)


def as_kind(table: Any, kind: str) -> object:
    """Turn a pyarrow Table into what was asked for; itself where the kind is not known here."""
    made: object = table
    if kind == PANDAS:
        _needed("pandas")
        made = table.to_pandas()
    elif kind == POLARS:
        made = _needed("polars").from_arrow(table)
    return made


def _pyarrow() -> Any:
    pyarrow = _needed("pyarrow")
    if int(pyarrow.__version__.partition(".")[0]) < _FIRST_SAFE_PYARROW:
        raise InvalidArgument("value", f"a table needs pyarrow {_FIRST_SAFE_PYARROW} or newer beside the worker")
    _needed("pyarrow.ipc")
    return pyarrow


def _needed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise InvalidArgument("value", f"a table needs {package} beside the worker: pip install {package}") from error
