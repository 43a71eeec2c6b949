"""Overlays that ship with pybridge, read as text: ``stubs/<library>/*.toml``."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from pybridge.errors import DecodeError
from pybridge.model.overlays import ClassRule, ConstructorRule, DecoratorRule, Overlays

_PLACES = (Path(__file__).parent.parent / "stubs", Path(__file__).parents[3] / "stubs")
"""In a wheel inside the package, in a checkout beside it."""

T = TypeVar("T")


class _DecoratorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    decorator: tuple[DecoratorRule, ...] = ()


class _ClassFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dataclass_base: tuple[ClassRule, ...] = ()
    constructor_method: tuple[ConstructorRule, ...] = ()


def shipped_overlays() -> Overlays:
    """Read every overlay that ships with pybridge, sorted by library; empty where none does.

    Raises:
        DecodeError: one is not as ``stubs/README.md`` says.
    """
    folder = next((one for one in _PLACES if one.is_dir()), None)
    return read_overlays(folder) if folder is not None else Overlays()


def read_overlays(folder: Path) -> Overlays:
    """Read the overlays of a folder that holds one folder a library.

    Raises:
        DecodeError: one is not as ``stubs/README.md`` says.
    """
    decorators = [rule for one in _files(folder, "decorators.toml", _DecoratorFile) for rule in one.decorator]
    classes = list(_files(folder, "classes.toml", _ClassFile))
    return Overlays(
        decorators=tuple(decorators),
        classes=tuple(rule for one in classes for rule in one.dataclass_base),
        constructors=tuple(rule for one in classes for rule in one.constructor_method),
    )


def _files(folder: Path, name: str, shape: type[T]) -> Iterator[T]:
    for path in sorted(folder.glob(f"*/{name}")):
        try:
            yield msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), shape)
        except (OSError, ValueError, msgspec.ValidationError) as error:
            raise DecodeError("overlay", f"{path.parent.name}/{path.name}: {error}") from error
