"""Where things are kept, and what a library is described for."""

import sys
from pathlib import Path

import pytest

from pybridge.errors import UnknownTarget
from pybridge.pipeline.target import PYTHON_VERSIONS, default_target, parse_target
from pybridge.pipeline.workspace import locate

OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
XDG = {"HOME": "/people/me", "XDG_DATA_HOME": "/data", "XDG_CACHE_HOME": "/caches"}
VARIABLES = {**XDG, "PYBRIDGE_STORE": "/var/store", "PYBRIDGE_CACHE": "/var/cache"}


def located(environment, store=None, cache=None):
    found = locate(store=store, cache=cache, environment=environment)
    return str(found.store), str(found.cache)


def test_options_come_first():
    assert located(VARIABLES, Path("/my/store"), Path("/my/cache")) == ("/my/store", "/my/cache")


def test_then_our_own_variables():
    assert located(VARIABLES) == ("/var/store", "/var/cache")


def test_each_is_decided_alone():
    assert located(VARIABLES, store=Path("/my/store")) == ("/my/store", "/var/cache")


def test_then_the_xdg_folders():
    assert located(XDG) == ("/data/pybridge/store.git", "/caches/pybridge")


def test_then_the_home_folder():
    assert located({"HOME": "/people/me"}) == (
        "/people/me/.local/share/pybridge/store.git",
        "/people/me/.cache/pybridge",
    )


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_xdg_folders_that_the_specification_has_ignored_are(value):
    environment = {"HOME": "/people/me", "XDG_DATA_HOME": value, "XDG_CACHE_HOME": value}

    assert located(environment) == located({"HOME": "/people/me"})


def test_empty_variables_count_as_missing():
    assert located({**XDG, "PYBRIDGE_STORE": "", "PYBRIDGE_CACHE": ""}) == located(XDG)


def test_places_are_absolute_and_the_home_folder_may_be_short(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/people/me")

    assert located({}, Path("a/../store"), Path("~/cache")) == (str(tmp_path / "store"), "/people/me/cache")


@pytest.mark.parametrize(
    ("folder", "version"),
    [
        ("/env/lib/python3.12/site-packages", "3.12"),
        ("/opt/python3.10/env/lib/python3.13/site-packages", "3.13"),
        ("/env/lib/python3.4/site-packages", OWN),
        ("/env/Lib/site-packages", OWN),
        (None, OWN),
    ],
)
def test_the_folder_of_the_environment_names_the_version(folder, version):
    target = default_target(Path(folder) if folder else None)

    assert (target.python_version, target.platform) == (version, sys.platform)


def test_a_relative_folder_names_the_version_by_where_it_is(tmp_path, monkeypatch):
    folder = tmp_path / "lib" / "python3.14" / "site-packages"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)

    assert default_target(Path()).python_version == "3.14"


def test_known_targets_are_taken():
    assert parse_target("3.12", "win32").platform == "win32"


@pytest.mark.parametrize(("version", "platform"), [("3.9", "linux"), ("3", "linux"), ("3.12.1", "linux"), ("3.12", "")])
def test_unknown_targets_are_refused_with_those_that_are_known(version, platform):
    with pytest.raises(UnknownTarget) as caught:
        parse_target(version, platform)

    assert PYTHON_VERSIONS[1] in str(caught.value.hint) or "linux" in str(caught.value.hint)
