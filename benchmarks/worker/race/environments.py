"""The peers' virtual environments, each made once, outside of the tree."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from race.contenders import requirements


def default_folder() -> Path:
    """Return where they are kept when nobody says otherwise: in the user's cache, next to those of the other benchmark."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pybridge-bench"


def python_of(folder: Path, environment: str) -> Path:
    """Make sure that an environment is there; return its Python.

    Raises:
        subprocess.CalledProcessError: it cannot be made.
    """
    wanted = requirements(environment)
    digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:12]
    home = folder / "peers" / f"worker-{environment}-{digest}"
    python = home / "bin" / "python"
    if not (home / ".complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
        (home / ".complete").touch()
    return python
