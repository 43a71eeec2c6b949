"""The formats by name."""

from collections.abc import Callable, Mapping, Sequence

from pybridge.model.drift import DriftReport
from pybridge.report.formats import changelog, concise, github, gitlab, json, jsonl, junit, markdown, sarif, text

Writer = Callable[[Sequence[DriftReport]], str]
"""Writes comparisons, one a library; what a format says once (a count, a cap) is over all of them."""

WRITERS: Mapping[str, Writer] = {
    "text": text.write,
    "concise": concise.write,
    "json": json.write,
    "jsonl": jsonl.write,
    "github": github.write,
    "gitlab": gitlab.write,
    "sarif": sarif.write,
    "junit": junit.write,
    "markdown": markdown.write,
    "changelog": changelog.write,
}
"""What ``--output-format`` takes, in the order of its help."""
