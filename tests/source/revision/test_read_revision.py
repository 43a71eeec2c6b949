"""A revision is read as its checkout would be, and nobody notices."""

import os

import pytest

from git_folders import Repository
from pybridge.errors import DistributionNotFound, RevisionNotFound
from pybridge.source import read_bytes, read_given
from pybridge.source.revision import locate_revision, read_revision
from site_folders import SHELF

PROJECT = {"pyproject.toml": "[project]\nname = 'shelf'\nversion = '1.0'\n"}
SRC = {f"src/{path}": text for path, text in SHELF.items()}


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "work")


def read(folder, text="HEAD", subfolder=None, **options):
    return read_revision(locate_revision(folder, text, subfolder), **options)


def texts(tree):
    return {one.path: (one.module, one.kind, one.is_package, read_bytes(one)) for one in tree.files}


def shape(tree):
    return (tree.name, tree.roots, tree.distribution, tree.version, tree.is_typed, tree.skipped, tree.diagnostics)


@pytest.mark.parametrize("files", [PROJECT | SRC, PROJECT | SHELF, SHELF])
def test_a_revision_is_read_as_its_checkout_is(repository, files):
    repository.commit(files)
    checkout = read_given(repository.folder)
    tree = read(repository.folder)

    assert shape(tree) == shape(checkout)
    assert texts(tree) == texts(checkout)


def test_the_past_is_read_whatever_lies_in_the_work_tree(repository):
    repository.commit(PROJECT | SRC, tag="v1.0")
    before = texts(read_given(repository.folder))
    repository.commit({"src/shelf/colours.py": None, "src/shelf/new.py": "x = 1\n"})
    (repository.folder / "src/shelf/_store.py").write_text("not committed")

    assert texts(read(repository.folder, "v1.0")) == before
    assert set(texts(read(repository.folder))) == {f"shelf/{one}.py" for one in ("__init__", "_store", "new")}


def test_reading_leaves_the_repository_as_it_is(repository):
    repository.commit(PROJECT | SRC, tag="v1.0")
    repository.commit({"src/shelf/new.py": ""})
    before = repository.state()

    for text in ("v1.0", "latest-tag", "HEAD", "merge-base(v1.0)"):
        read(repository.folder, text)

    assert repository.state() == before
    assert repository.git("worktree", "list").count("\n") == 0


@pytest.mark.parametrize("form", ["argument", "folder", "bare"])
def test_a_folder_of_the_repository_is_read_for_itself(repository, tmp_path, form):
    repository.commit({f"python/{path}": text for path, text in (PROJECT | SRC).items()} | {"other/x.py": ""})
    if form == "folder":
        tree = read(repository.folder / "python")
    elif form == "argument":
        tree = read(repository.folder, subfolder="./python/")
    else:
        repository.git("clone", "-q", "--bare", repository.folder, tmp_path / "bare.git")
        tree = read(tmp_path / "bare.git", subfolder="python")

    assert (tree.name, tree.version, len(tree.files)) == ("shelf", "1.0", 3)


def test_a_package_is_read_by_its_own_folder(repository):
    repository.commit(PROJECT | SRC)
    tree = read(repository.folder, subfolder="src/shelf")

    assert shape(tree)[:4] == ("shelf", ("shelf",), "shelf", "1.0")


def test_a_folder_that_was_not_there_is_told(repository):
    repository.commit(SHELF)

    with pytest.raises(RevisionNotFound, match="no folder 'python'"):
        read(repository.folder, subfolder="python")
    with pytest.raises(DistributionNotFound):
        read(repository.folder, name="other")


def test_a_project_without_a_version_has_that_of_its_tag(repository):
    repository.commit({"pyproject.toml": "[project]\nname = 'shelf'\ndynamic = ['version']\n"} | SRC, tag="v1.4.0")
    repository.commit()

    assert read(repository.folder, "v1.4.0").version == "1.4.0"
    assert read(repository.folder).version is None


def test_links_are_followed_as_in_a_checkout(repository, tmp_path):
    (tmp_path / "secret.py").write_text("SECRET = 1\n")
    repository.commit(SHELF)
    links = {
        "inside.py": "colours.py",
        "around.py": "../shelf/inside.py",
        "out.py": "../../secret.py",
        "absolute.py": str(tmp_path / "secret.py"),
        "nowhere.py": "missing.py",
        "itself.py": "itself.py",
        "up": "..",
        "folder": "real",
    }
    (repository.folder / "shelf/real").mkdir()
    (repository.folder / "shelf/real/__init__.py").write_text("")
    for name, target in links.items():
        (repository.folder / "shelf" / name).symlink_to(target)
    repository.commit()
    checkout, tree = read_given(repository.folder), read(repository.folder)

    assert texts(tree) == texts(checkout)
    assert {"shelf/inside.py", "shelf/around.py", "shelf/folder/__init__.py"} <= set(texts(tree))
    assert {one.path for one in tree.diagnostics} == {one.path for one in checkout.diagnostics}
    assert all(one.code.startswith(("symlink-outside", "broken-symlink")) for one in tree.diagnostics)


def test_submodules_are_told(repository, tmp_path):
    other = Repository(tmp_path / "other")
    other.commit({"__init__.py": ""})
    repository.commit(SHELF)
    repository.git("submodule", "add", "-q", other.folder, "shelf/vendored")
    repository.commit()
    tree = read(repository.folder)

    assert [(one.code, one.path, one.severity.value) for one in tree.diagnostics] == [
        ("submodule", "shelf/vendored", "error")
    ]
    assert len(tree.files) == 3


def test_what_git_lfs_keeps_is_told(repository):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12345\n"
    repository.commit(SHELF | {"shelf/big.py": pointer})
    tree = read(repository.folder)

    assert [(one.code, one.path) for one in tree.diagnostics] == [("git-lfs-pointer", "shelf/big.py")]
    assert [(one.path, one.reason.value) for one in tree.skipped] == [("shelf.big:", "unreadable")]


def test_objects_that_a_clone_left_out_are_told(repository, tmp_path):
    repository.commit(SHELF | {"shelf/only_here.py": "# not anywhere else\n"}, tag="v1.0")
    blob = repository.git("rev-parse", "HEAD:shelf/only_here.py")
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    tree = read(repository.folder)

    assert [(one.code, one.path) for one in tree.diagnostics] == [("git-object-missing", "shelf/only_here.py")]
    assert len(tree.files) == 3


def test_names_that_are_no_text_are_told(repository):
    repository.commit(SHELF)
    for name in (b"\xff.py", b"new\nline.py"):
        (repository.folder / "shelf" / os.fsdecode(name)).write_text("")
    repository.commit()
    tree = read(repository.folder)

    assert len(tree.files) == 3
    assert len(tree.skipped) == 2
    for one in tree.skipped:
        one.path.encode()
