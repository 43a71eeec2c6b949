"""Files and functions stay small enough to read at once."""

import ast

from house_reading import ANALYZER, ROOT, python_files, tree

MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_TEMPLATE_LINES = 600, 60, 120
FILES = python_files(ANALYZER)
TESTS = python_files(ROOT / "tests")
EXEMPT_FILES: dict[str, str] = {}
"""Path from the root to the reason; generated ``_pb2`` files need none."""
EXEMPT_FUNCTIONS: dict[str, str] = {}
"""``path::name`` to the reason."""


def path(file):
    return file.relative_to(ROOT).as_posix()


def long_functions(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{path(file)}::{node.name}"


def long_files():
    for file in [*FILES, *TESTS]:
        if len(file.read_text(encoding="utf-8").splitlines()) > MAX_FILE_LINES:
            yield path(file)


def test_a_file_has_at_most_600_lines():
    assert [name for name in long_files() if name not in EXEMPT_FILES] == []


def test_a_function_has_at_most_60_lines():
    assert [name for file in FILES for name in long_functions(file) if name not in EXEMPT_FUNCTIONS] == []


def test_a_template_has_at_most_120_lines():
    templates = sorted(ANALYZER.rglob("*.jinja"))

    assert [path(one) for one in templates if len(one.read_text().splitlines()) > MAX_TEMPLATE_LINES] == []


def test_no_exemption_is_stale():
    assert set(EXEMPT_FILES) <= set(long_files())
    assert set(EXEMPT_FUNCTIONS) <= {name for file in FILES for name in long_functions(file)}


def test_a_module_opens_with_its_purpose():
    assert [path(file) for file in FILES if not ast.get_docstring(tree(file))] == []


NAMELESS = {"common", "data", "helper", "helpers", "info", "manager", "misc", "util", "utils"}


def test_a_module_has_a_name_that_says_something():
    nameless = {path(file) for file in [*FILES, *TESTS] if file.stem in NAMELESS}

    # The command `pybridge info` is named by its users.
    assert nameless <= {"analyzer/pybridge/cli/commands/info.py"}
