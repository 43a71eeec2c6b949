"""Classes whose instances are their fields: named tuples, dataclasses, attrs, pydantic models and msgspec Structs.

No library is imported to know them; each kind is told by the attribute that its library leaves on the class.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any


def fields_of(cls: type) -> Mapping[str, str] | None:
    """The fields by name, each with the constructor's name for it. None: an instance is more than its fields.

    A field that the constructor does not take is derived from the others, and left out.
    """
    space: Any = cls
    if issubclass(cls, tuple):
        names = getattr(space, "_fields", None)
        return {name: name for name in names} if isinstance(names, tuple) and hasattr(space, "_make") else None
    if _own(cls, "__dataclass_fields__"):
        return _dataclass_fields(space)
    if _own(cls, "__attrs_attrs__"):
        return {
            one.name: getattr(one, "alias", None) or one.name.lstrip("_") for one in space.__attrs_attrs__ if one.init
        }
    if (found := getattr(space, "__pydantic_fields__", None) or getattr(space, "__fields__", None)) and _is_mapping(
        found
    ):
        return {name: _alias(one) or name for name, one in found.items()}
    names = getattr(space, "__struct_fields__", None)
    return {name: name for name in names} if isinstance(names, tuple) else None


def values_of(value: Any, fields: Mapping[str, str]) -> dict[str, object] | None:
    """Read the fields of an instance. None: this one has more than its class says, or lacks some of it."""
    if getattr(value, "__pydantic_extra__", None):
        return None
    try:
        return {name: getattr(value, name) for name in fields}
    except AttributeError:
        return None


def make(cls: Any, values: Mapping[str, object]) -> object:
    """Make an instance from its fields, by the class's own constructor.

    Raises:
        ValueError: the class is not its fields, or has no such field.
    """
    fields = fields_of(cls)
    if fields is None:
        raise ValueError("instances of this class are more than their fields")
    unknown = [name for name in values if name not in fields]
    if unknown:
        raise ValueError(f"there is no field {str(unknown[0])[:80]!r}")
    made: object = cls(**{fields[name]: one for name, one in values.items()})
    return made


def _dataclass_fields(cls: Any) -> Mapping[str, str] | None:
    if any(_is_init_only(one) for one in cls.__dataclass_fields__.values()):
        return None
    return {one.name: one.name for one in dataclasses.fields(cls) if one.init}


def _is_init_only(field: Any) -> bool:
    return getattr(field._field_type, "name", "") == "_FIELD_INITVAR"  # noqa: SLF001 - dataclasses has no other word for it


def _own(cls: type, name: str) -> bool:
    """Whether the decorator was applied to this very class: a plain subclass may hold more."""
    return name in cls.__dict__


def _alias(field: Any) -> str | None:
    for name in ("validation_alias", "alias"):
        alias = getattr(field, name, None)
        if isinstance(alias, str):
            return alias
    return None


def _is_mapping(found: object) -> bool:
    return isinstance(found, dict)
