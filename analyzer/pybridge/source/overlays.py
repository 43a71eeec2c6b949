"""Overlays that ship with pybridge, read as text: ``stubs/<library>/*.toml``."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from pybridge.errors import DecodeError
from pybridge.model.names import ModuleName
from pybridge.model.overlays import ClassRule, ConstructorRule, DecoratorRule, Overlays, PhraseRule

_PLACES = (Path(__file__).parent.parent / "stubs", Path(__file__).parents[3] / "stubs")
"""In a wheel inside the package, in a checkout beside it."""

T = TypeVar("T")


class _DecoratorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    decorator: tuple[DecoratorRule, ...] = ()


class _ClassFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dataclass_base: tuple[ClassRule, ...] = ()
    constructor_method: tuple[ConstructorRule, ...] = ()


class _PhraseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phrase: tuple[PhraseRule, ...] = ()


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
    classes = [one for _, one in _files(folder, "classes.toml", _ClassFile)]
    decorators = [one for _, one in _files(folder, "decorators.toml", _DecoratorFile)]
    return Overlays(
        decorators=tuple(rule for one in decorators for rule in one.decorator),
        classes=tuple(rule for one in classes for rule in one.dataclass_base),
        constructors=tuple(rule for one in classes for rule in one.constructor_method),
        phrases=tuple(
            (ModuleName(library), rule)
            for library, one in _files(folder, "phrases.toml", _PhraseFile)
            for rule in one.phrase
        ),
    )


def _files(folder: Path, name: str, shape: type[T]) -> Iterator[tuple[str, T]]:
    for path in sorted(folder.glob(f"*/{name}")):
        try:
            yield path.parent.name, msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), shape)
        except (OSError, ValueError, msgspec.ValidationError) as error:
            raise DecodeError("overlay", f"{path.parent.name}/{path.name}: {error}") from error
