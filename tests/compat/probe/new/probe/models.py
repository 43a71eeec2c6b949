"""What documents hold."""

from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypedDict, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class C09Format(Enum):
    """How a document is written."""

    JSON = "json"
    TEXT = "text"


class C10Options(TypedDict):
    """What a call may be told."""

    url: str


@dataclass
class C20Point:
    """A place in a document."""

    column: int
    line: int


@dataclass
class C21Range:
    """A part of a document."""

    start: int
    end: int


@dataclass(kw_only=True)
class C22Style:
    """How a part is shown."""

    colour: str
    weight: int = 400


class C46Index(Generic[V]):
    """Documents by something."""


class C47State(Enum):
    """What happens to a document."""

    DRAFT = "new"
    DONE = "done"


class C48Level(Enum):
    """How much is told."""

    QUIET = "quiet"
    LOUD = "loud"
    DEBUG = "debug"


@dataclass(frozen=True)
class C49Stamp:
    """When something happened."""

    seconds: float


class C50Filter(TypedDict, total=False):
    """Which documents are meant."""

    author: str
    title: str


class C51Pair(NamedTuple):
    """Two of a kind."""

    right: str
    left: str


class C58Node:
    """A part of a tree."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
