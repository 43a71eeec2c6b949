"""`Relation`: how the set of values of one type lies to that of another."""

from enum import Enum


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
