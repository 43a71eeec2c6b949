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
    BINARY = "binary"


class C10Options(TypedDict):
    """What a call may be told."""

    url: str
    proxy: str


@dataclass
class C20Point:
    """A place in a document."""

    line: int
    column: int


@dataclass
class C21Range:
    """A part of a document."""

    start: int


@dataclass
class C22Style:
    """How a part is shown."""

    colour: str
    weight: int = 400


class C46Index(Generic[K, V]):
    """Documents by something."""


class C47State(Enum):
    """What happens to a document."""

    DRAFT = "draft"
    DONE = "done"


class C48Level(Enum):
    """How much is told."""

    QUIET = "quiet"
    LOUD = "loud"


@dataclass
class C49Stamp:
    """When something happened."""

    seconds: float


class C50Filter(TypedDict):
    """Which documents are meant."""

    author: str
    title: str


class C51Pair(NamedTuple):
    """Two of a kind."""

    left: str
    right: str


class C58Node:
    """A part of a tree."""

    def __init__(self, name: str) -> None:
        self.name = name
