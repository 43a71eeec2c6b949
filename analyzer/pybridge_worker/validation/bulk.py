"""Large containers, checked by msgspec in one go: what it takes for good is good, whatever else is looked at item by item."""

from typing import Any, Union

import msgspec

MIN_ITEMS = 32
"""For fewer, making the call costs more than it saves."""
_PLAIN: dict[str, Any] = {
    "None": None,
    "bool": bool,
    "int": int,
    "float": Union[float, int],  # noqa: UP007 - of values
    "str": str,
    "bytes": bytes,
}


class Bulk:
    """The check of one type of containers."""

    def __init__(self, described: object) -> None:
        self._holder: Any = msgspec.defstruct("Holder", [("value", _type_of(described))])
        self.passes(None)  # msgspec looks at the type when it is first used, and may not have such a union

    def passes(self, value: object) -> bool:
        """Whether a value is surely of the type. False says nothing."""
        try:
            msgspec.convert({"value": value}, self._holder, builtin_types=(bytes,))
        except (msgspec.ValidationError, RecursionError):
            return False
        return True


def bulk_of(described: object) -> Bulk | None:
    """Make the check of a type as the bundle has it. None: msgspec has no such type."""
    try:
        return Bulk(described)
    except (KeyError, TypeError, ValueError):
        return None


def _type_of(described: object) -> Any:
    match described:
        case None:
            return Any
        case str(name):
            return _PLAIN[name]
        case ["|", *members]:
            return Union[tuple(map(_type_of, members))]  # noqa: UP007 - of values
        case ["list", item]:
            return list[_type_of(item)]  # type: ignore[misc] # a type that is made here
        case ["dict", key, item]:
            return dict[_type_of(key), _type_of(item)]  # type: ignore[misc] # as above
        case _:
            raise ValueError(described)
