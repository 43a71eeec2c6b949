"""Trees that no git would write cost what is wrong in them, never the run."""

import subprocess

import pytest

from git_folders import Repository
from pybridge.errors import DistributionNotFound
from pybridge.source.revision import locate_revision, read_revision
from site_folders import SHELF


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "work")


def written(repository, kind, data):
    """Write an object as it is, whatever it says; gives its id."""
    command = ["git", "hash-object", "-w", "--literally", "-t", kind, "--stdin"]
    return (
        subprocess.run(command, cwd=repository.folder, input=data, capture_output=True, check=True)
        .stdout.decode()
        .strip()
    )


def tree(repository, entries):
    """Write a tree of (mode, name, id)."""
    return written(
        repository,
        "tree",
        b"".join(
            b"%s %s\0%s" % (mode, name, bytes.fromhex(one))
            for mode, name, one in sorted(entries, key=lambda one: one[1])
        ),
    )


def read(repository, entries):
    """Commit the package ``shelf`` with these entries in it, and read that."""
    repository.commit(SHELF)
    init = repository.git("rev-parse", "HEAD:shelf/__init__.py")
    package = tree(repository, [(b"100644", b"__init__.py", init), *entries])
    whole = tree(repository, [(b"40000", b"shelf", package)])
    commit = repository.git("commit-tree", "-m", "x", whole)
    return read_revision(locate_revision(repository.folder, commit))


def test_names_that_lead_out_lead_nowhere(repository):
    repository.commit({"evil.py": "EVIL = 1\n"})
    evil = repository.git("rev-parse", "HEAD:evil.py")
    names = (
        b"..",
        b".",
        b".git",
        b"../evil.py",
        b"a/b.py",
        b"/etc/passwd.py",
        b"c\\d.py",
        b"e\nf.py",
        b"\xff.py",
        b"x" * 4_000 + b".py",
    )
    found = read(repository, [(b"100644", name, evil) for name in names])

    assert [one.path for one in found.files] == ["shelf/__init__.py"]
    for one in (*found.skipped, *found.diagnostics):
        str(one.path).encode()


def test_objects_of_another_kind_than_their_mode_says(repository):
    repository.commit(SHELF)
    blob, commit, folder = (repository.git("rev-parse", one) for one in ("HEAD:shelf/colours.py", "HEAD", "HEAD:shelf"))
    entries = [
        (b"40000", b"a", blob),
        (b"100644", b"b.py", folder),
        (b"100644", b"c.py", commit),
        (b"120000", b"d.py", folder),
    ]
    entries += [
        (b"160000", b"e", commit),
        (b"40000", b"f", "0" * 40),
        (b"100644", b"g.py", "1" * 40),
        (b"120000", b"h.py", "2" * 40),
    ]
    entries += [(b"140000", b"socket.py", blob), (b"777", b"odd.py", blob)]
    found = read(repository, entries)

    assert "shelf/__init__.py" in [one.path for one in found.files]
    assert {"submodule"} <= {one.code for one in found.diagnostics}


def test_links_of_every_bad_kind(repository):
    targets = (
        b"",
        b".",
        b"..",
        b"/",
        b"x" * 5_000,
        b"a/" * 2_000 + b"b",
        b"\0",
        b"\xff",
        b"loop1.py",
        b"../shelf/loop0.py",
    )
    links = [(b"120000", b"loop%d.py" % number, written(repository, "blob", one)) for number, one in enumerate(targets)]
    found = read(repository, links)

    assert [one.path for one in found.files] == ["shelf/__init__.py"]
    assert {one.path for one in found.diagnostics} == {f"shelf/loop{number}.py" for number in (0, *range(2, 8), 9)}


def test_folders_three_hundred_deep(repository):
    repository.commit(SHELF)
    inner = repository.git("rev-parse", "HEAD:shelf")
    data = b"40000 d\0%s"
    for _ in range(300):
        inner = written(repository, "tree", data % bytes.fromhex(inner))
    found = read(repository, [(b"40000", b"d", inner)])

    assert [one.code for one in found.diagnostics] == ["too-deep"]


def test_a_tree_that_git_itself_cannot_read(repository):
    with pytest.raises(DistributionNotFound):
        read(repository, [(b"100644", b"x" * 100_000, "0" * 40)])


def test_a_commit_of_nothing(repository):
    commit = repository.git("commit-tree", "-m", "x", tree(repository, []))

    with pytest.raises(DistributionNotFound):
        read_revision(locate_revision(repository.folder, commit))
