"""What facts say of a file, and that no file can do harm."""

import pytest

from pybridge.extract import Parser
from pybridge.model.expressions import Attribute, Call, Constant, Name, Opaque, Starred, Subscript, Unary
from pybridge.model.facts import Assignment, ClassFacts, FromImport, FunctionFacts, GuardKind, TypeAliasFacts
from pybridge.model.types import LiteralKind, LiteralValue, ParameterKind, TypeVariableKind
from readings import only_assignment, only_class, only_function, read_facts


def test_every_overload_is_a_function_of_its_own_in_source_order() -> None:
    source = "class A:\n    @overload\n    def f(self, a): ...\n    @overload\n    def f(self, b): ...\n    def f(self, c): ...\n"
    functions = [one for one in only_class(source).body if isinstance(one, FunctionFacts)]

    assert [one.parameters[1].name for one in functions] == ["a", "b", "c"]


def test_branches_for_other_platforms_versions_and_type_checkers_stay() -> None:
    source = (
        "import sys\nif sys.platform == 'win32':\n    a = 1\nelse:\n    b = 1\nif sys.version_info < (3, 0):\n    c = 1\n"
        "if not TYPE_CHECKING:\n    d = 1\nassert sys.platform == 'win32'\ne = 1\n"
    )
    targets = [one.target for one in read_facts(source).body if isinstance(one, Assignment)]

    assert targets == [Name("a"), Name("b"), Name("c"), Name("d"), Name("e")]


def test_comments_for_mypy_change_nothing() -> None:
    body = "def f():\n    return 1\n"
    plain = read_facts(body)
    for comment in ("# mypy: ignore-errors\n", "# type: ignore\n", "#mypy:ignore-errors\n"):
        assert read_facts(comment + body).body == plain.body


def test_branches_of_an_if_share_a_block_and_negate_earlier_tests() -> None:
    first, second, third = read_facts("if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3\n").body
    guards = [[(one.text, one.is_negated, one.block) for one in each.guards] for each in (first, second, third)]

    assert guards == [[("a", False, 0)], [("a", True, 0), ("b", False, 0)], [("a", True, 0), ("b", True, 0)]]


def test_finally_is_unguarded_and_handlers_tell_what_they_catch() -> None:
    body = read_facts("try:\n    import a\nexcept (E, F):\n    a = 1\nelse:\n    b = 1\nfinally:\n    c = 1\n").body
    kinds = [[guard.kind for guard in one.guards] for one in body]
    caught = body[1].guards[0]

    assert kinds == [[GuardKind.TRY], [GuardKind.EXCEPT], [GuardKind.TRY], []]
    assert caught.text == "(E, F)"


def test_defaults_are_exact_text_even_where_operands_have_parentheses() -> None:
    source = "def f(a=(1 + 2) * 3, b = x  [ 0 ], c=1 - (2), *, d=( # (\n    1) + 2, e=f'{é}(', g='(' * 2 + (3)): ...\n"
    texts = [one.default_text for one in only_function(source).parameters]

    assert texts == ["(1 + 2) * 3", "x  [ 0 ]", "1 - (2)", "( # (\n    1) + 2", "f'{é}('", "'(' * 2 + (3)"]


def test_parameters_have_the_kind_that_the_source_gives_them() -> None:
    kinds = {one.name: one.kind for one in only_function("def f(a, __b, /, __c, d=1, *e, f, **g): ...").parameters}

    assert kinds == {
        "a": ParameterKind.POSITIONAL_ONLY,
        "__b": ParameterKind.POSITIONAL_ONLY,
        "__c": ParameterKind.POSITIONAL_OR_KEYWORD,
        "d": ParameterKind.POSITIONAL_OR_KEYWORD,
        "e": ParameterKind.VAR_POSITIONAL,
        "f": ParameterKind.KEYWORD_ONLY,
        "g": ParameterKind.VAR_KEYWORD,
    }


def test_a_long_default_is_replaced_as_a_whole() -> None:
    (parameter,) = only_function(f"def f(a=[{'1, ' * 2000}]): ...").parameters

    assert parameter.default_text == "..."
    assert isinstance(parameter.default, Opaque)
    assert parameter.default.what == "long"


def test_newer_syntax_than_the_running_interpreter_is_read() -> None:
    body = read_facts(
        "type X[T: (int, str)] = list[T]\ndef f[T: int, *Ts, **P](a: T, *b: *Ts) -> T: ...\nx = f'{d[\"a\"]}'\nclass A[T = int]: ...\n"
    ).body
    alias, function, _, cls = body

    assert isinstance(alias, TypeAliasFacts)
    assert alias.value.text == "list[T]"
    assert isinstance(function, FunctionFacts)
    assert [one.kind for one in function.type_parameters] == [
        TypeVariableKind.TYPE,
        TypeVariableKind.TUPLE,
        TypeVariableKind.PARAMETERS,
    ]
    assert function.parameters[1].annotation is not None
    assert function.parameters[1].annotation.expr == Starred(Name("Ts"))
    assert isinstance(cls, ClassFacts)
    assert cls.type_parameters[0].default == Name("int")


def test_a_function_tells_what_it_returns_yields_and_whether_it_ends() -> None:
    source = (
        "async def f(x):\n    def g():\n        yield 'not mine'\n    if x:\n        return None\n    yield 1\n    yield 1\n"
        "    raise E\n"
    )
    function = only_function(source)
    one = Constant(LiteralValue(kind=LiteralKind.INT, text="1"))

    assert (function.is_async, function.is_generator, function.can_fall_through) == (True, True, False)
    assert function.yielded == (one,)
    assert function.returned == (Constant(LiteralValue(kind=LiteralKind.NONE)),)


@pytest.mark.parametrize(
    ("body", "falls"),
    [
        ("return 1", False),
        ("if a: return 1", True),
        ("if a: return 1\n    else: raise E", False),
        ("while True: pass", False),
        ("while True:\n        if a: break", True),
        ("while a: return 1", True),
        ("for a in b: return 1", True),
        ("for a in b:\n        break\n    else: return 1", True),
        ("try: return 1\n    except E: pass", True),
        ("try: pass\n    finally: return 1", False),
        ("with a: return 1", False),
        ("match a:\n        case 1: return 1", True),
        ("match a:\n        case 1: return 1\n        case _: return 2", False),
        ("assert False", False),
    ],
)
def test_fall_through(body: str, falls: bool) -> None:  # noqa: FBT001 - a claim, not a flag
    assert only_function(f"def f(a):\n    {body}\n").can_fall_through is falls


def test_self_assignments_are_the_first_of_each_name_in_the_own_scope() -> None:
    source = (
        "def __init__(this, a):\n    this.a: 'int' = a  #: of a\n    this.a = 2\n    self.b = 1\n    if a:\n        this.c, d = 1, 2\n"
        "    def g():\n        this.d = 1\n    for this.e in a: pass\n"
    )
    found = {one.name: one for one in only_function(source).self_assignments}

    assert list(found) == ["a", "c"]
    assert found["a"].docstring == "of a"
    assert found["a"].annotation is not None
    assert found["a"].annotation.expr == Name("int")


def test_nested_functions_are_kept_where_they_are_returned() -> None:
    source = "def deco(f):\n    def unused(): ...\n    @wraps(f)\n    def inner(): ...\n    return mark(inner)\n"
    (inner,) = only_function(source).nested

    assert inner.name == "inner"


def test_positions_count_characters_and_do_not_touch_facts() -> None:
    facts = read_facts("'''Döc.'''\n\n@deco\ndef f(): ...\nx = '«»'; y = 1\n")

    assert [(one.line, one.column, one.end_line) for one in facts.spans] == [(4, 1, 4), (5, 1, 5), (5, 11, 5)]
    assert read_facts("'''Döc.'''\n@deco\n\n\ndef f(): ...\nx = '«»'; y = 1\n").body == facts.body


def test_strings_and_docstrings_keep_their_characters() -> None:
    function = only_function("def f(a='é', b='\\ud800', c=b'\\xff'):\n    '''«Dóc» # type: x'''\n")
    values = [one.default.value for one in function.parameters if isinstance(one.default, Constant)]

    assert function.docstring == "«Dóc» # type: x"
    assert [(one.kind, one.text) for one in values] == [
        (LiteralKind.STR, "é"),
        (LiteralKind.STR, "\\ud800"),
        (LiteralKind.BYTES, "ff"),
    ]


def test_large_literals_are_opaque() -> None:
    for source, what in (
        (f"x = [{'1, ' * 20_001}]", "list"),
        (f"x = {{{'1: 1, ' * 20_001}}}", "dict"),
        (f"x = '{'a' * 70_000}'", "str"),
        (f"x = 0x{'f' * 5_000}", "int"),
    ):
        found = only_assignment(source)
        assert isinstance(found.value, Opaque)
        assert found.value.what == what
        assert found.value_text is not None
        assert len(found.value_text) == 1000


def test_deep_expressions_are_cut_not_refused() -> None:
    for source in (
        "x = a" + ".b" * 5_000,
        "x = 1" + " + 1" * 5_000,
        "x = f" + "()" * 5_000,
        "x: 'a" + ".b" * 1_500 + "'",
    ):
        assert not read_facts(source).is_broken


def test_an_elif_chain_of_any_length_stays_linear() -> None:
    facts = read_facts("if a: x = 0\n" + "elif b: x = 1\n" * 1_000)

    assert len(facts.body) == 1_001
    assert max(len(one.guards) for one in facts.body) == 101


@pytest.mark.parametrize("parser", list(Parser))
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x = (\n", "syntax-error"),
        (b"def f(:\n", "syntax-error"),
        (b"print 'a'\n", "syntax-error"),
        (b"def f(a, a): ...\n", "syntax-error"),
        (b"x = 1\0\n", "syntax-error"),
        (b"x = " + b"(" * 10_000 + b"1" + b")" * 10_000, "syntax-error"),
        (b"x = " + b"9" * 5_000, "syntax-error"),
        (b"".join(b" " * depth + b"if 1:\n" for depth in range(300)) + b" " * 300 + b"pass\n", "syntax-error"),
        (b"x = " + b"not " * 20_000 + b"1", "syntax-error"),
        ("x = “smart”\n".encode(), "syntax-error"),
        (b"x = '\xff'\n", "bad-encoding"),
        (b"# coding: nonsense\n", "bad-encoding"),
    ],
)
def test_a_file_that_is_no_python_is_one_diagnostic(data: bytes, code: str, parser: Parser) -> None:
    facts = read_facts(data, parser)

    assert [one.code for one in facts.diagnostics] == [code]
    assert facts.is_broken
    assert facts.body == ()


def test_a_syntax_error_names_its_place() -> None:
    (diagnostic,) = read_facts("x = 1\ndef f(:\n    pass\n").diagnostics

    assert (diagnostic.path, diagnostic.line, diagnostic.column) == ("sample.py", 2, 7)


def test_calls_that_stand_alone_are_kept_and_other_expressions_are_not() -> None:
    (call,) = read_facts("__all__.extend(a)\n'text'\na.b\nawait_ \n...\n").body

    assert getattr(call, "value", None) == Call(Attribute(Name("__all__"), "extend"), call.value.arguments)  # type: ignore[union-attr]  # it is an Expression


def test_relative_imports_tell_their_level() -> None:
    (found,) = read_facts("from ..a import b as c\n").body

    assert isinstance(found, FromImport)
    assert (found.level, found.module, found.name, found.alias) == (2, "a", "b", "c")


def test_unary_and_subscript_shapes() -> None:
    assert only_assignment("x = -a").value == Unary("-", Name("a"))
    assert only_assignment("x = a[b]").value == Subscript(Name("a"), Name("b"))


def test_a_deprecation_that_every_call_tells_of_is_kept_with_its_notice() -> None:
    def told(body: str) -> str | None:
        return only_function(f"def f(x):\n{body}").deprecation

    assert told("    warnings.warn('use g', DeprecationWarning, stacklevel=2)\n") == "use g"
    assert told("    warn(message='use g', category=lib.LibDeprecated)\n    return g(x)\n") == "use g"
    assert told("    warnings.warn(f'use {g}', DeprecationWarning)\n") == ""
    assert told("    if x:\n        warnings.warn('x is old', DeprecationWarning)\n") is None
    assert told("    warnings.warn('slow', RuntimeWarning)\n") is None
    assert told("    def inner():\n        warnings.warn('use g', DeprecationWarning)\n    return inner\n") is None
