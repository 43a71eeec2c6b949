import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygit2 import reference_is_valid_name

from pybridge.model.library import Target
from pybridge.model.names import ModuleName
from pybridge.store.layout import (
    MAX_COMPONENT_BYTES,
    MAX_DEPTH,
    SUFFIX,
    library_component,
    library_ref,
    module_at,
    module_path,
    places_path,
    tag_name,
    tag_ref,
    target_component,
)

LINUX = Target(python_version="3.11", platform="linux")
HOSTILE = [
    "", ".", "..", "...", ".git", ".GIT", "git~1", "a/../b", "/etc", "a\\b", "a\nb", "a\x00b", "x.lock", "x..y", "-x",
    "@{0}", "HEAD^", "a:b", "*", "?", "[", " ", "~", "\u200c.git", "\ud800", "a" * 5000, ".gitmodules", "gitmod~1", "%",
    "%2E", ".a.", "𝄞",
]  # fmt: skip
names = st.text(max_size=30) | st.sampled_from(HOSTILE)


def test_ordinary_names_stay_as_they_are():
    assert library_ref("jinja2", LINUX) == "refs/libraries/jinja2/3.11-linux"
    assert library_component("google.cloud") == "google.cloud"
    assert module_path(ModuleName("jinja2")) == ("jinja2.json",)
    assert module_path(ModuleName("jinja2.ext")) == ("jinja2", "ext.json")


@given(names, names, names)
def test_any_name_gives_a_ref_that_git_accepts(library, version, platform):
    assert reference_is_valid_name(library_ref(library, Target(python_version=version, platform=platform)))


@given(names)
def test_any_module_gives_a_path_without_anything_that_git_or_a_disk_treats_specially(name):
    path = module_path(ModuleName(name))

    assert 1 <= len(path) <= MAX_DEPTH + 1
    assert path[-1].endswith(SUFFIX)
    for part in (*path[:-1], path[-1].removesuffix(SUFFIX)):
        assert re.fullmatch(r"[\w%-]+", part)
        assert len(part.encode()) <= MAX_COMPONENT_BYTES


@given(names, names)
def test_two_modules_never_share_a_place(one, other):
    if one != other:
        assert module_path(ModuleName(one)) != module_path(ModuleName(other))


@given(names, names)
def test_two_libraries_never_share_a_ref(one, other):
    if one != other:
        assert library_component(one) != library_component(other)


@given(st.tuples(names, names), st.tuples(names, names))
def test_two_targets_never_share_a_ref(one, other):
    if one != other:
        first, second = (Target(python_version=version, platform=platform) for version, platform in (one, other))

        assert target_component(first) != target_component(second)


def test_a_folder_is_never_named_like_a_blob():
    assert module_path(ModuleName("a.json.b")) == ("a", "json", "b.json")
    assert module_path(ModuleName("a")) == ("a.json",)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 20_000])
def test_names_of_any_depth_have_a_place(depth):
    deep = ModuleName(".".join("a" * depth))

    assert len(module_path(deep)) == MAX_DEPTH + 1
    assert module_path(deep) != module_path(ModuleName(deep + ".a"))


@given(names)
def test_a_modules_name_is_read_off_its_place_or_is_not_there_to_read(name):
    found = module_at(module_path(ModuleName(name)))

    assert found in {name, None}
    if name.isascii() and len(name) < 100:
        assert found == name


@given(names, names)
def test_modules_that_share_no_place_share_no_places(one, other):
    paths = [(module_path(ModuleName(name)), places_path(ModuleName(name))) for name in (one, other)]

    assert (paths[0][0] == paths[1][0]) == (paths[0][1] == paths[1][1])
    assert {paths[0][0]} & {paths[0][1], paths[1][1]} == set()


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("a",),
        ("%zz.json",),
        ("%4.json",),
        ("%C3.json",),
        ("a%2Eb.json",),
        ("a.b.json",),
        ("%61.json",),
        ("a", "%.txt"),
    ],
)
def test_what_is_no_modules_place_is_none(path):
    assert module_at(path) is None


@given(names, names)
def test_a_tags_name_is_read_off_its_ref(library, name):
    ref = tag_ref(library, name, target_component(LINUX))

    assert reference_is_valid_name(ref)
    if len(name) < 50 and name.isascii():
        assert tag_name(ref) == name
