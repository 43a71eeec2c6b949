"""The places of symbols are kept beside the descriptor, and are no part of it."""

import subprocess

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.codec import encode_library
from pybridge.model.library import Module
from pybridge.model.names import Digest, ModuleName, SymbolPath
from pybridge.model.source import Place, SourceMap
from pybridge.store.snapshots import Edit, SnapshotStore
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
DIGEST = Digest("d" * 64)


def place(path, line):
    return Place(path=path, line=line, column=5, end_line=line + 2)


def source_map(**lines):
    """Places of ``f`` in modules, by module; ``demo__core=3`` is ``demo.core:f`` in line 3."""
    places, digests = {}, {"demo/nothing.pyi": DIGEST}
    for name, line in lines.items():
        module, path = name.replace("__", "."), f"{name.replace('__', '/')}.py"
        places[SymbolPath(f"{module}:")] = Place(path=path, line=1)
        places[SymbolPath(f"{module}:f")] = place(path, line)
        digests[path] = DIGEST
    return SourceMap(places=places, digests=digests)


@pytest.fixture
def store(tmp_path):
    return SnapshotStore.open(tmp_path / "store.git")


def save(store, descriptor, **more):
    return store.save(descriptor, saved_at=NOON, tool=TOOL, **more)


def git(store, *arguments):
    return subprocess.run(
        ["git", f"--git-dir={store.path}", *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_places_are_loaded_as_they_were_saved(store):
    places = source_map(demo=1, demo__core=7)
    save(store, library(), source_map=places)

    assert store.load_places("demo") == places
    assert store.load("demo") == library()


def test_places_of_an_older_snapshot_are_its_own(store):
    save(store, library(), source_map=source_map(demo=1))
    save(store, library(version="2.0"), source_map=source_map(demo=9))

    assert store.load_places("demo", revision="1.0") == source_map(demo=1)
    assert store.load_places("demo") == source_map(demo=9)


def test_a_snapshot_without_places_has_none(store):
    save(store, library())

    assert store.load_places("demo") is None


def test_moved_code_is_no_new_snapshot(store):
    first = save(store, library(), source_map=source_map(demo=1))
    again = save(store, library(), source_map=source_map(demo=100))

    assert again == msgspec.structs.replace(first, is_new=False)
    assert store.load_places("demo") == source_map(demo=1)


def test_places_are_outside_the_digest(store, tmp_path):
    other = SnapshotStore.open(tmp_path / "other.git")

    assert save(store, library(), source_map=source_map(demo=1)).digest == save(other, library()).digest


def test_an_edit_keeps_all_places_as_they_are_now(store):
    before = library("demo", "demo.a", "demo.b", "demo.c")
    save(store, before, source_map=source_map(demo__a=1, demo__b=1, demo__c=1))
    changed = Module(name=ModuleName("demo.b"), docstring="new")
    after = msgspec.structs.replace(before, modules=(before.modules[0], changed, before.modules[2]))
    # The code of demo.a moved too, which by itself made no snapshot, and demo.c has no places any more.
    moved = source_map(demo__a=20, demo__b=3)

    edit = Edit(before=encode_library(before).digest, modules=frozenset({changed.name}))
    store.save_encoded(encode_library(after), saved_at=NOON, tool=TOOL, source_map=moved, edit=edit)

    assert store.load("demo") == after
    assert store.load_places("demo") == moved


@pytest.mark.parametrize("known", [None, source_map(demo=4)], ids=["forgotten", "learnt"])
def test_an_edit_that_knows_other_places_than_before_leaves_none_behind(store, known):
    before = library("demo", "demo")
    save(store, before, source_map=None if known else source_map(demo=1))
    after = msgspec.structs.replace(before, version="2.0")

    edit = Edit(before=encode_library(before).digest, modules=frozenset())
    store.save_encoded(encode_library(after), saved_at=NOON, tool=TOOL, source_map=known, edit=edit)

    assert store.load_places("demo") == known


def test_an_edit_writes_the_places_of_the_edited_module_only(store):
    names = [f"demo__m{number:03}" for number in range(100)]
    before = library("demo", *(name.replace("__", ".") for name in names))
    save(store, before, source_map=source_map(**dict.fromkeys(names, 1)))
    objects = {*store.path.glob("objects/??/*")}
    after = msgspec.structs.replace(
        before, modules=(Module(name=before.modules[0].name, docstring="new"), *before.modules[1:])
    )

    edit = Edit(before=encode_library(before).digest, modules=frozenset({before.modules[0].name}))
    moved = source_map(**dict.fromkeys(names, 1) | {names[0]: 2})
    store.save_encoded(encode_library(after), saved_at=NOON, tool=TOOL, source_map=moved, edit=edit)

    # The module and its places, five trees of the library, two of the journal, two commits.
    assert len({*store.path.glob("objects/??/*")} - objects) <= 11
    assert store.load_places("demo") == moved


def test_a_diff_of_git_is_brief_about_places(store):
    save(store, library(), source_map=source_map(demo=1))
    save(store, library(version="2.0"), source_map=source_map(demo=2))

    told = git(store, "diff", "HEAD~", "HEAD").splitlines()
    assert [line for line in told if line.startswith(("+ ", "- "))] == ['-  "version": "1.0"', '+  "version": "2.0"']
    assert any(line.startswith("Binary files") and "demo.places" in line for line in told)


names = st.text(max_size=8) | st.sampled_from(["demo", "demo.core", "a" * 500, ".".join("b" * 60), "..", "x.places"])


@given(
    st.dictionaries(
        st.tuples(names.map(lambda name: name.replace(":", "")), names),
        st.builds(Place, path=names, line=st.integers(1, 10**6), column=st.integers(1, 9), end_line=st.integers(0, 9)),
        max_size=5,
    ),
    st.dictionaries(names, st.just(DIGEST), max_size=3),
)
@settings(max_examples=50)
def test_any_places_survive(tmp_path_factory, places, digests):
    store = SnapshotStore.open(tmp_path_factory.mktemp("any") / "store.git")
    saved = SourceMap(places={SymbolPath(":".join(key)): value for key, value in places.items()}, digests=digests)
    # A name that had to be cut is read off the module's own blob.
    save(store, library("demo", *{"demo"} | {module for module, _ in places}), source_map=saved)

    assert store.load_places("demo") == (saved if places or digests else None)
