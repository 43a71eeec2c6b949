import pytest

from described import describe
from pybridge.model.classes import Class, ClassKind, DataOption

USUAL = (DataOption.EQ, DataOption.INIT, DataOption.MATCH_ARGUMENTS)
SOURCE = """
import attr
import attrs
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, NamedTuple, TypedDict

from pydantic import BaseModel, ConfigDict

ON = True
CHOSEN = {"slots": True}


class Plain: ...


@dataclass
class Usual:
    name: str
    made: int = field(init=False)
    late: int = field(default=1, kw_only=True)
    limit: ClassVar[int] = 3
    shared = 4
    _: KW_ONLY
    last: int = 0
    early: int = field(default=2, kw_only=False)

    def fill(self) -> None:
        self.filled = True


@dataclass(order=True, eq=ON, slots=True, kw_only=True, init=False, match_args=False, unsafe_hash=True)
class Told:
    name: str


@dataclass(**CHOSEN)
class Spread:
    name: str


@dataclass(**chosen())
class Untold:
    name: str


@attr.s(auto_attribs=True)
class Old:
    name: str


@attr.s(cmp=False, frozen=True)
class Uncompared:
    name = attr.ib()
    shared = 3


@attrs.define
class Defined:
    name: str


@attrs.frozen(kw_only=True, slots=False)
class Frozen:
    name: str


class Model(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    size: int = 0


class Slotted:
    __slots__ = ("name", "_hidden")


class Single:
    __slots__ = "name"


class Empty:
    __slots__ = ()


class Computed(Slotted):
    __slots__ = ("more", *Slotted.__slots__)


class Disabled:
    __hash__ = None
    __iter__ = None
    name = None

    def __class_getitem__(cls, item): ...


class Total(TypedDict):
    name: str


class Partial(TypedDict, total=False):
    name: str


class Closed(TypedDict, closed=True):
    name: str


class Row(NamedTuple):
    name: str
"""


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Class]:
    described = describe(tmp_path_factory.mktemp("facts"), {"lib/__init__.py": SOURCE})
    return {one.name: one for one in described.descriptor.modules[0].classes}


@pytest.mark.parametrize(
    ("name", "kind", "options", "frozen"),
    [
        ("Plain", ClassKind.PLAIN, None, False),
        ("Usual", ClassKind.DATACLASS, USUAL, False),
        (
            "Told",
            ClassKind.DATACLASS,
            (DataOption.EQ, DataOption.KEYWORD_ONLY, DataOption.ORDER, DataOption.SLOTS, DataOption.UNSAFE_HASH),
            False,
        ),
        ("Spread", ClassKind.DATACLASS, (*USUAL, DataOption.SLOTS), False),
        ("Untold", ClassKind.DATACLASS, None, False),
        ("Old", ClassKind.ATTRS, (*USUAL, DataOption.ORDER), False),
        ("Uncompared", ClassKind.ATTRS, (DataOption.INIT, DataOption.MATCH_ARGUMENTS), True),
        ("Defined", ClassKind.ATTRS, (*USUAL, DataOption.SLOTS), False),
        ("Frozen", ClassKind.ATTRS, (DataOption.EQ, DataOption.INIT, DataOption.KEYWORD_ONLY, USUAL[2]), True),
        ("Model", ClassKind.MODEL, USUAL, True),
        ("Total", ClassKind.TYPED_DICT, None, False),
        ("Row", ClassKind.NAMED_TUPLE, None, False),
    ],
)
def test_a_class_tells_what_it_does_with_its_fields(
    classes: dict[str, Class], name: str, kind: ClassKind, options: tuple[DataOption, ...] | None, *, frozen: bool
) -> None:
    found = classes[name]

    assert (found.kind, found.options, found.is_frozen) == (kind, options, frozen)


@pytest.mark.parametrize(
    ("name", "slots"),
    [
        ("Plain", None),
        ("Slotted", ("_hidden", "name")),
        ("Single", ("name",)),
        ("Empty", ()),
        ("Computed", ("*", "more")),
        ("Told", None),
    ],
)
def test_slots_are_the_names_that_a_body_writes(
    classes: dict[str, Class], name: str, slots: tuple[str, ...] | None
) -> None:
    assert classes[name].slots == slots


def test_fields_tell_how_the_constructor_takes_them(classes: dict[str, Class]) -> None:
    found = {
        one.name: (one.is_required, one.is_in_constructor, one.is_keyword_only, one.is_class_variable)
        for one in classes["Usual"].fields
    }

    assert found == {
        "name": (True, True, False, False),
        "made": (False, False, False, False),
        "late": (False, True, True, False),
        "limit": (False, True, False, True),
        "shared": (False, True, False, True),
        "last": (False, True, True, False),
        "early": (False, True, False, False),
        "filled": (False, True, False, False),
    }


def test_fields_of_a_frozen_class_are_read_only_wherever_it_says_so(classes: dict[str, Class]) -> None:
    assert [(one.name, one.is_readonly) for one in classes["Frozen"].fields] == [("name", True)]
    assert [(one.name, one.is_readonly) for one in classes["Uncompared"].fields] == [("name", True), ("shared", False)]
    assert [one.name for one in classes["Model"].fields if one.is_readonly] == ["name", "size"]


def test_a_model_whose_base_is_not_installed_is_one_all_the_same(classes: dict[str, Class]) -> None:
    (signature,) = classes["Model"].constructor.signatures

    assert [(one.name, one.is_required) for one in signature.parameters] == [("name", True), ("size", False)]


def test_special_methods_that_are_none_are_listed(classes: dict[str, Class]) -> None:
    assert classes["Disabled"].disabled_methods == ("__hash__", "__iter__")
    assert classes["Disabled"].is_subscriptable
    assert not classes["Plain"].is_subscriptable


def test_typed_dicts_tell_their_totality(classes: dict[str, Class]) -> None:
    told = {name: (classes[name].is_total, classes[name].is_closed) for name in ("Total", "Partial", "Closed", "Row")}

    assert told == {
        "Total": (True, False),
        "Partial": (False, False),
        "Closed": (True, True),
        "Row": (True, False),
    }
