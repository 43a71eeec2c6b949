"""``pybridge explain``."""

from difflib import get_close_matches

import click

from pybridge.cli.exits import Exit
from pybridge.cli.output import write_json, write_text
from pybridge.compat.rule import Rule
from pybridge.compat.rules import RULES
from pybridge.compat.rules_page import rules_page
from pybridge.model.finding import Audience


@click.command(name="explain")
@click.argument("rule", required=False)
@click.option(
    "--output-format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
def command(rule: str | None, output_format: str) -> int:
    """Say what RULE means, or list all rules.

    \b
    Example:
      pybridge explain PB203
    """
    chosen = RULES if rule is None else (_find(rule),)
    if output_format == "json":
        write_json([_as_json(one) for one in chosen])
    elif output_format == "markdown":
        write_text(rules_page(chosen))
    elif rule is None:
        write_text("\n".join(f"{one.id}  {one.name:<38} {one.title}" for one in chosen))
    else:
        write_text(_as_text(chosen[0]))
    return Exit.CLEAN


def _find(text: str) -> Rule:
    wanted = text.lower()
    for one in RULES:
        if wanted in {one.id.lower(), one.name}:
            return one
    close = get_close_matches(wanted, [name for one in RULES for name in (one.id.lower(), one.name)], n=1)
    raise click.UsageError(f"no rule {text!r}{f', did you mean {close[0]}?' if close else ''}")


def _as_text(one: Rule) -> str:
    hit = ", ".join(f"{audience.value} {one.verdicts.of(audience).value}" for audience in Audience)
    example = [f"  before: {line}" for line in one.before.splitlines()]
    example += [f"  after:  {line}" for line in one.after.splitlines()]
    return "\n".join(
        (
            f"{one.id} {one.name}",
            "",
            one.title,
            "",
            one.why,
            "",
            *example,
            "",
            f"{hit}",
            f"requires {one.requires.value}",
        )
    )


def _as_json(one: Rule) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "title": one.title,
        "why": one.why,
        "before": one.before,
        "after": one.after,
        "verdicts": one.verdicts,
        "requires": one.requires,
    }
