"""The lean context managers do as the standard library's do."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from pybridge.resolve.types.contexts import lean_contextmanager, lean_contexts

Managed = Callable[[list[str]], contextlib.AbstractContextManager[object]]


def plain(log: list[str]) -> Iterator[str]:
    log.append("in")
    try:
        yield "value"
    finally:
        log.append("out")


def swallowing(log: list[str]) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        log.append(f"swallowed {error}")


def replacing(log: list[str]) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        message = f"instead of {error} in {len(log)}"
        raise ValueError(message) from error


def never_stopping(log: list[str]) -> Iterator[None]:
    with contextlib.suppress(KeyError):
        yield
    log.append("again")
    yield


def told(made: Managed, error: Exception | None) -> list[str]:
    """What happens on the way through."""
    log: list[str] = []
    try:
        with made(log) as value:
            log.append(f"with {value}")
            fail(error)
        log.append("went on")
    except Exception as raised:  # noqa: BLE001 - which one is what is compared
        log.append(f"{raised!r} from {raised.__cause__!r}")
    return log


def fail(error: Exception | None) -> None:
    if error is not None:
        raise error


@pytest.mark.parametrize(
    "error", [None, KeyError("k"), ValueError("v"), StopIteration("s"), RuntimeError("r")], ids=repr
)
@pytest.mark.parametrize("function", [plain, swallowing, replacing, never_stopping])
def test_lean_context_does_as_the_standard_one(
    function: Callable[[list[str]], Iterator[object]], error: Exception | None
) -> None:
    lean = told(lean_contextmanager(function), error)  # type: ignore[arg-type] # a structural `with`

    assert lean == told(contextlib.contextmanager(function), error)


def test_modules_imported_meanwhile_are_decorated_and_later_ones_are_not() -> None:
    with lean_contexts():
        meanwhile = contextlib.contextmanager

    assert (meanwhile, contextlib.contextmanager) == (lean_contextmanager, contextlib.contextmanager)
    assert contextlib.contextmanager is not lean_contextmanager
