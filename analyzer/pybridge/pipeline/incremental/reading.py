"""Facts of files: from the cache where their content is known, from child processes where it is not."""

from collections.abc import Iterable, Mapping

import msgspec

import pybridge
from pybridge.codec import digest_bytes
from pybridge.errors import SourceUnreadable
from pybridge.extract import Boot, Spare, extract_all
from pybridge.model.facts import ModuleFacts
from pybridge.model.library import Target
from pybridge.model.names import Digest
from pybridge.model.source import SourceFile
from pybridge.pipeline.incremental.contents import Contents
from pybridge.pipeline.incremental.shelf import Missing
from pybridge.pipeline.incremental.task import Task
from pybridge.protocols import Progress
from pybridge.source import read_bytes
from pybridge.store.facts_cache import FactsCache

FACTS_VERSION = 4
"""Of what `extract` makes of a file; raise it when that changes, and every cached fact is a miss."""


_READER = "import sys; sys.path[:] = sys.argv[1:]; from pybridge.pipeline.reader import main; main()"
"""What the children that read files run: one of them answers for the types, too."""


class ReadFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts by key, and how many of them had to be read off a file."""

    facts: Mapping[Digest, ModuleFacts]
    parsed: int


def facts_key(file: SourceFile, content: Digest, target: Target) -> Digest:
    """Name the facts of a file with this content."""
    parts = (FACTS_VERSION, pybridge.__version__, target.python_version, file.module, file.path, file.kind.value)
    return digest_bytes(msgspec.json.encode(parts) + content.encode())


def facts_keys(contents: Contents, target: Target) -> dict[str, Digest]:
    """Name the facts of every file that could be read, by its path."""
    return {
        one.path: facts_key(one, contents.digests[one.path], target)
        for one in contents.files
        if one.path in contents.digests
    }


def begin_reading(task: Task) -> Spare:
    """Start the children that read what has changed, if anything has, so that they load while we do; the caller closes."""
    spare = Spare(Boot(_READER, _read))
    keys = facts_keys(task.contents, task.target)
    changed = {keys[path]: len(data) for path, data in task.contents.data.items() if path in keys}
    unknown = changed.keys() - task.cache.has_many(changed)
    if unknown:
        # Both sides need it: a fork has what was loaded before.
        import pybridge.resolve.annotations  # noqa: F401, PLC0415 - not for a run that reads nothing

        spare.begin(
            python_version=_version(task.target),
            files=len(unknown),
            size_bytes=sum(changed[key] for key in unknown),
            jobs=task.jobs,
        )
    return spare


def _read() -> None:
    from pybridge.pipeline.reader import main  # noqa: PLC0415 - loads what only the children need

    main()


def read_facts(
    files: Iterable[SourceFile],
    contents: Contents,
    target: Target,
    *,
    cache: FactsCache,
    jobs: int,
    progress: Progress,
    spare: Spare,
) -> ReadFacts:
    """Read facts of files; what is made anew is kept.

    Raises:
        Missing: a file changed while it was read.
    """
    keys = facts_keys(contents, target)
    wanted = [one for one in files if one.path in keys]
    known = _decoded(cache.get_many(keys[one.path] for one in wanted))
    missing = [one for one in wanted if keys[one.path] not in known]
    progress.stage("reading files", len(missing))
    made = extract_all(
        [(one, _data(one, contents)) for one in missing],
        python_version=_version(target),
        jobs=jobs,
        progress=progress,
        spare=spare,
    )
    fresh = {keys[one.path]: facts for one, facts in zip(missing, made, strict=True)}
    encoder = msgspec.msgpack.Encoder()
    cache.put_many({key: encoder.encode(facts) for key, facts in fresh.items() if not facts.is_broken})
    return ReadFacts(facts={**known, **fresh}, parsed=len(fresh))


def _version(target: Target) -> tuple[int, int]:
    major, minor = target.python_version.split(".")
    return int(major), int(minor)


def _data(file: SourceFile, contents: Contents) -> bytes:
    found = contents.data.get(file.path)
    if found is not None:
        return found
    try:
        data = read_bytes(file)
    except SourceUnreadable as error:
        raise Missing(file.path) from error
    if digest_bytes(data) != contents.digests[file.path]:
        raise Missing(file.path)
    return data


def _decoded(found: Mapping[str, bytes]) -> dict[Digest, ModuleFacts]:
    """Facts that the cache holds; what it cannot give back whole is a miss."""
    decoder = msgspec.msgpack.Decoder(ModuleFacts)
    decoded: dict[Digest, ModuleFacts] = {}
    for key, data in found.items():
        try:
            decoded[Digest(key)] = decoder.decode(data)
        except (msgspec.DecodeError, RecursionError):
            continue
    return decoded
