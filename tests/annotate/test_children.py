"""A file that kills or stalls the child process costs one diagnostic; the others are annotated."""

import pytest

from annotated import INT, function, job
from pybridge.annotate import annotate_all, children
from pybridge.errors import EngineFailed

pytestmark = pytest.mark.e2e

_FAULTY = (
    "import os, sys; sys.path[:] = sys.argv[1:]; import pybridge.annotate.child as child; real = child.annotate_file\n"
    "def annotate_file(job):\n"
    "    while job.path == 'slow.py': pass\n"
    "    return os.abort() if job.path == 'bad.py' else real(job)\n"
    "child.annotate_file = annotate_file; child.main()"
)
WANTED = function("f", INT)
FILLED = b"def f() -> int: ...\n"


def jobs(*paths):
    return [job("def f(): ...\n", WANTED, path=path) for path in paths]


def test_answers_come_in_the_order_of_the_files():
    texts = [f"x = {number}\ndef f(): ...\n" for number in range(20)]

    answers = list(annotate_all([job(text, WANTED) for text in texts], processes=2))

    assert [one.data.decode() for one in answers] == [text.replace("()", "() -> int") for text in texts]


def test_a_crash_costs_one_file(monkeypatch):
    monkeypatch.setattr(children, "_BOOT", _FAULTY)

    answers = list(annotate_all(jobs("a.py", "bad.py", "b.py", "bad.py", "c.py")))

    assert [one.data for one in answers] == [FILLED, None, FILLED, None, FILLED]
    assert [(found.code, found.path) for one in answers for found in one.diagnostics] == [
        ("annotate-crashed", "bad.py"),
        ("annotate-crashed", "bad.py"),
    ]


def test_a_hang_costs_one_file(monkeypatch):
    monkeypatch.setattr(children, "_BOOT", _FAULTY)

    answers = list(annotate_all(jobs("slow.py", "a.py"), timeout_seconds=1.5))

    assert [one.data for one in answers] == [None, FILLED]
    assert [found.code for one in answers for found in one.diagnostics] == ["annotate-timeout"]


@pytest.mark.parametrize(
    "hostile",
    ["x = a" + ".b" * 20_000, "x = " + "-" * 20_000 + "1", "x = 1" + "+1" * 20_000, "x = f" + "()" * 20_000,
     "if a: pass\n" + "elif a: pass\n" * 15_000, "x = " + "lambda: " * 20_000 + "1"],
    ids=["attributes", "signs", "sums", "calls", "branches", "functions"],
)  # fmt: skip
def test_code_that_nests_without_end_costs_one_file(hostile):
    answers = list(annotate_all([job(hostile, WANTED, path="deep.py"), *jobs("a.py")]))

    assert answers[1].data == FILLED
    assert [one.path for one in answers[0].diagnostics] == ["deep.py"]


def test_a_child_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setattr(children, "_BOOT", "raise SystemExit('no libcst here')")

    with pytest.raises(EngineFailed, match="no libcst here"):
        list(annotate_all(jobs("a.py")))


def test_nothing_to_do_starts_nothing(monkeypatch):
    monkeypatch.setattr(children, "_BOOT", "raise SystemExit('never')")

    assert list(annotate_all([])) == []


def test_leaving_early_ends_the_children():
    answers = annotate_all(jobs(*(f"{number}.py" for number in range(30))), processes=2)

    assert next(answers).data == FILLED
    answers.close()
