"""Sides of a comparison: everything that can be named gives the same descriptor, and nothing is stored for it."""

import sys

import pytest

from archive_files import wheel
from pybridge.codec import digest, encode_pretty
from pybridge.errors import DecodeError, SnapshotNotFound
from pybridge.model.library import Target
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.request import AnalyzeRequest
from pybridge.pipeline.sides import SideKind, obtain_side, obtain_sides, remarks_on
from pybridge.pipeline.sides.places_file import encode_places
from pybridge.protocols import Silent
from pybridge.store.snapshots import SnapshotStore
from site_folders import SHELF, install

REQUEST = AnalyzeRequest(name=None)


@pytest.fixture
def side(places):
    return lambda text, **options: obtain_side(str(text), AnalyzeRequest(name=None, **options), places, Silent())


def test_a_folder_of_an_environment_is_the_package_with_the_version_of_its_distribution(side, site):
    found = side(site / "shelf")

    assert (found.kind, found.descriptor.distribution, found.descriptor.version) == (SideKind.TREE, "shelf", "1.0")
    assert found.descriptor.roots == ("shelf",)
    assert found.label.startswith("shelf 1.0 (")
    assert not found.is_incomplete


def test_a_folder_of_an_environment_sees_its_neighbours(side, site):
    install(site, "stand", {"stand/__init__.py": "class Stand:\n    def __init__(self, height: int) -> None: ...\n"})
    install(site, "rack", {"rack/__init__.py": "from stand import Stand\nclass Rack(Stand): ...\n"})

    [module] = side(site / "rack").descriptor.modules

    [parameter] = module.classes[0].constructor.signatures[0].parameters
    assert parameter.name == "height"


def test_a_name_is_looked_up_in_the_environment(side, site):
    found = side("shelf", site_packages=site)

    assert (found.kind, found.label) == (SideKind.INSTALLED, "shelf 1.0 (shelf)")


def test_all_ways_to_name_a_library_lead_to_the_same_descriptor(side, site, places, tmp_path):
    stored = obtain(AnalyzeRequest(name="shelf", site_packages=site), places, Silent())
    exported = tmp_path / "shelf.json"
    exported.write_bytes(encode_pretty(stored.descriptor))

    sides = [side(site / "shelf"), side("shelf", site_packages=site), side("shelf@1.0"), side("shelf@"), side(exported)]

    assert {one.digest for one in sides} == {digest(stored.descriptor)}
    assert [one.descriptor for one in sides] == [stored.descriptor] * 5
    assert [one.blobs for one in sides] == [sides[0].blobs] * 5
    assert [one.source_map is not None for one in sides] == [True, True, True, True, False]


def test_reading_a_side_leaves_the_store_alone(side, site, places):
    side(site / "shelf")
    assert not places.store.exists()

    obtain(AnalyzeRequest(name="shelf", site_packages=site), places, Silent())
    before = SnapshotStore.open(places.store).heads()
    (site / "shelf" / "colours.py").write_text("RED: int = 1\n")

    side(site / "shelf")

    assert SnapshotStore.open(places.store).heads() == before


def test_a_side_that_was_read_does_not_hide_a_change_from_discover(side, site, places, run):
    run()
    (site / "shelf" / "colours.py").write_text("RED: int = 1\n")
    seen = side("shelf", site_packages=site)

    analysis = run()

    assert (analysis.is_new_snapshot, analysis.summary.digest) == (True, seen.digest)
    assert digest(SnapshotStore.open(places.store).load("shelf")) == seen.digest


def test_the_second_reading_starts_no_child(side, site, monkeypatch):
    first = side(site / "shelf")
    monkeypatch.setattr(sys, "executable", "/bin/false")

    again = side(site / "shelf")
    assert (again.descriptor, again.source_map, again.blobs) == (first.descriptor, first.source_map, first.blobs)


class _Noting(Silent):
    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, title: str, total: int | None = None) -> None:
        self.stages.append(title)


def test_an_edit_of_documentation_is_described_from_where_the_last_reading_left_off(site, places):
    request = AnalyzeRequest(name=None)
    core = site / "shelf" / "__init__.py"
    text = core.read_text()
    for number in (1, 2):
        obtain_side(str(site / "shelf"), request, places, Silent())
        core.write_text(f'"""Edited {number}."""\n{text}')

    noting = _Noting()
    again = obtain_side(str(site / "shelf"), request, places, noting)

    assert again.descriptor.modules[0].docstring == "Edited 2."
    assert "describing" in noting.stages
    assert not {"resolving names", "Resolving types"} & set(noting.stages)


def test_two_versions_are_read_side_by_side(places, tmp_path):
    old = install(tmp_path / "old", "shelf", SHELF)
    new = install(tmp_path / "new", "shelf", {**SHELF, "shelf/more.py": "def more() -> int: ...\n"}, version="1.1")

    for _ in range(2):
        sides = obtain_sides(str(old / "shelf"), str(new / "shelf"), REQUEST, places, Silent())

        assert [one.descriptor.version for one in sides] == ["1.0", "1.1"]
        assert [len(one.descriptor.modules) for one in sides] == [3, 4]
        assert remarks_on(*sides) == ()


def test_the_other_side_is_read_for_the_target_of_a_descriptor(side, site, places, tmp_path):
    target = Target(python_version="3.12", platform="win32")
    exported = tmp_path / "shelf.json"
    exported.write_bytes(encode_pretty(side(site / "shelf", target=target).descriptor))

    for pair in ((exported, site / "shelf"), (site / "shelf", exported)):
        sides = obtain_sides(str(pair[0]), str(pair[1]), REQUEST, places, Silent())

        assert [one.descriptor.target for one in sides] == [target, target]


def test_strange_pairs_are_told(side, site):
    install(site, "stand", {"stand/__init__.py": ""})
    one = side(site / "shelf", target=Target(python_version="3.12", platform="linux"))
    other = side(site / "stand", target=Target(python_version="3.11", platform="linux"))

    assert [found.code for found in remarks_on(one, other)] == ["different-libraries", "different-targets"]


def test_a_file_that_is_no_descriptor_is_named(side, tmp_path):
    (tmp_path / "x.json").write_text('{"schema": "something else"}')

    with pytest.raises(DecodeError, match=r"x\.json"):
        side(tmp_path / "x.json")


def test_a_snapshot_that_is_not_there_is_told(side, run):
    run()

    with pytest.raises(SnapshotNotFound):
        side("shelf@9.9")


class TestPlacesBesideADescriptorFile:
    @pytest.fixture
    def exported(self, side, site, tmp_path):
        found = side(site / "shelf")
        (tmp_path / "old.json").write_bytes(encode_pretty(found.descriptor))
        (tmp_path / "old.places.json").write_bytes(encode_places(found.digest, found.source_map))
        return found

    def test_they_are_found(self, side, exported, tmp_path):
        found = side(tmp_path / "old.json")

        assert (found.source_map, found.diagnostics) == (exported.source_map, ())

    def test_those_of_another_descriptor_are_not_used(self, side, site, exported, tmp_path):
        (site / "shelf" / "colours.py").write_text("")
        (tmp_path / "old.json").write_bytes(encode_pretty(side(site / "shelf").descriptor))

        found = side(tmp_path / "old.json")

        assert found.source_map is None
        assert [one.code for one in found.diagnostics] == ["places-unusable"]

    @pytest.mark.parametrize("text", [b"", b"{}", b'{"schema":"pybridge.places/1"}', b"[" * 100_000, b"\xff"])
    def test_a_file_that_is_none_is_told(self, side, exported, tmp_path, text):
        (tmp_path / "old.places.json").write_bytes(text)

        found = side(tmp_path / "old.json")

        assert [one.code for one in found.diagnostics] == ["places-unusable"]
        assert found.descriptor == exported.descriptor


def test_a_side_in_no_environment_is_read_as_if_installed_beside_the_other(places, tmp_path):
    rack = {"rack/__init__.py": "from stand import Stand\nclass Rack(Stand): ...\n"}
    site = install(tmp_path / "site-packages", "rack", rack)
    install(site, "stand", {"stand.py": "class Stand:\n    def __init__(self, height: int) -> None: ...\n"})
    path = str(wheel(tmp_path, "rack", rack))

    for pair in ((path, str(site / "rack")), (str(site / "rack"), path)):
        old, new = obtain_sides(*pair, REQUEST, places, Silent())

        assert old.digest == new.digest


def test_an_installed_copy_of_the_library_is_not_looked_into(side, tmp_path):
    files = {"lib/__init__.py": "", "lib/user.py": "from lib.base import Base\nclass User(Base): ...\n"}
    newer = files | {"lib/base.py": "class Base:\n    def __init__(self, width: int) -> None: ...\n"}
    site = install(tmp_path / "site", "lib", newer, version="2.0")
    path = wheel(tmp_path, "lib", files)

    assert side(path, site_packages=site).descriptor == side(path).descriptor
