"""What the library raises is data: its type, its notes, what led to it, the members of a group; its stack only on demand."""

import pytest

from pybridge_worker.child import faults


class Broken(ConnectionError):
    pass


def raised(error):
    try:
        raise error  # noqa: TRY301 - as above
    except BaseException as caught:  # noqa: BLE001 - any exception is a case
        return caught


def described(error, **options):
    return faults.describe(raised(error), show_tracebacks=options.get("show_tracebacks", False)).raised


def test_bases_and_notes_are_told():
    error = Broken("no route")
    error.add_note("tried twice")
    found = described(error)

    assert found.type.endswith("test_exceptions.Broken")
    assert found.bases[1:] == ("ConnectionError", "OSError", "Exception", "BaseException")
    assert (found.message, found.notes) == ("no route", ("tried twice",))


def test_a_cause_is_told_apart_from_what_was_only_going_on():
    def chain(cause):
        try:
            raise KeyError("first")  # noqa: TRY301 - as a library does it
        except KeyError as first:
            raise ValueError("second") from (first if cause == "same" else cause)

    found = {}
    for name, cause in (("same", "same"), ("other", LookupError("x")), ("none", None)):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the chain is the point
            chain(cause)
        found[name] = faults.describe(caught.value, show_tracebacks=False).raised

    assert (found["same"].cause.type, found["same"].context) == ("KeyError", None)
    assert (found["other"].cause.type, found["other"].context.type) == ("LookupError", "KeyError")
    assert (found["none"].cause, found["none"].context.type) == (None, "KeyError")
    assert found["none"].suppress_context is True


def test_the_members_of_a_group_are_told_at_every_depth():
    inner = ExceptionGroup("inner", [TimeoutError("slow")])
    found = described(ExceptionGroup("outer", [ValueError("bad"), inner]))

    assert found.type == "ExceptionGroup"
    assert [(one.type, one.message) for one in found.exceptions] == [
        ("ValueError", "bad"),
        ("ExceptionGroup", "inner (1 sub-exception)"),
    ]
    assert found.exceptions[1].exceptions[0].type == "TimeoutError"


@pytest.mark.parametrize(
    ("error", "is_retryable"),
    [(Broken(), True), (TimeoutError(), True), (InterruptedError(), True), (ValueError(), False), (OSError(), False)],
    ids=repr,
)
def test_what_may_pass_is_told(error, is_retryable):
    assert described(error).retryable is is_retryable


def test_a_stack_is_told_only_on_demand():
    assert described(ValueError("x")).stack == ()
    assert [line.function for line in described(ValueError("x"), show_tracebacks=True).stack] == ["raised"]


def test_a_chain_without_end_ends():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    found, depth = described(one), 0
    while found is not None:
        found, depth = found.cause, depth + 1

    assert depth < 20


def test_the_wire_has_all_of_it(session):
    response = session.error("workbench.values.fail_together", messages=["a", "b"])

    assert [one.message for one in response.exception.exceptions] == ["a", "b"]
    assert response.exception.exceptions[0].retryable is True
    assert list(response.exception.notes) == ["both at once"]
    assert len(response.exception.frames) == 0
