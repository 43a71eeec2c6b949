"""Overlays that ship with pybridge, read as text: ``stubs/<library>/decorators.toml``."""

import tomllib
from pathlib import Path

import msgspec

from pybridge.errors import DecodeError
from pybridge.model.overlays import DecoratorRule, Overlays

_FILE_NAME = "decorators.toml"
_PLACES = (Path(__file__).parent.parent / "stubs", Path(__file__).parents[3] / "stubs")
"""In a wheel inside the package, in a checkout beside it."""


class _DecoratorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    decorator: tuple[DecoratorRule, ...] = ()


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
    found: list[DecoratorRule] = []
    for path in sorted(folder.glob(f"*/{_FILE_NAME}")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            found.extend(msgspec.convert(data, _DecoratorFile).decorator)
        except (OSError, ValueError, msgspec.ValidationError) as error:
            raise DecodeError("overlay", f"{path.parent.name}/{path.name}: {error}") from error
    return Overlays(decorators=tuple(found))
