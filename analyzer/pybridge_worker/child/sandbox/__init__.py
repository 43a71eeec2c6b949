"""What a process of a library may do beside computing, taken away before any code of the library runs.

Each layer is taken where the kernel has it, and told by its name. Nothing here needs privileges, and nothing can be
taken back: what the process starts is confined as well.
"""

import sys

from pybridge_worker.child.sandbox import landlock, limits, seccomp
from pybridge_worker.frames import Confinement

LAYERS = ("limits", "landlock", "seccomp")


def confine(wanted: Confinement, inherited: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Take away from this process what it may not have; gives the names of the layers that hold now.

    `inherited`: those that held in the process that it was forked from. System calls are denied once; the files that it
    may reach are fewer than those of its parent.

    Raises:
        SystemExit: a layer is required and cannot be had.
    """
    limits.apply(wanted)
    if wanted.level == "off":
        return ()
    held, missing = ["limits"], []
    for name, apply in (("landlock", landlock.apply), ("seccomp", seccomp.apply)):
        if name == "seccomp" and name in inherited:
            held.append(name)
            continue
        try:
            apply(wanted)
        except OSError as error:
            missing.append(f"{name}: {error.strerror or error}")
        else:
            held.append(name)
    if missing and wanted.level == "required":
        raise SystemExit(f"pybridge-worker: this process cannot be confined by {'; '.join(missing)}")
    if missing and not inherited:
        print(f"pybridge-worker: not confined by {'; '.join(missing)}", file=sys.stderr)  # noqa: T201 - goes to the log
    return tuple(held)
