"""Archives and git revisions as sides: the same descriptor as the folder they hold, and read once."""

import sys

import pytest

from archive_files import sdist, wheel
from git_folders import Repository
from pybridge.errors import ArchiveRefused, RevisionNotFound, SideUnclear
from pybridge.pipeline.request import AnalyzeRequest
from pybridge.pipeline.sides import SideKind, obtain_side, obtain_sides, remarks_on
from pybridge.protocols import Silent
from pybridge.source import archive
from site_folders import SHELF, install

PROJECT = {"pyproject.toml": "[project]\nname = 'shelf'\nversion = '1.0'\n"}
SRC = {f"src/{path}": text for path, text in SHELF.items()}


@pytest.fixture
def side(places):
    return lambda text, **options: obtain_side(str(text), AnalyzeRequest(name=None, **options), places, Silent())


@pytest.fixture
def repository(tmp_path):
    found = Repository(tmp_path / "work")
    found.commit(PROJECT | SRC, tag="v1.0")
    found.commit({"src/shelf/colours.py": "class Colour: ...\n"})
    return found


@pytest.mark.parametrize("write", [wheel, sdist])
def test_an_archive_is_described_as_the_installed_library_is(side, site, tmp_path, write):
    one, other = side(write(tmp_path, "shelf", SHELF)), side(site / "shelf")

    assert one.kind is SideKind.ARCHIVE
    assert (one.descriptor, one.digest, one.diagnostics) == (other.descriptor, other.digest, ())
    assert one.source_map == other.source_map
    assert one.label.startswith("shelf 1.0 (")


def test_an_archive_that_is_known_is_not_even_opened(side, tmp_path, monkeypatch):
    path = wheel(tmp_path, "shelf", SHELF)
    first = side(path)
    (tmp_path / "elsewhere").mkdir()
    moved = path.rename(tmp_path / "elsewhere" / path.name)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setattr(archive, "read_archive", None)

    assert side(moved).descriptor == first.descriptor


def test_other_content_of_the_same_name_is_read_anew(side, tmp_path):
    first = side(wheel(tmp_path, "shelf", SHELF))
    second = side(wheel(tmp_path, "shelf", SHELF | {"shelf/more.py": ""}))

    assert len(second.descriptor.modules) == len(first.descriptor.modules) + 1


def test_the_environment_beside_an_archive_counts(side, tmp_path):
    path = wheel(tmp_path, "rack", {"rack.py": "from stand import Stand\nclass Rack(Stand): ...\n"})
    alone = side(path)
    site = install(tmp_path / "site", "stand", {"stand.py": "class Stand:\n    def __init__(self, height: int): ...\n"})

    [module] = side(path, site_packages=site).descriptor.modules

    assert module.classes[0].constructor.signatures[0].parameters[0].name == "height"
    assert alone.descriptor == side(path).descriptor


def test_a_part_that_cannot_be_trusted_makes_a_side_incomplete(side, tmp_path):
    found = side(wheel(tmp_path, "shelf", SHELF | {"shelf/odd.py": ""}, record={"shelf/odd.py": "sha256=A,0"}))

    assert found.is_incomplete
    assert [one.code for one in found.diagnostics] == ["record-mismatch"]


def test_an_archive_that_cannot_be_trusted_is_no_side(side, tmp_path):
    (tmp_path / "x-1.0-py3-none-any.whl").write_bytes(b"PK")

    with pytest.raises(ArchiveRefused):
        side(tmp_path / "x-1.0-py3-none-any.whl")


class TestRevisions:
    def test_a_revision_is_described_as_its_checkout_is(self, side, repository):
        now = side(repository.folder)
        found = side(f"{repository.folder}@HEAD")

        assert (found.kind, found.descriptor, found.source_map) == (SideKind.REVISION, now.descriptor, now.source_map)
        assert not found.is_incomplete

    def test_every_way_to_name_it_leads_there(self, side, repository, monkeypatch):
        commit = repository.git("rev-parse", "v1.0")
        monkeypatch.chdir(repository.folder)
        words = ("git:v1.0", ".@v1.0", f"git:{commit}", "git:latest-tag", "git:merge-base(v1.0)", "git:v1.0:src")

        assert len({side(word).digest for word in words[:-1]}) == 1
        assert side("git:v1.0").label == f"shelf 1.0 (git:v1.0, {commit[:8]})"
        assert side("git:v1.0:src").descriptor.modules == side("git:v1.0").descriptor.modules

    def test_git_looks_in_the_repository_of_the_path(self, side, repository):
        assert side("git:v1.0", path=repository.folder / "src").kind is SideKind.REVISION

    def test_what_changed_since_a_tag_is_seen_and_the_repository_left_alone(self, repository, places):
        before = repository.state()
        request = AnalyzeRequest(name=None, path=repository.folder)
        old, new = obtain_sides("git:latest-tag", str(repository.folder), request, places, Silent())

        assert old.digest != new.digest
        assert remarks_on(old, new) == ()
        assert repository.state() == before

    def test_a_revision_that_is_known_starts_no_child(self, side, repository, monkeypatch):
        first = side(f"{repository.folder}@v1.0")
        monkeypatch.setattr(sys, "executable", "/bin/false")

        again = side(f"{repository.folder}@v1.0")
        assert (again.descriptor, again.source_map, again.label) == (first.descriptor, first.source_map, first.label)

    def test_a_revision_that_is_not_there_is_told(self, side, repository):
        with pytest.raises(RevisionNotFound):
            side(f"{repository.folder}@v9")


def test_an_environment_needs_the_name_of_a_library(side, site, places):
    with pytest.raises(SideUnclear, match="many libraries"):
        side(site)

    found = obtain_side(str(site), AnalyzeRequest(name="shelf"), places, Silent())

    assert (found.kind, found.descriptor.version) == (SideKind.INSTALLED, "1.0")
