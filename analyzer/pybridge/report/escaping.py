"""Names and messages made of hostile input, as Markdown that shows them and does nothing else."""

import re

from pybridge.codec.printable import printable

_SPECIAL = re.compile(r"([\\`*_\[\]<>#!|~&@$])")
_RUNS = re.compile(r"`+")


def prose(text: str) -> str:
    """Escape what Markdown, HTML or GitHub (mentions, links) would take for more than text."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))
    return escaped.replace(r"\@", "@\u200b")


def code(text: str) -> str:
    """Write text as an inline code span that no backtick in it can close; a bar does not end a table's cell."""
    shown = " ".join(printable(text).split())
    longest = max((len(run) for run in _RUNS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown.replace('|', chr(92) + '|')}{pad}{fence}" if shown else ""
