"""Contract with mypy: types of variables and parameters, aliases, type variables, and the many kinds of Any."""

from collections.abc import Callable

import pytest

from pybridge.model.names import ModuleName
from pybridge.model.types import Unknown
from pybridge.resolve.types import Answer, CallableAnswer, TypeAnswers, VariableAnswer
from type_spelling import spell, spell_answer

SOURCE = """
    import functools, types, collections.abc, absent, absent.deep.down as down
    from enum import Enum
    from typing import (
        Annotated, Any, Callable, Dict, Final, ForwardRef, Generic, List, Literal, NamedTuple, NoReturn, Optional, ParamSpec,
        Tuple, Type, TypeAlias, TypedDict, TypeVar, TypeVarTuple, Union, Unpack,
    )
    from _typeshed import StrPath
    from wsgiref.types import WSGIEnvironment
    from absent.sub import Thing, Thing as Renamed

    T = TypeVar("T", int, str)
    S = TypeVar("S", bound="Color", default="Color", contravariant=True)
    P = ParamSpec("P")
    Ts = TypeVarTuple("Ts")
    Json = Union[str, int, List["Json"]]
    Pair = Tuple[T, T]
    Number: TypeAlias = "int | float"
    type New[K] = list[K] | None
    type Chain = list[Chain] | int
    Short = int
    Anything = Dict[str, Any]
    class Color(Enum):
        RED = 1
    class Point(NamedTuple):
        x: int
    class Keys(TypedDict):
        k: int
    class Box(Generic[T]): ...
    class Call(Generic[P]): ...

    e_list: List[int]
    e_dict: Dict[str, Optional[int]]
    e_union: Union[None, str, int, bytes, Union[int, str]]
    e_tuple: Tuple[int, str]
    e_many: tuple[int, ...]
    e_bare_tuple: tuple
    e_empty: tuple[()]
    e_callable: Callable[[int, "str"], bytes]
    e_any_callable: Callable[..., int]
    e_bare_callable: Callable
    e_type: Type[Color]
    e_literal: Literal["b", "a", 2, 10, -1, True, b"\\x00z", Color.RED, None]
    e_more_literals: Union[Literal["a"], Literal["b"], int]
    e_big: Literal[123456789012345678901234567890]
    e_annotated: Annotated[int, "meta"]
    e_any: Any
    e_bare: list
    e_list_of_any: list[Any]
    e_object: object
    e_never: NoReturn
    e_forward: "Color"
    e_unknown: "Nowhere"
    e_missing: Thing
    e_renamed: Dict[str, Renamed]
    e_module: absent.Foo
    e_deep: down.Foo
    e_named: Point
    e_keys: Keys
    e_alias: Json
    e_pair: Pair[int]
    e_number: Number
    e_new: New[int]
    e_chain: Chain
    e_short: Short
    e_path: StrPath
    e_environment: WSGIEnvironment
    e_protocol: collections.abc.Iterable[Color]
    e_box: Box[int]
    e_spec: Call[[int, str]]

    v_int = 1
    v_final: Final = "x"
    v_list = [1, 2]
    v_empty = []
    v_partial = functools.partial(int, base=2)
    v_lambda = lambda x, y=1: x
    v_instance = Color(1)
    v_function = len
    v_module = types
    v_unread = absent.thing()
    v_none = None
    v_class = [Color]

    def local():
        class Hidden(Color): ...
        return Hidden()
    v_generic: "Callable[[T], Tuple[T, Unpack[Ts]]]"
"""

EXPECTED: dict[str, str] = {
    "e_list": "list[int]",
    "e_dict": "dict[str, int | None]",
    "e_union": "bytes | int | str | None",
    "e_tuple": "(int, str)",
    "e_many": "(int, ...)",
    "e_bare_tuple": "tuple",
    "e_empty": "()",
    "e_callable": "(_: int, _: str) -> bytes",
    "e_any_callable": "(...) -> int",
    "e_bare_callable": "(...) -> ?unannotated",
    "e_type": "type[lib:Color]",
    "e_literal": "Literal[bool true, bytes 007a, enum lib:Color.RED, int -1, int 2, int 10, str a, str b] | None",
    "e_more_literals": "int | Literal[str a, str b]",
    "e_big": "?unresolved_name",
    "e_annotated": "int",
    "e_any": "Any",
    "e_bare": "list",
    "e_list_of_any": "list[Any]",
    "e_object": "object",
    "e_never": "Never",
    "e_forward": "lib:Color",
    "e_unknown": "?unresolved_name",
    "e_missing": "absent.sub:Thing",
    "e_renamed": "dict[str, absent.sub:Thing]",
    "e_module": "absent:",
    "e_deep": "absent.deep.down:",
    "e_named": "lib:Point",
    "e_keys": "lib:Keys",
    "e_alias": "alias lib:Json",
    "e_pair": "alias lib:Pair[int]",
    "e_number": "alias lib:Number",
    "e_new": "alias lib:New[int]",
    "e_chain": "alias lib:Chain",
    "e_short": "int",
    "e_path": "alias _typeshed:StrPath = os:PathLike[str] | str",
    "e_protocol": "typing:Iterable[lib:Color]",
    "e_box": "lib:Box[int]",
    "e_spec": "lib:Call[(_: int, _: str) -> ?unannotated]",
    "v_int": "int",
    "v_final": "Literal[str x]",
    "v_list": "list[int]",
    "v_empty": "list[?unannotated]",
    "v_partial": "functools:partial[int]",
    "v_lambda": "(x: ?unannotated, y: ?unannotated = ...) -> ?unannotated",
    "v_instance": "lib:Color",
    "v_unread": "?unresolved_name",
    "v_none": "None",
    "v_class": "list[type[lib:Color]]",
    "Json": "list[alias lib:Json] | int | str",
    "Pair": "('T, 'T)",
    "New": "list['K] | None",
    "Chain": "list[alias lib:Chain] | int",
    "Short": "int",
    "Anything": "dict[str, Any]",
    "e_environment": "alias wsgiref.types:WSGIEnvironment = dict[str, Any]",
    "T": "T in int str",
    "S": "S: lib:Color = lib:Color contravariant",
    "P": "P",
    "Ts": "Ts",
}


@pytest.fixture(scope="module")
def found(symbols: Callable[..., dict[str, Answer]]) -> dict[str, Answer]:
    return symbols(SOURCE)


@pytest.mark.parametrize("name", EXPECTED)
def test_type_has_one_writing(name: str, found: dict[str, Answer]) -> None:
    assert EXPECTED[name] == spell_answer(found[name])[0]


def test_names_that_are_only_imported_are_not_the_modules_own(found: dict[str, Answer]) -> None:
    assert {"Thing", "Enum", "absent", "functools", "sibling", "__name__", "__file__"}.isdisjoint(found)


def test_relative_imports_of_unread_modules_are_resolved(ask: Callable[..., TypeAnswers]) -> None:
    answers = ask(
        {
            "pkg/__init__.py": "from .gone import A\nfrom . import lost\na: A\n",
            "pkg/inner/mod.py": "from ..gone.deep import B\nb: B\n",
            "pkg/inner/__init__.py": "",
        }
    )

    assert spell_answer(answers.modules[ModuleName("pkg")].symbols["a"])[0] == "pkg.gone:A"
    assert spell_answer(answers.modules[ModuleName("pkg.inner.mod")].symbols["b"])[0] == "pkg.gone.deep:B"


def test_deep_types_are_cut_where_no_reader_would_follow(symbols: Callable[..., dict[str, Answer]]) -> None:
    found = symbols("deep: " + "list[" * 150 + "int" + "]" * 150 + "\nnext: int\n")

    deep = found["deep"]
    assert isinstance(deep, VariableAnswer)
    assert "?unsupported" in spell(deep.type)
    assert spell_answer(found["next"]) == ["int", "is_declared"]


def test_aliases_that_double_at_every_step_stay_small(ask: Callable[..., TypeAnswers]) -> None:
    lines = ["from typing import Tuple", "A0 = Tuple[int, int]"]
    lines += [f"A{number} = Tuple[A{number - 1}, A{number - 1}]" for number in range(1, 26)]
    answers = ask({"bomb.py": "\n".join(lines), "lib.py": "from bomb import A25\nx: A25\n"})

    assert spell_answer(answers.modules[ModuleName("lib")].symbols["x"])[0] == "alias bomb:A25"


def test_class_of_a_function_body_is_told_by_its_base(symbols: Callable[..., dict[str, Answer]]) -> None:
    found = symbols(
        """
        class Base: ...
        class C:
            def __init__(self) -> None:
                class Local(Base): ...
                class Bare: ...
                self.a = Local()
                self.b = Bare()
        """
    )

    spelled = [spell_answer(found[f"C.{name}"]) for name in ("a", "b")]

    assert spelled == [["lib:Base"], ["?unsupported"]]


def test_source_says_which_text_it_could_not_name(symbols: Callable[..., dict[str, Answer]]) -> None:
    found = symbols("class C:\n    def __init__(self) -> None:\n        class Bare: ...\n        self.b = Bare()\n")

    answer = found["C.b"]
    assert isinstance(answer, VariableAnswer)
    assert isinstance(answer.type, Unknown)
    assert answer.type.text == "Bare"


def test_stand_in_for_a_missing_import_is_answered(symbols: Callable[..., dict[str, Answer]]) -> None:
    text = """
        try:
            from absent import Fast, run
        except ImportError:
            class Fast:
                def go(self) -> int: ...
            def run(x: int) -> str: ...
    """

    first, second = symbols(text), symbols(text)

    assert spell_answer(first["Fast.go"]) == ["() -> int"]
    assert isinstance(first["run"], CallableAnswer)
    assert first == second
