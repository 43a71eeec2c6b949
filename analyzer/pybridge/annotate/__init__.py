"""Resolved types go back into Python text: into a source file, with comments and layout kept, or into a stub.

In: a file's bytes and what to write (`FileJob`), or a descriptor. Out: new text (`FileAnswer`), or stubs.
May import: codec, errors, model; libcst, in child processes only.
"""

from pybridge.annotate.children import annotate_all
from pybridge.annotate.job import FileAnswer, FileJob
from pybridge.annotate.wanted import symbols_in, wanted_functions

__all__ = ["FileAnswer", "FileJob", "annotate_all", "symbols_in", "wanted_functions"]
