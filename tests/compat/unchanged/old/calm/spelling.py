"""The same types in other words."""

from typing import Dict, List, Optional, Tuple, Type, Union

from calm import Moved


def optional(name: Optional[str] = None) -> Optional[int]:
    """Read a name."""


def either(value: Union[int, str, None]) -> Union[bytes, None]:
    """Read a value."""


def containers(names: List[str], table: Dict[str, Tuple[int, ...]], kind: Type[int]) -> List[Dict[str, int]]:
    """Read many."""
    return []


def quoted(one: Moved, many: List[Moved]) -> Moved:
    """Take one of many."""
    return one


class Holder:
    """Has attributes."""

    name: Optional[str] = None
    many: "List[int]"
