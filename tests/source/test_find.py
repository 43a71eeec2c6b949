import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pybridge.errors import DistributionNotFound, SourceUnreadable
from pybridge.model.source import FileKind, SourceTree
from pybridge.source import default_site_packages, find_library, installed_libraries

Install = Callable[..., Path]
Write = Callable[[dict[str, str]], Path]


def modules(tree: SourceTree) -> list[str]:
    return [one.module for one in tree.files]


@pytest.mark.parametrize("asked", ["Scikit-Learn", "scikit_learn", "sklearn"])
def test_a_library_is_found_by_either_name(install: Install, asked: str) -> None:
    site = install("scikit-learn", "sklearn/__init__.py", "sklearn/base.py", "sklearn/py.typed", version="1.9")
    tree = find_library(asked, site_packages=site)

    assert (tree.name, tree.distribution, tree.version, tree.is_typed) == ("sklearn", "scikit-learn", "1.9", True)
    assert modules(tree) == ["sklearn", "sklearn.base"]
    assert [one.path for one in tree.files] == ["sklearn/__init__.py", "sklearn/base.py"]
    assert [one.is_package for one in tree.files] == [True, False]


def test_all_top_level_names_of_a_distribution_come_along(install: Install) -> None:
    site = install("attrs", "attr/__init__.py", "attrs/__init__.py", "6ec5__mypyc.cpython-311-x86_64-linux-gnu.so")

    assert find_library("attr", site_packages=site).name == "attr"
    assert find_library("attrs", site_packages=site).roots == ("attr", "attrs")


def test_the_public_name_is_chosen_where_none_matches(install: Install) -> None:
    site = install("PyYAML", "_yaml/__init__.py", "yaml/__init__.py", "yaml/_yaml.cpython-311-x86_64-linux-gnu.so")
    tree = find_library("pyyaml", site_packages=site)

    assert tree.name == "yaml"
    assert [(one.module, one.kind) for one in tree.files][-1] == ("yaml._yaml", FileKind.COMPILED)


def test_an_import_name_wins_over_a_distribution_of_that_name(install: Install) -> None:
    install("attr", "something/__init__.py")
    site = install("attrs", "attr/__init__.py")

    assert find_library("attr", site_packages=site).distribution == "attrs"


def test_a_single_module_is_a_library(install: Install) -> None:
    site = install("six", "six.py")

    assert modules(find_library("six", site_packages=site)) == ["six"]


def test_a_namespace_is_shared(install: Install) -> None:
    install("protobuf", "google/protobuf/__init__.py", "google/_upb/_message.abi3.so")
    site = install("googleapis", "google/api/__init__.py", "google/api/http.py")
    tree = find_library("googleapis", site_packages=site)

    assert (tree.name, tree.roots, modules(tree)) == ("google.api", ("google.api",), ["google.api", "google.api.http"])
    assert find_library("google.protobuf", site_packages=site).distribution == "protobuf"
    assert find_library("google", site_packages=site).distribution is None


def test_roots_of_a_namespace_do_not_depend_on_its_neighbours(install: Install) -> None:
    site = install("protobuf", "google/protobuf/__init__.py", "google/_upb/_message.abi3.so")
    tree = find_library("google", site_packages=site)

    assert (tree.name, tree.distribution) == ("google.protobuf", "protobuf")
    assert tree.roots == ("google._upb", "google.protobuf")


def test_a_folder_without_metadata_is_found(write: Write) -> None:
    tree = find_library("bare", site_packages=write({"bare/__init__.py": "", "bare/x.py": ""}))

    assert (tree.distribution, tree.version, modules(tree)) == (None, None, ["bare", "bare.x"])


def test_stub_packages_replace_stubs_beside_the_source(install: Install, write: Write) -> None:
    install("foo", "foo/__init__.py", "foo/a.py", "foo/a.pyi")
    site = write({"foo-stubs/a.pyi": "", "foo-stubs/b.pyi": ""})
    tree = find_library("foo", site_packages=site)

    assert [(one.module, one.kind.value, one.path) for one in tree.files] == [
        ("foo", "source", "foo/__init__.py"),
        ("foo.a", "source", "foo/a.py"),
        ("foo.a", "stub", "foo-stubs/a.pyi"),
        ("foo.b", "stub", "foo-stubs/b.pyi"),
    ]


def test_a_distribution_of_stubs_is_not_taken_for_the_library(install: Install) -> None:
    install("foo-stubs", "foo-stubs/__init__.pyi")
    install("types-foo", "foo-stubs/b.pyi")
    site = install("zoo", "foo/__init__.py")
    tree = find_library("foo", site_packages=site)

    assert tree.distribution == "zoo"
    assert {one.path for one in tree.files} == {"foo/__init__.py", "foo-stubs/__init__.pyi", "foo-stubs/b.pyi"}


def test_egg_info_is_metadata_too(write: Write) -> None:
    site = write(
        {
            "Old_Lib-2.0-py3.11.egg-info/PKG-INFO": "Name: Old.Lib\nVersion: 2.0\n",
            "Old_Lib-2.0-py3.11.egg-info/top_level.txt": "oldlib\nnot a name\nmissing\n",
            "oldlib/__init__.py": "",
        }
    )
    tree = find_library("old-lib", site_packages=site)

    assert (tree.name, tree.roots, tree.version) == ("oldlib", ("oldlib",), "2.0")


def test_an_editable_install_is_followed_to_its_project(install: Install, write: Write, tmp_path: Path) -> None:
    project = tmp_path / "place/work tree"
    url = json.dumps({"url": project.as_uri(), "dir_info": {"editable": True}})
    write({"work tree/pyproject.toml": "[project]\nname = 'my-lib'\n", "work tree/src/mylib/__init__.py": ""})
    site = install("my-lib", direct_url__json=url, version="3.0")
    tree = find_library("my.lib", site_packages=site)

    assert (tree.name, tree.distribution, tree.version) == ("mylib", "my-lib", "3.0")
    assert tree.base == project / "src"
    assert tree.search_paths == (project / "src", site)


def test_path_files_are_text_and_never_run(install: Install, write: Write, tmp_path: Path) -> None:
    away = tmp_path / "away"
    (away / "far").mkdir(parents=True)
    (away / "far/__init__.py").write_text("")
    trap = f"import os; open({str(tmp_path / 'ran')!r}, 'w')\n"
    site = write({"a.pth": f"{trap}# no\n{away}\n/does/not/exist\n", "b.pth": "\x00\n..\n", "near/__init__.py": ""})
    tree = find_library("far", site_packages=site)

    assert tree.base == away
    assert find_library("near", site_packages=site).search_paths == (site, away, tmp_path)
    assert not (tmp_path / "ran").exists()


def test_an_old_editable_install_is_followed(write: Write, tmp_path: Path) -> None:
    site = write(
        {
            "site/Old-Lib.egg-link": f"{tmp_path / 'place/checkout'}\n.",
            "checkout/oldlib/__init__.py": "__version__ = '0.9'\n",
            "checkout/setup.py": "raise SystemExit",
        }
    )
    tree = find_library("old_lib", site_packages=site / "site")

    assert (tree.name, tree.distribution, tree.version) == ("oldlib", "Old-Lib", "0.9")


def test_a_missing_library_suggests_what_was_meant(install: Install) -> None:
    site = install("requests", "requests/__init__.py")
    with pytest.raises(DistributionNotFound) as caught:
        find_library("Requsts", site_packages=site)

    assert caught.value.suggestions == ("requests",)
    assert caught.value.searched == (site,)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\x00b", "é" * 5000, "-" * 200, "con"])
def test_odd_names_are_not_found(install: Install, name: str) -> None:
    with pytest.raises(DistributionNotFound):
        find_library(name, site_packages=install("foo", "foo/__init__.py"))


def test_no_environment_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable):
        find_library("x", site_packages=tmp_path / "missing")


def test_a_virtual_environment_stands_for_its_site_packages(write: Write) -> None:
    venv = write({"lib/python3.11/site-packages/foo/__init__.py": ""})

    assert find_library("foo", site_packages=venv).base == venv / "lib/python3.11/site-packages"
    assert default_site_packages({"VIRTUAL_ENV": str(venv)}) == venv / "lib/python3.11/site-packages"


def test_without_an_active_environment_it_is_our_own() -> None:
    assert default_site_packages({}).is_dir()


def test_installed_libraries_are_sorted_and_tell_their_roots(install: Install) -> None:
    install("b", "b/__init__.py", "tests/__init__.py")
    site = install("A", "a.py", version="2")

    assert [(one.distribution, one.version, one.roots) for one in installed_libraries(site)] == [
        ("A", "2", ("a",)),
        ("b", "1.0", ("b",)),
    ]


@pytest.mark.parametrize(
    "record", ["../../etc/passwd.py,,\n/abs.py,,\n", '"unclosed\n', "a" * 300_000, "\x00,,\n", ",\n\n"]
)
def test_hostile_records_name_no_files(install: Install, write: Write, record: str) -> None:
    install("evil", version="1.0")
    site = write({"evil-1.0.dist-info/RECORD": record})
    with pytest.raises(DistributionNotFound):
        find_library("evil", site_packages=site)


def test_hostile_metadata_is_survived(write: Write) -> None:
    site = write(
        {
            "a-1.dist-info/METADATA": "\x00" * 100,
            "b-1.dist-info/METADATA": ": : :\n\n",
            "c-1.dist-info/direct_url.json": "[" * 10_000,
            "d-1.dist-info/direct_url.json": '{"url": "file://[", "dir_info": {"editable": true}}',
            "e.egg-info": "Name: e\n",
            "f.dist-info": "",
        }
    )
    names = [one.distribution for one in installed_libraries(site)]

    assert names == ["a", "b", "c", "d", "e", "f"]
    with pytest.raises(DistributionNotFound):
        find_library("c", site_packages=site)
