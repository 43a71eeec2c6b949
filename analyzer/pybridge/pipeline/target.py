"""The Python version and platform to describe for."""

import re
import sys
from pathlib import Path

from pybridge.errors import UnknownTarget
from pybridge.model.library import Target
from pybridge.pipeline.workspace import absolute

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
    """Take the version that the environment's folder names last in its path, else that of this interpreter."""
    named = re.findall(r"python(3\.\d+)", str(absolute(site_packages))) if site_packages else []
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    version = named[-1] if named and named[-1] in PYTHON_VERSIONS else own
    return Target(python_version=version, platform=sys.platform)
