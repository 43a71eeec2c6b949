import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pybridge.errors import SourceUnreadable
from pybridge.model.library import SkipReason
from pybridge.model.source import FileKind, SourceTree
from pybridge.source import read_bytes, read_tree, walk

Write = Callable[[dict[str, str]], Path]


def read(place: Path, **options: bool) -> SourceTree:
    return read_tree(place / "pkg", **options)  # type: ignore[arg-type]  # include_tests is the only one


def skips(tree: SourceTree) -> list[tuple[str, SkipReason]]:
    return [(one.path, one.reason) for one in tree.skipped]


def codes(tree: SourceTree) -> list[tuple[str, str | None]]:
    return [(one.code, one.path) for one in tree.diagnostics]


def test_tests_are_left_out_and_told(write: Write) -> None:
    files = (
        "__init__",
        "a",
        "tests/__init__",
        "tests/test_x",
        "b/test/test_t",
        "c/test/client",
        "conftest",
        "test_a",
        "testing",
        "latest",
    )
    place = write({f"pkg/{one}.py": "" for one in files})
    tree = read(place)

    assert [one.module for one in tree.files] == [
        *("pkg", "pkg.a", "pkg.c.test.client", "pkg.latest", "pkg.test_a", "pkg.testing")
    ]
    assert skips(tree) == [(f"pkg.{one}:", SkipReason.TESTS) for one in ("b.test", "conftest", "tests")]
    assert len(read(place, include_tests=True).files) == len(files)


def test_names_that_cannot_be_imported_are_told_when_they_look_public(write: Write) -> None:
    place = write(
        {
            f"pkg/{one}": ""
            for one in ("__init__.py", "a-b.py", "class.py", "_private/x-y.py", "d-e/__init__.py", ".hidden/x.py")
        }
    )

    assert [one.module for one in read(place).files] == ["pkg"]
    assert skips(read(place)) == [(f"pkg.{one}:", SkipReason.UNRESOLVED) for one in ("a-b", "class", "d-e")]


def test_cython_sources_tell_of_compiled_modules_that_nothing_else_tells_of(write: Write) -> None:
    names = ("__init__.py", "a.so", "a.pyx", "b.so", "b.pyi", "b.pyx", "c.py", "c.pyx", "example.pyx")
    place = write({f"pkg/{one}": "" for one in names})

    assert [one.path for one in read(place).files if one.kind is FileKind.CYTHON] == ["pkg/a.pyx"]


def test_cython_sources_stand_for_modules_in_a_tree_that_was_never_built(write: Write) -> None:
    place = write({f"pkg/{one}": "" for one in ("__init__.py", "a.pyx", "b.pyi", "b.pyx")})

    assert [one.path for one in read(place).files if one.kind is FileKind.CYTHON] == ["pkg/a.pyx"]


def test_caches_and_other_files_are_nobodys_business(write: Write) -> None:
    place = write(
        {f"pkg/{one}": "" for one in ("__init__.py", "__pycache__/a.py", "data.json", "a.pyc", "b.pxd", "n/x.txt")}
    )

    assert [one.path for one in read(place).files] == ["pkg/__init__.py"]
    assert read(place).skipped == ()


def test_a_package_hides_the_module_of_its_name(write: Write) -> None:
    tree = read(write({"pkg/__init__.py": "", "pkg/a.py": "", "pkg/a/__init__.py": ""}))

    assert [one.path for one in tree.files] == ["pkg/__init__.py", "pkg/a/__init__.py"]
    assert skips(tree) == [("pkg.a:", SkipReason.DUPLICATE)]


def test_kinds_of_one_module_are_ordered(write: Write) -> None:
    names = ("__init__.py", "a.pyi", "a.py", "a.abi3.so", "a.cpython-311-darwin.so", "b.pyd")
    tree = read(write({f"pkg/{one}": "" for one in names}))

    assert [one.path for one in tree.files] == [
        "pkg/__init__.py",
        "pkg/a.py",
        "pkg/a.pyi",
        "pkg/a.abi3.so",
        "pkg/b.pyd",
    ]


def test_links_out_of_the_library_are_refused(write: Write, tmp_path: Path) -> None:
    place = write({"pkg/__init__.py": "", "pkg/real.py": "x = 1"})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/s.py").write_text("")
    (place / "pkg/out.py").symlink_to(tmp_path / "secret/s.py")
    (place / "pkg/outside").symlink_to(tmp_path / "secret")
    (place / "pkg/nowhere.py").symlink_to(place / "missing.py")
    (place / "pkg/inside.py").symlink_to("real.py")
    tree = read(place)

    assert [one.module for one in tree.files] == ["pkg", "pkg.inside", "pkg.real"]
    assert codes(tree) == [
        ("broken-symlink", "pkg/nowhere.py"),
        ("symlink-outside-root", "pkg/out.py"),
        ("symlink-outside-root", "pkg/outside"),
    ]
    assert [read_bytes(one) for one in tree.files] == [b"", b"x = 1", b"x = 1"]


def test_a_package_that_is_itself_a_link_out_is_refused(write: Write, tmp_path: Path) -> None:
    place = write({"other/__init__.py": ""})
    (tmp_path / "away").mkdir()
    (tmp_path / "away/__init__.py").write_text("")
    (place / "pkg").symlink_to(tmp_path / "away")
    tree = read(place)

    assert tree.files == ()
    assert codes(tree) == [("symlink-outside-root", "pkg")]


def test_link_loops_end(write: Write) -> None:
    place = write({"pkg/__init__.py": "", "pkg/sub/__init__.py": ""})
    (place / "pkg/sub/again").symlink_to(place / "pkg")
    (place / "pkg/self.py").symlink_to("self.py")
    tree = read(place)

    assert [one.module for one in tree.files] == ["pkg", "pkg.sub"]
    assert codes(tree) == [("broken-symlink", "pkg/self.py"), ("symlink-loop", "pkg/sub/again")]


def test_pipes_are_not_read(write: Write) -> None:
    place = write({"pkg/__init__.py": ""})
    os.mkfifo(place / "pkg/pipe.py")

    assert codes(read(place)) == [("not-a-file", "pkg/pipe.py")]


def test_large_files_are_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_FILE_BYTES", 10)

    assert skips(read(write({"pkg/__init__.py": "", "pkg/big.py": "x" * 11}))) == [("pkg.big:", SkipReason.TOO_LARGE)]


def test_the_number_of_files_and_folders_is_bounded(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_FILES", 2)
    monkeypatch.setattr(walk, "MAX_DEPTH", 3)
    many = read(write({f"pkg/{one}.py": "" for one in ("__init__", "a", "b", "c")}))

    assert len(many.files) == 2
    assert codes(many) == [("too-many-files", "pkg/b.py")]


def test_deep_folders_are_cut(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_DEPTH", 3)
    tree = read(write({"pkg/__init__.py": "", "pkg/a/b/c/d.py": ""}))

    assert codes(tree) == [("too-deep", "pkg/a/b/c")]


def test_unreadable_folders_are_told_and_the_rest_goes_on(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write({"pkg/__init__.py": "", "pkg/a/__init__.py": "", "pkg/b.py": ""})
    honest = os.scandir

    def refusing(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return honest(path)

    monkeypatch.setattr(os, "scandir", refusing)
    tree = read(place)

    assert [one.module for one in tree.files] == ["pkg", "pkg.b"]
    assert skips(tree) == [("pkg.a:", SkipReason.UNREADABLE)]
    assert codes(tree) == [("unreadable-folder", "pkg/a")]


def test_a_file_swapped_after_listing_is_refused(write: Write, tmp_path: Path) -> None:
    place = write({"pkg/__init__.py": "", "pkg/a.py": "", "pkg/b.py": "", "pkg/c.py": ""})
    first, *others = read(place).files
    (tmp_path / "secret").write_text("secret")
    for one, swap in zip(others, (Path.unlink, Path.mkdir, None), strict=True):
        one.location.unlink()
        if swap is Path.mkdir:
            os.mkfifo(one.location)
        elif swap is None:
            one.location.symlink_to(tmp_path / "secret")

    assert read_bytes(first) == b""
    for one in others:
        with pytest.raises(SourceUnreadable):
            read_bytes(one)


def test_the_same_tree_is_the_same_value(write: Write) -> None:
    place = write({f"pkg/{one}.py": "" for one in ("__init__", "b", "a", "c/__init__", "c/z")})

    assert read(place) == read(place)


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_names_of_undecodable_bytes_are_told_in_text_that_can_be_written(write: Write) -> None:
    place = write({"pkg/__init__.py": ""})
    (place / "pkg" / os.fsdecode(b"\xff.py")).touch()
    (place / "pkg" / os.fsdecode(b"\xfe.py")).symlink_to("nowhere")

    tree = read(place)

    assert skips(tree) == [("pkg.\\udcff:", SkipReason.UNRESOLVED)]
    assert codes(tree) == [("broken-symlink", "pkg/\\udcfe.py")]
