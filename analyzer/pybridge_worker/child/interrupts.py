"""SIGINT as a cancel that only ever hits the called code, never the child's own bookkeeping."""

import signal
from _signal import getsignal as _handler_of  # type: ignore[import-not-found] # what `signal` wraps, dearly
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class Interrupts:
    """Turns SIGINT into KeyboardInterrupt while `run` is running the called code.

    One call is interrupted once: what it does to clean up runs to its end, or to the grace time's.
    A signal that comes between two runs of one call is kept and raised by the next run. The front sends one signal a
    call and starts no other of these calls before this one has ended, so a signal never reaches the wrong call;
    coroutines that run beside it are cancelled in another way.
    """

    def __init__(self, elsewhere: Callable[[], bool]) -> None:
        """`elsewhere` cancels the call in another way and says so, where an exception would hit another one."""
        self._elsewhere = elsewhere
        self._handler = self._on_signal
        self._is_calling = False
        self._armed = False
        self._pending = False
        self._is_spent = False

    def begin(self) -> None:
        """Start a call: forget an earlier signal, and take the handler back should a library have replaced it."""
        self._take_handler()
        self._is_calling = True
        self._pending = False
        self._is_spent = False

    def end(self) -> None:
        """The call has been answered: a signal that was meant for it comes too late, and is nothing."""
        self._is_calling = False
        self._take_handler()

    def _take_handler(self) -> None:
        if _handler_of(signal.SIGINT) is not self._handler:
            signal.signal(signal.SIGINT, self._handler)

    def spend(self) -> None:
        """The call is being stopped in another way: a signal still to come must not hit its cleanup."""
        self._pending = False
        self._is_spent = True

    def run(self, work: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
        """Do some work of a call; whatever it raises is raised, KeyboardInterrupt for a signal."""
        try:
            self._armed = True
            if self._pending:
                self._pending = False
                raise KeyboardInterrupt
            return work(*arguments, **keywords)
        finally:
            self._armed = False

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_spent or not self._is_calling:
            return
        self._is_spent = True
        # Disarmed first: the exception may surface inside `run`'s own finally clause.
        if self._armed:
            if self._elsewhere():
                return
            self._armed = False
            raise KeyboardInterrupt
        self._pending = True
