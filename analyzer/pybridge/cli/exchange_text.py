"""What came of a fetch or a push, for people and scripts."""

from typing import assert_never

from pybridge.cli.exits import Exit
from pybridge.model.exchange import Exchange, Fate, RefFate


def exit_of(exchange: Exchange) -> Exit:
    """Tell by the exit code whether something was refused."""
    return Exit.FINDINGS if any(one.fate is Fate.REFUSED for one in exchange.refs) else Exit.CLEAN


def exchange_text(exchange: Exchange) -> str:
    """Write what became of every ref that was not the same already."""
    lines = [line for one in exchange.refs if (line := _line(one)) is not None]
    verb = "pushed to" if exchange.is_push else "fetched from"
    if not lines:
        return f"{verb} {exchange.remote}: nothing new"
    return "\n".join((f"{verb} {exchange.remote}", *(f"  {line}" for line in lines)))


def _line(one: RefFate) -> str | None:
    came = f" ({one.snapshots} snapshot{'s' if one.snapshots != 1 else ''})" if one.snapshots else ""
    match one.fate:
        case Fate.NEW:
            return f"new       {one.ref}{came}"
        case Fate.FORWARD:
            return f"forward   {one.ref}{came}"
        case Fate.UNITED:
            return f"united    {one.ref}{came}"
        case Fate.KEPT:
            return f"kept      {one.ref}: {one.reason}"
        case Fate.REFUSED:
            return f"refused   {one.ref}: {one.reason}"
        case Fate.SAME:
            return None
        case _:
            assert_never(one.fate)
