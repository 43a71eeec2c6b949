"""A plain assignment is told apart: alias, type variable, new type, class, or value."""

import pytest

from pybridge.model.expressions import Name
from pybridge.model.facts import Annotation, Assignment, TypeParameterFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SourceText, SymbolPath
from pybridge.model.types import (
    Callable,
    CallableParameter,
    Named,
    TypeParameter,
    TypeVariableKind,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.annotations import (
    Declared,
    declared_by,
    parse_expression,
    read_type_parameter,
    read_type_parameters,
)

EXTERNAL = SymbolKind.EXTERNAL
UNTOLD = Unknown(reason=UnknownReason.UNANNOTATED)
INT, STR = Named(path=SymbolPath("builtins:int")), Named(path=SymbolPath("builtins:str"))


@pytest.fixture
def scope(table_scope):
    return table_scope(
        {
            "t": ("typing:", SymbolKind.MODULE),
            "namedtuple": ("collections:namedtuple", EXTERNAL),
            "Enum": ("enum:Enum", EXTERNAL),
            "Foo": ("lib:Foo", SymbolKind.CLASS),
            "make": ("lib:make", SymbolKind.FUNCTION),
            "table": ("lib:table", SymbolKind.VARIABLE),
            "FLAG": ("lib:FLAG", SymbolKind.VARIABLE),
        }
    )


def assignment(text: str, annotation: str | None = None) -> Assignment:
    read = None if annotation is None else parse_expression(annotation)
    return Assignment(
        target=Name("X"),
        span=0,
        value=parse_expression(text),
        annotation=None if read is None else Annotation(expr=read, text=SourceText(annotation or "")),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t.Union[int, str]", Declared.ALIAS),
        ("t.Optional['Foo']", Declared.ALIAS),
        ("list[int]", Declared.ALIAS),
        ("Foo[int]", Declared.ALIAS),
        ("int | None", Declared.ALIAS),
        ("Foo | list[int] | None", Declared.ALIAS),
        ("t.TypeVar('X')", Declared.TYPE_VARIABLE),
        ("t.ParamSpec('X')", Declared.TYPE_VARIABLE),
        ("t.NewType('X', int)", Declared.NEW_TYPE),
        ("namedtuple('X', 'a b')", Declared.CLASS),
        ("t.TypedDict('X', {'a': int})", Declared.CLASS),
        ("Enum('X', 'A B')", Declared.CLASS),
        ("table['x']", Declared.VALUE),
        ("FLAG | 2", Declared.VALUE),
        ("1", Declared.VALUE),
        ("Foo", Declared.VALUE),
        ("Foo()", Declared.VALUE),
        ("make(int)", Declared.VALUE),
    ],
)
def test_an_assignment_declares(scope, text: str, expected: Declared) -> None:
    assert declared_by(assignment(text), scope) is expected


def test_an_annotation_decides_before_the_value(scope) -> None:
    assert declared_by(assignment("Foo", "t.TypeAlias"), scope) is Declared.ALIAS
    assert declared_by(assignment("list[int]", "object"), scope) is Declared.VALUE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t.TypeVar('T')", TypeParameter(name="T")),
        ("t.TypeVar('T', bound='Foo')", TypeParameter(name="T", bound=Named(path=SymbolPath("lib:Foo")))),
        ("t.TypeVar('T', int, str)", TypeParameter(name="T", constraints=(INT, STR))),
        ("t.TypeVar('T', covariant=True)", TypeParameter(name="T", variance="covariant")),
        ("t.TypeVar('T', contravariant=True)", TypeParameter(name="T", variance="contravariant")),
        ("t.TypeVar('T', default=int)", TypeParameter(name="T", default=INT)),
        ("t.ParamSpec('P')", TypeParameter(name="P", kind=TypeVariableKind.PARAMETERS)),
        (
            "t.ParamSpec('P', default=[int])",
            TypeParameter(
                name="P",
                kind=TypeVariableKind.PARAMETERS,
                default=Callable(parameters=(CallableParameter(type=INT),), returns=UNTOLD),
            ),
        ),
        (
            "t.ParamSpec('P', default=...)",
            TypeParameter(
                name="P", kind=TypeVariableKind.PARAMETERS, default=Callable(parameters=None, returns=UNTOLD)
            ),
        ),
        ("t.TypeVarTuple('Ts')", TypeParameter(name="Ts", kind=TypeVariableKind.TUPLE)),
        ("t.TypeVar()", None),
        ("t.TypeVar(name)", None),
        ("make('T')", None),
        ("1", None),
    ],
)
def test_type_variable_objects(scope, text: str, expected: TypeParameter | None) -> None:
    assert read_type_parameter(parse_expression(text), scope) == expected


def test_parameters_in_brackets(scope) -> None:
    read = read_type_parameters(
        (
            TypeParameterFacts(name="T", bound=parse_expression("int")),
            TypeParameterFacts(name="S", bound=parse_expression("(int, str)")),
            TypeParameterFacts(name="P", kind=TypeVariableKind.PARAMETERS),
        ),
        scope,
    )

    assert read == (
        TypeParameter(name="T", bound=INT, variance="inferred"),
        TypeParameter(name="S", constraints=(INT, STR), variance="inferred"),
        TypeParameter(name="P", kind=TypeVariableKind.PARAMETERS),
    )
