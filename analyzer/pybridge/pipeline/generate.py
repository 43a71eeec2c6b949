"""From a library's name to the files of a client."""

from pathlib import Path

import msgspec

from pybridge.generate import GenerationOptions, plan, render
from pybridge.model.diagnostic import Diagnostic
from pybridge.pipeline.analyze import Obtained
from pybridge.pipeline.write import write_all


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """What a generation wrote."""

    target: str
    output: str
    files: tuple[str, ...]
    """Every file of the client, relative to the output folder."""
    written: tuple[str, ...]
    """Those whose content changed."""
    diagnostics: tuple[Diagnostic, ...]


def generate_client(obtained: Obtained, *, target: str, output: Path, options: GenerationOptions) -> Generation:
    """Plan, render and write a client; files that are the same already are left alone.

    Raises:
        UnknownTarget: there is no such target.
        OutputRefused: a file cannot be written.
    """
    planned = plan(obtained.descriptor, digest=obtained.analysis.summary.digest, target=target, options=options)
    files = render(planned)
    written = write_all(output, files)
    return Generation(
        target=target,
        output=str(output),
        files=tuple(one.path for one in files),
        written=written,
        diagnostics=planned.diagnostics,
    )
