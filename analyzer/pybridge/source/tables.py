"""Values of settings files that anybody may have written: what is not of the wanted kind is not there."""

from collections.abc import Mapping


def value_at(data: object, *path: str) -> object:
    """Follow keys into nested tables; None where they lead nowhere."""
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def text_at(data: object, *path: str) -> str | None:
    """Return a text that is not empty; None where there is none."""
    value = value_at(data, *path)
    return value if isinstance(value, str) and value else None


def table_at(data: object, *path: str) -> Mapping[str, object]:
    """Return a table; an empty one where there is none."""
    value = value_at(data, *path)
    return value if isinstance(value, Mapping) else {}


def texts_of(value: object) -> list[str]:
    """Return the texts of a list, or a text as a list of one."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
