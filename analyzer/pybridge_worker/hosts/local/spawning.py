"""New Python processes of ours."""

import subprocess
import sys
from pathlib import Path

import pybridge_worker
from pybridge_worker.hosts.local.handles import Handle
from pybridge_worker.hosts.local.output import Output

WORKER, ZYGOTE = "main", "zygote"
_BOOT = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; sys.path.append(sys.argv[1]); "
    "from pybridge_worker.child.{role} import main; main(int(sys.argv[2]))"
)
"""Without the current folder on the import path: a file there must not stand in for a module of the library."""


def spawn(role: str, connection: int, output: Output) -> Handle:
    """Start a Python process that serves the other end of a connection.

    Raises:
        OSError: there is no room for it.
    """
    package = str(Path(pybridge_worker.__file__).parent.parent)
    command = (sys.executable, "-c", _BOOT.format(role=role), package, str(connection))
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
        command,
        stdin=subprocess.DEVNULL,
        stdout=output.writing,
        stderr=output.writing,
        pass_fds=(connection,),
        start_new_session=True,
    )
    return Handle.of(process)
