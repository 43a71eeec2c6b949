"""The Python version and platform to describe for."""

import re
import sys
from pathlib import Path

from pybridge.errors import UnknownTarget
from pybridge.model.library import Target

PYTHON_VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
"""What the type engine can describe for."""

PLATFORMS = ("linux", "darwin", "win32", "cygwin", "emscripten", "wasi", "android", "ios", "aix", "freebsd")


def parse_target(python_version: str, platform: str) -> Target:
    """Check a target.

    Raises:
        UnknownTarget: no such Python version or platform.
    """
    if python_version not in PYTHON_VERSIONS:
        raise UnknownTarget("Python version", python_version, PYTHON_VERSIONS)
    if platform not in PLATFORMS:
        raise UnknownTarget("platform", platform, PLATFORMS)
    return Target(python_version=python_version, platform=platform)


def default_target(site_packages: Path | None) -> Target:
    """Take the version that the environment's folder names, else that of this interpreter."""
    found = re.search(r"python(3\.\d+)", str(site_packages)) if site_packages else None
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    version = found.group(1) if found and found.group(1) in PYTHON_VERSIONS else own
    return Target(python_version=version, platform=sys.platform)
