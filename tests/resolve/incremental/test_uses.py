"""Where the type engine may come upon a function, told from a file that mentions it."""

import pytest

from evaluated import evaluate, facts_of
from pybridge.model.names import ModuleName
from pybridge.resolve.incremental.heads import Head
from pybridge.resolve.incremental.uses import File, may_use, mentions

HOME = "def f(x): return x\nclass C:\n    def m(self): return 1\n"
FUNCTION = Head(ModuleName("lib.home"), "f", is_member=False)
METHOD = Head(ModuleName("lib.home"), "m", is_member=True)


def is_used(head: Head, text: str, *, module: str = "lib.other") -> bool:
    files = {
        "lib/__init__.py": "",
        "lib/home.py": HOME,
        "lib/deep/__init__.py": "",
        "lib/deep/mod.py": "from ..home import f\n",
    }
    path = f"{module.replace('.', '/')}.py"
    surface = evaluate({**files, path: text})
    data = text.encode()
    known = surface.modules[ModuleName(module)]
    return mentions(head.name, data) and may_use(
        head, File(data, facts_of(path, text), known, surface.modules.__contains__)
    )


@pytest.mark.parametrize(
    "text",
    [
        "from .home import f\n",
        "from .home import (\n    C,\n    f,\n)\n",
        "from .home import f as f\n",
        "from .home import f\ndef g(): return f(1)\n",
        "from .home import f\ndef g(x=f): return 1\n",
        "from .home import f\n__all__ = ['f', \"f\"]\n",
        "from .home import f\n# f does it\n'''Say f.'''\nx = 1  # f\n",
        "f = 1\ny = f\n",
        "def f(x): return x\ny = f(1)\n",
        "class D:\n    def __init__(self, f): self.x = f\n",
        "class D:\n    def __init__(self): self.x = self.f\n",
        "class D:\n    def __init__(self, x): self.x = x.f(1)\n",
        "from . import home\nx = home.C\ndef g(f): ...\n",
        "from os import path\nx = path.f\n",
        "x = rb'f'\n",
    ],
)
def test_function_is_not_used(text: str) -> None:
    assert not is_used(FUNCTION, text)


@pytest.mark.parametrize(
    "text",
    [
        "from .home import f\nx = f(1)\n",
        "from .home import f\nx = [f]\n",
        "from .home import f\n@f\ndef g(): return 1\n",
        "from .home import f\nclass D:\n    x = f(1)\n",
        "from .home import f\nclass D:\n    def __init__(self): self.x = f(1)\n",
        "from .home import f\nx = (\n    f\n    (1)\n)\n",
        'from .home import f\nx = f"{f(1)}"\n',
        "from .home import *\nx = f(1)\n",
        "from .deep.mod import f\nx = f(1)\n",
        "from .home import f as g\n",
        "import lib.f as g\n",
        "from . import home\nx = home.f(1)\n",
        "from . import home\nx = home . f\n",
        "import lib.home\nx = lib.home.f(1)\n",
        "import lib.deep.mod\nx = lib.deep.mod.f(1)\n",
        "from . import home\nx = home\ny = x.f(1)\n",
        "from . import home\nx = [home]\ny = x[0].f(1)\n",
        "import lib\nx = lib.home\ny = x.f\n",
        "class D:\n    def __init__(self):\n        from .home import f\n        self.x = f(1)\n",
        "from .home import f\nclass D:\n    def g(self):\n        yield f(1)\n",
        "from .home import f\r",
    ],
)
def test_function_may_be_used(text: str) -> None:
    assert is_used(FUNCTION, text)


@pytest.mark.parametrize(
    "text", ["m = 1\nx = m\n", "def g(c): return c.m()\n", "x = 'c.m()'\n", "class D:\n    m = 1\n"]
)
def test_method_is_not_used(text: str) -> None:
    assert not is_used(METHOD, text)


@pytest.mark.parametrize(
    "text",
    [
        "from .home import C\nx = C().m()\n",
        "from .home import C\nx = C.m\n",
        "class D:\n    def __init__(self, c): self.x = c.m()\n",
        "from typing import Protocol\nclass P(Protocol):\n    def g(self, c): return c.m()\n",
    ],
)
def test_method_may_be_used(text: str) -> None:
    assert is_used(METHOD, text)


def test_at_home_the_name_alone_counts() -> None:
    assert is_used(METHOD, HOME + "class D(C):\n    n = m\n", module="lib.home")
    assert is_used(FUNCTION, HOME + "x = f\n", module="lib.home")
    assert not is_used(FUNCTION, HOME, module="lib.home")


def test_word_is_mentioned_as_a_whole_only() -> None:
    assert [mentions("f", one) for one in (b"xf fx f_ 1f", b"x.f", b"")] == [False, True, False]
