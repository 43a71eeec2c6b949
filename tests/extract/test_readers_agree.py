"""The native reader and the `ast` reader are independent; on every file they must tell the same facts."""

import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.extract import Parser, extract_file
from pybridge.extract.decoding import decode
from pybridge.extract.with_mypy.module import read_module
from pybridge.extract.with_mypy.parsing import NativeParser, Parsed
from readings import read_facts, source_file

SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
LIBRARIES = ("click", "jinja2", "attr", "attrs", "iniconfig", "packaging")
FILES = sorted(path for name in LIBRARIES for path in (SITE_PACKAGES / name).rglob("*.py*") if path.suffix != ".pyc")

SNIPPETS = {
    "overloads": "@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\ndef f(x): return x\n",
    "conditional overloads": (
        "class A:\n    if sys.version_info >= (3, 12):\n        @overload\n        def f(self) -> int: ...\n    else:\n"
        "        @overload\n        def f(self) -> str: ...\n    @overload\n    def f(self, x): ...\n    def f(self, x=1): ...\n"
    ),
    "property": "class A:\n    @property\n    def p(self): return 1\n    @p.setter\n    def p(self, v): self._p = v\n",
    "platform": "import sys\nif sys.platform == 'win32':\n    a = 1\nelif TYPE_CHECKING:\n    b = 2\nelse:\n    c = 3\n",
    "platform assertion": "import sys\nassert sys.platform == 'win32'\nx = 1\n",
    "mypy comments": "# mypy: ignore-errors\ndef f():\n    return 1\n",
    "type ignore": "# type: ignore\ndef f():\n    '''# type: int'''\n    return 1\n",
    "type comment": "x = []  # type: list[int]\ny = 1  # type: ignore[misc]\n",
    "try": "try:\n    import a\nexcept (ImportError, E) as e:\n    a = None\nelse:\n    b = 1\nfinally:\n    c = 2\n",
    "bare except": "try:\n    a = 1\nexcept:\n    a = 2\n",
    "only finally": "try:\n    a = 1\nfinally:\n    b = 1\n",
    "except group": "try:\n    a = 1\nexcept* ValueError:\n    b = 1\n",
    "list targets": "for [a, (b, [c])] in x: pass\nd = [e for [f, g] in h]\nwith i as [j]: pass\n",
    "loops": "for i, (j, *k) in x:\n    a = 1\nelse:\n    b = 2\nwhile True:\n    c = 3\nelse:\n    d = 4\n",
    "with": "with open(p) as f, g() as (h, i), j:\n    a = 1\n",
    "match": "match x:\n    case {'a': 1, **rest}:\n        a = 1\n    case [A(b=c), *_] if c:\n        a = 2\n    case _:\n        a = 3\n",
    "else if": "if a:\n    x = 1\nelse:\n    if b:\n        x = 2\n",
    "elif": "if a:\n    x = 1\nelif b:\n    x = 2\nelif (c):\n    x = 3\nelse:\n    x = 4\n",
    "deprecations": (
        "def f():\n    g()\n    warnings.warn('use g', DeprecationWarning, stacklevel=2)\n"
        "def h():\n    warn(f'use {g}', category=lib.LibDeprecationWarning)\n    warnings.warn('again', DeprecationWarning)\n"
        "def i():\n    if x:\n        warnings.warn('use g', DeprecationWarning)\n    warnings.warn('slow')\n"
        "def j():\n    warnings.warn(RemovedInDeprecated('use g'))\n"
    ),
    "imports": "import a.b.c, d as e\nfrom . import f\nfrom ...g.h import (i as j, k,)\nfrom l import *\n",
    "targets": "a = b = c, *d = [e.f, g[0]] = 1\n(x): int = 2\ny: str\nz.w |= 3\nz //= 4\ndel a, (b, c), d[0]\n",
    "parameters": "def f(a, /, b: int = 1, *args: int, c, d: str = 'x', **kw: str) -> None: ...\ndef g(*, a=1): ...\n",
    "dunder parameters": "def f(self, __a, __b=1): ...\ndef g(__a, __b, /, c): ...\ndef h(a, __b=(1), /, *__c): ...\n",
    "dunder methods": "class A:\n    def __eq__(self, other): ...\n    def __getitem__(self, key, /): ...\n",
    "parenthesised operands": "def f(a=(1 + 2) * 3, b=1 - (2), c=((1) + (2)), d=( # )\n  1 + 2) * 3, e=1 * (2  # (\n  )): ...\n",
    "parenthesised annotations": "def f(a: (int), b: ((int) | (str)) = 1) -> (\n    dict[str,\n    int]): ...\n",
    "string annotations": "def f(a: 'int | \"B\"', b: Optional['C'], c: Literal['d'], e: 'not a type!', *g: *Ts) -> 'list[\"X\"]': ...\n",
    "literal alias": "from typing import Literal as L\nx: L['a', 'b']\n",
    "annotated": "x: Annotated['int', Field('text', gt=0), 'note']\n",
    "odd annotations": "def f(a: 1, b: -1, c: 1.5, d: [int], e: {'a': int}, g: lambda: 1, h: f(x), i: a if b else c, j: (int, str)): ...\n",
    "calls": "f(a, *b, c=1, *d, **e)\nsuper().f(super().g)\nx = f(y for y in z)\nx = f(a for b in c for d in e)\n",
    "strings": "a = 'x' \"y\" '''z'''\nb = b'\\xff' b'a\\n'\nc = f'{x!r:>{y}}' 'z'\nd = f'plain' 'more'\ne = ''.join(['a'])\nf = '{:{}}'.format(a, '')\n",
    "escapes": "a = '\\ud800 \\N{BULLET} \\x41'\nb = r'\\d'\nc = '\\d'\n",
    "numbers": "a = 0xFF + 1_000 + 1j - 10 ** 400 + 1e400 + .5\n",
    "operators": "x = a and b and c or not d\ny = a < b <= c is not d not in e\nz = -a ** ~b @ c << d\nw = a if b else c\n",
    "comprehensions": "a = [x for x in y if z if w]\nb = {x for x in y}\nc = {x: y for x in z}\nd = [x async for x in y]\n",
    "slices": "a = b[1:2, ::3, ...]\nc = d[e, f]\ng = h[(i, j)]\nk = l[*m]\nn = o[:]\n",
    "lambdas": "f = lambda a, /, b=1, *c, d, **e: (yield)\ng = lambda: 0\n",
    "walrus": "if (n := 10) > 5:\n    x = n\n",
    "generators": "def f():\n    x = yield\n    yield 1\n    yield from g()\n    return (yield 2)\n\nasync def g():\n    yield await h()\n",
    "nested generator": "def f():\n    def g():\n        yield 1\n    return g\n",
    "self": (
        "class A:\n    def __init__(self, a):\n        self.a: int = a\n        '''doc'''\n        self.b, self.c = 1, a\n        self.d, e = a\n"
        "        if a:\n            self.f = self.g = [1]  #: comment\n        x.y = 1\n        self.a = 2\n"
    ),
    "decorators": "@a\n@b.c(1)  # comment\n# another\n@(d + e) * f\nasync def g(): ...\n@h\nclass I(J, K[int], *l, metaclass=M, **n): ...\n",
    "wrapper": "def deco(f):\n    @wraps(f)\n    def inner(*a, **k):\n        return f(*a, **k)\n    return update_wrapper(inner, f)\n",
    "flow": (
        "def f(x):\n    while True:\n        if x: break\n    for a in b:\n        return 1\n    else:\n        return 2\n"
        "def g(x):\n    try:\n        return 1\n    except E:\n        raise\n    finally:\n        pass\n"
        "def h(x):\n    match x:\n        case 1: return 1\n        case _: return 2\ndef i(x):\n    assert False\n"
    ),
    "stubs": "def a(): ...\ndef b():\n    'doc'\ndef c():\n    raise NotImplementedError('x')\ndef d():\n    pass\ndef e(): return\n",
    "docs": "'''Module.'''\nx = 1\n'''Of x.'''\ny = 2  #: of y\n#: above\n#: of z\nz = 3\nf'no doc'\n",
    "f-string is no docstring": "def f():\n    f'no'\n    return 1\n",
    "form feed": "\x0cx = 1\n\x0c\ndef f():\n    pass\n    \x0c\n    y = 1\n",
    "line separators": "x = 'a\u2028b'; y = 1\nz = '\x85'\n",
    "carriage returns": "a = 1\rb = '''x\r\ny'''\r\nc = 3\n",
    "tabs": "class A:\n\tx = 1\n\tdef f(self):\n\t\tself.y = 2\n",
    "not ascii": "x = f('«é»', k='𐍈') + '一'  # «\ny: 'Ä' = 'ö' 'x'\ndef f(a='é', b=(1) + 2):\n    '''Dóc.'''\n    return 'ß'\n",
    "names not ascii": "é = ñ.ü + f(λ=1)\nclass Ä(Ö): ß = 1\ndef f(ø: å = æ): return œ\n",
    "module hook": "def __getattr__(name):\n    if name == 'A':\n        from .a import A\n        return A\n    raise AttributeError(name)\n",
    "one line": "class A: x = 1; y = 2\nif a: b = 1\nelse: b = 2\n",
    "empty": "",
    "comment only": "# nothing\n",
}


@pytest.mark.parametrize("source", SNIPPETS.values(), ids=SNIPPETS.keys())
def test_snippet(source: str) -> None:
    native, other = read_facts(source), read_facts(source, Parser.AST)

    assert native == other
    assert not native.is_broken


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SITE_PACKAGES)) for path in FILES])
def test_file_of_a_real_library(path: Path) -> None:
    data = path.read_bytes()
    native = extract_file(source_file(), data, python_version=(3, 11))
    other = extract_file(source_file(), data, python_version=(3, 11), parser=Parser.AST)

    assert native == other
    assert native.body or not data.strip()


def test_real_libraries_need_no_fallback() -> None:
    parser = NativeParser((3, 11))
    for path in FILES:
        text = decode(path.read_bytes(), path.name)
        assert isinstance(text, str)
        parsed = parser.parse(text, path.name)
        assert isinstance(parsed, Parsed)
        if "assert sys.platform" not in text:
            read_module(parsed, text)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(
            inner,
            st.sampled_from(
                ["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^", "and", "or", "<", "is", "in"]
            ),
            inner,
        ).map(" ".join),
        inner.map("({})".format),
        inner.map("(  {}\n )".format),
        inner.map("-{}".format),
        inner.map("not {}".format),
        inner.map("({}).a".format),
        pair.map(lambda two: f"({two[0]})[{two[1]}]"),
        pair.map(lambda two: f"f({two[0]}, k={two[1]})"),
        pair.map(lambda two: f"[{two[0]}, *({two[1]})]"),
        pair.map(lambda two: f"({two[0]}, {two[1]})"),
        pair.map(lambda two: f"{{{two[0]}: {two[1]}}}"),
        pair.map(lambda two: f"[{two[0]} for x in ({two[1]})]"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
        inner.map("(lambda q: {})".format),
    )


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b.c", "1", "2.5", "'s'", "'é)('", "b'x'", "None", "True", "...", '"""(""" "]"', "f'{a}'"]),
    _combined,
    max_leaves=10,
)


@given(expression=EXPRESSIONS)
@settings(max_examples=150, deadline=None)
def test_any_expression_in_any_place(expression: str) -> None:
    source = (
        f"x = {expression}\n"
        f"@d({expression})\ndef f(p=({expression}), *, q: g[{expression}] = {expression}):\n    return {expression}\n"
        f"if ({expression}):\n    y: ({expression}) = 1\n"
    )

    native, other = read_facts(source), read_facts(source, Parser.AST)

    assert (native.body, native.spans, native.is_broken) == (other.body, other.spans, other.is_broken)
