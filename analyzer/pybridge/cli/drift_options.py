"""Options of the commands that compare, and what they do with the answer."""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from pybridge.cli.exits import Exit
from pybridge.cli.output import write_bytes, write_diagnostics
from pybridge.codec.printable import printable
from pybridge.model.drift import DriftReport, Level
from pybridge.model.finding import Audience
from pybridge.pipeline.drift.accepted import accepted_path, read_accepted
from pybridge.pipeline.drift.compare import is_failing
from pybridge.pipeline.drift.settings import DriftSettings, FoundSettings, find_settings, read_settings
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.write import append_text, write_file
from pybridge.report.formats import WRITERS, json, markdown

_LEVELS = {"breaking": Level.ERROR, "risky": Level.WARNING, "any": Level.NOTE}


class DriftOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to judge, and how to tell."""

    profile: str | None
    config: Path | None
    isolated: bool
    fail_on: str
    exit_zero: bool
    output_format: str
    output_file: Path | None

    def found(self) -> FoundSettings:
        """Return the settings of the project, or those that the options name.

        Raises:
            SettingsRefused: they cannot be read.
            UsageError: the file named has none.
        """
        if self.isolated:
            return FoundSettings(settings=DriftSettings(), folder=Path.cwd(), file=None)
        if self.config is None:
            return find_settings(Path.cwd())
        found = read_settings(self.config)
        if found is None:
            raise click.UsageError(f"{self.config} has no [drift] (pyproject.toml: no [tool.pybridge.drift])")
        return found

    def terms(self) -> Terms:
        """Return how to judge.

        Raises:
            SettingsRefused: settings or acceptances cannot be read.
            UsageError: an audience has another name.
        """
        found = self.found()
        acceptances = () if self.isolated else read_accepted(accepted_path(found))
        return Terms(
            settings=found.settings,
            profile=_audiences(self.profile) or found.settings.profile,
            acceptances=acceptances,
            today=datetime.now(UTC).date(),
        )


def drift_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options; the command gets them as one `DriftOptions`, named ``drift``."""

    @functools.wraps(function)
    def gathered(**values: object) -> int:
        mine = {name: values.pop(name, None) for name in DriftOptions.__struct_fields__}
        return function(drift=DriftOptions(**mine), **values)  # type: ignore[arg-type] # click has converted each value

    decorated: Callable[..., int] = gathered
    for decorate in reversed(_decorators()):
        decorated = decorate(decorated)
    return decorated


def tell(reports: Sequence[DriftReport], drift: DriftOptions, *, is_check: bool = False) -> int:
    """Write the reports where they are wanted; return the exit code.

    A ``check`` writes one shape of JSON, however many libraries there are.

    On GitHub's runners the summary of the job gets the whole report, because annotations are cut off.
    """
    write = json.write_check if is_check and drift.output_format == "json" else WRITERS[drift.output_format]
    data = write(reports).encode("utf-8", "backslashreplace")
    if drift.output_file is None:
        write_bytes(data)
    else:
        write_file(drift.output_file, data)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if drift.output_format == "github" and summary:
        append_text(Path(summary), markdown.write(reports))
    if drift.output_format not in {"text", "markdown"}:
        write_diagnostics([remark for one in reports for remark in one.remarks])
    return exit_code(reports, drift)


def exit_code(reports: Sequence[DriftReport], drift: DriftOptions) -> int:
    """Decide: 3 when a side could not be read as a whole, 1 when something is as bad as asked, else 0."""
    if any(side.is_incomplete for one in reports for side in (one.old, one.new)):
        sys.stderr.write(printable("a side could not be read as a whole: the answer is not complete") + "\n")
        return Exit.INCOMPLETE
    if drift.exit_zero or not any(is_failing(one, _LEVELS[drift.fail_on]) for one in reports):
        return Exit.CLEAN
    return Exit.FINDINGS


def _audiences(text: str | None) -> tuple[Audience, ...]:
    if text is None:
        return ()
    known = [one.value for one in Audience]
    names = [one.strip() for one in text.split(",") if one.strip()]
    wrong = [one for one in names if one not in known]
    if wrong or not names:
        raise click.UsageError(f"--profile knows {', '.join(known)}, not {wrong[0] if wrong else repr(text)}")
    return tuple(one for one in Audience if one.value in names)


def _decorators() -> tuple[Callable[[Callable[..., int]], Callable[..., int]], ...]:
    file = click.Path(path_type=Path, dir_okay=False)
    return (
        click.option(
            "--profile",
            metavar="NAMES",
            help="Who counts: source, typing, subclass, bridge, by commas. [default: source,bridge]",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(list(_LEVELS)),
            default="breaking",
            show_default=True,
            help="What makes the exit code 1.",
        ),
        click.option("--exit-zero", is_flag=True, help="Leave with 0 whatever is found."),
        click.option(
            "--output-format",
            type=click.Choice(list(WRITERS)),
            default="text",
            show_default=True,
            help="How to write the findings.",
        ),
        click.option("-o", "--output-file", type=file, metavar="FILE", help="Instead of stdout."),
        click.option("--config", type=file, metavar="FILE", help="Settings; default: the nearest."),
        click.option("--isolated", is_flag=True, help="Read neither settings nor accepted breaks."),
    )
