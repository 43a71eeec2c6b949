"""The bundle of the raced library, as `pybridge bundle` writes it: with the signatures that arguments are checked by."""

import subprocess
import sys
from pathlib import Path

from race.contenders import LIBRARY

NAME = "race_library"


def write_bundle(path: Path) -> None:
    """Write the bundle; stores and caches lie beside it.

    Raises:
        subprocess.CalledProcessError: the analyzer failed.
    """
    command = [str(Path(sys.executable).with_name("pybridge")), "bundle", NAME, "-o", str(path)]
    command += [
        "--path",
        str(LIBRARY),
        "--store",
        str(path.with_name("store")),
        "--cache",
        str(path.with_name("cache")),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
