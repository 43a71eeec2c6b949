"""The benchmark's own arithmetic, edits and tables; nothing is timed here."""

import ast
import re
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"
PLAIN = '''
"""A module."""

def area(width, height=2) -> int:
    """Tell the area."""
    return width * height
'''


@pytest.fixture(autouse=True)
def _benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def cost(cpu, wall=1.0):
    from sidebyside.measure import Cost

    return Cost(cpu_seconds=cpu, wall_seconds=wall, largest_bytes=2_000_000, tree_bytes=3_000_000)


def edited(tmp_path, text=PLAIN):
    from sidebyside.edits import edits_of

    path = tmp_path / "area.py"
    path.write_text(text, encoding="utf-8")
    return {one.name: one for one in edits_of(path)}


def test_every_library_is_pinned_to_one_version():
    from sidebyside.corpus import read_corpus

    corpus = read_corpus()
    names = [one.name for one in corpus.libraries]
    pins = [one.requirement for one in corpus.libraries]

    assert names == ["requests", "rich", "networkx", "sqlalchemy", "pandas", "sympy", "transformers"]
    assert [pin for pin in [*pins, corpus.peer] if not re.fullmatch(r"[\w-]+==[\d.]+", pin)] == []


def test_a_library_that_is_not_pinned_is_refused():
    from sidebyside.corpus import read_corpus

    with pytest.raises(KeyError):
        read_corpus().chosen(["numpy"])


def test_a_ratio_is_taken_between_neighbours_in_time():
    from sidebyside.figures import Spread, ratios

    assert ratios([1.0, 4.0, 3.0], [2.0, 4.0, 12.0]) == Spread(median=0.5, lowest=0.25, highest=1.0)


def test_ratios_of_different_numbers_of_runs_are_refused():
    from sidebyside.figures import ratios

    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


def test_costs_are_summed_up_in_seconds_and_megabytes():
    from sidebyside.figures import summed

    figures = summed([cost(1.0), cost(3.0)], [cost(2.0), cost(2.0)])

    assert (figures["cpu"]["value"].median, figures["cpu"]["ratio"].median) == (2.0, 1.0)
    assert (figures["largest"]["value"].median, figures["tree"]["value"].median) == (2.0, 3.0)


def test_children_count_for_their_parent(tmp_path):
    from sidebyside.measure import run

    busy = "import time\nwhile time.process_time() < 0.2: pass"
    command = [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"]

    found = run(command, environment={}, cwd=tmp_path, output=tmp_path / "out")

    assert found.cpu_seconds >= 0.2
    assert found.tree_bytes >= found.largest_bytes > 1_000_000


def test_a_command_that_fails_gives_no_figures(tmp_path):
    from sidebyside.measure import CommandFailed, run

    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]

    with pytest.raises(CommandFailed, match="no such thing"):
        run(command, environment={}, cwd=tmp_path, output=tmp_path / "out")


def test_every_edit_is_python_still(tmp_path):
    for edit in edited(tmp_path).values():
        assert edit.text != PLAIN
        ast.parse(edit.text)


def test_an_edit_of_a_signature_adds_one_parameter(tmp_path):
    from sidebyside.edits import MARK

    function = ast.parse(edited(tmp_path)["signature"].text).body[1]

    assert [one.arg for one in function.args.args] == ["width", "height"]
    assert [one.arg for one in function.args.kwonlyargs] == [MARK]
    assert ast.get_docstring(function) == "Tell the area."


def test_an_edit_of_a_docstring_leaves_the_rest(tmp_path):
    from sidebyside.edits import MARK

    assert edited(tmp_path)["docstring"].text == PLAIN.replace('"""Tell', f'"""{MARK} Tell')


def test_an_edit_of_a_body_leaves_docstring_and_signature(tmp_path):
    before, after = (ast.parse(text).body[1] for text in (PLAIN, edited(tmp_path)["body"].text))

    assert ast.get_docstring(after) == ast.get_docstring(before)
    assert ast.dump(after.args) == ast.dump(before.args)
    assert len(after.body) == len(before.body) + 1


def test_tests_and_private_modules_are_not_edited(tmp_path):
    from sidebyside.edits import NothingToEdit, plan_edits

    for name in ("_area.py", "tests/area.py", "test_area.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PLAIN, encoding="utf-8")

    with pytest.raises(NothingToEdit):
        plan_edits(tmp_path)


def test_modules_are_counted_across_chunks(tmp_path, monkeypatch):
    from sidebyside import contenders

    path = tmp_path / "dump.json"
    path.write_text('{"kind": "module"}, {"kind":"module"}, {"kind": "class"}' * 5 + contenders.MARK, encoding="utf-8")
    for size in (7, 20, 33, 1000):
        monkeypatch.setattr(contenders, "_CHUNK", size)

        assert contenders.scan(path) == (10, True)


def test_a_table_replaces_the_one_before_it():
    from sidebyside.table import BEGIN, END, written

    page = written("# Benchmarks\n\nWords.\n", "old")

    assert page == f"# Benchmarks\n\nWords.\n\n{BEGIN}\n\nold\n{END}\n"
    assert written(page, "new") == page.replace("old", "new")
