"""A file gets the annotations that are wanted, the imports they need, and nothing else."""

import ast

import pytest

from annotated import INT, ITERATOR, NONE, STR, annotated, constant, function, job, optional
from pybridge.annotate.file import annotate_file
from pybridge.model.types import AnyType, Callable, CallableParameter, Literal, Named, SelfType, Tuple, TypeVariable

BOX = Named(path="pkg.mod:Box")
FAR = Named(path="pkg.far:Far")


class TestPositions:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("def f(a): ...\n", "def f(a: int) -> str: ...\n"),
            ("def f(a=1): ...\n", "def f(a: int = 1) -> str: ...\n"),
            ("def f(a = 1): ...\n", "def f(a: int = 1) -> str: ...\n"),
            ("def f(a= 1): ...\n", "def f(a: int= 1) -> str: ...\n"),
            ("def f ( a , ) : ...\n", "def f ( a: int , ) -> str : ...\n"),
            ("def f(\n    a,  # first\n):  # last\n    pass\n", "def f(\n    a: int,  # first\n) -> str:  # last\n    pass\n"),
            ("def f(a  # one\n      =  # two\n      1): pass\n", "def f(a: int  # one\n      =  # two\n      1) -> str: pass\n"),
            ("async def f(a):\n\treturn a\n", "async def f(a: int) -> str:\n\treturn a\n"),
            ("@final\ndef f(a) :\n pass", "@final\ndef f(a: int) -> str :\n pass"),
            ("x = 'ä😀'; y = 1\r\ndef f(a):\r\n    '''d\r\n'''\r\n", "x = 'ä😀'; y = 1\r\ndef f(a: int) -> str:\r\n    '''d\r\n'''\r\n"),
            ("if x:\n    def f(a): pass\n", "if x:\n    def f(a: int) -> str: pass\n"),
        ],
    )  # fmt: skip
    def test_types_go_in_with_the_layout_kept(self, before, after):
        assert annotated(before, function("f", STR, a=INT)) == after

    def test_every_kind_of_parameter_is_filled(self):
        wanted = function("f", None, a=(INT, "/"), b=INT, c=(STR, "*"), d=(INT, "="), e=(STR, "**"))

        text = annotated("def f(a, /, b=1, *c, d=2, **e): ...\n", wanted)

        assert text == "def f(a: int, /, b: int = 1, *c: str, d: int = 2, **e: str): ...\n"

    def test_what_is_annotated_stays(self):
        assert annotated("def f(a: bytes, b) -> None: ...\n", function("f", STR, a=INT, b=INT)) == (
            "def f(a: bytes, b: int) -> None: ...\n"
        )

    def test_methods_keep_their_receiver_bare(self):
        text = "class A:\n    class B:\n        def m(self, a): ...\n"

        assert annotated(text, function("A.B.m", NONE, a=INT)) == (
            "class A:\n    class B:\n        def m(self, a: int) -> None: ...\n"
        )

    def test_the_getter_of_a_property_is_filled_and_its_setter_is_not(self):
        text = "class A:\n    @property\n    def p(self): ...\n    @p.setter\n    def p(self, value): ...\n"

        assert annotated(text, function("A.p", INT, is_property=True)) == text.replace("p(self):", "p(self) -> int:")

    @pytest.mark.parametrize(
        "text",
        [
            "def f(b): ...\n",
            "def f(a, b): ...\n",
            "def f(*a): ...\n",
            "@wrapped\ndef f(a): ...\n",
            "@a.b(1)\ndef f(a): ...\n",
            "@(lambda f: f)\ndef f(a): ...\n",
            "if x:\n    def f(a): ...\nelse:\n    def f(a): ...\n",
            "def g():\n    def f(a): ...\n",
            "f = lambda a: a\n",
            "class f:\n    def a(self): ...\n",
            "",
        ],
    )
    def test_a_function_that_is_not_surely_the_one_described_is_left_alone(self, text):
        assert annotated(text, function("f", STR, a=INT)) == text


class TestNames:
    def test_an_import_that_is_there_is_used(self):
        text = "from pkg.far import Far as F\ndef f(a): ...\n"

        assert annotated(text, function("f", a=FAR)) == text.replace("(a)", "(a: F)")

    def test_a_relative_import_of_a_public_path_is_used(self):
        text = "from . import Far\ndef f(a): ...\n"

        assert annotated(text, function("f", a=FAR), other_paths={"pkg.far:Far": ("pkg.Far",)}) == text.replace(
            "(a)", "(a: Far)"
        )

    def test_a_former_path_in_typing_is_used(self):
        text = "from __future__ import annotations\nimport typing as t\ndef f(): ...\n"

        assert annotated(text, function("f", ITERATOR)) == text.replace("()", "() -> t.Iterator[int]")

    def test_a_missing_name_is_imported_for_type_checkers(self):
        text = '"""Doc."""\n\nimport os\n\n\ndef f(a): ...\n'

        assert annotated(text, function("f", ITERATOR, a=FAR)) == (
            '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\nfrom typing import TYPE_CHECKING\n\n'
            "if TYPE_CHECKING:\n    from collections.abc import Iterator\n    from pkg.far import Far\n\n\n"
            "def f(a: Far) -> Iterator[int]: ...\n"
        )

    def test_a_block_for_type_checkers_is_extended(self):
        text = "import typing as t\nif t.TYPE_CHECKING:\n  # types\n  import x\ndef f(a): ...\n"

        assert annotated(text, function("f", a=FAR)) == (
            "from __future__ import annotations\nimport typing as t\nif t.TYPE_CHECKING:\n  # types\n"
            "  from pkg.far import Far\n  import x\ndef f(a: Far): ...\n"
        )

    def test_quotes_are_used_where_the_future_would_change_annotations_that_are_there(self):
        text = "import typing\ndef g(a: int): ...\ndef f(a): ...\n"

        assert annotated(text, function("f", INT, a=optional(FAR))) == (
            "import typing\n\nif typing.TYPE_CHECKING:\n    from pkg.far import Far\n\n"
            'def g(a: int): ...\ndef f(a: "Far | None") -> int: ...\n'
        )

    def test_quotes_go_around_quotes(self):
        literal = Literal(values=(constant('"'), constant("'")))
        text = annotated("x: int = 1\ndef f(a): ...\n", function("f", a=literal))

        function_node = ast.parse(text).body[-1]
        assert ast.literal_eval(function_node.args.args[0].annotation) == "Literal['\"', \"'\"]"

    def test_a_class_defined_before_needs_neither(self):
        text = "class Box: ...\ndef f(a): ...\n"

        assert annotated(text, function("f", a=BOX)) == text.replace("(a)", "(a: Box)")

    def test_a_class_is_not_evaluated_before_it_is_there(self):
        text = "class Box:\n    def m(self, a): ...\n"

        assert annotated(text, function("Box.m", a=BOX)) == (
            "from __future__ import annotations\nclass Box:\n    def m(self, a: Box): ...\n"
        )

    def test_an_attribute_of_a_module_is_not_evaluated(self):
        text = "import pkg as p\ndef f(a): ...\n"

        assert annotated(text, function("f", a=FAR), other_paths={"pkg.far:Far": ("pkg.Far",)}) == (
            "from __future__ import annotations\nimport pkg as p\ndef f(a: p.Far): ...\n"
        )

    def test_a_name_that_is_taken_gets_another(self):
        text = "def f(a):\n    Far = 1\n"

        assert "    from pkg.far import Far as _Far\n" in annotated(text, function("f", a=FAR))

    @pytest.mark.parametrize(
        ("text", "expr"),
        [
            ("int = 3\ndef f(a): ...\n", INT),
            ("Box = make()\ndef f(a): ...\n", BOX),
            ("def f(a): Far = _Far = 1\n", FAR),
            ("from pkg.far import Far\ndef _Far(a): ...\ndel Far\ndef f(a): ...\n", FAR),
            ("TYPE_CHECKING = 1\ndef f(a): ...\n", FAR),
            ("def f(a): ...\n", TypeVariable(name="T")),
            ("def f(a): ...\n", SelfType()),
            ("def f(a): ...\n", Named(path="builtins:ellipsis")),
            ("def f(a): ...\n", Named(path="pkg.far:make.<locals>.Inner")),
        ],
    )  # fmt: skip
    def test_a_type_without_a_name_here_is_not_written(self, text, expr):
        assert annotated(text, function("f", a=expr)) == text

    def test_a_name_that_the_class_hides_is_not_written(self):
        text = "class A:\n    def int(self): ...\n    def m(self, a, b): ...\n"

        assert annotated(text, function("A.m", a=INT, b=STR)) == text.replace("a, b", "a, b: str")

    @pytest.mark.parametrize(("version", "module"), [((3, 10), "typing_extensions"), ((3, 11), "typing")])
    def test_self_is_imported_from_where_the_target_has_it(self, version, module):
        text = annotated("class A:\n    def m(self): ...\n", function("A.m", SelfType()), python_version=version)

        assert f"    from {module} import Self\n" in text

    def test_types_of_many_shapes_are_written(self):
        parameters = (CallableParameter(type=INT), CallableParameter(type=STR))
        types = {
            "a": Tuple(items=(INT, STR)),
            "b": Tuple(items=(INT,), is_variadic=True),
            "c": Callable(parameters=parameters, returns=NONE),
            "d": Callable(parameters=None, returns=AnyType()),
            "e": Tuple(items=()),
        }
        text = annotated("def f(a, b, c, d, e): ...\n", function("f", **types))

        assert text.endswith(
            "def f(a: tuple[int, str], b: tuple[int, ...], c: Callable[[int, str], None], d: Callable[..., Any], "
            "e: tuple[()]): ...\n"
        )


class TestWhereImportsGo:
    FUTURE = "from __future__ import annotations\n"
    NEW = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from pkg.far import Far\n"

    @pytest.mark.parametrize(
        ("before", "between"),
        [
            ("", ""),
            ("#!/bin/sh\n# licence\n", ""),
            ("from __future__ import division\n", ""),
            ("'doc'\nfrom __future__ import division\nimport a, b; import c  # why\n", ""),
        ],
    )
    def test_the_text_around_stays(self, before, between):
        text = annotated(f"{before}{between}def f(a): ...\n", function("f", a=FAR))

        assert self.FUTURE in text
        assert self.NEW in text
        assert text.replace(self.FUTURE, "", 1).replace(self.NEW, "", 1).replace("a: Far", "a").split() == (
            f"{before}def f(a): ...\n".split()
        )

    def test_line_ends_are_those_of_the_file(self):
        text = annotated("import os\r\ndef f(a): ...\r\n", function("f", a=FAR))

        assert text.count("\n") == text.count("\r\n") > 4

    def test_a_docstring_that_shares_its_line_leads_to_quotes(self):
        text = annotated("'doc'; x = 1\ndef f(a): ...\n", function("f", a=FAR))

        assert "__future__" not in text
        assert 'def f(a: "Far"): ...\n' in text


class TestBytes:
    def test_a_byte_order_mark_and_an_encoding_stay(self):
        assert annotate_file(job(b"\xef\xbb\xbfdef f(a): ...\n", function("f", a=INT))).data == (
            b"\xef\xbb\xbfdef f(a: int): ...\n"
        )
        latin = b"# coding: latin-1\nx = '\xe9'\ndef f(a): ...\n"
        assert annotate_file(job(latin, function("f", a=INT))).data == latin.replace(b"(a)", b"(a: int)")

    def test_a_type_that_the_encoding_cannot_write_leaves_the_file_alone(self):
        text = b"# coding: latin-1\ndef f(a): ...\n"

        answer = annotate_file(job(text, function("f", a=Literal(values=(constant("λ"),)))))

        assert answer.data is None
        assert [one.code for one in answer.diagnostics] == ["annotate-refused"]

    @pytest.mark.parametrize(
        "data",
        [b"def f(a:\n", b"x = '\xff'\n", b"# coding: martian\n", b"x = 1\0\n", b"x = " + b"(" * 300 + b")" * 300],
    )
    def test_what_is_no_python_text_costs_one_diagnostic(self, data):
        answer = annotate_file(job(data, function("f", a=INT)))

        assert answer.data is None
        assert [(one.code, one.path) for one in answer.diagnostics] == [("annotate-unreadable", "pkg/mod.py")]
