"""What drift is told in: each format read by a consumer of its own."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reports import HOSTILE, finding, hostile_report, judged, report

from pybridge.model.change import Change, ChangeKind
from pybridge.model.drift import Level
from pybridge.model.names import SymbolPath
from pybridge.report.escaping import code, prose
from pybridge.report.formats import WRITERS
from pybridge.report.formats.sarif import MAX_RESULTS
from pybridge.report.marks import marks

SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())
COMMAND = re.compile(r"^::(?P<command>[a-z]+)(?: (?P<properties>[^:]*(?:(?!::).)*?))?::(?P<data>.*)$")


def written(name, *reports):
    return WRITERS[name](reports).encode("utf-8", "backslashreplace").decode()


def commands(text):
    """Read workflow commands as a runner does."""
    return [found for line in text.splitlines() if (found := COMMAND.match(line))]


def unescaped(data):
    return data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"json", "jsonl", "sarif"}))
def test_a_hostile_name_stays_text_in_every_format_that_people_read(name):
    text = written(name, hostile_report())

    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_a_comparison_without_findings_can_be_told(name):
    assert written(name, report()) or name == "jsonl"


def test_text_shows_both_sides_with_the_changed_token_marked():
    assert written("text", report(judged())).splitlines()[:7] == [
        "error[PB203] lib.fetch0 [timeout]: required parameter 'timeout' was added",
        "  old --> lib/api.py:3:1",
        "      def fetch(url) -> None",
        "  new --> src/lib/api.py:5:2",
        "      def fetch(url, timeout) -> None",
        "                   ^^^^^^^^^",
        "  source breaking, typing breaking, subclass none, bridge risky; requires major",
    ]


def test_text_says_when_the_declared_step_is_too_small():
    assert written("text", report(judged())).splitlines()[-2:] == [
        "lib 1.0 (old) -> lib 1.1 (new): 1 error, 0 changes",
        "requires a major version step (PB203); the declared one is less than is needed: it is minor",
    ]


def test_concise_writes_one_line_a_finding_and_leaves_out_what_is_allowed():
    lines = written("concise", report(judged(), judged(1, Level.ALLOWED, "on purpose"))).splitlines()

    assert lines[0] == "lib/api.py:5:2: error[PB203] lib.fetch0 [timeout]: required parameter 'timeout' was added"
    assert len(lines) == 3


def test_json_has_every_verdict_and_both_places():
    one = json.loads(written("json", report(judged())))["findings"][0]

    assert one["verdict"] == {"source": "breaking", "typing": "breaking", "subclass": "none", "bridge": "risky"}
    assert one["old"] == {"path": "lib/api.py", "line": 3}
    assert one["new"] == {"path": "lib/api.py", "line": 5, "column": 2}
    assert (one["rule"], one["symbol"], one["requires"]) == ("PB203", "lib.api:fetch0", "major")


def test_jsonl_has_one_finding_or_change_a_line():
    added = Change(
        kind=ChangeKind.ADDED, symbol=SymbolPath("lib.api:"), member=("functions", "f"), new=msgspec.Raw(b"{}")
    )
    lines = written("jsonl", report(judged(), judged(1), changes=(added,))).splitlines()

    told = [json.loads(line) for line in lines]
    assert [(one["kind"], one["library"]) for one in told] == [
        ("finding", "lib"),
        ("finding", "lib"),
        ("change", "lib"),
    ]
    assert [one["finding"]["symbol"] for one in told[:2]] == ["lib.api:fetch0", "lib.api:fetch1"]
    assert told[2]["change"] == {"kind": "added", "symbol": "lib.api:", "member": ["functions", "f"], "new": {}}


def test_sarif_fits_the_published_schema():
    for each in (report(), report(judged()), hostile_report()):
        jsonschema.validate(json.loads(written("sarif", each)), SARIF)


def test_sarif_keeps_the_first_results_and_counts_what_is_left_out():
    run = json.loads(written("sarif", report(*(judged(number) for number in range(MAX_RESULTS + 7)))))["runs"][0]

    assert len(run["results"]) == MAX_RESULTS
    assert run["properties"]["left_out"] == 7


def test_sarif_tells_the_old_side_and_why_something_is_suppressed():
    result = json.loads(written("sarif", report(judged(0, Level.ALLOWED, "agreed"))))["runs"][0]["results"][0]

    assert result["suppressions"] == [{"kind": "external", "justification": "agreed"}]
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_junit_is_xml_in_which_errors_fail_and_allowed_ones_are_skipped():
    suite = ET.fromstring(written("junit", hostile_report())).find("testsuite")

    assert suite.attrib | {"name": ""} == {"name": "", "tests": "3", "failures": "1", "skipped": "1", "errors": "0"}
    assert [one.tag for case in suite for one in case] == ["failure", "skipped", "system-out"]


def test_gitlab_has_the_fields_that_its_report_needs():
    issues = json.loads(written("gitlab", hostile_report()))

    assert all(set(one) == {"description", "check_name", "fingerprint", "severity", "location"} for one in issues)
    assert [one["severity"] for one in issues] == ["critical", "major"]


def test_github_commands_say_what_the_finding_says():
    (one,) = commands(written("github", report(judged())))

    assert one["command"] == "error"
    assert one["properties"] == "title=PB203 required-parameter-added,file=src/lib/api.py,line=5,col=2"
    assert unescaped(one["data"]) == "lib.fetch0 [timeout]: required parameter 'timeout' was added"


def test_a_hostile_name_makes_no_further_github_command():
    found = commands(written("github", hostile_report()))

    assert [one["command"] for one in found] == ["error", "warning"]


def test_github_shows_ten_annotations_of_a_kind_and_says_how_many_more_there_are():
    found = commands(written("github", report(*(judged(number) for number in range(25)))))

    assert len(found) == 10
    assert found[-1]["data"] == "16 more: see the summary of this job"


def test_markdown_of_hostile_names_renders_without_html_links_or_mentions():
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written("markdown", hostile_report()))

    assert set(re.findall(r"<(\w+)", html)) <= {
        "h2", "h3", "p", "br", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "details",
        "summary",
    }  # fmt: skip
    assert "@someone" not in re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)


def test_a_changelog_has_the_sections_that_have_something():
    added = judged(1, Level.NOTE, rule="PB103", name="added", message="was added", part="")

    assert written("changelog", report(judged(), added)).splitlines() == [
        "## 1.1",
        "",
        "### Changed",
        "",
        "- **Breaking**: `lib.fetch0`: required parameter 'timeout' was added",
        "",
        "### Added",
        "",
        "- **Breaking**: `lib.fetch1`: was added",
    ]


@given(st.text(max_size=30))
def test_any_text_is_one_code_span_that_shows_it(text):
    html = MarkdownIt("commonmark").renderInline(f"a {code(text)} b")

    assert html.count("<code>") == (1 if code(text) else 0)
    assert not re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL).strip().strip("ab").strip()


@given(st.text(max_size=30))
def test_prose_makes_no_markup(text):
    html = MarkdownIt("commonmark", {"html": True}).renderInline(f"a {prose(text)} b")

    assert "<" not in html


@given(st.text("abc(), ", max_size=20), st.text("abc(), ", max_size=20))
def test_marks_stand_below_what_the_other_side_lacks(old, new):
    below_old, below_new = marks(old, new)

    kept = [
        "".join(char for char, mark in zip(text, below.ljust(len(text)), strict=True) if mark == " ")
        for text, below in ((old, below_old), (new, below_new))
    ]
    assert old == new or kept[0] == kept[1]


def test_several_libraries_are_told_in_one_document():
    both = (report(judged()), report())

    assert [one["new"]["library"] for one in json.loads(written("json", *both))["reports"]] == ["lib", "lib"]
    assert len(json.loads(written("sarif", *both))["runs"]) == 2
    assert len(ET.fromstring(written("junit", *both))) == 2
    assert len(json.loads(written("gitlab", *both))) == 1
    jsonschema.validate(json.loads(written("sarif", *both)), SARIF)


def test_the_sample_is_hostile():
    assert finding(message=HOSTILE).message == HOSTILE
