"""Every form of an annotation is read as the type it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.codec import encode
from pybridge.model.expressions import Name
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeParameter,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    UnknownReason,
    Unpack,
)
from pybridge.resolve.annotations import Qualifier, parse_expression, read_annotation, read_type
from pybridge.resolve.types.answers import ClassAnswer, ExternalAnswer

EXTERNAL, CLASS, MODULE, VARIABLE = SymbolKind.EXTERNAL, SymbolKind.CLASS, SymbolKind.MODULE, SymbolKind.VARIABLE
NONE = NoneType()
UNTOLD = Unknown(reason=UnknownReason.UNANNOTATED)


def named(path: str, *arguments: TypeExpr) -> Named:
    return Named(path=SymbolPath(path), arguments=arguments)


def words(*texts: str) -> Literal:
    return Literal(values=tuple(LiteralValue(kind=LiteralKind.STR, text=text) for text in texts))


INT, STR = named("builtins:int"), named("builtins:str")
FOO = named("lib.a:Foo")
P = TypeVariable(name="P", kind=TypeVariableKind.PARAMETERS)
REST_OF_P = (
    CallableParameter(type=P, kind=ParameterKind.VAR_POSITIONAL, is_required=False),
    CallableParameter(type=P, kind=ParameterKind.VAR_KEYWORD, is_required=False),
)
TYPING_NAMES = [
    *("Any", "Optional", "Union", "List", "Dict", "Tuple", "Type", "Callable", "Iterator", "ClassVar", "Final", "Self"),
    *("Literal", "Annotated", "Never", "NoReturn", "LiteralString", "AnyStr", "TypeGuard", "TypeIs", "Unpack"),
    *("Concatenate", "Required", "NotRequired", "ReadOnly", "TypeAlias", "AbstractSet", "ContextManager", "Pattern"),
]


@pytest.fixture
def scope(table_scope):
    names = {name: (f"typing:{name}", EXTERNAL) for name in TYPING_NAMES}
    names |= {
        "t": ("typing:", MODULE),
        "te": ("typing_extensions:", MODULE),
        "cabc": ("collections.abc:", MODULE),
        "np": ("numpy:", MODULE),
        "weakref": ("weakref:", MODULE),
        "torch": ("torch:", MODULE),
        "dataclasses": ("dataclasses:", MODULE),
        "types": ("types:", MODULE),
        "Foo": ("lib.a:Foo", CLASS),
        "Color": ("lib.a:Color", CLASS),
        "Json": ("lib.a:Json", SymbolKind.TYPE_ALIAS),
        "Old": ("lib.a:Old", VARIABLE),
        "UserId": ("lib.a:UserId", VARIABLE),
        "LIMIT": ("lib.a:LIMIT", VARIABLE),
        "helper": ("lib.a:helper", SymbolKind.FUNCTION),
        "Renamed": ("lib.b:T", VARIABLE),
        "set": ("lib.a.set:", MODULE),
        "bytes": ("lib.a:bytes", VARIABLE),
        "StrPath": ("_typeshed:StrPath", EXTERNAL),
    }
    variables = {
        "T": TypeVariableKind.TYPE,
        "P": TypeVariableKind.PARAMETERS,
        "Ts": TypeVariableKind.TUPLE,
        "Renamed": TypeVariableKind.TYPE,
    }
    externals = {
        "_typeshed:StrPath": ExternalAnswer(
            asked=SymbolPath("_typeshed:StrPath"),
            path=SymbolPath("_typeshed:StrPath"),
            is_alias=True,
            target=Union(members=(named("builtins:str"), named("os:PathLike", STR))),
        ),
        "asyncio:Future": ExternalAnswer(
            asked=SymbolPath("asyncio:Future"),
            path=SymbolPath("_asyncio:Future"),
            class_answer=ClassAnswer(path=SymbolPath("_asyncio:Future")),
        ),
        "weakref:ref": ExternalAnswer(
            asked=SymbolPath("weakref:ref"),
            path=SymbolPath("weakref:ref"),
            is_alias=True,
            target=named("weakref:ReferenceType"),
        ),
        "numpy:Unread": ExternalAnswer(asked=SymbolPath("numpy:Unread"), path=SymbolPath("numpy:Unread")),
        "numpy:array": ExternalAnswer(asked=SymbolPath("numpy:array"), path=SymbolPath("numpy:array")),
        "torch:Tensor": ExternalAnswer(asked=SymbolPath("torch:Tensor"), path=None),
        "numpy:Scalar": ExternalAnswer(
            asked=SymbolPath("numpy:Scalar"),
            path=SymbolPath("numpy:Scalar"),
            type_variable=TypeParameter(name="_Scalar"),
        ),
    }
    names["asyncio"] = ("asyncio:", MODULE)
    return table_scope(
        names,
        variables=variables,
        externals=externals,
        aliases=frozenset({"lib.a:Old"}),
        types=frozenset({"lib.a:UserId"}),
        current_class="lib.a:Foo",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int", INT),
        ("None", NONE),
        ("type(None)", NONE),
        ("types.NoneType", NONE),
        ("Any", AnyType()),
        ("Foo", FOO),
        ("'Foo'", FOO),
        ("list", named("builtins:list")),
        ("List", named("builtins:list")),
        ("list['Foo']", named("builtins:list", FOO)),
        ("list['list[\"Foo\"]']", named("builtins:list", named("builtins:list", FOO))),
        ("t.List[int]", named("builtins:list", INT)),
        ("Dict[str, t.Any]", named("builtins:dict", STR, AnyType())),
        ("Optional[int]", Union(members=(INT, NONE))),
        ("int | None", Union(members=(INT, NONE))),
        ("None | int", Union(members=(INT, NONE))),
        ("'int | None'", Union(members=(INT, NONE))),
        ("Union[str, int, None, Optional[str]]", Union(members=(INT, STR, NONE))),
        ("Union[int]", INT),
        ("Literal['b', 'a', 'b']", words("a", "b")),
        ("Literal['a'] | Literal['b']", words("a", "b")),
        ("Literal['a', None]", Union(members=(words("a"), NONE))),
        ("Literal[Literal['a'], 'b']", words("a", "b")),
        ("Literal['int']", words("int")),
        ("Literal[-1]", Literal(values=(LiteralValue(kind=LiteralKind.INT, text="-1"),))),
        ("Literal[b'a']", Literal(values=(LiteralValue(kind=LiteralKind.BYTES, text="61"),))),
        ("Literal[True]", Literal(values=(LiteralValue(kind=LiteralKind.BOOL, text="true"),))),
        ("Literal[Color.RED]", Literal(values=(LiteralValue(kind=LiteralKind.ENUM, text="lib.a:Color.RED"),))),
        ("Annotated[int, 'metres', Foo(1)]", INT),
        ("te.Annotated[list['Foo'], 1]", named("builtins:list", FOO)),
        ("tuple", named("builtins:tuple")),
        ("Tuple", named("builtins:tuple")),
        ("tuple[int, ...]", Tuple(items=(INT,), is_variadic=True)),
        ("tuple[()]", Tuple(items=())),
        ("t.Tuple[int, str]", Tuple(items=(INT, STR))),
        ("tuple[int]", Tuple(items=(INT,))),
        (
            "tuple[int, *Ts]",
            Tuple(items=(INT, Unpack(packed=TypeVariable(name="Ts", kind=TypeVariableKind.TUPLE)))),
        ),
        ("Unpack[Foo]", Unpack(packed=FOO)),
        ("Callable", Callable(parameters=None, returns=UNTOLD)),
        ("Callable[..., int]", Callable(parameters=None, returns=INT)),
        ("cabc.Callable[[], None]", Callable(parameters=(), returns=NONE)),
        (
            "Callable[[int, 'Foo'], str]",
            Callable(parameters=(CallableParameter(type=INT), CallableParameter(type=FOO)), returns=STR),
        ),
        ("Callable[P, int]", Callable(parameters=REST_OF_P, returns=INT)),
        (
            "Callable[Concatenate[int, P], int]",
            Callable(parameters=(CallableParameter(type=INT), *REST_OF_P), returns=INT),
        ),
        ("P.args", P),
        ("P.kwargs", P),
        ("type", named("builtins:type")),
        ("Type[Foo]", named("builtins:type", FOO)),
        ("type[Foo]", named("builtins:type", FOO)),
        ("Self", SelfType()),
        ("te.Self", SelfType()),
        ("Never", Never()),
        ("NoReturn", Never()),
        ("set[int]", named("builtins:set", INT)),
        ("bytes", named("builtins:bytes")),
        ("te.TypeForm[int]", named("builtins:type", INT)),
        ("weakref.ref[int]", named("weakref:ReferenceType", INT)),
        ("np.Unread", named("numpy:Unread")),
        ("LiteralString", STR),
        ("t.Text", STR),
        ("AnyStr", TypeVariable(name="AnyStr")),
        ("T", TypeVariable(name="T")),
        ("Renamed", TypeVariable(name="T")),
        ("TypeGuard[Foo]", named("typing:TypeGuard", FOO)),
        ("te.TypeIs[Foo]", named("typing:TypeIs", FOO)),
        ("Iterator[int]", named("typing:Iterator", INT)),
        ("cabc.Iterator[int]", named("typing:Iterator", INT)),
        ("te.Iterator[int]", named("typing:Iterator", INT)),
        ("cabc.Set[int]", named("typing:AbstractSet", INT)),
        ("AbstractSet[int]", named("typing:AbstractSet", INT)),
        ("ContextManager[int]", named("contextlib:AbstractContextManager", INT)),
        ("Pattern[str]", named("re:Pattern", STR)),
        ("torch.Tensor", named("torch:Tensor")),
        ("np.ndarray", named("numpy:ndarray")),
        ("np.Scalar", TypeVariable(name="_Scalar")),
        ("asyncio.Future[int]", named("_asyncio:Future", INT)),
        ("Foo[..., int]", named("lib.a:Foo", Callable(parameters=None, returns=UNTOLD), INT)),
        (
            "Foo[[int, str]]",
            named(
                "lib.a:Foo",
                Callable(parameters=(CallableParameter(type=INT), CallableParameter(type=STR)), returns=UNTOLD),
            ),
        ),
        ("Json", Alias(path=SymbolPath("lib.a:Json"))),
        ("Old[int]", Alias(path=SymbolPath("lib.a:Old"), arguments=(INT,))),
        ("UserId", named("lib.a:UserId")),
        (
            "StrPath",
            Alias(
                path=SymbolPath("_typeshed:StrPath"),
                target=Union(members=(STR, named("os:PathLike", STR))),
            ),
        ),
    ],
)
def test_annotation(scope, text: str, expected: TypeExpr) -> None:
    expr = parse_expression(text)
    assert expr is not None

    assert read_type(expr, scope) == expected


@pytest.mark.parametrize("text", ["Missing", "Missing[int]", "missing.Thing"])
def test_a_name_that_leads_nowhere_is_unresolved(scope, text: str) -> None:
    expr = parse_expression(text)
    assert expr is not None

    assert read_type(expr, scope) == Unknown(reason=UnknownReason.UNRESOLVED_NAME, text=text)


@pytest.mark.parametrize(
    "text",
    [
        *("1", "'not a type!'", "[int]", "(int, str)", "Foo()", "int or str", "lambda: 1", "callable", "any", "helper"),
        *(
            "LIMIT",
            "np",
            "np.array",
            "Optional",
            "Union",
            "Literal",
            "T[int]",
            "Callable[int, str]",
            "Optional[int, str]",
        ),
        *("Final[Final]", "f'{x}'"),
    ],
)
def test_what_is_no_type_is_unsupported_and_keeps_its_text(scope, text: str) -> None:
    expr = parse_expression(text)
    assert expr is not None

    read = read_type(expr, scope)

    assert isinstance(read, Unknown)
    assert read.reason is UnknownReason.UNSUPPORTED
    assert read.text


@pytest.mark.parametrize(
    ("text", "expected", "qualifiers"),
    [
        ("int", INT, set()),
        ("ClassVar[int]", INT, {Qualifier.CLASS_VARIABLE}),
        ("ClassVar", UNTOLD, {Qualifier.CLASS_VARIABLE}),
        ("t.Final", UNTOLD, {Qualifier.FINAL}),
        ("ClassVar[Final['Foo']]", FOO, {Qualifier.CLASS_VARIABLE, Qualifier.FINAL}),
        ("Annotated[ClassVar[int], 1]", INT, {Qualifier.CLASS_VARIABLE}),
        ("te.Required[te.ReadOnly[int]]", INT, {Qualifier.REQUIRED, Qualifier.READ_ONLY}),
        ("NotRequired[int]", INT, {Qualifier.NOT_REQUIRED}),
        ("dataclasses.InitVar[int]", INT, {Qualifier.INIT_VARIABLE}),
        ("TypeAlias", UNTOLD, {Qualifier.TYPE_ALIAS}),
    ],
)
def test_qualifiers_are_told_apart_from_the_type(scope, text, expected, qualifiers) -> None:
    expr = parse_expression(text)
    assert expr is not None

    read = read_annotation(expr, scope)

    assert read.expr == expected
    assert read.qualifiers == qualifiers


def test_a_long_union_is_read_whole(scope) -> None:
    expr = parse_expression(" | ".join(f"Literal[{number}]" for number in range(200)))
    assert expr is not None

    read = read_type(expr, scope)

    assert isinstance(read, Literal)
    assert [value.text for value in read.values] == [str(number) for number in range(200)]


def test_endless_nesting_is_cut_and_can_be_encoded(scope) -> None:
    from pybridge.model.expressions import Subscript

    expr = Name("int")
    for _ in range(400):
        expr = Subscript(Name("list"), expr)

    read = read_type(expr, scope)

    assert b"unsupported" in encode(read)


_pieces = st.sampled_from(
    [*TYPING_NAMES, "int", "Foo", "[", "]", ",", "|", "'", '"', "...", "*", ".", "(", ")", "1", " "]
)


@given(st.lists(_pieces, max_size=24).map("".join))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    expr = parse_expression(text)
    if expr is not None:
        scope = _EMPTY
        encode(read_annotation(expr, scope).expr)


class _Empty:
    current_class = None

    def lookup(self, expr):
        from pybridge.model.library import How
        from pybridge.resolve.symbols import NameTarget

        if isinstance(expr, Name):
            return NameTarget(path=SymbolPath(f"typing:{expr.id}"), kind=EXTERNAL, how=How.IMPORT)
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
