from collections.abc import Callable
from pathlib import Path

import pytest

from pybridge.errors import DistributionNotFound, SourceUnreadable
from pybridge.model.source import SourceTree
from pybridge.source import read_tree

Write = Callable[[dict[str, str]], Path]


def shape(tree: SourceTree) -> tuple[str, tuple[str, ...], str | None, str | None]:
    return tree.name, tuple(tree.roots), tree.distribution, tree.version


def test_a_package_by_its_folder(write: Write) -> None:
    place = write({"pkg/__init__.py": "__version__: str = '1.2'\n", "pkg/a.py": ""})
    tree = read_tree(place / "pkg")

    assert shape(tree) == ("pkg", ("pkg",), None, "1.2")
    assert tree.base == place
    assert [one.path for one in tree.files] == ["pkg/__init__.py", "pkg/a.py"]


def test_a_package_knows_the_distribution_beside_it(write: Write) -> None:
    place = write(
        {
            "pkg/__init__.py": "",
            "Pkg-2.0.dist-info/METADATA": "Name: Pkg\nVersion: 2.0\n",
            "Pkg-2.0.dist-info/RECORD": "pkg/__init__.py,,\n",
        }
    )

    assert shape(read_tree(place / "pkg")) == ("pkg", ("pkg",), "Pkg", "2.0")


@pytest.mark.parametrize("settings", ["[project]\nname = 'place'\nversion = '3.1'\n", "[tool.black]\n"])
def test_a_project_folder_that_is_itself_the_package(write: Write, settings: str) -> None:
    place = write(
        {"pyproject.toml": settings, "__init__.py": "__version__ = '3.1'\n", "a.py": "", "sub/__init__.py": ""}
    )
    tree = read_tree(place)

    assert (tree.name, tree.version, tree.base) == ("place", "3.1", place.parent)
    assert [one.module for one in tree.files] == ["place", "place.a", "place.sub"]


def test_a_stray_init_beside_the_package_of_a_project_is_not_a_package(write: Write) -> None:
    place = write({"pyproject.toml": "[project]\nname = 'pkg'\n", "__init__.py": "", "pkg/__init__.py": ""})

    assert [one.module for one in read_tree(place).files] == ["pkg"]


@pytest.mark.parametrize("folder", ["src/", "lib/", ""])
def test_a_project_in_any_layout(write: Write, folder: str) -> None:
    place = write(
        {
            "pyproject.toml": "[project]\nname = 'My-Lib'\nversion = '3.1'\n",
            f"{folder}my_lib/__init__.py": "",
            "tests/__init__.py": "",
            "docs/conf.py": "",
            "setup.py": "raise SystemExit",
        }
    )

    assert shape(read_tree(place)) == ("my_lib", ("my_lib",), "My-Lib", "3.1")


@pytest.mark.parametrize(
    "settings",
    [
        "[tool.setuptools.packages.find]\nwhere = ['code']\n",
        "[tool.setuptools.package-dir]\n'' = 'code'\n",
        "[tool.hatch.build.targets.wheel]\npackages = ['code/one', 'code/two']\n",
        "[tool.poetry]\npackages = [{include = 'one', from = 'code'}]\n",
        "[tool.maturin]\npython-source = 'code'\n",
    ],
)
def test_declared_folders_are_where_packages_are(write: Write, settings: str) -> None:
    place = write(
        {"pyproject.toml": settings, "code/one/__init__.py": "", "code/two/__init__.py": "", "lib/x/__init__.py": ""}
    )

    assert read_tree(place).roots == ("one", "two")


@pytest.mark.parametrize("name", ["lib", "src", "python", "demo", "tools"])
def test_a_package_may_be_called_as_other_folders_of_projects_are(write: Write, name: str) -> None:
    place = write({f"{name}/__init__.py": "", f"{name}/a.py": ""})

    assert read_tree(place).roots == (name,)


def test_declared_folders_cannot_leave_the_project(write: Write) -> None:
    place = write(
        {
            "project/pyproject.toml": "[tool.setuptools.packages.find]\nwhere = ['../other', '/']\n",
            "project/mine/__init__.py": "",
            "other/theirs/__init__.py": "",
        }
    )

    assert read_tree(place / "project").roots == ("mine",)


def test_a_namespace_project(write: Write) -> None:
    place = write({"pyproject.toml": "[project]\nname = 'acme-cloud'\n", "src/acme/cloud/__init__.py": ""})

    assert shape(read_tree(place))[:2] == ("acme.cloud", ("acme.cloud",))


def test_a_project_of_one_module(write: Write) -> None:
    place = write(
        {"pyproject.toml": "[project]\nname = 'single'\n", "single.py": "__version__ = '1'\n", "setup.py": ""}
    )
    tree = read_tree(place)

    assert tree.roots == ("single",)
    assert [one.path for one in tree.files] == ["single.py"]


def test_setup_cfg_and_pkg_info_are_read(write: Write) -> None:
    assert shape(
        read_tree(write({"setup.cfg": "[metadata]\nname = a\nversion = attr: a.v\n", "a/__init__.py": ""}))
    ) == (
        "a",
        ("a",),
        "a",
        None,
    )
    assert shape(read_tree(write({"PKG-INFO": "Name: a\nVersion: 4\n"})))[3] == "4"


def test_one_of_several_packages_by_name(write: Write) -> None:
    place = write({"a/__init__.py": "", "b/__init__.py": "", "c.py": ""})

    assert read_tree(place).roots == ("a", "b")
    assert shape(read_tree(place, name="b"))[:2] == ("b", ("b",))
    with pytest.raises(DistributionNotFound, match="'z'"):
        read_tree(place, name="z")


def test_a_project_by_its_own_name(write: Write) -> None:
    place = write({"pyproject.toml": "[project]\nname = 'Py-Thing'\n", "thing/__init__.py": ""})

    assert read_tree(place, name="py_thing").name == "thing"


def test_a_module_by_its_file(write: Write) -> None:
    tree = read_tree(write({"one.py": ""}) / "one.py")

    assert (tree.name, [one.path for one in tree.files]) == ("one", ["one.py"])


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable):
        read_tree(tmp_path / "missing")
    with pytest.raises(DistributionNotFound):
        read_tree(tmp_path)


@pytest.mark.parametrize("text", ["[project", "project = 1", "x = " + "[" * 10_000, "[project]\nname = 7\n", "\x00"])
def test_a_broken_pyproject_is_survived(write: Write, text: str) -> None:
    assert read_tree(write({"pyproject.toml": text, "a/__init__.py": ""})).roots == ("a",)
