"""What a word names."""

from pathlib import Path

import pytest

from pybridge.errors import SideUnclear, SourceUnreadable
from pybridge.pipeline.sides.origins import Exported, Installed, Revision, Sources, Stored, origin_of


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "user@host").mkdir()
    (tmp_path / "old.json").write_text("{}")
    (tmp_path / "x-1.0-py3-none-any.whl").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("requests", Installed("requests")),
        ("zope.interface", Installed("zope.interface")),
        ("requests@2.32.3", Stored("requests", "2.32.3")),
        ("requests@", Stored("requests", None)),
        ("src", Sources(Path("src"))),
        ("./src", Sources(Path("src"))),
        ("old.json", Exported(Path("old.json"))),
        ("x-1.0-py3-none-any.whl", Sources(Path("x-1.0-py3-none-any.whl"))),
        ("src@v1.0", Revision(Path("src"), "v1.0", None)),
        ("src@HEAD@{1}:lib", Revision(Path("src"), "HEAD@{1}", "lib")),
        ("user@host", Sources(Path("user@host"))),
        ("user@host@main", Revision(Path("user@host"), "main", None)),
        ("git:latest-tag", Revision(Path(), "latest-tag", None)),
        ("git:merge-base(main):python", Revision(Path(), "merge-base(main)", "python")),
    ],
)
def test_a_word_names(here, text, origin):
    assert origin_of(text) == origin


def test_git_looks_where_it_is_told(here):
    assert origin_of("git:v1", repository=here / "src") == Revision(here / "src", "v1", None)


@pytest.mark.parametrize("text", ["./nowhere", "dist/x.whl", "new.json", "x.tar.gz"])
def test_a_path_that_leads_nowhere_is_told_as_one(here, text):
    with pytest.raises(SourceUnreadable, match="no such file or folder"):
        origin_of(text)


@pytest.mark.parametrize("text", ["", "@", "@1.0", "git:", "src@", "-x", "a b", "git::sub"])
def test_what_names_nothing_is_refused(here, text):
    with pytest.raises(SideUnclear):
        origin_of(text)
