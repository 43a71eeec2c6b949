import subprocess
from functools import partial

import pygit2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.store import repository
from pybridge.store.objects import pack
from pybridge.store.objects.pack import write_pack

BLOB = 3


@pytest.fixture(scope="module")
def repositories(tmp_path_factory):
    counter = iter(range(1_000_000))

    def make():
        path = tmp_path_factory.mktemp("pack") / f"{next(counter)}.git"
        pygit2.init_repository(path, bare=True)
        return path

    return make


def objects_of(contents):
    return {pygit2.hash(one): (BLOB, one) for one in contents}


def assert_readable(path, objects):
    repository = pygit2.Repository(str(path))
    (index,) = path.glob("objects/pack/*.idx")
    subprocess.run(["git", f"--git-dir={path}", "verify-pack", str(index)], check=True)
    subprocess.run(["git", f"--git-dir={path}", "fsck", "--strict"], check=True, capture_output=True)
    assert {oid: (int(repository[oid].type), repository[oid].data) for oid in objects} == objects


@given(st.lists(st.binary(max_size=40) | st.integers(0, 70_000).map(lambda size: b"x" * size), min_size=1, max_size=20))
@settings(max_examples=15)
def test_git_reads_what_was_written(repositories, contents):
    path, objects = repositories(), objects_of(contents)
    write_pack(path / "objects" / "pack", objects)

    assert_readable(path, objects)


def test_thousands_of_objects(repositories):
    path, objects = repositories(), objects_of(b"%d" % number for number in range(3_000))
    write_pack(path / "objects" / "pack", objects)

    assert_readable(path, objects)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 2_047, 2_048, 2_049, 262_143, 262_144])
def test_sizes_around_the_steps_of_the_header(repositories, size):
    path, objects = repositories(), objects_of([b"y" * size, b"another"])
    write_pack(path / "objects" / "pack", objects)

    assert_readable(path, objects)


def test_offsets_that_need_eight_bytes_are_read(repositories, monkeypatch):
    path, objects = repositories(), objects_of(b"%d" % number for number in range(300))
    monkeypatch.setattr(pack, "_index", partial(pack._index, large_from=500))
    write_pack(path / "objects" / "pack", objects)

    assert_readable(path, objects)


def test_writing_the_same_objects_twice_is_harmless(repositories):
    path, objects = repositories(), objects_of([b"a", b"b"])
    write_pack(path / "objects" / "pack", objects)
    write_pack(path / "objects" / "pack", objects)

    assert_readable(path, objects)


def test_a_disk_that_refuses_leaves_no_draft(repositories, monkeypatch):
    path = repositories()

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(repository.os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_pack(path / "objects" / "pack", objects_of([b"a"]))

    assert [*path.glob("objects/pack/*")] == []
