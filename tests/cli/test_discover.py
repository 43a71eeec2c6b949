"""``pybridge discover`` tells how much work a run was."""

import json
import os

import pytest

from command_line import places, run_command
from site_folders import SHELF, install


@pytest.fixture
def discover(tmp_path):
    site = install(tmp_path / "site", "shelf", SHELF)
    for path in site.rglob("*.py"):
        os.utime(path, ns=(7, 7))

    def run(*options):
        done = run_command(
            "discover", "shelf", "--site-packages", str(site), *options, cwd=tmp_path, variables=places(tmp_path)
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    run.site = site
    return run


def test_the_document_counts_what_was_done(discover):
    first = json.loads(discover("--output-format", "json"))["work"]
    path = discover.site / "shelf" / "_store.py"
    path.write_text(path.read_text().replace("A box.", "A big box."))
    edited = json.loads(discover("--output-format", "json"))["work"]

    assert first == {
        "files": 3,
        "files_read": 3,
        "files_parsed": 3,
        "modules": 3,
        "modules_typed": 3,
        "modules_described": 3,
        "is_engine_asked": True,
    }
    assert edited == {
        "files": 3,
        "files_read": 1,
        "files_parsed": 1,
        "modules": 3,
        "modules_typed": 0,
        "modules_described": 1,
        "is_engine_asked": False,
    }


def test_statistics_are_shown_when_asked_for(discover):
    assert "parsed" not in discover()
    assert discover("--statistics").splitlines()[-2:] == [
        "  files: 3, 0 read, 0 parsed",
        "  modules: 3, 0 typed anew, 0 described (the type engine was not asked)",
    ]
