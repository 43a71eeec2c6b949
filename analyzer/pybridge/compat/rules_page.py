"""The page of documentation that lists every rule, made of the rules themselves."""

from collections.abc import Iterator, Sequence

from pybridge.compat.rule import Rule
from pybridge.model.finding import Audience

_HUNDREDS = {
    "1": "Modules and public names",
    "2": "Parameters",
    "3": "Types",
    "4": "Classes",
    "5": "Enumerations, fields and other declared data",
    "6": "How a member is called or used",
    "7": "Deprecation and documentation",
    "8": "The distribution as a whole",
}


def rules_page(rules: Sequence[Rule]) -> str:
    """Write rules as Markdown: a table of all, then one section each with its example."""
    return "\n".join(_lines(rules))


def _lines(rules: Sequence[Rule]) -> Iterator[str]:
    yield "# Rules of drift"
    yield ""
    yield "Made by `pybridge explain --output-format markdown`. The verdicts are those of the usual case; a finding tells its own."
    yield ""
    yield f"| rule | | {' | '.join(one.value for one in Audience)} | requires |"
    yield f"|---|---|{'---|' * len(Audience)}---|"
    for one in rules:
        verdicts = " | ".join(one.verdicts.of(audience).value for audience in Audience)
        yield f"| [{one.id}](#{one.id.lower()}-{one.name}) | {one.name} | {verdicts} | {one.requires.value} |"
    group = ""
    for one in rules:
        if one.id[2] != group:
            group = one.id[2]
            yield from ("", f"## {_HUNDREDS[group]}")
        yield from _section(one)


def _section(one: Rule) -> Iterator[str]:
    yield from ("", f"### {one.id} {one.name}", "", f"{one.title} {one.why}")
    if one.before or one.after:
        yield from ("", "```python", "# before", *one.before.splitlines(), "# after", *one.after.splitlines(), "```")
