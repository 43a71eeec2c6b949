"""What a distribution promises besides its modules, from whichever form of metadata is there."""

import configparser
import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pybridge.model.package import EntryPoint, Package
from pybridge.source import find_library
from pybridge.source.package import package_of_metadata, package_of_pyproject, package_of_setup_cfg
from pybridge.source.tree import read_tree

METADATA = """Metadata-Version: 2.1
Name: Lib
Version: 1.0
Requires-Python: >=3.9, <4
Provides-Extra: Fast_IO
Provides-Extra: docs

Requires-Python: >=2
"""
ENTRY_POINTS = """[console_scripts]
lib = lib.cli:main
Lib-Admin=lib.cli:admin [fast-io]

[lib.plugins]
own = lib.own
"""
PYPROJECT = """
[project]
name = "lib"
version = "1.0"
requires-python = "<4,>=3.9"
optional-dependencies = {docs = [], Fast_IO = ["x"]}
scripts = {lib = "lib.cli:main", Lib-Admin = "lib.cli:admin [fast-io]"}
entry-points."lib.plugins".own = "lib.own"
"""
EXPECTED = Package(
    requires_python="<4,>=3.9",
    extras=("docs", "fast-io"),
    entry_points=(
        EntryPoint(group="console_scripts", name="Lib-Admin", target="lib.cli:admin [fast-io]"),
        EntryPoint(group="console_scripts", name="lib", target="lib.cli:main"),
        EntryPoint(group="lib.plugins", name="own", target="lib.own"),
    ),
)


def test_metadata_and_pyproject_say_the_same():
    assert package_of_metadata(METADATA, ENTRY_POINTS) == EXPECTED
    assert package_of_pyproject(tomllib.loads(PYPROJECT)) == EXPECTED


def test_what_metadata_leaves_out_is_not_there_and_what_building_decides_is_not_known():
    assert package_of_metadata("Name: lib\n", None) == Package(requires_python="", extras=(), entry_points=())
    dynamic = {"project": {"name": "lib", "dynamic": ["requires-python", "optional-dependencies", "scripts"]}}
    assert package_of_pyproject(dynamic) == Package()
    assert package_of_pyproject({}) == Package()


def test_setup_cfg_says_what_is_there_and_not_what_is_absent():
    parser = configparser.RawConfigParser()
    parser.read_string(
        "[options]\npython_requires = >=3.9\n[options.extras_require]\ndocs = sphinx\n"
        "[options.entry_points]\nconsole_scripts =\n    lib = lib.cli:main\n"
    )

    assert package_of_setup_cfg(parser) == Package(
        requires_python=">=3.9",
        extras=("docs",),
        entry_points=(EntryPoint(group="console_scripts", name="lib", target="lib.cli:main"),),
    )
    assert package_of_setup_cfg(configparser.RawConfigParser()) == Package()


def test_poetry_is_read_as_its_metadata_would_be():
    poetry = {"tool": {"poetry": {"dependencies": {"python": "^3.9"}, "scripts": {"lib": "lib.cli:main"}}}}

    assert package_of_pyproject(poetry) == Package(
        requires_python="<4.0,>=3.9",
        extras=(),
        entry_points=(EntryPoint(group="console_scripts", name="lib", target="lib.cli:main"),),
    )


def test_an_installed_library_and_a_project_have_it(tmp_path: Path):
    site, project = tmp_path / "site-packages", tmp_path / "project"
    for folder in (site / "lib", project / "lib"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "py.typed").touch()
    info = site / "lib-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA)
    (info / "RECORD").write_text("lib/__init__.py,,\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (project / "pyproject.toml").write_text(PYPROJECT)

    assert find_library("lib", site_packages=site).package == EXPECTED
    assert read_tree(project).package == EXPECTED
    assert read_tree(project).is_typed


def test_an_unpacked_sdist_has_what_was_written_down_when_it_was_built(tmp_path: Path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/__init__.py").touch()
    (tmp_path / "PKG-INFO").write_text(METADATA)
    plain = read_tree(tmp_path).package
    (tmp_path / "setup.py").touch()
    unknown = read_tree(tmp_path).package
    (tmp_path / "Lib.egg-info").mkdir()
    (tmp_path / "Lib.egg-info/entry_points.txt").write_text(ENTRY_POINTS)

    assert (plain.requires_python, plain.extras, plain.entry_points) == ("<4,>=3.9", ("docs", "fast-io"), ())
    assert unknown.entry_points is None
    assert read_tree(tmp_path).package == EXPECTED


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_too_odd(metadata: str, entry_points: str):
    package_of_metadata(metadata, entry_points)


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["project", "tool", "poetry", "scripts", "dynamic", "entry-points", "requires-python"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
def test_no_table_is_too_odd(data: object):
    package_of_pyproject(data)
