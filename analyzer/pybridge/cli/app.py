"""The table of commands. A command's module is imported only when the command is asked for."""

from difflib import get_close_matches
from typing import assert_never, get_args

import click

import pybridge
from pybridge.cli.names import SUMMARIES, CommandName


class LazyGroup(click.Group):
    """A group whose commands are loaded by name; its help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a first session."""
        del ctx
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None when there is none of that name."""
        del ctx
        names: tuple[CommandName, ...] = get_args(CommandName)
        return next((load(name) for name in names if name == cmd_name), None)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command to run, with a suggestion for a misspelt one."""
        if args and not args[0].startswith("-") and args[0] not in SUMMARIES:
            close = get_close_matches(args[0], SUMMARIES, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


def load(name: CommandName) -> click.Command:
    """Import the module of a command and return the command."""
    match name:
        case "discover":
            from pybridge.cli.commands.discover import command
        case "log":
            from pybridge.cli.commands.log import command
        case "show":
            from pybridge.cli.commands.show import command
        case "lock":
            from pybridge.cli.commands.lock import command
        case "store":
            from pybridge.cli.commands.store.group import command
        case "diff":
            from pybridge.cli.commands.diff import command
        case "check":
            from pybridge.cli.commands.check import command
        case "drift":
            from pybridge.cli.commands.drift import command
        case "explain":
            from pybridge.cli.commands.explain import command
        case "stubs":
            from pybridge.cli.commands.stubs import command
        case "export":
            from pybridge.cli.commands.export import command
        case "info":
            from pybridge.cli.commands.info import command
        case "modules":
            from pybridge.cli.commands.modules import command
        case "methods":
            from pybridge.cli.commands.methods import command
        case "doc":
            from pybridge.cli.commands.doc import command
        case "coverage":
            from pybridge.cli.commands.coverage import command
        case "generate":
            from pybridge.cli.commands.generate import command
        case "annotate":
            from pybridge.cli.commands.annotate import command
        case "bundle":
            from pybridge.cli.commands.bundle import command
        case "clean":
            from pybridge.cli.commands.clean import command
        case "schema":
            from pybridge.cli.commands.schema import command
        case "doctor":
            from pybridge.cli.commands.doctor import command
        case _:
            assert_never(name)
    return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(pybridge.__version__, prog_name="pybridge")
def application() -> None:
    """Read Python libraries as text and make typed clients of them.

    Nothing of the library is ever run or imported.

    \b
    Example:
      pybridge discover jinja2
      pybridge generate jinja2 --target elixir --output my_app
    """
