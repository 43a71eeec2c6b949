"""The same library gives the same bytes on every machine, and they are what the schema says."""

import itertools
import json
import shutil
import sysconfig
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from command_line import places, run_command

pytestmark = pytest.mark.e2e

INSTALLED = Path(sysconfig.get_path("purelib"))
DIFFERENCES = {
    "another hash seed": {"PYTHONHASHSEED": "1"},
    "another locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
    "another time zone": {"TZ": "Asia/Kathmandu"},
}


def export(folder, *arguments, cwd=None, **variables):
    """The bytes of jinja2, described from nothing: with a store and a cache of its own."""
    done = run_command(
        *("export", "jinja2", *arguments),
        cwd=cwd or folder,
        variables={**places(folder), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC", **variables},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export(tmp_path_factory.mktemp("exported"))


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_the_bytes_do_not_depend_on(exported, tmp_path, difference):
    assert export(tmp_path, **DIFFERENCES[difference]) == exported


def test_the_bytes_do_not_depend_on_the_place_of_the_environment_or_of_the_caller(exported, tmp_path):
    site = tmp_path / "a place" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    for name in itertools.chain.from_iterable(INSTALLED.glob(f"{one}*") for one in ("jinja2", "markupsafe")):
        shutil.copytree(name, site / name.name, ignore=shutil.ignore_patterns("__pycache__"))

    moved = export(tmp_path, "--site-packages", ".", "--jobs", "1", cwd=site)

    assert moved == exported


def test_a_second_export_from_the_store_gives_the_same_bytes(tmp_path, exported):
    first = export(tmp_path)

    assert (first, export(tmp_path, cwd=Path("/"))) == (exported, exported)


def test_a_file_holds_the_same_bytes_as_standard_output(tmp_path, exported):
    assert export(tmp_path, "-o", tmp_path / "jinja2.json") == b""

    assert (tmp_path / "jinja2.json").read_bytes() == exported


def test_the_descriptor_is_what_its_schema_says(exported, tmp_path):
    done = run_command("schema", "descriptor", cwd=tmp_path, variables={})
    schema = json.loads(done.stdout)
    descriptor = json.loads(exported)
    validator = Draft202012Validator(schema)

    assert list(validator.iter_errors(descriptor)) == []
    descriptor["modules"][0]["name"] = 7
    assert list(validator.iter_errors(descriptor))


def test_the_bytes_name_nothing_of_this_machine(exported):
    text = exported.decode()

    assert str(INSTALLED) not in text
    assert str(Path.home()) + "/" not in text
    assert b"\r" not in exported
    assert exported.endswith(b"}\n")
