"""Is everything there that pybridge needs?"""

import importlib.metadata
import os
import shutil
import sys
from pathlib import Path

import msgspec

from pybridge.errors import PyBridgeError
from pybridge.pipeline.request import Places
from pybridge.source import default_site_packages, installed_libraries

_PARTS = (
    "mypy",
    "ast-serialize",
    "msgspec",
    "pygit2",
    "click",
    "jinja2",
    "docstring-parser",
    "typeshed-client",
    "libcst",
)
_TOOLS = ("git", "elixir", "dialyzer", "pybridge-worker")


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    is_good: bool
    is_needed: bool
    detail: str


def examine(places: Places, site_packages: Path | None) -> tuple[Check, ...]:
    """Look at the interpreter, the parts, the folders and the tools that other steps use."""
    version = ".".join(map(str, sys.version_info[:3]))
    checks = [Check(name="python", is_good=sys.version_info >= (3, 11), is_needed=True, detail=version)]
    checks.extend(_part(name) for name in _PARTS)
    checks.append(_folder("store", places.store))
    checks.append(_folder("cache", places.cache))
    checks.append(_environment(site_packages))
    checks.extend(_tool(name) for name in _TOOLS)
    return tuple(checks)


def _part(name: str) -> Check:
    try:
        return Check(name=name, is_good=True, is_needed=True, detail=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name=name, is_good=False, is_needed=True, detail="not installed: install pybridge-analyzer anew")


def _folder(name: str, path: Path) -> Check:
    existing = next(one for one in (path, *path.parents) if one.exists())
    is_writable = os.access(existing, os.W_OK)
    detail = f"{path}" if is_writable else f"{existing} cannot be written; choose another with --{name} DIR"
    return Check(name=name, is_good=is_writable, is_needed=True, detail=detail)


def _environment(site_packages: Path | None) -> Check:
    try:
        folder = site_packages or default_site_packages()
        found = installed_libraries(folder)
    except PyBridgeError as error:
        return Check(name="environment", is_good=False, is_needed=True, detail=error.message)
    return Check(name="environment", is_good=True, is_needed=True, detail=f"{folder} ({len(found)} libraries)")


def _tool(name: str) -> Check:
    beside = Path(sys.executable).parent
    found = shutil.which(name) or shutil.which(name, path=str(beside))
    return Check(name=name, is_good=found is not None, is_needed=False, detail=found or "not on PATH")
