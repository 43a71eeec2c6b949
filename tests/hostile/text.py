"""Sources whose bytes or characters are the trouble, and such as are very large."""

from pathlib import Path

from hostile.writing import case, package

MANY = 20_000


@case(broken=("nul", "bad_utf8", "lying", "unknown", "bomb", "contradiction", "utf16"), describes=("hostile.cookie:f",))
def encodings(folder: Path) -> None:
    package(
        folder,
        {
            "nul.py": b"x = 1\ny = '\0'\n",
            "bad_utf8.py": b"x = '\xff\xfe'\n",
            "lying.py": b"# -*- coding: ascii -*-\nx = '\xc3\xa9'\n",
            "unknown.py": b"# -*- coding: klingon -*-\nx = 1\n",
            "bomb.py": b"# -*- coding: zlib -*-\nx = 1\n",
            "contradiction.py": b"\xef\xbb\xbf# coding: latin-1\nx = 1\n",
            "utf16.py": "x = 1\n".encode("utf-16"),
            "cookie.py": b"# coding: latin-1\ndef f(x='\xe9'): ...\n",
        },
    )


@case(describes=("hostile.bom:f", "hostile.returns:f", "hostile.feeds:f", "hostile.separators:f", "hostile.empty:"))
def line_ends_and_blanks(folder: Path) -> None:
    package(
        folder,
        {
            "bom.py": b"\xef\xbb\xbfdef f(): ...\n",
            "returns.py": b"x = 1\rdef f(\r a, b):\r    return a\r",
            "feeds.py": b"\x0cx = 1\n\x0c\ndef f():\n\x0c    return 1\n",
            "separators.py": "'''a\u2028b\u2029c\x85d'''\nx = '\u2028'\ndef f(a='\u2028'):\n    '''one\u2028two'''\n",
            "tabs.py": "def f():\n\tif x:\n\t    return 1\n        return 2\n",
            "empty.py": b"",
            "blanks.py": b" \t\x0c\n" * 1000,
            "no_end.py": b"def f(): return 1",
            "continued.py": b"x = 1 + \\\n" * 5_000 + b"1\n",
            "control.py": b"x = 1\x1b[31m\n",
            "ctrl_z.py": b"x = 1\n\x1a",
        },
    )


@case(tells=("too_large",))
def thirty_megabytes_of_literals(folder: Path) -> None:
    package(
        folder,
        {
            "literals.py": "x = [" + "1234567, " * 3_500_000 + "]\n",
            "one_string.py": "x = '" + "a" * 30_000_000 + "'\n",
        },
    )


@case()
def four_megabytes_that_may_be_read(folder: Path) -> None:
    package(
        folder,
        {
            "one_line.py": "x = [" + "1, " * 1_400_000 + "]\n",
            "one_string.py": "x = '" + "a" * 4_500_000 + "'\n",
            "table.py": "x = {" + "".join(f"'k{number}': ({number}, 'v'), " for number in range(100_000)) + "}\n",
            "default.py": "def f(x='" + "a" * 1_000_000 + "', y=(" + "1, " * 100_000 + ")): ...\n",
            "comments.py": "# " + "a" * 1_000_000 + "\n" + "#\n" * 500_000,
        },
    )


@case()
def twenty_thousand_statements(folder: Path) -> None:
    package(
        folder,
        {
            "assignments.py": "".join(f"x{number % 50}=1\n" for number in range(MANY)),
            "names.py": "".join(f"x{number}=1\n" for number in range(300)),
            "expressions.py": "x\n" * MANY,
            "imports.py": "import os\n" * 5_000,
            "semicolons.py": "x=1;" * MANY + "\n",
        },
    )


@case(describes=("hostile.wide:f", "hostile.methods:A", "hostile.overloads:f"))
def ten_thousand_of_everything(folder: Path) -> None:
    count = 10_000
    parameters = ", ".join(f"a{number}: int = {number}" for number in range(count))
    overloads = "".join(f"@overload\ndef f(a: 'A{number}') -> int: ...\n" for number in range(500))
    package(
        folder,
        {
            "wide.py": f"def f({parameters}): ...\n",
            "methods.py": "class A:\n" + "".join(f"    def m{number}(self): ...\n" for number in range(count)),
            "overloads.py": f"from typing import overload\n{overloads}def f(a): return 1\n",
            "setters.py": "class A:\n    @property\n    def x(self): ...\n"
            + "    @x.setter\n    def x(self, v): ...\n" * 300,
            "again.py": "def f(a): ...\n" * 1_000,
            "bases.py": f"class A({', '.join(f'B{number}' for number in range(1_000))}): ...\n",
            "fields.py": "from dataclasses import dataclass\n@dataclass\nclass A:\n"
            + "".join(f"    a{number}: int = 0\n" for number in range(300)),
            "members.py": "from enum import Enum\nclass A(Enum):\n"
            + "".join(f"    A{number} = 1\n" for number in range(300)),
        },
    )


@case(tells=("huge-constant",))
def numbers_without_end(folder: Path) -> None:
    package(
        folder,
        {
            "decimal.py": "x = " + "9" * 100_000 + "\ndef f(a=" + "9" * 5_000 + "): ...\n",
            "hexadecimal.py": "x = 0x" + "f" * 100_000 + "\ndef f(a=0x" + "f" * 5_000 + "): ...\n",
            "literal.py": f"from typing import Literal\nx: Literal[{'9' * 3_000}]\ny: Literal[0x{'f' * 6_000}]\n",
            "floats.py": "x = 1e999999\ny = -1e999999j\nz = 0."
            + "1" * 100_000
            + "\ndef f(a=1e999, b=-1e999, c=1e999j): ...\n",
            "powers.py": "x = 10 ** 10 ** 10 ** 10\ny = 'a' * 10 ** 12\nz = [0] * 10 ** 12\nw = 1 << 10 ** 12\n",
            "version.py": "__version__ = '1' * 10 ** 10\n",
        },
    )


@case()
def odd_characters_in_names_and_documentation(folder: Path) -> None:
    package(
        folder,
        {
            "bidi.py": "def f(a='\u202e\u2066x\u2069', *, b='\u200f'):\n    '''\u202eReverse\u202c \u2067this\u2069.'''\n",
            "surrogates.py": "x = '\\ud800'\ndef f(a='\\udfff\\ud800', b=b'\\xff'):\n    '''\\ud800 alone'''\n",
            "literals.py": "from typing import Literal\ndef f(a: Literal['\\ud800', '\\x00', '\\u202e', b'\\xff']): ...\n",
            "control.py": "'''\\x00\\x1b]0;evil\\x07\\x9b'''\ndef f(a='\\x1b[2J\\x00\\r'): ...\n",
            "injection.py": "def f(a='#{System.halt(1)}'):\n    '''\"\"\" #{System.halt(1)} </script> {{ 7*7 }} ::error::'''\n",
            "composed.py": "\ufb01 = 1\nfi = 'a'\n\u00e9 = 1\ne\u0301 = 'a'\ndef \u210c(\u00aa, \U0001d465=1): ...\n",
            "alike.py": "def a(): ...\ndef \u0430(): ...\nclass K: ...\nclass \u212a: ...\n",
            "mangled.py": "class __: \n    __x = 1\n    def __y(self, __z): ...\nclass ___A___:\n    def __b(self, __c=1): ...\n",
            "keywords.py": "def end(do, nil, fn, rescue=1): ...\nclass when:\n    def catch(self, after): ...\ndef True_(): ...\n",
            "long.py": f"def {'a' * 100_000}({'b' * 100_000}): ...\nclass {'C' * 100_000}: ...\n",
            "joined.py": "def a\u200db(): ...\n",
        },
    )


@case()
def documentation_that_takes_forever(folder: Path) -> None:
    google = "Do it.\n\nArgs:\n    a ({}\n    b: {}\n".format("( " * 20_000, "a" * 20_000)
    numpy = "Do it.\n\nParameters\n----------\na : {}\n    {}\n".format("{" * 20_000, "b" * 20_000)
    sphinx = "Do it.\n\n:param {}: x\n:type a: {}\n:rtype: {}\n".format("a " * 20_000, "`" * 20_000, "or " * 20_000)
    epytext = "Do it.\n\n@param a: {}\n@type a: {}\n".format("@" * 20_000, "C{" * 20_000)
    sections = "Do it.\n\n" + "Args:\n    a (int): b\n" * 5_000
    texts = {"google": google, "numpy": numpy, "sphinx": sphinx, "epytext": epytext, "sections": sections}
    texts["huge"] = "word " * 900_000
    texts["types"] = (
        f"Do it.\n\nArgs:\n    a ({'list[' * 3_000}int{']' * 3_000}): x\n    b ({'int | ' * 5_000}int): y\n"
    )
    texts["blanks"] = "Do it.\n\nArgs:\n" + " " * 200_000 + "\n" + "\t" * 50_000 + "x"
    files: dict[str, str | bytes] = {
        f"{name}.py": f"def f(a, b):\n    {text!r}\n\nclass A:\n    {text!r}\n"
        for name, text in texts.items()
        if name != "huge"
    }
    package(folder, {**files, "huge.py": f"def f(a):\n    {texts['huge']!r}\n"})


@case(describes=("hostile.comments:f", "hostile.directives:f", "hostile.decorators:f"))
def comments_and_decorators_that_tools_obey(folder: Path) -> None:
    package(
        folder,
        {
            "comments.py": "x = [] # type: list[int\ny = 1 # type: ignore[\ndef f(a, # type: int\n b): # type: (...) -> \x0c\n    return 1 # type: 1 +\n",
            "directives.py": "# mypy: ignore-errors, plugins=evil, python-version=2.7\n# type: ignore\n# ruff: noqa\ndef f(a: int): ...\n",
            "decorators.py": "@(lambda f: f)\n@[a][0]\n@f if x else g\n@(yield_ := d)\n@x.y[0](1)(2)\n@'string'\n@1\ndef f(a): ...\n"
            "@property\ndef g(): ...\n@staticmethod\n@classmethod\n@property\n@property\ndef h(a): ...\nclass A:\n"
            "    @property\n    @classmethod\n    @staticmethod\n    def b(): ...\n    @b.setter\n    def c(self, x): ...\n",
            "outside.py": "yield 1\nreturn 2\nawait x\nnonlocal y\nbreak\n*a\ndel b\n",
            "duplicates.py": "def f(a, a): ...\n",
            "future.py": "x = 1\nfrom __future__ import braces, annotations\nfrom __future__ import *\n",
            "python2.py": "print 'x'\nexec 'y'\nraise E, 'z'\n",
            "newer.py": "type A[T: int = str, *Ts, **P] = list[A]\ndef f[T](a: T) -> T: ...\nclass C[T = int]: ...\nx = t'{y}'\n",
        },
    )
