"""The file of the standard library's classes is what the pinned mypy says, and is read back as it was written."""

import subprocess
import sys

import pytest
from mypy.version import __version__ as mypy_version

from house_reading import ROOT
from pybridge.compat.types.classes.standard import FILE, StandardLibrary, standard_library, written


def test_the_file_is_fresh(tmp_path):
    target = tmp_path / "classes.json"

    subprocess.run([sys.executable, ROOT / "tools" / "typeshed_classes.py", target], check=True, timeout=300)

    assert target.read_bytes() == FILE.read_bytes(), "run tools/typeshed_classes.py"


def test_it_names_the_engine_that_it_was_read_with():
    assert standard_library().engine == f"mypy {mypy_version}"


def test_what_is_written_is_read_back():
    library = standard_library()
    shapes = {path: shape for path in library.paths if (shape := library.shape(path)) is not None}

    again = StandardLibrary(written(shapes, library.engine))

    assert len(shapes) > 2_500
    assert {path: again.shape(path) for path in again.paths} == shapes


@pytest.mark.parametrize(
    "path", ["builtins:int", "typing:Sequence", "_io:BytesIO", "pathlib:Path", "types:FunctionType"]
)
def test_classes_that_everybody_uses_have_members(path):
    shape = standard_library().shape(path)

    assert shape is not None
    assert shape.members


def test_a_class_of_another_package_is_not_there():
    assert standard_library().shape("numpy:ndarray") is None
