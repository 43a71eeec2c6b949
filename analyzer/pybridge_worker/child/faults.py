"""An exception of the called code as data. Nothing in here raises, whatever the exception's own methods do."""

import traceback
from types import TracebackType

from pybridge_worker.frames import Fault, Raised, StackLine, sendable

_MAX_TEXT = 64 * 1024
_MAX_DEPTH = 8
_MAX_EXCEPTIONS = 32
_MAX_STACK = 100
_RETRYABLE = (ConnectionError, TimeoutError, InterruptedError, BlockingIOError)
"""What the same call may not meet a moment later."""


def describe(error: BaseException, *, show_tracebacks: bool) -> Fault:
    """Say what was raised: the type, the message, its bases, notes, causes; the stack only when asked for."""
    try:
        return _fault(error, show_tracebacks=show_tracebacks)
    except BaseException as second:  # noqa: BLE001 - the exception's class is the library's code too
        message = f"an exception that raised {_text(second)!r} when it was looked at"
        return Fault(
            error=f"Exception: {message}", raised=Raised(type="Exception", message=message, bases=("Exception",))
        )


def _fault(error: BaseException, *, show_tracebacks: bool) -> Fault:
    raised = _raised(error, show_tracebacks=show_tracebacks, depth=0)
    name = sendable(type(error).__qualname__)
    return Fault(
        error=f"{name}: {raised.message}" if raised.message else name,
        raised=raised,
        traceback=_formatted(error) if show_tracebacks else "",
    )


def path_of(cls: type) -> str:
    """The dotted path of an exception's class; built-in ones by their bare name."""
    return sendable(cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}")


def _raised(error: BaseException, *, show_tracebacks: bool, depth: int) -> Raised:
    below = depth + 1

    def linked(other: BaseException | None) -> Raised | None:
        if other is None or below > _MAX_DEPTH:
            return None
        return _raised(other, show_tracebacks=show_tracebacks, depth=below)

    group = getattr(error, "exceptions", ())
    members = group if isinstance(group, tuple) else ()
    notes = getattr(error, "__notes__", ())
    return Raised(
        type=path_of(type(error)),
        message=_text(error),
        bases=tuple(path_of(cls) for cls in type(error).__mro__ if cls is not object),
        notes=tuple(_clip(note) for note in notes if isinstance(note, str)) if isinstance(notes, list) else (),
        cause=linked(error.__cause__),
        context=linked(error.__context__) if error.__context__ is not error.__cause__ else None,
        suppress_context=error.__suppress_context__,
        retryable=isinstance(error, _RETRYABLE),
        exceptions=tuple(
            one
            for member in members[:_MAX_EXCEPTIONS]
            if isinstance(member, BaseException) and (one := linked(member)) is not None
        ),
        stack=_stack(error.__traceback__) if show_tracebacks else (),
    )


def _text(error: BaseException) -> str:
    try:
        return _clip(str(error))
    except BaseException as second:  # noqa: BLE001 - __str__ is the library's code too
        return f"<{type(second).__name__} when asked for the message>"


def _clip(text: str) -> str:
    clean = sendable(str.__str__(text))
    return clean if len(clean) <= _MAX_TEXT else f"{clean[:_MAX_TEXT]}... ({len(clean)} characters)"


def _stack(trace: TracebackType | None) -> tuple[StackLine, ...]:
    lines = traceback.extract_tb(trace, limit=-_MAX_STACK)
    return tuple(
        StackLine(sendable(line.filename), line.lineno or 0, sendable(line.name))
        for line in lines
        if not _is_ours(line.filename)
    )


def _formatted(error: BaseException) -> str:
    try:
        return _clip("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    except BaseException as second:  # noqa: BLE001 - as in _text
        return f"<{type(second).__name__} when asked for the traceback>"


def _is_ours(file: str) -> bool:
    return "/pybridge_worker/child/" in file.replace("\\", "/")
