"""The audit hook: its text runs in a process under watch, before anything else, so it needs nothing of ours."""

# ruff: noqa: PTH100, PTH115, PTH117, PTH118, PTH119
# Loading pathlib in a process under watch would be seen itself.

import json
import os
import sys
from _thread import get_ident

ALWAYS = ("socket.", "ctypes.", "subprocess.", "pty.", "os.exec", "os.spawn", "os.posix_spawn", "os.system", "os.fork")
"""Prefixes of events that are written whatever they are about."""
CHANGES = (
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.utime"),
    *("os.chmod", "os.chown", "os.lchown", "os.chflags", "os.setxattr", "os.removexattr", "sqlite3.connect"),
    *("shutil.copyfile", "shutil.move", "shutil.rmtree", "shutil.unpack_archive"),
)
NO_FOLDER = ("os.truncate", "os.setxattr")


def watch(log):
    """Write events to a file from now on, one JSON object a line: what it is, and the absolute paths it is about."""
    writing = set()
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def note(event, places, folder=None, **more):
        named = [os.fsdecode(one) for one in places if isinstance(one, (str, bytes, os.PathLike))]
        found = [os.path.abspath(os.path.join(folder or "", one)) for one in named if not one.startswith("<")]
        line = json.dumps({"event": event, "pid": os.getpid(), "places": found, **more})
        # Opened anew each time: a fork closes what it has not opened itself.
        writing.add(get_ident())
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode() + b"\n")
        os.close(descriptor)
        writing.discard(get_ident())

    def folder_of(event, args):
        """The folder that a relative path is below, where the event tells it by its descriptor, which comes last."""
        number = args[-1] if args and event not in NO_FOLDER else None
        return os.readlink(f"/proc/self/fd/{number}") if isinstance(number, int) and number >= 0 else None

    def given(args):
        """The command line of another program, where the event tells it."""
        return args[1] if len(args) > 1 and isinstance(args[1], (list, tuple)) else ()

    def hook(event, args):
        if sys.is_finalizing() or get_ident() in writing:
            return
        if event == "open":
            path, mode, flags = args
            if flags & writes or (isinstance(mode, str) and set(mode) & set("wax+")):
                note(event, [path])
        elif event == "exec":
            note(event, [getattr(args[0], "co_filename", None)])
        elif event == "compile":
            caller = sys._getframe(1).f_code.co_filename
            note(event, [args[1]], is_parse=os.path.basename(caller) == "ast.py")
        elif event == "import":
            note(event, [args[1]], module=args[0])
        elif event in CHANGES:
            note(event, args, folder_of(event, args))
        elif event.startswith(ALWAYS):
            note(event, [*args, *(one for one in given(args) if os.path.isabs(one))])

    note("watching", [])
    os.register_at_fork(after_in_child=lambda: note("watching", []))
    sys.addaudithook(hook)
