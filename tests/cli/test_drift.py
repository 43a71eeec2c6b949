"""``pybridge diff``, ``drift accept`` and ``explain``: findings on stdout, stable exit codes, one break let through."""

import json
import tomllib
from pathlib import Path

import pytest

OLD = {
    "acme/__init__.py": "def fetch(url): ...\nclass Client:\n    def get(self, url): ...\n",
    "pyproject.toml": "[project]\nname = 'acme'\nversion = '1.0'\n",
}
NEW = {
    "acme/__init__.py": "\ndef fetch(url, timeout): ...\nclass Client:\n    def get(self, url, token): ...\n",
    "pyproject.toml": "[project]\nname = 'acme'\nversion = '1.1'\n",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def sides(pybridge, tmp_path, monkeypatch):
    """Both sides in a project of the user's, which is the current folder."""
    project = tmp_path / "project"
    write(project / "old", OLD)
    write(project / "new", NEW)
    (project / ".git").mkdir()
    monkeypatch.chdir(project)
    return pybridge


def findings(told):
    return json.loads(told.out)["findings"]


def test_a_break_is_told_on_stdout_with_both_places_and_fails(sides):
    told = sides("diff", "old", "new")

    assert told.code == 1
    assert "error[PB203] acme.fetch [timeout]: required parameter 'timeout' was added" in told.out
    assert "old --> old/acme/__init__.py:1:1" in told.out
    assert "new --> new/acme/__init__.py:2:1" in told.out
    assert "the declared one is less than is needed: it is minor" in told.out
    assert told.err == ""


def test_json_is_one_document_for_scripts(sides):
    told = sides("diff", "old", "new", "--output-format", "json")

    one = next(one for one in findings(told) if one["symbol"] == "acme:fetch" and one["rule"] == "PB203")
    assert set(one["verdict"]) == {"source", "typing", "subclass", "bridge"}
    assert one["requires"] == "major"
    assert (one["old"]["path"], one["old"]["line"], one["new"]["line"]) == ("acme/__init__.py", 1, 2)
    assert {change["symbol"] for change in json.loads(told.out)["changes"]} >= {"acme:fetch"}


def test_nothing_to_tell_is_success(sides):
    told = sides("diff", "old", "old")

    assert (told.code, told.err) == (0, "")
    assert "no findings, 0 changes" in told.out


def test_a_side_that_is_not_there_is_wrong_usage_and_never_silence(sides):
    told = sides("diff", "missing", "new")

    assert told.code == 2
    assert told.out == ""
    assert "missing" in told.err


def test_exit_zero_and_the_threshold_decide_the_code(sides):
    more = NEW["acme/__init__.py"] + "def more(): ...\n"
    write(Path("more"), NEW | {"acme/__init__.py": more})
    assert sides("diff", "old", "new", "--exit-zero").code == 0
    assert sides("diff", "new", "more").code == 0
    assert sides("diff", "new", "more", "--fail-on", "any").code == 1


def test_the_profile_names_audiences(sides):
    assert sides("diff", "old", "new", "--profile", "subclass").code == 1
    wrong = sides("diff", "old", "new", "--profile", "users")
    assert wrong.code == 2
    assert "source, typing, subclass, bridge" in wrong.err


def test_a_report_goes_to_a_file_and_the_job_summary_gets_all_of_it(sides, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    told = sides("diff", "old", "new", "--output-format", "github", "-o", "report.txt")

    assert told.out == ""
    assert Path("report.txt").read_text().startswith("::error ")
    assert "### Breaking (2)" in summary.read_text()


def test_one_break_is_let_through_and_the_next_still_fails(sides):
    accepted = sides("drift", "accept", "old", "new", "--symbol", "acme.fetch", "--reason", "nobody calls it")
    told = sides("diff", "old", "new", "--output-format", "json")

    assert accepted.code == 0
    entries = tomllib.loads(Path("pybridge-accepted.toml").read_text())["accept"]
    assert [(one["rule"], one["symbol"], one["reason"]) for one in entries] == [
        ("PB203", "acme:fetch", "nobody calls it")
    ]
    assert {one["symbol"]: one["level"] for one in findings(told) if one["rule"] == "PB203"} == {
        "acme:Client.get": "error",
        "acme:fetch": "allowed",
    }
    assert told.code == 1


def test_an_acceptance_is_about_one_state_of_one_symbol(sides):
    sides("drift", "accept", "old", "new", "--all", "--reason", "agreed")
    assert sides("diff", "old", "new").code == 0

    write(Path("new"), {"acme/__init__.py": NEW["acme/__init__.py"].replace("timeout", "seconds")})
    told = sides("diff", "old", "new")

    assert told.code == 1
    assert "acceptance-unused" in told.out


def test_an_acceptance_ends_with_its_day(sides):
    sides("drift", "accept", "old", "new", "--all", "--reason", "agreed", "--expires", "2020-01-31")
    told = sides("diff", "old", "new")

    assert told.code == 1
    assert "expired on 2020-01-31" in told.out


def test_comments_in_the_file_stay_and_unneeded_entries_go(sides):
    sides("drift", "accept", "old", "new", "--all", "--reason", "agreed")
    file = Path("pybridge-accepted.toml")
    file.write_text("# reviewed by us\n" + file.read_text())
    told = sides("drift", "accept", "old", "old", "--all", "--prune", "--reason", "-")

    assert told.out.count("deleted") == 2
    assert file.read_text().startswith("# reviewed by us\n")
    assert "accept" not in tomllib.loads(file.read_text())


def test_accepting_everything_has_to_be_said(sides):
    assert sides("drift", "accept", "old", "new", "--reason", "x").code == 2


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("[drift.rules.PB203]\nlevel = 'warning'\n", 0),
        ("[drift.paths]\n'acme.*' = 'allowed'\n", 0),
        ("[drift.paths]\n'acme.fetch' = 'allowed'\n", 1),
        ("[drift]\nprofile = ['typing']\n", 1),
    ],
)
def test_settings_of_the_project_decide_levels(sides, settings, code):
    Path("pybridge.toml").write_text(settings)

    assert sides("diff", "old", "new").code == code
    assert sides("diff", "old", "new", "--isolated").code == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("[drift.rules.PB2033]\nlevel = 'note'\n", "did you mean PB203?"),
        ("[drift]\nprofil = []\n", "unknown field `profil`"),
        ("[drift.rules.PB203]\nlevel = 'loud'\n", "$.rules"),
        ("[drift\n", "not TOML"),
    ],
)
def test_settings_that_mean_nothing_are_refused_with_the_place(sides, settings, told):
    Path("pybridge.toml").write_text(settings)
    answer = sides("diff", "old", "new")

    assert answer.code == 2
    assert "pybridge.toml" in answer.err
    assert told in answer.err


def test_a_move_that_the_settings_name_is_no_break(sides):
    write(Path("new"), {"acme/__init__.py": "from acme.web import fetch\n", "acme/web.py": "def fetch(url): ...\n"})
    write(Path("old"), {"acme/__init__.py": "", "acme/http.py": "def fetch(url): ...\n"})
    assert sides("diff", "old", "new").code == 1

    Path("pybridge.toml").write_text("[drift.moves]\n'acme.http.fetch' = 'acme.web.fetch'\n'acme.http' = 'acme.web'\n")

    assert sides("diff", "old", "new").code == 0


def test_a_check_without_a_baseline_is_incomplete_and_says_what_to_do(sides):
    told = sides("check")

    assert told.code == 3
    assert "pybridge lock" in told.err


def test_a_check_against_another_side(sides):
    told = sides("check", "--path", "new", "--against", "old", "--output-format", "json")

    assert told.code == 1
    (report,) = json.loads(told.out)["reports"]
    assert {one["rule"] for one in report["findings"]} >= {"PB203"}


def test_a_rule_is_explained_by_id_or_name(pybridge):
    assert pybridge("explain", "pb203").out == pybridge("explain", "required-parameter-added").out
    assert "def fetch(url, timeout): ..." in pybridge("explain", "PB203").out
    assert "did you mean pb203" in pybridge("explain", "PB2033").err
    assert {one["id"] for one in json.loads(pybridge("explain", "--output-format", "json").out)} >= {"PB203"}


def test_a_version_step_is_too_small_only_for_what_nobody_let_through(sides):
    def rules(*options):
        told = sides("diff", "old", "new", "--output-format", "json", "--exit-zero", *options)
        return {one["rule"]: one["level"] for one in findings(told)}

    before = rules()
    Path("pybridge.toml").write_text('[drift.rules.PB804]\nlevel = "error"\n')
    as_policy = rules()
    Path("pybridge.toml").write_text('[drift.rules.PB203]\nrequires = "minor"\n')
    asking_for_less = rules()
    Path("pybridge.toml").unlink()
    sides("drift", "accept", "old", "new", "--rule", "PB203", "--reason", "nobody calls it")
    accepted = rules()

    assert (before["PB804"], as_policy["PB804"]) == ("note", "error")
    assert "PB804" not in asking_for_less
    assert "PB804" not in accepted
