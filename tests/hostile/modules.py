"""Modules whose imports and exports go in circles, grow, or pretend to be others."""

from pathlib import Path

from hostile.writing import case, package


@case(describes=("hostile.a:f", "hostile.b:g"))
def star_imports_in_circles(folder: Path) -> None:
    package(
        folder,
        {
            "__init__.py": "from hostile import *\nfrom .a import *\nfrom . import *\nfrom .b import *\n",
            "a.py": "from hostile.b import *\nfrom hostile import *\nfrom hostile.a import *\ndef f(): ...\n",
            "b.py": "from .a import *\nfrom . import *\ndef g(): ...\n",
            "mine.py": "import hostile.mine\nfrom hostile.mine import x\nfrom hostile import mine\nmine = mine.mine.mine\ny = x\n",
            "swap_a.py": "from .swap_b import x as y, y as x\n",
            "swap_b.py": "from .swap_a import x as y, y as x\n",
            "nowhere.py": "from ..... import x\nfrom ...hostile.. import y\n",
            "beyond.py": "from ..... import x\nfrom .none import *\nfrom .none import a as b\n",
        },
    )


@case(describes=("hostile.m0:", "hostile.m149:leaf"))
def star_chain_of_a_hundred_and_fifty_modules(folder: Path) -> None:
    count = 150
    files: dict[str, str | bytes] = {
        f"m{one}.py": f"from .m{one + 1} import *\nx{one} = {one}\n" for one in range(count - 1)
    }
    package(folder, {**files, f"m{count - 1}.py": "def leaf(): ...\n", "__init__.py": "from .m0 import *\n"})


@case(describes=("hostile.m599:leaf",))
def import_chain_of_six_hundred_modules(folder: Path) -> None:
    count = 600
    files: dict[str, str | bytes] = {f"m{one}.py": f"from .m{one + 1} import leaf\n" for one in range(count - 1)}
    package(folder, {**files, f"m{count - 1}.py": "def leaf(): ...\n", "__init__.py": "from .m0 import leaf\n"})


@case()
def declared_exports_that_explode(folder: Path) -> None:
    doubled = "__all__ = ['a', 'b']\n" + "__all__ = __all__ + __all__\n" * 60
    added = "__all__ = ['a', 'b']\n" + "__all__ += __all__\n" * 60
    extended = "__all__ = ['a', 'b']\n" + "__all__.extend(__all__)\n" * 60
    starred = "__all__ = ['a']\n" + "__all__ = [*__all__, *__all__, *__all__]\n" * 40
    nested = "__all__ = [a + b + c + d for a in x for b in x for c in x for d in x]\n"
    package(
        folder,
        {
            "doubled.py": doubled,
            "added.py": added,
            "extended.py": extended,
            "starred.py": starred,
            "multiplied.py": "__all__ = ['a'] * 10 ** 10\n",
            "product.py": f"x = {[str(one) for one in range(200)]}\n{nested}",
            "many.py": f"__all__ = {[f'name{one}' for one in range(50_000)]}\n",
            "long.py": f"__all__ = ['{'a' * 1_000_000}']\n",
            "odd.py": "__all__ = ['', 'a b', '\\ud800', '../x', 'a.b', 1, None, f'{x}', b'y', '\\x00', 'def', '\\u202e']\n",
            "joined.py": "__all__ = 'a b'.split() + list(globals()) + dir() + [n for n in dir() if n]\n",
            "mutual_a.py": "from . import mutual_b\n__all__ = ['x'] + mutual_b.__all__\n",
            "mutual_b.py": "from . import mutual_a\n__all__ = ['y'] + mutual_a.__all__ + mutual_a.__all__\n",
            "lazy.py": "def __getattr__(name):\n    return __getattr__(name)\n__all__ = __getattr__('__all__')\n",
        },
    )


@case(describes=("hostile.typing:Any", "hostile.builtins:int", "hostile.os:path"))
def modules_called_like_the_standard_library(folder: Path) -> None:
    package(
        folder,
        {
            "typing.py": "class Any: ...\ndef overload(f): return f\nList = 1\n",
            "builtins.py": "class int: ...\nclass object: ...\n",
            "os.py": "def path(): ...\n",
            "types.py": "from .builtins import int\nfrom .typing import Any\ndef f(a: int, b: Any): ...\n",
            "__main__.py": "raise SystemExit\n",
            "dataclasses.py": "def dataclass(c): return c\n",
            "enum.py": "class Enum: ...\n",
        },
    )


@case()
def top_level_modules_called_like_the_standard_library(folder: Path) -> None:
    """The folder that imports start from shadows what everything else is built on."""
    package(
        folder, {"user.py": "import typing\nfrom builtins import int\nclass A(typing.Any): ...\ndef f(a: int): ...\n"}
    )
    for name in (
        "typing",
        "builtins",
        "os",
        "enum",
        "types",
        "typing_extensions",
        "_typeshed",
        "abc",
        "sys",
        "collections",
    ):
        (folder / f"{name}.py").write_text("class int: ...\nAny = Enum = 1\nraise SystemExit(1)\n")
    (folder / "mypy.ini").write_text("[mypy]\nplugins = evil.py\n")


@case(describes=("hostile.sub:", "hostile.sub.inner:f"))
def names_bound_to_several_things(folder: Path) -> None:
    package(
        folder,
        {
            "__init__.py": "def sub(): ...\nclass healthy_: ...\nfrom .sub import inner as sub2\nsub2 = 1\n",
            "sub/__init__.py": "sub = 1\nfrom .. import sub\nfrom . import sub\n",
            "sub/inner.py": "def f(): ...\n",
            "twice.py": "x = 1\n",
            "twice/__init__.py": "y = 1\n",
            "twice.pyi": "z: int\n",
            "deleted.py": "def f(): ...\ndel f\nglobal g\ndef g(): ...\nfor h in x: ...\nwith a as (k, *m): ...\n(n := 1)\n",
            "stub.pyi": "def f(a: int) -> str: ...\nclass A:\n    def g(self) -> 'A': ...\n",
            "stub.py": "class f: ...\ndef A(x, y): ...\n",
        },
    )


@case(describes=("hostile.table:A",))
def tables_and_calls_that_make_names(folder: Path) -> None:
    """Names that appear at run time only: listed as such, never computed at any price."""
    package(
        folder,
        {
            "table.py": "class A: ...\nglobals().update({f'x{i}': A for i in range(10 ** 9)})\nlocals()['y'] = 1\nsetattr(A, 'z', 1)\n"
            "for i in range(10 ** 9): exec(f'def f{i}(): ...')\n",
            "factory.py": "A = type('A', (A,), {})\nB = type('B', (B, A), {'x': 1})\nC = type(C)\nfrom collections import namedtuple\n"
            f"D = namedtuple('D', '{'x ' * 5_000}')\nE = namedtuple('E', {[f'a{one}' for one in range(500)]})\n",
            "enums.py": f"from enum import Enum\nA = Enum('A', '{' '.join(f'm{one}' for one in range(500))}')\nB = Enum('B', B)\n",
            "slots.py": "class A:\n    __slots__ = ('a',) * 10 ** 10\n    __match_args__ = __slots__\nclass B:\n    __slots__ = __slots__\n",
        },
    )
