"""Generated files next to what would be generated, and to what the lock says was."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

import msgspec

from pybridge.codec import digest_bytes
from pybridge.errors import OutputRefused
from pybridge.model.lock import LockedClient
from pybridge.model.names import Digest
from pybridge.model.plan import GeneratedFile
from pybridge.pipeline.write import inside


class OutputState(Enum):
    """What is wrong with a generated file."""

    MISSING = "missing"
    STALE = "stale"
    """Its content is that of an earlier generation."""
    EDITED = "edited"
    """Its content is nothing that was generated: somebody changed it by hand."""
    OBSOLETE = "obsolete"
    """It would be generated no longer; the next generation deletes it."""
    UNLOCKED = "unlocked"
    """It is as it should be, and the lock says something else."""


class OutputFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A generated file that is not as it should be."""

    path: str
    """Relative to the output folder."""
    state: OutputState


def compare_outputs(
    output: Path, files: Sequence[GeneratedFile], locked: LockedClient | None
) -> tuple[OutputFinding, ...]:
    """Compare what is on disk with what would be generated, and with the lock where it knows the client.

    Without a lock a file that was edited cannot be told from one that is stale. Sorted by path.

    Raises:
        OutputRefused: a file leads outside the output folder, or cannot be read.
    """
    planned = {one.path: digest_bytes(one.text.encode()) for one in files}
    known = {} if locked is None else dict(locked.files)
    return tuple(sorted(_findings(output, planned, known, is_locked=locked is not None), key=lambda one: one.path))


def _findings(
    output: Path, planned: Mapping[str, Digest], known: Mapping[str, Digest], *, is_locked: bool
) -> Iterator[OutputFinding]:
    for path, wanted in planned.items():
        found, told = digest_on_disk(output, path), known.get(path)
        if found is None:
            yield OutputFinding(path=path, state=OutputState.MISSING)
        elif found != wanted:
            is_edited = told is not None and found != told
            yield OutputFinding(path=path, state=OutputState.EDITED if is_edited else OutputState.STALE)
        elif is_locked and told != wanted:
            yield OutputFinding(path=path, state=OutputState.UNLOCKED)
    for path, told in known.items():
        found = None if path in planned else digest_on_disk(output, path)
        if found is not None:
            yield OutputFinding(path=path, state=OutputState.OBSOLETE if found == told else OutputState.EDITED)
        elif path not in planned:
            yield OutputFinding(path=path, state=OutputState.UNLOCKED)


def digest_on_disk(output: Path, path: str) -> Digest | None:
    """Return the digest of a generated file; None when there is none.

    Raises:
        OutputRefused: it leads outside the output folder, or cannot be read.
    """
    place = inside(output, path)
    try:
        return digest_bytes(place.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise OutputRefused(place, error.strerror or str(error)) from error
