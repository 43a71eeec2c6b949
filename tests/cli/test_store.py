"""The store on the command line: log, show, refs, tags, verify, gc, stats, export, fetch, push."""

import json
import re

import pytest

from pybridge.store.snapshots import SnapshotStore
from site_folders import SHELF, install

DISCOVER = ("discover", "shelf", "--site-packages")


@pytest.fixture
def site(tmp_path):
    return install(tmp_path / "site", "shelf", SHELF)


@pytest.fixture
def stored(pybridge, site):
    """Two snapshots of the small library: 1.0, and 1.1 where a function has one parameter more."""
    assert pybridge(*DISCOVER, site).code == 0
    path = site / "shelf" / "_store.py"
    path.write_text(path.read_text().replace("def fetch(name: str,", "# moved\n\ndef fetch(name: str, size: int,"))
    (site / "shelf-1.0.dist-info").rename(site / "shelf-1.1.dist-info")
    metadata = site / "shelf-1.1.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 1.1"))
    assert pybridge(*DISCOVER, site).code == 0
    return pybridge


def as_json(told):
    assert told.code in {0, 1}, told.err
    return json.loads(told.out)


class TestLog:
    def test_the_newest_is_first(self, stored):
        lines = stored("log", "shelf").out.splitlines()

        assert [re.findall(r"shelf (\S+) \(", line)[0] for line in lines] == ["1.1", "1.0"]
        assert len(stored("log", "shelf", "-n", "1").out.splitlines()) == 1

    def test_tags_stand_beside_what_they_name(self, stored):
        stored("store", "tag", "shelf@1.0", "old")

        assert stored("log", "shelf").out.splitlines()[1].endswith("[old]")

    def test_of_no_library_the_newest_of_each(self, stored):
        (line,) = stored("log").out.splitlines()

        assert "shelf 1.1" in line

    def test_json_tells_all_that_is_known(self, stored):
        newest, oldest = as_json(stored("log", "shelf", "--output-format", "json"))

        assert newest["snapshot"]["parents"] == [oldest["snapshot"]["commit"]]
        assert newest["snapshot"]["tool"].startswith("pybridge ")
        assert newest["snapshot"]["saved_at"]

    def test_another_target_has_none(self, stored):
        assert stored("log", "shelf", "--platform", "win32").code == 3

    def test_an_unknown_library_says_how_to_store_it(self, stored):
        told = stored("log", "other")

        assert (told.code, told.out) == (3, "")
        assert "pybridge discover other" in told.err


class TestShow:
    def test_a_snapshot_is_told_in_figures_with_the_modules_it_changed(self, stored):
        told = stored("show", "shelf").out

        assert "shelf 1.1 (Python" in told
        assert "otherwise: 1\n    shelf._store\n" in told
        assert "otherwise" not in stored("show", "shelf@1.0").out

    def test_a_symbol_is_told_as_it_was_with_its_place_then(self, stored):
        before, after = stored("show", "shelf@1.0", "get").out, stored("show", "shelf@newest", "shelf.get").out

        (line,) = re.findall(r"written in shelf/_store.py:(\d+)", before)
        assert f"written in shelf/_store.py:{int(line) + 2}" in after
        assert "size: int" in after
        assert "size: int" not in before

    def test_nothing_of_the_library_needs_to_be_there(self, stored, site):
        (site / "shelf" / "_store.py").unlink()

        assert stored("show", "shelf@~1", "Box").code == 0

    def test_json_is_json(self, stored):
        assert as_json(stored("show", "shelf", "--output-format", "json"))["changed"] == ["shelf._store"]
        symbol = as_json(stored("show", "shelf", "Box", "--output-format", "json"))
        assert (symbol["name"], symbol["place"]["path"]) == ("shelf.Box", "shelf/_store.py")

    @pytest.mark.parametrize(
        ("arguments", "code", "hint"),
        [
            (("shelf@9.9",), 3, "pybridge log shelf"),
            (("shelf", "Box2"), 2, "did you mean"),
            (("other",), 3, "discover"),
        ],
    )
    def test_what_is_not_there_says_where_to_look(self, stored, arguments, code, hint):
        told = stored("show", *arguments)

        assert (told.code, told.out) == (code, "")
        assert hint in told.err


class TestTags:
    def test_a_snapshot_is_found_by_its_tag(self, stored):
        assert stored("store", "tag", "shelf@~1", "stable").code == 0

        assert "shelf 1.0" in stored("show", "shelf@stable").out
        assert "refs/tags/shelf/stable/" in stored("store", "refs", "shelf").out
        assert len(as_json(stored("store", "refs", "--output-format", "json"))["tags"]) == 1

    def test_a_tag_moves_on_purpose_only(self, stored):
        stored("store", "tag", "shelf@1.0", "stable")

        refused = stored("store", "tag", "shelf@1.1", "stable")
        assert (refused.code, refused.out) == (3, "")
        assert "--move" in refused.err
        assert (
            as_json(stored("store", "tag", "shelf@1.1", "stable", "--move", "--output-format", "json"))["name"]
            == "stable"
        )

    def test_a_tag_is_taken_away(self, stored):
        stored("store", "tag", "shelf")

        assert stored("store", "tag", "shelf", "1.1", "--delete").code == 0
        assert "refs/tags" not in stored("store", "refs").out
        assert stored("store", "tag", "shelf", "1.1", "--delete").code == 3
        assert stored("store", "tag", "shelf", "--delete").code == 2


class TestCare:
    def test_an_intact_store_is_said_to_be(self, stored):
        told = stored("store", "verify")

        assert told.code == 0
        assert re.fullmatch(r"\d+ objects \(0\.\d MB\), 2 snapshots, 2 refs: all intact\n", told.out)

    def test_a_damaged_module_is_named_and_the_exit_code_is_one(self, stored):
        blob = SnapshotStore.open(stored.store).open_snapshot("shelf").blobs["shelf.colours"]
        file = stored.store / "objects" / blob[:2] / blob[2:]
        data = bytearray(file.read_bytes())
        data[7] ^= 1
        file.unlink()
        file.write_bytes(data)

        told = stored("store", "verify")
        assert told.code == 1
        assert f"object {blob} (objects/{blob[:2]}/{blob[2:]}): " in told.out
        assert "hits shelf 1.1 (" in told.out
        assert "module shelf.colours, refs/libraries/shelf/" in told.out
        assert "2 snapshots" in told.out
        (damage,) = as_json(stored("store", "verify", "--output-format", "json"))["damages"]
        assert damage["hits"][0]["module"] == "shelf.colours"

    def test_collecting_says_what_it_did(self, stored):
        told = stored("store", "gc", "--grace-days", "0", "--dry-run")
        assert re.fullmatch(r"\d+ objects in use, 0 would be deleted\n", told.out)

        done = as_json(stored("store", "gc", "--grace-days", "0", "--output-format", "json"))
        assert done["objects_deleted"] == 0
        assert stored("store", "verify").code == 0
        assert "shelf 1.0" in stored("show", "shelf@1.0").out

    def test_stats_count(self, stored):
        assert re.match(r"2 snapshots of 1 libraries, 0 tags\n  \d+ objects in \d+ packs", stored("store", "stats").out)
        assert as_json(stored("store", "stats", "--output-format", "json"))["libraries"][0]["version"] == "1.1"

    @pytest.mark.parametrize("command", ["verify", "gc", "stats", "refs"])
    def test_a_store_that_is_not_there_is_not_made(self, pybridge, command):
        told = pybridge("store", command)

        assert (told.code, told.out) == (3, "")
        assert "does not exist" in told.err
        assert not pybridge.store.exists()


class TestExport:
    def test_a_stored_descriptor_is_what_export_writes(self, stored, site, tmp_path):
        stored("store", "export", "shelf", "-o", tmp_path / "stored.json", "--places", tmp_path / "stored.places.json")
        stored(
            "export",
            "shelf",
            "--site-packages",
            site,
            "-o",
            tmp_path / "now.json",
            "--places",
            tmp_path / "now.places.json",
        )

        assert (tmp_path / "stored.json").read_bytes() == (tmp_path / "now.json").read_bytes()
        assert (tmp_path / "stored.places.json").read_bytes() == (tmp_path / "now.places.json").read_bytes()

    def test_an_older_one_is_another(self, stored):
        assert json.loads(stored("store", "export", "shelf@1.0").out)["version"] == "1.0"
        assert stored("store", "export", "shelf@1.0", "--format", "api").out.startswith("# shelf 1.0")


class TestSharing:
    def test_what_is_pushed_is_fetched(self, stored, tmp_path):
        import pygit2

        pygit2.init_repository(tmp_path / "team.git", bare=True)
        told = stored("store", "push", tmp_path / "team.git")
        assert (told.code, told.out.count("new")) == (0, 1)
        assert "(2 snapshots)" in told.out
        assert "nothing new" in stored("store", "push", tmp_path / "team.git").out

        other = tmp_path / "other.git"
        told = stored("store", "fetch", tmp_path / "team.git", "--store", other)
        assert told.code == 0
        assert "shelf 1.0" in stored("show", "shelf@~1", "--store", other).out

    def test_what_would_lose_snapshots_is_refused_with_the_next_step(self, stored, site, tmp_path):
        other = tmp_path / "other.git"
        stored(*DISCOVER, site, "--store", other)

        told = stored("store", "push", other)
        assert told.code == 1
        assert "refused" in told.out
        assert "pybridge store fetch" in told.out
        exchange = as_json(stored("store", "fetch", other, "--output-format", "json"))
        assert [one["fate"] for one in exchange["refs"]] == ["united"]
        assert stored("store", "push", other).code == 0

    def test_a_remote_that_is_nowhere_says_so(self, stored):
        told = stored("store", "push")

        assert (told.code, told.out) == (3, "")
        assert "origin" in told.err


def test_the_help_lists_the_subcommands_without_loading_them(pybridge):
    told = pybridge("store", "--help")

    assert told.code == 0
    assert all(
        f"\n  {name} " in told.out for name in ("refs", "tag", "verify", "gc", "stats", "export", "fetch", "push")
    )
    assert pybridge("store", "zzz").code == 2


def test_a_snapshot_after_a_union_is_compared_with_the_one_before(stored, site, tmp_path):
    other = tmp_path / "other.git"
    path = site / "shelf" / "colours.py"
    path.write_text(path.read_text().replace("BLUE", "GREEN"))
    stored(*DISCOVER, site, "--store", other)
    assert stored("store", "fetch", other).code == 0
    path.write_text(path.read_text().replace("GREEN", "GREY"))
    stored(*DISCOVER, site)

    shown = as_json(stored("show", "shelf", "--output-format", "json"))
    assert "shelf.colours" in shown["changed"]
