"""Small descriptors to store."""

from datetime import UTC, datetime

from pybridge.model.library import LibraryDescriptor, Module, Target
from pybridge.model.names import ModuleName

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LINUX = Target(python_version="3.11", platform="linux")
WINDOWS = Target(python_version="3.12", platform="win32")


def library(
    name: str = "demo", *modules: str, version: str | None = "1.0", target: Target = LINUX, docstring: str | None = None
) -> LibraryDescriptor:
    found = sorted(modules or (name, f"{name}.core", f"{name}.core.deep"))
    return LibraryDescriptor(
        name=name,
        roots=(ModuleName(name),),
        version=version,
        target=target,
        modules=tuple(Module(name=ModuleName(module), docstring=docstring) for module in found),
    )
