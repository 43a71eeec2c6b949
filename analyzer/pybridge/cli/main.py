"""Entry point: runs a command and turns whatever happens into an exit code and one clear message."""

import gc
import io
import sys
import traceback
from collections.abc import Sequence

import click

from pybridge.cli.app import application
from pybridge.cli.exits import Exit
from pybridge.errors import (
    DistributionNotFound,
    PyBridgeError,
    SettingsRefused,
    SideUnclear,
    SymbolNotFound,
    UnknownTarget,
)

_USAGE_ERRORS = (DistributionNotFound, SettingsRefused, SideUnclear, SymbolNotFound, UnknownTarget)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    # What loading modules makes stays: looking for cycles in it, now and at the end, takes a tenth of a small run.
    gc.set_threshold(100_000, 20, 100)
    code = run(arguments)
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code instead of leaving."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        result = application.main(args=arguments, prog_name="pybridge", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show(sys.stderr)
        return Exit.USAGE
    except PyBridgeError as error:
        _tell(error)
        return Exit.USAGE if isinstance(error, _USAGE_ERRORS) else Exit.INCOMPLETE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except SystemExit:
        # Click leaves so when whoever reads the output has gone, as `head` does.
        return Exit.CLEAN
    except Exception:  # noqa: BLE001 - the outer edge: whatever escapes to here is our bug, and says so
        traceback.print_exc()
        sys.stderr.write("error: this is a bug in pybridge; please report it with the lines above\n")
        return Exit.BUG
    return result if isinstance(result, int) else Exit.CLEAN


def _tell(error: PyBridgeError) -> None:
    from pybridge.codec.printable import printable

    sys.stderr.write(printable(f"error: {error.message}") + "\n")
    if error.hint:
        sys.stderr.write(printable(f"  hint: {error.hint}") + "\n")
