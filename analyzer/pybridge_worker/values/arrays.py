"""Numeric arrays as ``[dtype, shape, data]``: little-endian, C order. Arrays are numpy's; it is only looked for where it is.

Nothing here unpickles, and arrays of objects have no form. The array that is read is a view of the received bytes.
"""

import importlib
import math
import re
import sys
from typing import Any

from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import Buffer

_DTYPE = re.compile(
    r"\|b1|\|[iu]1|<[iu][248]|<f[248]|<c(8|16)|<[mM]8(\[\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?|\|S\d{1,9}|<U\d{1,9}"
)
_KINDS = frozenset("biufcmMSU")
_MAX_DIMENSIONS = 32
_MAX_CODE_POINT = 0x10FFFF


def is_array(value: object) -> bool:
    """Whether a value is a numpy array whose items have a form; subclasses that mean something else are none."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) not in (getattr(numpy, "ndarray", None), getattr(numpy, "memmap", None)):
        return False
    array: Any = value
    return array.dtype.kind in _KINDS and array.dtype.names is None and array.dtype.itemsize > 0 and _is_portable(array)


def scalar(value: object) -> object:
    """A numpy scalar as Python has it; moments stay arrays, of no dimension. The value itself when it is no such scalar."""
    numpy = sys.modules.get("numpy")
    generic = getattr(numpy, "generic", None)
    if generic is None or not issubclass(type(value), generic):
        return value
    one: Any = value
    if one.dtype.kind in "mM":
        return numpy.asarray(one)  # type: ignore[union-attr] # generic is numpy's
    if one.dtype.kind not in "biufcSU":
        return value
    item: object = one.item()
    return value if isinstance(item, generic) else item  # a long double has no other form


def write(value: Any) -> tuple[str, list[int], Buffer]:
    """Give an array's dtype, shape and bytes: of its own memory where they lie in order there, else of a copy."""
    numpy = sys.modules["numpy"]
    plain = numpy.asarray(value)
    swapped = plain.dtype.newbyteorder("<")
    shape = [int(one) for one in plain.shape]
    ordered = numpy.ascontiguousarray(plain, dtype=swapped)  # the same array, when it is that already
    if not ordered.size:
        return swapped.str, shape, b""
    return swapped.str, shape, memoryview(ordered.reshape(-1).view("u1"))


def read(dtype: object, shape: object, data: Buffer) -> object:
    """Make an array that is a view of some bytes.

    Raises:
        ValueError: they are not an array of that dtype and shape.
        InvalidArgument: numpy is not installed.
    """
    if not isinstance(dtype, str) or not _DTYPE.fullmatch(dtype):
        raise ValueError("its dtype is none that has a form, as <f8 or |u1")
    if not isinstance(shape, list) or len(shape) > _MAX_DIMENSIONS or not all(type(one) is int for one in shape):
        raise ValueError(f"its shape is a list of at most {_MAX_DIMENSIONS} integers")
    if any(not 0 <= one < 2**63 for one in shape):
        raise ValueError("a side of an array has from 0 to 2**63 - 1 items")
    numpy: Any = _numpy()
    kind = numpy.dtype(dtype)
    view = memoryview(data)
    if math.prod(shape) * kind.itemsize != view.nbytes or kind.itemsize == 0:
        raise ValueError(f"an array of {dtype} with shape {shape} does not have {view.nbytes} bytes")
    if not view.nbytes:
        return numpy.empty(shape, kind)
    if kind.kind == "U" and int(numpy.frombuffer(view, "<u4").max()) > _MAX_CODE_POINT:
        raise ValueError("its text has what is no character")
    array: object = numpy.frombuffer(view, kind).reshape(shape)
    return array


def _is_portable(array: Any) -> bool:
    return _DTYPE.fullmatch(array.dtype.newbyteorder("<").str) is not None


def _numpy() -> object:
    try:
        return importlib.import_module("numpy")
    except ImportError as error:
        raise InvalidArgument("value", "an array needs numpy beside the worker: pip install numpy") from error
