"""``pybridge store``: a table of subcommands, each loaded when it is asked for."""

from typing import Literal, assert_never, get_args

import click

_Name = Literal["refs", "tag", "verify", "gc", "stats", "export", "fetch", "push"]
_SUMMARIES: dict[_Name, str] = {
    "refs": "List where the refs of the store stand, and its tags.",
    "tag": "Give a snapshot a name, or take one away.",
    "verify": "Make sure of every object, ref and descriptor.",
    "gc": "Pack what is in use, and delete what nothing leads to.",
    "stats": "Count what the store holds.",
    "export": "Write a stored descriptor to a file.",
    "fetch": "Take over the snapshots of another store.",
    "push": "Give another store the snapshots that it lacks.",
}


class _Subcommands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the subcommands in the order of the table."""
        del ctx
        return list(_SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a subcommand; None when there is none of that name."""
        del ctx
        names: tuple[_Name, ...] = get_args(_Name)
        return next((_load(name) for name in names if name == cmd_name), None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands from the table, without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUMMARIES.items()))


def _load(name: _Name) -> click.Command:
    match name:
        case "refs":
            from pybridge.cli.commands.store.refs import command
        case "tag":
            from pybridge.cli.commands.store.tag import command
        case "verify":
            from pybridge.cli.commands.store.verify import command
        case "gc":
            from pybridge.cli.commands.store.gc import command
        case "stats":
            from pybridge.cli.commands.store.stats import command
        case "export":
            from pybridge.cli.commands.store.export import command
        case "fetch":
            from pybridge.cli.commands.store.fetch import command
        case "push":
            from pybridge.cli.commands.store.push import command
        case _:
            assert_never(name)
    return command


@click.group(name="store", cls=_Subcommands)
def command() -> None:
    """Look at the store of descriptors, look after it, share it.

    It is a bare git repository: `git --git-dir=STORE log` works on it, too.

    \b
    Example:
      pybridge store verify
      pybridge store push ssh://git@example.com/descriptors.git
    """
