"""Where the store and the cache are, from options and the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from pybridge.pipeline.request import Places


def locate(*, store: Path | None, cache: Path | None, environment: Mapping[str, str] | None = None) -> Places:
    """Decide the folders: options first, then ``PYBRIDGE_STORE`` and ``PYBRIDGE_CACHE``, then the XDG folders."""
    env = os.environ if environment is None else environment
    return Places(
        store=absolute(store or env.get("PYBRIDGE_STORE") or _xdg(env, "XDG_DATA_HOME", ".local/share") / "store.git"),
        cache=absolute(cache or env.get("PYBRIDGE_CACHE") or _xdg(env, "XDG_CACHE_HOME", ".cache")),
    )


def absolute(path: Path | str) -> Path:
    """Make a path mean the same in every process; links in it stay as they are."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - absolute() keeps "..", resolve() follows links


def _xdg(env: Mapping[str, str], variable: str, fallback: str) -> Path:
    """Follow the base directory specification, which has relative paths ignored."""
    base = env.get(variable)
    if base and Path(base).is_absolute():
        return Path(base) / "pybridge"
    return Path(env.get("HOME") or "~").expanduser() / fallback / "pybridge"
