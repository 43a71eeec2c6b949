"""Nothing in the repository knows the machine or the network it was made on."""

import re

import pytest

from house_reading import PYBRIDGE, ROOT, comments, python_files, text_files_in_git

# Written in parts, so that this file does not hold what it looks for.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org"),
        ("repo", "hex", "pm"), ("builds", "hex", "pm"), ("proxy", "golang", "org"), ("index", "crates", "io"),
        ("archive", "ubuntu", "com"), ("registry", "yarnpkg", "com"),
    )
]  # fmt: skip
HOST = re.compile("|".join(re.escape(host) for host in HOSTS))
ROOTS = ("home", "root", "Users", "work")
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:" + "|".join(ROOTS) + r")/[\w.]")
MARKER = re.compile(
    r"#\s*(?:type:\s*ignore|noqa)\b(?P<codes>\[[\w, -]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?(?P<rest>.*)"
)


def lines_with(pattern):
    return [
        f"{name}:{number}"
        for name, text in text_files_in_git()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_the_host_of_a_registry():
    assert lines_with(HOST) == []


def test_no_file_names_a_path_of_a_machine():
    assert lines_with(MACHINE_PATH) == []


@pytest.mark.parametrize("line", ["cd /" + "home/me/x", '"/' + 'root/.venv"', "(/" + "Users/me)"])
def test_a_path_of_a_machine_is_seen(line):
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["https://example.com/home/me", "src/work/x", "~/home/x", "${HOME}/work/x"])
def test_a_path_that_is_not_of_a_machine_is_let_be(line):
    assert not MACHINE_PATH.search(line)


def test_constraints_pin_every_package_to_one_version():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==\d[\w.+!]*", line)] == []


def test_mypy_is_pinned_exactly_and_alike():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (pinned,) = re.findall(r'"mypy==([\d.]+)"', project)

    assert f"mypy=={pinned}" in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_every_silenced_finding_names_its_code_and_its_reason():
    unexplained = []
    for file in python_files(PYBRIDGE):
        for number, comment in comments(file):
            found = MARKER.search(comment)
            if found and not (found["codes"] and re.search(r"\w{3}", found["rest"])):
                unexplained.append(f"{file.relative_to(PYBRIDGE)}:{number}")

    assert unexplained == []
