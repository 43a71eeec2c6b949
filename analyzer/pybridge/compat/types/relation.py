"""`Relation`: how the set of values of one type lies to that of another. `Answer`: whether one is part of the other."""

from enum import Enum, IntEnum


class Relation(Enum):
    """The new type, seen from the old one."""

    SAME = "same"
    NARROWER = "narrower"
    """Every value of the new type is one of the old type, not the other way round."""
    WIDER = "wider"
    """Every value of the old type is one of the new type, not the other way round."""
    OTHER = "other"
    """Neither holds."""
    UNKNOWN = "unknown"
    """The text does not tell: a side is unknown, or a base of it is."""


class Answer(IntEnum):
    """Whether every value of one type is one of another. ``min`` is "and", ``max`` is "or"."""

    NO = 0
    MAYBE = 1
    """What would decide it is not known, or took too long to find out."""
    YES = 2
