from pathlib import Path

import pytest

from described import describe

GIVEN_BY_LOOP = """
from lib._inner import URL, Request

__all__ = ["URL", "Request"]
for name in __all__:
    setattr(locals()[name], "__module__", "lib")
"""
GIVEN_BY_ATTRIBUTE = """
from lib._inner import URL, Request

for value in list(locals().values()):
    if getattr(value, "__module__", "").startswith("lib."):
        value.__module__ = __name__
"""
CLASSES = """
class URL: ...
class Request: ...
class Kept:
    __module__ = "elsewhere"
"""


@pytest.mark.parametrize("init", [GIVEN_BY_LOOP, GIVEN_BY_ATTRIBUTE])
def test_a_loop_over_public_names_gives_them_another_module(tmp_path: Path, init: str) -> None:
    descriptor = describe(tmp_path, {"lib/__init__.py": init, "lib/_inner.py": CLASSES}).descriptor

    inner = next(one for one in descriptor.modules if one.name == "lib._inner")

    assert {one.name: one.module_name for one in inner.classes} == {"Request": "lib", "URL": "lib"}


def test_a_class_names_its_module_itself(tmp_path: Path) -> None:
    descriptor = describe(tmp_path, {"lib.py": CLASSES}).descriptor

    found = {one.name: one.module_name for one in descriptor.modules[0].classes}

    assert found == {"Kept": "elsewhere", "Request": None, "URL": None}
