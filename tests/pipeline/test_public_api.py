from pathlib import Path

import pytest

import pybridge
from pybridge.model.types import Named


def test_a_source_tree_is_described_in_one_call(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "__init__.py").write_text("def count() -> int: ...\n")

    descriptor = pybridge.describe(path=tmp_path, store=tmp_path / "store.git", cache=tmp_path / "cache")

    (function,) = descriptor.modules[0].functions
    assert ("count", Named(path="builtins:int")) == (function.name, function.signatures[0].returns.expr)
    assert descriptor == pybridge.decode(pybridge.encode(descriptor), pybridge.LibraryDescriptor)


def test_an_unknown_library_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(pybridge.PyBridgeError, match="nowhere"):
        pybridge.describe("nowhere", site_packages=tmp_path, store=tmp_path / "s", cache=tmp_path / "c")
