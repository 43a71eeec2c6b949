"""The same types in other words."""

from __future__ import annotations

from typing import Union

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calm import Moved


def optional(name: str | None = None) -> int | None:
    """Read a name."""


def either(value: None | str | int) -> bytes | None:
    """Read a value."""


def containers(names: list[str], table: dict[str, tuple[int, ...]], kind: type[int]) -> list[dict[str, int]]:
    """Read many."""
    return []


def quoted(one: "Moved", many: "list[Moved]") -> "Moved":
    """Take one of many."""
    return one


class Holder:
    """Has attributes."""

    name: "str | None" = None
    many: list[int]
