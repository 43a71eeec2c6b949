"""The exit codes: part of the interface, never renumbered."""

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code says."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    BUG = 70
    INTERRUPTED = 130


def ended(*, is_incomplete: bool) -> Exit:
    """Say how a run ended that found nothing to complain about."""
    return Exit.INCOMPLETE if is_incomplete else Exit.CLEAN
