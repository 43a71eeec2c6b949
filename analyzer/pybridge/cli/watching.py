"""Doing something again whenever files change, until somebody interrupts."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from pybridge.cli.exits import Exit
from pybridge.codec.printable import printable
from pybridge.errors import PyBridgeError

_SUFFIXES = (".py", ".pyi", ".toml", ".lock")
_DEBOUNCE_MS, _STEP_MS, _FOR_EVER = 400, 40, 0


def repeat(once: Callable[[], int], folders: Sequence[Path]) -> int:
    """Do it now, and after each change of a Python file or a file of settings below the folders.

    A run that fails is told, and the next change gets its chance. Returns the last exit code when interrupted.

    Raises:
        UsageError: what watches files is not installed.
    """
    try:
        # Its loop ``watch`` begins to look only when asked for the first change, after the first run has read its files.
        from watchfiles._rust_notify import RustNotify
    except ImportError as error:
        raise click.UsageError("--watch needs watchfiles: pip install 'pybridge-analyzer[watch]'") from error
    existing = [str(one) for one in folders if one.exists()]
    with RustNotify(existing, False, False, 0, True, True) as watcher:  # noqa: FBT003 - its constructor is positional
        code = _told(once)
        try:
            while not isinstance(changes := watcher.watch(_DEBOUNCE_MS, _STEP_MS, _FOR_EVER, None), str):
                if any(path.endswith(_SUFFIXES) for _, path in changes):
                    code = _told(once)
        except KeyboardInterrupt:
            # Between two looks, or while something is told: it ends as it would have a moment later.
            return code
    return code


def _told(once: Callable[[], int]) -> int:
    try:
        code = once()
    except PyBridgeError as error:
        sys.stderr.write(printable(f"error: {error.message}") + "\n")
        code = Exit.INCOMPLETE
    sys.stdout.flush()
    sys.stderr.write("watching for changes; Ctrl-C ends it\n")
    sys.stderr.flush()
    return code
