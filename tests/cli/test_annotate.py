"""``pybridge annotate``: where it writes, what it shows, and what it leaves alone."""

import json

import pytest

from site_folders import SHELF, install

LOOSE = {
    "loose/__init__.py": "from loose.core import Thing\n",
    "loose/core.py": (
        "class Thing:  # a thing\n"
        "    def __init__(self, size=3):\n"
        "        self.size = size\n\n"
        "    def name(self):\n"
        "        return 'thing'\n\n\n"
        "def reset(thing):\n"
        "    thing.size = 0\n"
    ),
}
HIGH = LOOSE["loose/core.py"].replace("size=3)", "size=3) -> None").replace("name(self)", "name(self) -> str")
HIGH = HIGH.replace("reset(thing)", "reset(thing) -> None")
LOW = HIGH.replace("size=3", "size: int = 3")


@pytest.fixture
def site(tmp_path):
    return install(tmp_path / "site", "loose", LOOSE)


@pytest.fixture
def source(tmp_path):
    """A source tree to change."""
    for name, text in LOOSE.items():
        path = tmp_path / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "src"


def texts(folder):
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.py*") if path.is_file()}


def test_copies_of_what_changes_are_written(pybridge, site, tmp_path):
    told = pybridge("annotate", "loose", "--site-packages", site, "--output", tmp_path / "out")

    assert (told.code, told.out) == (0, "3 types in 1 files, 1 of them new or changed\n")
    assert texts(tmp_path / "out") == {"loose/core.py": HIGH}
    assert texts(site) == LOOSE


def test_less_certain_types_are_written_when_asked_for(pybridge, site, tmp_path):
    options = ("--output", tmp_path / "out", "--min-confidence", "low")

    assert pybridge("annotate", "loose", "--site-packages", site, *options).code == 0
    assert texts(tmp_path / "out") == {"loose/core.py": LOW}


def test_a_source_tree_is_changed_in_place_once(pybridge, source):
    (source / "loose" / "core.py").chmod(0o750)

    told = pybridge("annotate", "--path", source, "--in-place")

    assert (told.code, told.out) == (0, "3 types in 1 files, 1 of them new or changed\n")
    assert texts(source) == {**LOOSE, "loose/core.py": HIGH}
    assert (source / "loose" / "core.py").stat().st_mode & 0o777 == 0o750
    assert pybridge("annotate", "--path", source, "--in-place").out == "0 files, 0 of them new or changed\n"


def test_a_check_fails_until_nothing_would_change(pybridge, source):
    told = pybridge("annotate", "--path", source, "--check")

    assert told.code == 1
    assert told.out == "  loose/core.py\n3 types in 1 files, 1 of them would be new or changed\n"
    assert texts(source) == LOOSE
    pybridge("annotate", "--path", source, "--in-place")
    assert pybridge("annotate", "--path", source, "--check").code == 0


def test_a_difference_is_all_that_is_printed(pybridge, source):
    told = pybridge("annotate", "--path", source, "--diff")

    assert told.code == 0
    assert told.out.startswith("--- a/loose/core.py\n+++ b/loose/core.py\n@@ -1,")
    assert "-def reset(thing):\n+def reset(thing) -> None:\n" in told.out
    assert told.err == "3 types in 1 files, 1 of them would be new or changed\n"
    assert texts(source) == LOOSE


def test_stubs_are_written_and_checked(pybridge, site, tmp_path):
    arguments = ("annotate", "loose", "--site-packages", site, "--stubs", tmp_path / "stubs")

    assert pybridge(*arguments, "--check").code == 1
    assert pybridge(*arguments).out == "2 files, 2 of them new or changed\n"
    assert pybridge(*arguments, "--check").code == 0
    assert pybridge(*arguments).out == "2 files, 0 of them new or changed\n"
    assert "    def name(self) -> str: ...\n" in texts(tmp_path / "stubs")["loose/core.pyi"]
    (tmp_path / "stubs" / "loose" / "core.pyi").write_text("old\n")
    assert "\n-old\n" in pybridge(*arguments, "--diff").out


def test_only_the_modules_that_match_are_written(pybridge, site, tmp_path):
    arguments = ("annotate", "loose", "--site-packages", site, "--stubs", tmp_path / "stubs", "--module", "loose.*")

    assert pybridge(*arguments).code == 0
    assert list(texts(tmp_path / "stubs")) == ["loose/core.pyi"]


def test_the_result_is_told_as_json(pybridge, source):
    answer = json.loads(pybridge("annotate", "--path", source, "--diff", "--output-format", "json").out)

    assert answer["files"] == [{"module": "loose.core", "path": "loose/core.py", "types": 3}]
    assert (answer["changed"], answer["written"]) == (["loose/core.py"], [])
    assert answer["diff"].startswith("--- a/loose/core.py\n")


def test_a_library_that_is_annotated_has_nothing_to_write(pybridge, tmp_path):
    site = install(
        tmp_path / "site", "shelf", {**SHELF, "shelf/_store.py": "class Box: ...\ndef fetch() -> Box: ...\n"}
    )

    assert pybridge("annotate", "shelf", "--site-packages", site, "--check").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "say where to write with --output DIR, --stubs DIR or --in-place"),
        (("--output", "a", "--stubs", "b"), "--output, --stubs and --in-place exclude each other"),
        (("--in-place",), "--in-place needs a source tree of your own"),
        (("--diff", "--min-confidence", "sure"), "'sure' is not one of"),
    ],
)
def test_what_contradicts_itself_is_wrong_usage(pybridge, site, arguments, message):
    told = pybridge("annotate", "loose", "--site-packages", site, *arguments)

    assert told.code == 2
    assert message in told.err
    assert texts(site) == LOOSE


def test_a_file_that_cannot_be_annotated_is_told_and_the_rest_goes_on(pybridge, source):
    (source / "loose" / "odd.py").write_text("def f():\n    return 1\n\n" + "x = a" + ".b" * 20_000 + "\n")

    told = pybridge("annotate", "--path", source, "--in-place")

    assert told.code == 0
    assert "loose/odd.py" in told.err
    assert texts(source)["loose/core.py"] == HIGH
