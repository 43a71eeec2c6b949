"""The one promise, read off the source: pybridge has nothing that could run or import what it analyses."""

import ast

import pytest

from house_reading import PYBRIDGE, dotted_names, imported_modules, place, python_files, tree

FILES = python_files(PYBRIDGE)
EXECUTION_MODULES = {
    "cloudpickle", "code", "codeop", "ctypes", "dill", "imp", "importlib", "inspect", "marshal", "multiprocessing",
    "pdb", "pickle", "pkgutil", "pty", "runpy", "shelve", "site", "timeit", "trace", "zipimport",
}  # fmt: skip
NETWORK_MODULES = {"ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib.request", "urllib3"}
BUILTINS = {"__import__", "breakpoint", "compile", "eval", "exec"}
PROCESS_CALLS = {
    "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "os.fork", "os.forkpty", "os.popen",
    "os.startfile", "os.system", "sys.meta_path", "sys.path_hooks",
    *(f"os.exec{ending}" for ending in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
    *(f"os.spawn{ending}" for ending in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
    "os.posix_spawn", "os.posix_spawnp",
}  # fmt: skip

ALLOWED_MODULES = {
    ("pipeline/doctor.py", "importlib"): "importlib.metadata reads the versions of pybridge's own dependencies",
}
"""Exceptions by file and module, each with its reason."""
ALLOWED_CALLS = {
    ("extract/child.py", "os.fork"): "a child that has loaded the parser shares it with others that read",
    ("extract/process.py", "os.fork"): "such a child begins as a copy of us, without a new interpreter",
}
"""Exceptions by file and call, each with its reason; a fork runs nothing that its parent does not have."""
MAY_START_PROCESSES = {
    "annotate/children.py": "children of our own that rewrite files with libcst, whose crash costs one file",
    "extract/process.py": "children of our own that parse files, so that a parser's crash costs one file",
    "resolve/types/engine.py": "a child of our own that runs mypy on text",
}
"""Files that may import subprocess, each with what it starts."""


def modules_of(file):
    return {part for module in imported_modules(file) for part in (module, module.partition(".")[0])}


def test_no_file_has_import_execution_or_network_machinery():
    banned = EXECUTION_MODULES | NETWORK_MODULES
    used = {(place(file), name) for file in FILES for name in modules_of(file) & banned}

    assert used - set(ALLOWED_MODULES) == set()


def test_no_file_executes_text_or_starts_a_program_by_name():
    banned = BUILTINS | PROCESS_CALLS

    used = {(place(file), name) for file in FILES for name in banned & set(dotted_names(file))}

    assert used - set(ALLOWED_CALLS) == set()


def test_no_file_goes_through_a_shell():
    keywords = {
        place(file): [one.arg for one in ast.walk(tree(file)) if isinstance(one, ast.keyword)] for file in FILES
    }

    assert [file for file, names in keywords.items() if "shell" in names] == []


def test_only_named_files_start_processes():
    starting = {place(file) for file in FILES if "subprocess" in modules_of(file)}

    assert starting == set(MAY_START_PROCESSES)


def test_only_importlib_metadata_is_used_of_importlib():
    used = {name for file in FILES for name in modules_of(file) if name.startswith("importlib.")}

    assert {".".join(name.split(".")[:2]) for name in used} == {"importlib.metadata"}


def test_no_exception_is_stale():
    used = {(place(file), name) for file in FILES for name in modules_of(file)}

    assert set(ALLOWED_MODULES) <= used
    assert set(ALLOWED_CALLS) <= {(place(file), name) for file in FILES for name in dotted_names(file)}


@pytest.mark.parametrize(
    "source",
    ["import importlib", "from importlib import import_module", "import os\nos.system('x')", "from os import system",
     "exec('x')", "run = eval", "import urllib.request", "def f():\n    import pickle", "import inspect as i"],
)  # fmt: skip
def test_the_scan_sees_what_it_looks_for(tmp_path, source):
    file = tmp_path / "bad.py"
    file.write_text(source)

    found = modules_of(file) | set(dotted_names(file))
    assert found & (EXECUTION_MODULES | NETWORK_MODULES | BUILTINS | PROCESS_CALLS)
