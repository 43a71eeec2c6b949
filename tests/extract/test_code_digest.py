"""What counts as an edit of the code, and what as an edit of its documentation only."""

import pytest

from pybridge.extract import Parser
from readings import read_facts

DOCUMENTED = '''"""The module, é."""
import os

size: int = 1
"""Of it."""

class Box:
    """A box."""

    lid = None
    "Of the box."

    def open(self, far=0):
        """Open it.

        Slowly.
        """
        self.is_open = True
        "Whether it is."
        return far
'''


@pytest.fixture(params=list(Parser), ids=lambda one: one.value)
def digest_of(request):
    return lambda text: read_facts(text, request.param).code_digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The module, é.", "Another one: ü"),
        ("Of it.", "Of what?"),
        ("A box.", "A box of\n    many lines."),
        ('"Of the box."', '"""Of the box; really."""'),
        ("\n\n        Slowly.\n        ", ""),
        ("Whether it is.", "Or is it?"),
    ],
)
def test_an_edited_docstring_keeps_the_digest(digest_of, before, after):
    edited = DOCUMENTED.replace(before, after)

    assert edited != DOCUMENTED
    assert digest_of(edited) == digest_of(DOCUMENTED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("far=0", "far=1"),
        ("size: int = 1", "size: int = 2"),
        ("self.is_open = True", "self.is_open = None"),
        ("return far", "return self"),
        ("lid = None", "lid = 'None'"),
        ("import os", "import os  # mypy: ignore-errors"),
        ('    """A box."""\n', ""),
    ],
)
def test_any_other_edit_moves_the_digest(digest_of, before, after):
    edited = DOCUMENTED.replace(before, after)

    assert edited != DOCUMENTED
    assert digest_of(edited) != digest_of(DOCUMENTED)


def test_code_behind_a_docstring_counts(digest_of):
    assert digest_of('"""Text."""; x = 1\n') != digest_of('"""Text."""; x = 2\n')
    assert digest_of('"""Text."""; x = "a"\n') != digest_of('"""Text."""; x = "b"\n')


def test_a_string_that_is_not_documentation_counts(digest_of):
    assert digest_of("x = 'a'\n") != digest_of("x = 'b'\n")
    assert digest_of("f('a')\n") != digest_of("f('b')\n")


def test_a_file_that_is_no_python_has_none(digest_of):
    assert digest_of("def f(:\n") is None
