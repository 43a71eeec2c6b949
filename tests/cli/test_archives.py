"""Wheels and sdists on the command line."""

import json

import pytest

from archive_files import sdist, wheel
from site_folders import SHELF, install


@pytest.mark.parametrize("write", [wheel, sdist])
def test_an_archive_is_exported_as_the_installed_library_is(pybridge, tmp_path, write):
    site = install(tmp_path / "site", "shelf", SHELF)

    told = pybridge("export", "--path", write(tmp_path, "shelf", SHELF))

    assert (told.code, told.err) == (0, "")
    assert told.out == pybridge("export", "shelf", "--site-packages", site).out


def test_nothing_is_read_of_an_archive_that_did_not_change(pybridge, tmp_path):
    path = wheel(tmp_path, "shelf", SHELF)
    pybridge("discover", "--path", path)

    assert "unchanged" in pybridge("discover", "--path", path).out


def test_packages_beside_an_archive_are_found_in_the_environment_that_is_named(pybridge, tmp_path):
    site = install(tmp_path / "site", "stand", {"stand.py": "class Stand:\n    def __init__(self, height: int): ...\n"})
    path = wheel(tmp_path, "rack", {"rack.py": "from stand import Stand\nclass Rack(Stand): ...\n"})

    assert "height: int" in pybridge("export", "--path", path, "--site-packages", site, "--format", "api").out
    assert "height: int" not in pybridge("export", "--path", path, "--format", "api").out


def test_a_part_that_cannot_be_trusted_is_told_and_ends_with_three(pybridge, tmp_path):
    path = wheel(tmp_path, "shelf", SHELF | {"shelf/odd.py": "X = 1\n"}, record={"shelf/odd.py": "sha256=AAAA,6"})

    told = pybridge("discover", "--path", path)
    listed = pybridge("discover", "--path", path, "--output-format", "json")

    assert told.code == listed.code == 3
    assert "shelf/odd.py error[record-mismatch] its content is not what is recorded; not read" in told.err
    assert "shelf 1.0" in told.out
    assert json.loads(listed.out)["incomplete"] is True
    assert json.loads(listed.out)["summary"]["skipped"] == {"unreadable": 1}


@pytest.mark.parametrize(
    "command",
    [
        ("generate", "--output", "client"),
        ("generate", "--output", "client", "--output-format", "json"),
        ("generate", "--output", "client", "--check"),
        ("info",),
        ("info", "--output-format", "json"),
        ("bundle", "shelf", "-o", "bundle.json"),
        ("export",),
        ("discover",),
    ],
    ids=" ".join,
)
def test_whatever_is_made_of_a_part_only_ends_with_three(pybridge, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    whole = wheel(tmp_path, "shelf", SHELF | {"shelf/odd.py": "X = 1\n"})
    assert pybridge("generate", "--output", "client", "--path", whole).code == 0
    path = wheel(tmp_path, "shelf", SHELF | {"shelf/odd.py": "X = 1\n"}, record={"shelf/odd.py": "sha256=AAAA,6"})

    told = pybridge(*command, "--path", path)

    assert told.code == 3
    assert "record-mismatch" in told.err + told.out


def test_an_archive_that_is_none_is_one_error(pybridge, tmp_path):
    path = tmp_path / "shelf-1.0-py3-none-any.whl"
    path.write_bytes(b"PK")

    told = pybridge("export", "--path", path)

    assert (told.code, told.out) == (3, "")
    assert told.err == (
        f"error: cannot read {path}: it is no zip file, or its end is missing\n"
        "  hint: get it again from where it comes from; nothing of it was read\n"
    )


def test_annotations_are_not_put_into_an_archive(pybridge, tmp_path):
    path = wheel(tmp_path, "shelf", SHELF | {"shelf/plain.py": "def f():\n    return 1\n"})
    before = path.read_bytes()

    told = pybridge("annotate", "--path", path, "--in-place")

    assert told.code == 3
    assert path.read_bytes() == before


def test_places_are_exported_beside_the_descriptor(pybridge, tmp_path):
    path = wheel(tmp_path, "shelf", SHELF)

    told = pybridge("export", "--path", path, "-o", tmp_path / "shelf.json", "--places", tmp_path / "shelf.places.json")

    written = json.loads((tmp_path / "shelf.places.json").read_bytes())
    assert told.code == 0
    assert written["schema"] == "pybridge.places/1"
    assert written["source_map"]["places"]["shelf._store:Box.items"]["path"] == "shelf/_store.py"
    assert str(tmp_path) not in (tmp_path / "shelf.places.json").read_text()
