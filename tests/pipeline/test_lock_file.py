"""The lock file: what is written is read, in an order of its own, and a file that is no lock is refused."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.codec import encode
from pybridge.errors import LockUnusable, OutputRefused
from pybridge.model.library import Target
from pybridge.model.lock import Lock, LockedClient, LockedLibrary
from pybridge.model.names import Digest
from pybridge.pipeline.lock import find_library, read_lock, write_lock
from pybridge.pipeline.lock.reading import parse_lock
from pybridge.pipeline.lock.writing import lock_text

LINUX = Target(python_version="3.11", platform="linux")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
digests = st.binary(min_size=32, max_size=32).map(lambda data: Digest(data.hex()))
clients = st.builds(
    LockedClient,
    target=texts,
    output=texts,
    generator=texts,
    root=st.none() | texts,
    include=st.lists(texts, max_size=3).map(tuple),
    config_digest=st.none() | digests,
    files=st.dictionaries(texts, digests, max_size=3),
)
libraries = st.builds(
    LockedLibrary,
    name=texts,
    version=st.none() | texts,
    target=st.builds(Target, python_version=texts, platform=texts),
    descriptor_digest=digests,
    source_digest=digests,
    tool=texts,
    site_packages=st.none() | texts,
    path=st.none() | texts,
    includes_tests=st.booleans(),
    clients=st.lists(clients, max_size=3, unique_by=lambda one: (one.target, one.output)).map(tuple),
)
locks = st.builds(
    Lock, libraries=st.lists(libraries, max_size=3, unique_by=lambda one: (one.name, str(one.target))).map(tuple)
)


def library(name, version="1.0", **more):
    values = {"name": name, "version": version, "target": LINUX, "tool": "pybridge 0", **more}
    return LockedLibrary(descriptor_digest=Digest("a" * 64), source_digest=Digest("b" * 64), **values)


def in_order(lock):
    """The canonical bytes of a lock's libraries, whatever order they and their clients have."""
    libraries = [msgspec.structs.replace(one, clients=tuple(sorted(one.clients, key=encode))) for one in lock.libraries]
    return sorted(map(encode, libraries))


@given(locks)
def test_any_lock_is_read_as_it_was_written(lock):
    assert in_order(parse_lock(lock_text(lock).encode(), Path("pybridge.lock"))) == in_order(lock)


@given(locks, st.randoms())
def test_the_order_of_its_parts_does_not_change_the_text(lock, random):
    shuffled = list(lock.libraries)
    random.shuffle(shuffled)

    assert lock_text(Lock(libraries=tuple(shuffled))) == lock_text(lock)


def test_a_lock_reads_well():
    files = {"lib/shelf/box.ex": Digest("d" * 64), "lib/shelf.ex": Digest("c" * 64)}
    client = LockedClient(target="elixir", output="client", generator="pybridge 0.1.0", include=("a.*",), files=files)
    lock = Lock(libraries=(library("zoo", None), library("shelf", path="src", clients=(client,))))

    assert lock_text(lock) == (
        "# Written by `pybridge lock` and `pybridge generate`. Keep it under version control; edit nothing by hand.\n"
        "\n"
        "format = 1\n"
        "\n"
        "[[library]]\n"
        'name = "shelf"\n'
        'version = "1.0"\n'
        'target = { python_version = "3.11", platform = "linux" }\n'
        f'descriptor_digest = "{"a" * 64}"\n'
        f'source_digest = "{"b" * 64}"\n'
        'tool = "pybridge 0"\n'
        'path = "src"\n'
        "\n"
        "[[library.client]]\n"
        'target = "elixir"\n'
        'output = "client"\n'
        'generator = "pybridge 0.1.0"\n'
        'include = ["a.*"]\n'
        "\n"
        "[library.client.files]\n"
        f'"lib/shelf.ex" = "{"c" * 64}"\n'
        f'"lib/shelf/box.ex" = "{"d" * 64}"\n'
        "\n"
        "[[library]]\n"
        'name = "zoo"\n'
        'target = { python_version = "3.11", platform = "linux" }\n'
        f'descriptor_digest = "{"a" * 64}"\n'
        f'source_digest = "{"b" * 64}"\n'
        'tool = "pybridge 0"\n'
    )


def test_writing_tells_whether_anything_changed(tmp_path):
    path = tmp_path / "pybridge.lock"

    assert write_lock(path, Lock(libraries=(library("shelf"),)))
    assert not write_lock(path, Lock(libraries=(library("shelf"),)))
    assert read_lock(path).libraries == (library("shelf"),)
    assert [one.name for one in tmp_path.iterdir()] == ["pybridge.lock"]


def test_a_lock_that_is_not_there_is_empty(tmp_path):
    assert read_lock(tmp_path / "pybridge.lock") == Lock()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("format = ", "not TOML"),
        ("\udc80", "not TOML"),
        ("format = 2\nfuture = true\n", "newer than this pybridge reads"),
        ('format = 1\n[[library]]\nname = "x"\n', "required field"),
        ("format = 1\nthesis = true\n", "thesis"),
        (lock_text(Lock(libraries=(library("x"),))).replace("a" * 64, "A" * 64), "$.library[0].descriptor_digest"),
        ("a = " + "[" * 100_000, "not TOML"),
    ],
    ids=["syntax", "encoding", "newer", "incomplete", "unknown", "digest", "deep"],
)
def test_what_is_no_lock_is_refused_with_where_and_why(tmp_path, text, reason):
    path = tmp_path / "pybridge.lock"
    path.write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(LockUnusable) as caught:
        read_lock(path)
    assert str(path) in caught.value.message
    assert reason in caught.value.message
    assert caught.value.hint


def test_a_folder_is_no_lock(tmp_path):
    with pytest.raises(LockUnusable):
        read_lock(tmp_path)
    with pytest.raises(OutputRefused):
        write_lock(tmp_path, Lock())


def test_a_library_is_found_for_its_target_or_for_any():
    lock = Lock(libraries=(library("shelf"),))

    assert find_library(lock, "shelf") == find_library(lock, "shelf", LINUX) == library("shelf")
    assert find_library(lock, "shelf", Target(python_version="3.12", platform="linux")) is None
    assert find_library(lock, "zoo") is None
