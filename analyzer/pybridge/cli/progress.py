"""A progress line on stderr, for a terminal only."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_QUIET_SECONDS = 0.5
"""Runs shorter than this show nothing."""


class Bar:
    """A `pybridge.protocols.Progress` that draws; it appears once the run has taken a moment, and leaves no trace."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._began = time.monotonic()
        self._task: TaskID | None = None
        self._is_shown = False

    def stage(self, title: str, total: int | None = None) -> None:
        """Begin a stage."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(title, total=total)
        self._show_when_due()

    def advance(self, steps: int = 1) -> None:
        """Tell that steps are done."""
        if self._task is not None:
            self._progress.advance(self._task, steps)
        self._show_when_due()

    def close(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._progress.stop()

    def _show_when_due(self) -> None:
        if not self._is_shown and time.monotonic() - self._began > _QUIET_SECONDS:
            self._progress.start()
            self._is_shown = True
