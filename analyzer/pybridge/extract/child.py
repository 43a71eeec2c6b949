"""The child process that reads files, so that a parser's crash costs one file. Started by `pool` only."""

import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from pybridge.codec.frames import read_frame, read_payload, write_frame
from pybridge.extract.file import extract_file
from pybridge.extract.frames import Ready, SentOn, Settings, Work
from pybridge.extract.process import Ends, take_over
from pybridge.model.source import SourceFile

_STACK_BYTES = 256 << 20
"""Parsers recurse on deep expressions; address space only, until it is used."""
_COLLECT_EVERY_BYTES = 32 << 20
"""mypy's nodes are cyclic, some 20 bytes for each of the source, and dear to free: collecting after every 8 MB of
transformers' 53 took 40 % of the time, and its end frees a child's memory anyway."""


def main() -> None:
    """Do as `serve`."""
    serve()


def serve() -> str | None:
    """Answer every `Job` on standard input with `ModuleFacts` on standard output, in order, until input ends.

    Where others are to read, they are forked off and do so instead.

    Returns the folder that a `SentOn` names instead of a job; None when there is none.
    """
    source = os.fdopen(os.dup(0), "rb")
    settings = read_frame(source, Settings)
    if settings is None:
        return None
    _load_parser()
    if not settings.others:
        return _read(source, settings)
    forked = [_forked(settings, number) for number in range(len(settings.others))]
    for ends in settings.others:
        _close(ends)
    folder = _sent_on(source)
    for pid in forked:
        os.waitpid(pid, 0)
    return folder


def _forked(settings: Settings, number: int) -> int:
    """Fork one that reads from, and writes to, the ends of this number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        take_over(*settings.others[number])
        for ends in settings.others:
            _close(ends)
        _read(os.fdopen(os.dup(0), "rb"), settings)
    except BaseException:  # noqa: BLE001 - the outer edge of a process
        os._exit(1)
    os._exit(0)


def _close(ends: Ends) -> None:
    for end in ends:
        os.close(end)


def _sent_on(source: IO[bytes]) -> str | None:
    """Wait to be sent on."""
    with os.fdopen(os.dup(1), "wb") as results:
        write_frame(results, Ready(os.getpid()))
    _quiet()
    sent = read_frame(source, SentOn)
    return sent.folder if sent is not None else None


def _read(source: IO[bytes], settings: Settings) -> str | None:
    sent: list[str] = []
    with os.fdopen(os.dup(1), "wb") as results:
        _quiet()
        _limit_memory(settings.memory_bytes)
        write_frame(results, Ready(os.getpid()))
        threading.stack_size(_STACK_BYTES)
        worker = threading.Thread(target=_work, args=(source, results, settings.python_version, sent.append))
        worker.start()
        worker.join()
    return sent[0] if sent else None


def _work(
    source: IO[bytes], results: IO[bytes], python_version: tuple[int, int], send_on: Callable[[str], None]
) -> None:
    gc.disable()
    since_collected = 0
    decoder: msgspec.msgpack.Decoder[Work] = msgspec.msgpack.Decoder(Work)
    while (payload := read_payload(source)) is not None:
        job = decoder.decode(payload)
        if isinstance(job, SentOn):
            send_on(job.folder)
            return
        file = SourceFile(
            module=job.module,
            kind=job.kind,
            is_package=job.is_package,
            path=job.path,
            location=Path(job.path),
            size_bytes=len(job.data),
            mtime_ns=0,
        )
        facts = extract_file(file, job.data, python_version=python_version, parser=job.parser)
        try:
            write_frame(results, facts)
        except OSError:
            return
        since_collected += len(job.data)
        if since_collected > _COLLECT_EVERY_BYTES:
            gc.collect()
            since_collected = 0


def _load_parser() -> None:
    """Use mypy once before saying that all is ready, so that a broken installation is told from a bad file."""
    from pybridge.extract.with_mypy.module import read_module  # noqa: PLC0415 - mypy is for this process only
    from pybridge.extract.with_mypy.parsing import NativeParser, Parsed  # noqa: PLC0415 - as above

    parsed = NativeParser((3, 11)).parse("", "warm_up.py")
    if isinstance(parsed, Parsed):
        read_module(parsed, "")
    gc.freeze()


def _quiet() -> None:
    """Send what parsers print to nowhere: a full pipe would block them."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _limit_memory(limit_bytes: int) -> None:
    if limit_bytes <= 0 or sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every platform

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
