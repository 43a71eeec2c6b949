"""How results, diagnostics and progress reach people and scripts."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
import msgspec

from pybridge.codec import encode_pretty
from pybridge.codec.printable import printable
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.protocols import Progress, Silent

_SHOWN = 20


def write_json(noun: object) -> None:
    """Print a noun as indented canonical JSON."""
    write_bytes(encode_pretty(noun))


def write_text(text: str) -> None:
    """Print text, without the control characters that a hostile library could put in it."""
    click.echo(printable(text))


def write_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Tell problems on stderr, the first few in full; notes are counted only."""
    problems = [one for one in diagnostics if one.severity is not Severity.NOTE]
    for one in problems[:_SHOWN]:
        where = ":".join(str(part) for part in (one.path, one.line, one.column) if part is not None)
        told = f"{where + ' ' if where else ''}{one.severity.value}[{one.code}] {one.message}"
        sys.stderr.write(printable(told) + "\n")
        if one.hint:
            sys.stderr.write(printable(f"  hint: {one.hint}") + "\n")
    rest = len(problems[_SHOWN:])
    notes = len(diagnostics) - len(problems)
    if rest or notes:
        counts = " and ".join(f"{count} {word}" for count, word in ((rest, "more"), (notes, "notes")) if count)
        sys.stderr.write(f"{counts} (`pybridge discover --output-format json` lists all)\n")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar on a terminal and nothing elsewhere; it is gone when the block ends."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from pybridge.cli.progress import Bar

    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()


def write_bytes(data: bytes) -> None:
    """Print bytes as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def to_json(noun: object) -> object:
    """Turn a noun into plain data, to be part of a larger answer."""
    return msgspec.to_builtins(noun)
