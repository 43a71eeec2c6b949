"""What becomes of an exception that called code, or the reading of its arguments, ended with."""

from pybridge_worker.child import faults
from pybridge_worker.child.references import References
from pybridge_worker.errors import Refused
from pybridge_worker.frames import Fault, Refusal, sendable


class Outcomes:
    """Says how calls ended that did not end well."""

    def __init__(self, references: References, *, show_tracebacks: bool) -> None:
        self._references = references
        self._show_tracebacks = show_tracebacks

    def of(self, error: BaseException, session: str) -> Fault | Refusal:
        """Say what an exception is: a refusal of ours, or data, whatever the library raised."""
        if isinstance(error, Refused):
            return refusal(error)
        fault = faults.describe(error, show_tracebacks=self._show_tracebacks)
        return Fault(
            error=fault.error,
            raised=fault.raised,
            traceback=fault.traceback,
            object_count=self._references.count(session),
        )


def refusal(error: Refused) -> Refusal:
    """Write a refusal."""
    return Refusal(error.code.value, error.reason, sendable(error.message), sendable(error.field), error.limit)
