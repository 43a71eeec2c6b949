"""What a name bound by an import of something unread stands for."""

from mypy.nodes import Import, ImportFrom, MypyFile
from mypy.options import Options

from pybridge.resolve.types.origins import Origins

TEXT = "import torch\nimport torch.nn as nn\nfrom .sibling import Thing as Other\n"
NAMES = ("library.module.torch", "library.module.nn", "library.module.Other", "library.module.missing")
FOUND = ["torch:", "torch.nn:", "library.sibling:Thing", None]


def test_imports_that_mypy_has_read_are_not_read_again():
    imports = [Import([("torch", None), ("torch.nn", "nn")]), ImportFrom("sibling", 1, [("Thing", "Other")])]
    origins = Origins({"library.module": MypyFile([], imports)}, {"library.module": "/no/such/file.py"}, Options())

    assert [origins.of_missing_import(name) for name in NAMES] == FOUND


def test_imports_of_a_module_from_the_cache_are_read_from_its_file(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(TEXT, encoding="utf-8")
    origins = Origins({"library.module": MypyFile([], [])}, {"library.module": str(path)}, Options())

    assert [origins.of_missing_import(name) for name in NAMES] == FOUND


def test_a_file_that_is_gone_binds_nothing():
    origins = Origins({}, {"library.module": "/no/such/file.py"}, Options())

    assert [origins.of_missing_import(name) for name in NAMES] == [None] * 4
