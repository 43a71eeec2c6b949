"""Whatever a file looks like, taking out what was added gives it back, and the program stays the same."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from annotated import INT, ITERATOR, function, job, optional
from pybridge.annotate.file import annotate_file
from pybridge.annotate.job import insert
from pybridge.annotate.proof import is_same_program
from pybridge.model.types import Named

BLANKS = st.sampled_from(["", " ", "  ", "\t", " \\\n  ", "\n    ", " # why\n    "])
GAPS = st.sampled_from(["", " ", "  ", "\t"])
HEADS = st.sampled_from(
    [
        "", "'doc'\n", "# licence\n", "#!/x\n'''long\ndoc'''\n\n", "import os\n", "from typing import TYPE_CHECKING\n",
        "import typing as t\nif t.TYPE_CHECKING:\n    import a\n", "from __future__ import annotations\n",
        "'doc'\nfrom __future__ import division\nimport a; import b\n", "try:\n    import a\nexcept E:\n    a = 1\n",
        "x: int = 1\n", "int = str\n", "from pkg.far import Far\n", "Far = 1\n", "\n\n\n", "import a \\\n  as b\n",
    ]
)  # fmt: skip
TYPES = st.sampled_from([None, INT, optional(INT), ITERATOR, Named(path="pkg.far:Far"), Named(path="pkg.mod:A")])


@st.composite
def parameters(draw, name):
    blank, equal = draw(BLANKS), draw(BLANKS)
    annotation = draw(st.sampled_from(["", "", f":{blank}int"]))
    default = draw(st.sampled_from(["", f"{blank}={equal}(1,)", "=1", f"={equal}lambda a=1: a"]))
    return f"{draw(BLANKS)}{name}{annotation}{default}{draw(BLANKS)}", bool(default)


@st.composite
def definitions(draw, receiver=""):
    first, has_default = draw(parameters("a"))
    second, second_default = draw(parameters("b"))
    listed = [receiver, first, second if second_default or not has_default else f"{second}=2"]
    returns = draw(st.sampled_from(["", "", " -> int", "->(\nint)"]))
    body = draw(st.sampled_from([" pass\n", "  # end\n{indent}  return 1\n", "\n{indent}\t'doc'\n"]))
    return (
        f"{draw(st.sampled_from(['', 'async ']))}def f{draw(GAPS)}({','.join(filter(None, listed))})"
        f"{returns}{draw(GAPS)}:{body}"
    )


@st.composite
def files(draw):
    function_text = draw(definitions()).format(indent="")
    method_text = draw(definitions(receiver="self")).format(indent="    ")
    tail = draw(st.sampled_from(["", "x = f(1)\n", "# end"]))
    text = f"{draw(HEADS)}{function_text}class A:\n    {method_text}{tail}"
    return draw(st.sampled_from([text, text.replace("\n", "\r\n"), text.rstrip("\n")]))


def is_python(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@given(files().filter(is_python), TYPES, TYPES, TYPES)
def test_only_annotations_and_imports_are_added(text, one, two, three):
    wanted = (function("f", one, a=two, b=three), function("A.f", three, a=one, b=two))

    answer = annotate_file(job(text, *wanted))

    assert answer.diagnostics == ()
    if answer.data is None:
        return
    new = answer.data.decode()
    assert insert(text, answer.insertions) == new
    assert removed(new, answer.insertions) == text
    assert is_same_program(ast.parse(text), new)
    assert annotate_file(job(new, *wanted)).data is None


def removed(text, insertions):
    """The text without what was inserted, found by its place alone."""
    for one in insertions:
        assert text[one.offset : one.offset + len(one.text)] == one.text
        text = text[: one.offset] + text[one.offset + len(one.text) :]
    return text


def test_the_proof_sees_any_other_change():
    before = "import os\ndef f(a, b: int):\n    return a\n"

    for after in (
        before.replace("return a", "return b"),
        before.replace("b: int", "b: str"),
        before.replace("import os", "import os, sys"),
        before.replace("import os", "import os\nimport sys"),
        before.replace("import os", "import os\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    run()"),
        before.replace("a, b", "b, a"),
        before.replace("b: int)", "b: int = 1)"),
        f"from __future__ import division\n{before}",
        f"{before}def g(): ...\n",
        before.replace("import os\n", ""),
        f"{before}(",
    ):
        assert not is_same_program(ast.parse(before), after), after
    assert is_same_program(ast.parse(before), f"from __future__ import annotations\n{before.replace('a,', 'a: str,')}")
