"""What is deprecated says so: by its decorator, by a warning of every call, or in its documentation."""

import pytest

from described import describe
from pybridge.resolve.describe.deprecation import directive

SOURCE = '''
import warnings
from typing_extensions import deprecated

@deprecated("by decorator")
def decorated(): ...

def warned():
    warnings.warn("by warning", DeprecationWarning)

def documented():
    """Do.

    .. deprecated:: 1.2
       By documentation,
       in two lines.

    More.
    """

def partly(x, old=None):
    """Do.

    Parameters
    ----------
    old : int
        .. deprecated:: 1.2
    """
    if old is not None:
        warnings.warn("old is old", DeprecationWarning)

class Documented:
    """A class.

    .. deprecated:: 2.0
    """
    @property
    def documented(self):
        """A value.

        .. deprecated:: 2.1 gone soon
        """

class Warned:
    def __init__(self):
        warnings.warn("by making one", DeprecationWarning)
'''


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    return describe(tmp_path_factory.mktemp("lib"), {"lib.py": SOURCE}).descriptor.modules[0]


def test_functions_say_that_they_are_deprecated_and_how(module):
    assert {one.name: one.deprecated for one in module.functions} == {
        "decorated": "by decorator",
        "documented": "since 1.2: By documentation, in two lines.",
        "partly": None,
        "warned": "by warning",
    }


def test_classes_and_properties_do_so_as_well(module):
    assert {one.name: one.deprecated for one in module.classes} == {
        "Documented": "since 2.0",
        "Warned": "by making one",
    }
    assert module.classes[0].properties[0].deprecated == "since 2.1: gone soon"


def test_a_directive_without_a_version_is_one():
    assert directive(".. deprecated::\n\nMore.") == ""
    assert directive("Not deprecated.") is None
