"""Cython sources, read as stubs of what Python code can see of them."""

import time

from hypothesis import given
from hypothesis import strategies as st

from pybridge.extract import extract_file
from pybridge.extract.cython import stub_of_cython
from pybridge.model.facts import ClassFacts, FunctionFacts
from pybridge.model.source import FileKind
from readings import source_file

SOURCE = '''\
# cython: language_level=3
"""What it is for."""
cimport numpy as cnp
from libc.math cimport sqrt
cdef extern from "x.h":
    int hidden(int x)
    cdef class Foreign:
        pass

ctypedef fused number:
    int
    double

def plain(a, b=1, *args, key="x", **kwargs):
    """Says: def fake(x): pass"""
    def inner(x): return x
    return inner

cpdef cnp.ndarray[double, ndim=2] typed(
    const double[:, ::1] values,  # a remark (with one bracket
    object other not None,
    int count=3,
    double eps=<double>1e-3,
    str name = None,
    *,
    bint flag=True
) except *:
    r"""
    Two lines.
    """
    cdef int i = 0
    return None

cdef int secret(int a): return a

cdef inline double also_secret(double a) nogil:
    return sqrt(a)

if True:
    def conditional(): pass

cdef class Node(Base, other.Base2):
    """A node."""
    cdef readonly int size
    cdef public object payload

    def __cinit__(self, int size, *, payload=None):
        self.size = size

    def __dealloc__(self):
        free(self.data)

    @property
    def area(self):
        return 1

    @cython.boundscheck(False)
    @classmethod
    def make(cls, list items): ...

    cpdef int grow(self, int by=1) except -1:
        return by

    cdef int helper(self): return 1

@cython.internal
cdef class _Inside:
    def f(self): ...

cdef class Empty:
    cdef int x

class Python(Exception):
    pass

TEXT = """
def not_there(a): pass
"""
async def last(x): return x
'''

EXPECTED = '''\
"""What it is for."""
def plain(a, b=1, *args, key="x", **kwargs):
    """Says: def fake(x): pass"""
def typed(values, other, count=3, eps=..., name=None, *, flag=True):
    r"""
    Two lines.
    """
class Node(Base, other.Base2):
    """A node."""
    def __init__(self, size, *, payload=None): ...
    @property
    def area(self): ...
    @classmethod
    def make(cls, items): ...
    def grow(self, by=1): ...
class Empty: ...
class Python(Exception): ...
async def last(x): ...
'''


def test_a_stub_holds_what_python_code_can_see() -> None:
    assert [line for line in stub_of_cython(SOURCE).split("\n") if line.strip()] == EXPECTED.rstrip().split("\n")


def test_every_header_stands_on_its_own_line() -> None:
    source, stub = SOURCE.split("\n"), stub_of_cython(SOURCE).split("\n")
    for name in ("plain", "typed", "grow", "Node", "last"):
        assert [at for at, line in enumerate(source) if f" {name}(" in line] == [
            at for at, line in enumerate(stub) if f" {name}(" in line
        ]


def test_a_cython_file_is_read_into_facts() -> None:
    file = source_file("sample", kind=FileKind.CYTHON)
    facts = extract_file(file, SOURCE.encode(), python_version=(3, 11))
    assert (facts.is_stub, facts.is_broken, facts.docstring) == (True, False, "What it is for.")
    assert [one.name for one in facts.body if isinstance(one, FunctionFacts | ClassFacts)] == [
        "plain",
        "typed",
        "Node",
        "Empty",
        "Python",
        "last",
    ]


def test_a_function_whose_parameters_cannot_be_read_is_left_out() -> None:
    assert stub_of_cython("def f(a, a): pass\ndef g(1): pass\ndef h(a\ndef lambda(x): pass\n").strip() == ""


_PIECES = st.sampled_from(
    [
        "def f(",
        "a",
        ", ",
        "int b=3",
        ")",
        ":",
        "\n",
        "    ",
        "cdef class C",
        "class D",
        '"""',
        "'''",
        '"',
        "#",
        "\\",
        "cpdef",
        *(" ", "[", "]", "=", "@property\n", "\t", "\r\n", "pass", "if x:", "é", "\0", "\f"),
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_whatever_the_input_the_stub_has_its_lines(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert len(stub_of_cython(text).split("\n")) == len(lines) + 1


def test_long_and_unbalanced_input_takes_no_time() -> None:
    began = time.process_time()
    for text in ('"\\' * 100_000, "def f(" * 50_000, '"""a' * 50_001, "cpdef " + "a " * 100_000, "(" * 200_000):
        stub_of_cython(text)
    assert time.process_time() - began < 5
