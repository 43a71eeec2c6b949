"""Contract with mypy: classes, what they hold, and what calling them takes."""

from collections.abc import Callable

import pytest

from pybridge.resolve.types import Answer, ClassAnswer
from type_spelling import claims, spell, spell_answer, spell_parameter, spell_signature

SOURCE = """
    import abc, enum
    from collections import namedtuple
    from dataclasses import KW_ONLY, InitVar, dataclass, field
    from typing import (
        Any, ClassVar, Final, Generic, NamedTuple, NewType, NotRequired, Protocol, Required, Self, TypedDict, TypeVar, final,
        overload,
    )
    from typing_extensions import dataclass_transform, deprecated
    import attr, attrs
    from absent import Unread, untyped

    T = TypeVar("T")
    T_co = TypeVar("T_co", covariant=True, bound="Plain")

    def other(a: int) -> bytes | None: ...
    def parse(text: str) -> int: ...

    class Reader(Generic[T]):
        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type) -> T | None: ...
        def __get__(self, instance, owner): ...
    class IntReader(Reader[int]): ...
    class Bit:
        def __get__(self, instance: object, owner: type) -> bool: ...
    class Untold_:
        def __get__(self, instance, owner): ...
    class Empty: ...
    class Read:
        overloaded = Reader[str]()
        inherited = IntReader()
        plain = Bit()
        untold = Untold_()
        declared: Bit = Bit()
        factory = dict
    class Holder(Generic[T]):
        def __init__(self, item: T, second: list[T]) -> None:
            self.item = item
            self.second = second
    class Plain:
        declared: int
        shared: ClassVar[str] = ""
        constant: Final = 3
        assigned = 1.5
        def __init__(self, a: int, b: str = "") -> None:
            self.given = a
            self.declared_here: list[int] = []
            self.display = {b: a}
            self.called = other(a)
        def later(self):
            self.late = "s"
        class Inner:
            def up(self) -> "Plain.Inner": ...
    class Child(Plain): ...
    class WithNew(Plain):
        def __new__(cls, q: int) -> Self: ...
    class Undeclared:
        def __init__(self, a, b=1): ...
    class Hidden(Generic[T]):
        @untyped
        def __new__(cls, a: int, b=1): ...
    class HiddenChild(Hidden[int]): ...
    class UnknownBase(Unread):
        def method(self, x: int) -> int: ...
    class UnknownBaseOwnInit(Unread):
        def __init__(self, x: int) -> None: ...
    class UnknownFirst(UnknownBase, Plain): ...
    class Told(type):
        def __call__(cls, a: int) -> str: ...
    class Untold(type):
        def __call__(cls, *args: Any, **kwargs: Any) -> Any: ...
    class MadeByMeta(metaclass=Told): ...
    class MadeThroughMeta(metaclass=Untold):
        def __init__(self, z: int) -> None: ...
    class Box(Generic[T]):
        def __init__(self, item: T) -> None: ...
    class IntBox(Box[int]): ...
    class Shape(Protocol[T_co]):
        def go(self) -> T_co: ...
    class Abstract(abc.ABC):
        @abc.abstractmethod
        def run(self) -> int: ...
    @final
    class Last: ...
    @deprecated("use Plain")
    class Old: ...
    class Failure(ValueError): ...
    class Mapped(dict[str, int]): ...
    class New[K, *Ks, **Q]: ...
    class Defaulted[K = int]: ...
    UserId = NewType("UserId", int)

    @dataclass
    class Data(Generic[T]):
        a: T
    @dataclass(frozen=True, order=True)
    class DataChild(Data[int]):
        b: str = ""
        _: KW_ONLY
        c: list[int] = field(default_factory=list)
        skipped: int = field(default=0, init=False)
        made: InitVar[bytes] = b""
        shared: ClassVar[int] = 1
    @attr.s
    class OldAttrs:
        x = attr.ib(default=3, type=int)
        _p = attr.ib(type=str, kw_only=True, default="")
    @attrs.frozen
    class NewAttrs:
        x: int
        _p: str = attrs.field(alias="pp", default="")
        n: int = attrs.field(converter=parse, default=0)
    @dataclass_transform(kw_only_default=True)
    class Model:
        def __init_subclass__(cls) -> None: ...
    class Record(Model):
        a: int
        b: str | None = None

    class Point(NamedTuple):
        x: int
        y: str = ""
        def norm(self) -> float: ...
    Pair = namedtuple("Pair", "x y")
    class Color(enum.Enum):
        RED = 1
        BLUE = enum.auto()
        def mix(self) -> "Color": ...
    class Options(TypedDict, total=False):
        a: Required[int]
        b: str
    class MoreOptions(Options):
        c: list[int]
        d: NotRequired[int]
"""

CONSTRUCTORS: dict[str, tuple[list[str], str | None, str]] = {
    "Empty": (["() -> lib:Empty"], None, ""),
    "Plain": (["(a: int, b: str = ...) -> lib:Plain"], "lib:Plain", "__init__"),
    "Child": (["(a: int, b: str = ...) -> lib:Child"], "lib:Plain", "__init__"),
    "WithNew": (["(q: int) -> lib:WithNew"], "lib:WithNew", "__new__"),
    "Undeclared": (
        ["(a: ?unannotated, b: ?unannotated = ...) -> lib:Undeclared"],
        "lib:Undeclared",
        "__init__",
    ),
    "Hidden": (["(a: int, b: ?unannotated = ...) -> lib:Hidden['T]"], "lib:Hidden", "__new__"),
    "HiddenChild": (["(a: int, b: ?unannotated = ...) -> lib:HiddenChild"], "lib:Hidden", "__new__"),
    "UnknownBase": ([], None, ""),
    "UnknownBaseOwnInit": (["(x: int) -> lib:UnknownBaseOwnInit"], "lib:UnknownBaseOwnInit", "__init__"),
    "UnknownFirst": ([], None, ""),
    "MadeByMeta": (["(a: int) -> str"], "lib:Told", "__call__"),
    "MadeThroughMeta": (["(z: int) -> lib:MadeThroughMeta"], "lib:MadeThroughMeta", "__init__"),
    "Box": (["(item: 'T) -> lib:Box['T]"], "lib:Box", "__init__"),
    "IntBox": (["(item: int) -> lib:IntBox"], "lib:Box", "__init__"),
    "Abstract": (["() -> lib:Abstract"], None, ""),
    "Failure": (["(*args: object) -> lib:Failure"], "builtins:BaseException", "__init__"),
    "UserId": (["(item: int) -> lib:UserId"], "lib:UserId", "__init__"),
    "Data": (["(a: 'T) -> lib:Data['T]"], "lib:Data", "__init__"),
    "DataChild": (
        ["(a: int, b: str = ..., *, c: list[int] = ..., made: bytes = ...) -> lib:DataChild"],
        "lib:DataChild",
        "__init__",
    ),
    "OldAttrs": (["(x: int = ..., *, p: str = ...) -> lib:OldAttrs"], "lib:OldAttrs", "__init__"),
    "NewAttrs": (["(x: int, pp: str = ..., n: str = ...) -> lib:NewAttrs"], "lib:NewAttrs", "__init__"),
    "Record": (["(*, a: int, b: str | None = ...) -> lib:Record"], "lib:Record", "__init__"),
    "Point": (["(x: int, y: str = ...) -> lib:Point"], "lib:Point", "__new__"),
    "Pair": (["(x: ?unannotated, y: ?unannotated) -> lib:Pair"], "lib:Pair", "__new__"),
    "Color": (["(value: object) -> lib:Color"], "enum:Enum", "__new__"),
    "Options": (["(*, a: int, b: str = ...) -> lib:Options"], "lib:Options", "__init__"),
    "MoreOptions": (
        ["(*, a: int, b: str = ..., c: list[int], d: int = ...) -> lib:MoreOptions"],
        "lib:MoreOptions",
        "__init__",
    ),
}

CLAIMS: dict[str, list[str]] = {
    "Plain": [],
    "Hidden": ["is_constructor_opaque"],
    "UnknownBase": ["has_unknown_base"],
    "Shape": ["is_protocol", "is_abstract"],
    "Abstract": ["is_abstract"],
    "Last": ["is_final"],
    "Data": ["is_dataclass", "is_constructor_synthesised"],
    "DataChild": ["is_dataclass", "is_frozen", "is_constructor_synthesised"],
    "OldAttrs": ["is_attrs", "is_constructor_synthesised"],
    "NewAttrs": ["is_frozen", "is_attrs", "is_constructor_synthesised"],
    "Record": ["is_model", "is_constructor_synthesised"],
    "Point": ["is_named_tuple", "is_constructor_synthesised"],
    "Pair": ["is_named_tuple", "is_constructor_synthesised"],
    "Color": ["is_enum"],
    "Options": ["is_typed_dict", "is_constructor_synthesised"],
}

MEMBERS: dict[str, list[str]] = {
    "Read.overloaded": ["str | None", "is_class_variable"],
    "Read.inherited": ["int | None", "is_class_variable"],
    "Read.plain": ["bool", "is_class_variable"],
    "Read.untold": ["?unannotated", "is_class_variable"],
    "Read.factory": ["type[dict[?unannotated, ?unannotated]]", "is_class_variable"],
    "Holder.item": ["'T"],
    "Holder.second": ["list['T]"],
    "Read.declared": ["lib:Bit", "is_declared"],
    "Plain.declared": ["int", "is_declared"],
    "Plain.shared": ["str", "is_declared", "is_class_variable"],
    "Plain.constant": ["Literal[int 3]", "is_final", "is_class_variable"],
    "Plain.assigned": ["float", "is_class_variable"],
    "Plain.given": ["int"],
    "Plain.declared_here": ["list[int]", "is_declared"],
    "Plain.display": ["dict[str, int]"],
    "Plain.called": ["bytes | None"],
    "Plain.late": ["str"],
    "Plain.Inner.up": ["() -> lib:Plain.Inner"],
    "OldAttrs.x": ["int"],
    "NewAttrs._p": ["str", "is_declared"],
    "DataChild.c": ["list[int]", "is_declared"],
    "DataChild.__lt__": ["(other: Self) -> bool", "is_synthesised"],
    "Point.x": ["int", "is_declared"],
    "Point.norm": ["() -> float"],
    "Point._replace": ["(*, x: int = ..., y: str = ...) -> Self", "is_synthesised"],
    "Point._asdict": ["() -> dict[str, Any]", "is_synthesised"],
    "Color.RED": ["Literal[int 1]", "is_final", "is_class_variable"],
    "Color.BLUE": ["enum:auto", "is_final", "is_class_variable"],
    "Color.mix": ["() -> lib:Color"],
    "Options.a": ["int", "is_declared"],
    "Options.b": ["str", "is_declared"],
    "MoreOptions.c": ["list[int]", "is_declared"],
}

NAMES: dict[str, list[str]] = {
    "OldAttrs": ["__ge__", "__gt__", "__hash__", "__init__", "__le__", "__lt__", "_p", "x"],
    "DataChild": ["_", "__ge__", "__gt__", "__init__", "__le__", "__lt__", "a", "b", "c", "shared", "skipped"],
    "Point": ["__new__", "_asdict", "_make", "_replace", "norm", "x", "y"],
    "Plain": [
        *("Inner", "__init__", "assigned", "called", "constant", "declared", "declared_here", "display", "given"),
        *("late", "later", "shared"),
    ],
}


@pytest.fixture(scope="module")
def found(symbols: Callable[..., dict[str, Answer]]) -> dict[str, Answer]:
    return symbols(SOURCE, follow=("attr", "attrs"))


def class_of(found: dict[str, Answer], name: str) -> ClassAnswer:
    answer = found[name]
    assert isinstance(answer, ClassAnswer)
    return answer


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_constructor_is_the_one_that_calling_the_class_runs(name: str, found: dict[str, Answer]) -> None:
    answer = class_of(found, name)

    signatures = [spell_signature(one) for one in answer.constructor]

    assert CONSTRUCTORS[name] == (signatures, answer.constructor_owner, answer.constructor_method)


@pytest.mark.parametrize("name", CLAIMS)
def test_class_is_of_its_kind(name: str, found: dict[str, Answer]) -> None:
    assert CLAIMS[name] == claims(found[name])


@pytest.mark.parametrize("name", MEMBERS)
def test_member_has_its_type(name: str, found: dict[str, Answer]) -> None:
    assert MEMBERS[name] == spell_answer(found[name])


@pytest.mark.parametrize("name", NAMES)
def test_helpers_of_the_engine_are_no_members(name: str, found: dict[str, Answer]) -> None:
    assert NAMES[name] == list(class_of(found, name).members)


def test_bases_and_order_of_look_up_name_where_classes_are_defined(found: dict[str, Answer]) -> None:
    box, mapped, color = (class_of(found, name) for name in ("IntBox", "Mapped", "Color"))

    assert [spell(base) for base in box.bases] == ["lib:Box[int]"]
    assert box.mro == ("lib:IntBox", "lib:Box")
    assert [spell(base) for base in mapped.bases] == ["dict[str, int]"]
    assert color.mro == ("lib:Color", "enum:Enum")
    assert color.metaclass == "enum:EnumMeta"


def test_type_parameters_are_declared_with_their_class(found: dict[str, Answer]) -> None:
    names = ("Box", "Shape", "New", "Defaulted")

    spelled = [[spell_parameter(one) for one in class_of(found, name).type_parameters] for name in names]

    assert spelled == [["T"], ["T_co: lib:Plain covariant"], ["K inferred", "Ks", "Q"], ["K = int inferred"]]


def test_deprecated_class_carries_its_notice(found: dict[str, Answer]) -> None:
    assert class_of(found, "Old").deprecated == "use Plain"


def test_required_keys_are_those_that_must_be_given(found: dict[str, Answer]) -> None:
    assert class_of(found, "Options").required_keys == ("a",)


def test_framework_that_is_not_followed_leaves_an_unknown_base(symbols: Callable[..., dict[str, Answer]]) -> None:
    text = "from attr import Attribute\nclass Mine(Attribute): ...\n"

    # attr ships stubs, which are always read; a package without them is not, unless it is followed.
    unread = symbols("from iniconfig import IniConfig\nclass Mine(IniConfig): ...\n")
    followed = symbols("from iniconfig import IniConfig\nclass Mine(IniConfig): ...\n", follow=("iniconfig",))

    assert not class_of(symbols(text), "Mine").has_unknown_base
    assert class_of(unread, "Mine").has_unknown_base
    assert class_of(followed, "Mine").mro == ("lib:Mine", "iniconfig:IniConfig")
