"""Documentation's words for types are read when their meaning is sure, and left alone when not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.model.evidence import Confidence, Tier
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    AnyType,
    Callable,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    Union,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.evidence import DocParameter, DocValue, documented_parameter, documented_value, read_doc_type

MEDIUM, LOW = Confidence.MEDIUM, Confidence.LOW
NONE = NoneType()


def named(path: str, *arguments: TypeExpr) -> Named:
    return Named(path=SymbolPath(path), arguments=arguments)


INT, STR, BOOL, FLOAT = (named(f"builtins:{name}") for name in ("int", "str", "bool", "float"))
FOO = named("lib:Foo")
CALLABLE = Callable(parameters=None, returns=Unknown(reason=UnknownReason.UNANNOTATED))


@pytest.fixture
def scope(table_scope):
    return table_scope(
        {
            "Foo": ("lib:Foo", SymbolKind.CLASS),
            "Integer": ("lib:Integer", SymbolKind.CLASS),
            "lower": ("lib:lower", SymbolKind.CLASS),
            "helper": ("lib:helper", SymbolKind.FUNCTION),
            "np": ("numpy:", SymbolKind.MODULE),
            "List": ("typing:List", SymbolKind.EXTERNAL),
        },
        current_class="lib:Foo",
    )


@pytest.mark.parametrize(
    ("text", "expected", "confidence"),
    [
        ("int", INT, MEDIUM),
        ("``int``", INT, MEDIUM),
        ("integer", INT, MEDIUM),
        ("int, optional", INT, MEDIUM),
        ("bool, default: True", BOOL, MEDIUM),
        ("boolean.", BOOL, MEDIUM),
        ("str or None", Union(members=(STR, NONE)), MEDIUM),
        ("int, str, or None", Union(members=(INT, STR, NONE)), MEDIUM),
        ("int | str", Union(members=(INT, STR)), MEDIUM),
        ("None", NONE, MEDIUM),
        ("callable", CALLABLE, MEDIUM),
        ("any", AnyType(), LOW),
        ("Any", AnyType(), LOW),
        ("string", STR, MEDIUM),
        ("String", STR, LOW),
        ("number", Union(members=(FLOAT, INT)), LOW),
        ("list", named("builtins:list"), MEDIUM),
        ("list of str", named("builtins:list", STR), LOW),
        ("list of strings", named("builtins:list", STR), LOW),
        ("list of ints", named("builtins:list", INT), LOW),
        ("list of Foos", named("builtins:list", FOO), LOW),
        ("list of nodes", named("builtins:list"), LOW),
        ("list of list of int", named("builtins:list", named("builtins:list", INT)), LOW),
        ("iterable of Foo", named("typing:Iterable", FOO), LOW),
        ("tuple of int", Tuple(items=(INT,), is_variadic=True), LOW),
        ("tuple of (int, str)", Tuple(items=(INT, STR)), LOW),
        ("(int, str)", Tuple(items=(INT, STR)), LOW),
        ("(int)", INT, MEDIUM),
        ("dict(str, int)", named("builtins:dict", STR, INT), LOW),
        ("dict of {str: int}", named("builtins:dict", STR, INT), LOW),
        ("dict of str to int", named("builtins:dict", STR, INT), LOW),
        ("dict of nodes", named("builtins:dict"), LOW),
        ("list<str>", named("builtins:list", STR), LOW),
        ("list[str]", named("builtins:list", STR), MEDIUM),
        ("List[Foo]", named("builtins:list", FOO), MEDIUM),
        (
            "{'b', 'a'}",
            Literal(
                values=(
                    LiteralValue(kind=LiteralKind.STR, text="a"),
                    LiteralValue(kind=LiteralKind.STR, text="b"),
                )
            ),
            MEDIUM,
        ),
        ("{True, False}", BOOL, MEDIUM),
        (":class:`Foo`", FOO, MEDIUM),
        (":py:class:`~.Foo`", FOO, MEDIUM),
        ("Foo or None", Union(members=(FOO, NONE)), MEDIUM),
        ("np.ndarray", named("numpy:ndarray"), MEDIUM),
        ("Integer", named("lib:Integer"), MEDIUM),
        ("lower", named("lib:lower"), LOW),
        ("self", SelfType(), MEDIUM),
        ("array_like", None, None),
        ("ndarray", None, None),
        ("graph", None, None),
        ("object", None, None),
        ("filter", None, None),
        ("input", None, None),
        ("helper", None, None),
        ("Bar", None, None),
        ("a list of things", None, None),
        ("int or graph", None, None),
        ("int, str", None, None),
        ("{int, float}", None, None),
        ("list[Bar]", None, None),
        ("the number of things", None, None),
        ("positive integer", None, None),
        ("", None, None),
        ("or", None, None),
        (" or ", None, None),
        ("int" * 100, None, None),
    ],
)
def test_documented_type(scope, text: str, expected: TypeExpr | None, confidence: Confidence | None) -> None:
    claim = read_doc_type(text, scope)

    assert (claim and claim.expr, claim and claim.evidence.confidence) == (expected, confidence)
    assert claim is None or claim.evidence.tier is Tier.DOCSTRING


def test_a_claim_quotes_the_documentation(scope) -> None:
    parameter = documented_parameter(DocParameter(name="x", type_text="list of str"), scope)
    value = documented_value(DocValue(type_text="int"), scope)

    assert parameter is not None
    assert parameter.evidence.reason == "documented as 'list of str'"
    assert value is not None
    assert value.expr == INT


def test_what_is_not_documented_claims_nothing(scope) -> None:
    assert documented_parameter(None, scope) is None
    assert documented_parameter(DocParameter(name="x"), scope) is None
    assert documented_value(DocValue(description="text"), scope) is None


_words = st.sampled_from(
    [*("list", "of", "or", " ", "int", "dict", "(", ")", "{", "}", ",", "[", "]", "<", ">", "'", "`", ":", "Foo", "|")]
)


@given(st.lists(_words, max_size=16).map("".join))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    read_doc_type(text, _EMPTY)


class _Empty:
    current_class = None

    def lookup(self, expr):
        return None

    def type_variable(self, expr):
        return None

    def external(self, path):
        return None

    def own_alias(self, path):
        return False

    def own_type(self, path):
        return False


_EMPTY = _Empty()
