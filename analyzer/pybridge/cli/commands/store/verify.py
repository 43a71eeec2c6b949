"""``pybridge store verify``."""

from collections.abc import Iterator

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import progress, write_json, write_text
from pybridge.cli.store_options import store_options
from pybridge.model.damage import Damage, Hit, Verification
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.care import verify_store

_MAX_HITS = 10


@click.command(name="verify")
@format_option
@store_options
def command(places: Places, output_format: str) -> int:
    """Hash every object, follow every ref, and put every descriptor to its digest. Nothing is written.

    Of what is damaged it tells which libraries, versions and modules it hits; the exit code is 1 then.

    \b
    Example:
      pybridge store verify
    """
    with progress() as bar:
        verified = verify_store(places, bar)
    if output_format == "json":
        write_json(verified)
    else:
        write_text("\n".join(_lines(verified)))
    return Exit.FINDINGS if verified.damages else Exit.CLEAN


def _lines(verified: Verification) -> Iterator[str]:
    for damage in verified.damages:
        yield from _damage(damage)
    counted = (
        f"{verified.objects} objects ({verified.size_bytes / 1_000_000:.1f} MB), "
        f"{verified.snapshots} snapshots, {verified.refs} refs"
    )
    damaged = len(verified.damages)
    yield f"{counted}: {f'{damaged} damaged' if damaged else 'all intact'}"
    if damaged:
        yield (
            "  hint: `pybridge store fetch REMOTE` brings back what another store has, once the damaged files are moved "
            "away; `pybridge discover LIBRARY` describes anew"
        )


def _damage(damage: Damage) -> Iterator[str]:
    where = f" ({damage.file})" if damage.file and damage.file != damage.name else ""
    yield f"{damage.kind.value} {damage.name}{where}: {damage.reason}"
    for hit in damage.hits[:_MAX_HITS]:
        yield f"  hits {_hit(hit)}"
    if len(damage.hits) > _MAX_HITS:
        yield f"  and {len(damage.hits) - _MAX_HITS} more (`--output-format json` lists all)"


def _hit(hit: Hit) -> str:
    title = " ".join(part for part in (hit.library, hit.version) if part)
    what = f"module {hit.module}" if hit.module else hit.part
    part = f": {what}" if what else ""
    snapshots = f", {hit.snapshots} snapshots" if hit.snapshots > 1 else ""
    return f"{f'{title} ({hit.target}){part}, ' if title else ''}{hit.ref}{snapshots}"
