"""Output is whole files or none, inside the output folder only."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.codec import digest
from pybridge.errors import OutputRefused
from pybridge.model.plan import GeneratedFile
from pybridge.pipeline import write
from pybridge.pipeline.write import inside, write_all, write_file


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def refusal(call, *arguments):
    with pytest.raises(OutputRefused) as caught:
        call(*arguments)
    return caught.value.reason


class TestOneFile:
    def test_a_new_file_has_the_bytes_and_its_folders_are_made(self, root):
        assert write_file(root / "a" / "b" / "c.ex", b"one\r\n\xff")
        assert (root / "a" / "b" / "c.ex").read_bytes() == b"one\r\n\xff"

    def test_other_content_replaces_it(self, root):
        write_file(root / "c.ex", b"one")

        assert write_file(root / "c.ex", b"two")
        assert (root / "c.ex").read_bytes() == b"two"

    def test_the_same_content_touches_nothing(self, root):
        write_file(root / "c.ex", b"one")
        os.utime(root / "c.ex", ns=(5, 5))
        before = (root / "c.ex").stat()

        assert not write_file(root / "c.ex", b"one")
        after = (root / "c.ex").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, 5)

    def test_nothing_else_is_left_in_the_folder(self, root):
        write_file(root / "c.ex", b"one")
        write_file(root / "c.ex", b"two")

        assert [path.name for path in root.iterdir()] == ["c.ex"]

    def test_a_reader_of_the_old_file_keeps_it(self, root):
        write_file(root / "c.ex", b"one")

        with (root / "c.ex").open("rb") as reader:
            write_file(root / "c.ex", b"two")

            assert reader.read() == b"one"

    @pytest.mark.parametrize("step", ["_write_synced", "replace"])
    def test_a_failure_leaves_the_old_file_and_no_other(self, root, monkeypatch, step):
        write_file(root / "c.ex", b"one")

        def fails(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(*(write, step) if step.startswith("_") else (type(root), step), fails)

        assert refusal(write_file, root / "c.ex", b"two") == "No space left on device"
        assert {path.name: path.read_bytes() for path in root.iterdir()} == {"c.ex": b"one"}

    def test_a_half_written_file_is_taken_away(self, root, monkeypatch):
        def half(path, data):
            path.write_bytes(data[:1])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(write, "_write_synced", half)

        refusal(write_file, root / "c.ex", b"two")
        assert list(root.iterdir()) == []

    def test_a_folder_in_the_way_is_refused(self, root):
        (root / "c.ex").mkdir()

        assert refusal(write_file, root / "c.ex", b"") == "it is not a regular file"

    def test_a_file_where_a_folder_should_be_is_refused(self, root):
        (root / "a").write_text("mine")

        assert refusal(write_file, root / "a" / "c.ex", b"") == "a file stands where a folder should be"
        assert refusal(write_file, root / "a" / "b" / "c.ex", b"") == "a file stands where a folder should be"
        assert (root / "a").read_text() == "mine"

    def test_a_pipe_is_refused_and_not_waited_for(self, root):
        os.mkfifo(root / "pipe")

        refusal(write_file, root / "pipe", b"")
        assert stat.S_ISFIFO((root / "pipe").lstat().st_mode)

    def test_a_link_stays_one_and_what_it_leads_to_is_replaced(self, root):
        (root / "real").write_text("one")
        (root / "link").symlink_to("real")

        write_file(root / "link", b"two")

        assert (root / "link").is_symlink()
        assert (root / "real").read_bytes() == b"two"


class TestManyFiles:
    def file(self, path, text="x"):
        return GeneratedFile(path=path, text=text, digest=digest(text))

    def test_only_changed_files_are_told_in_order(self, root):
        write_all(root, [self.file("b.ex"), self.file("a/c.ex")])

        changed = write_all(root, [self.file("z.ex"), self.file("b.ex", "y"), self.file("a/c.ex")])

        assert changed == ("b.ex", "z.ex")

    @pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "..", "", "."])
    def test_a_path_out_of_the_folder_is_refused_before_anything_is_written(self, root, path):
        refusal(write_all, root, [self.file("good.ex"), self.file(path)])

        assert list(root.iterdir()) == []
        assert [one.name for one in root.parent.iterdir()] == ["out"]

    def test_a_linked_folder_that_leads_outside_is_refused(self, root, tmp_path):
        (tmp_path / "outside").mkdir()
        (root / "lib").symlink_to(tmp_path / "outside")

        refusal(write_all, root, [self.file("lib/x.ex")])
        assert list((tmp_path / "outside").iterdir()) == []

    def test_a_linked_file_is_refused(self, root, tmp_path):
        (tmp_path / "mine").write_text("mine")
        (root / "x.ex").symlink_to(tmp_path / "mine")

        refusal(write_all, root, [self.file("x.ex")])
        assert (tmp_path / "mine").read_text() == "mine"

    def test_the_output_folder_itself_may_be_a_link(self, root, tmp_path):
        (tmp_path / "link").symlink_to(root)

        write_all(tmp_path / "link", [self.file("lib/x.ex")])

        assert (root / "lib" / "x.ex").read_text() == "x"

    @given(st.text(alphabet="ab./\\~\0 ", max_size=12))
    def test_no_path_leads_outside(self, path):
        root = write.Path("/nowhere/out")
        try:
            found = inside(root, path)
        except (OutputRefused, ValueError):
            return

        assert os.path.normpath(found).startswith("/nowhere/out/")
