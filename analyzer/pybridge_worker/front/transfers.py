"""Payloads past the message limit: uploads to be used in calls, and large results to be fetched.

Each is a file without a name, so that nobody else can open it and nothing is left behind, whatever becomes of this process.
"""

import asyncio
import hashlib
import mmap
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import IO, NamedTuple

from pybridge_worker.errors import Code, InvalidArgument, LimitReached, PayloadNotFound, Refused
from pybridge_worker.frames import MIN_APART_BYTES, Buffer, Piece
from pybridge_worker.settings import MEBIBYTE, Settings
from pybridge_worker.v1 import pybridge_pb2 as pb

_CHUNK_BYTES = MEBIBYTE
_MAX_PAYLOADS = 256
"""Each takes an open file."""
_SWEEP_SECONDS = 5.0


class Stored:
    """One payload that is kept."""

    def __init__(self, session: str, file: IO[bytes]) -> None:
        self.upload_id = secrets.token_urlsafe(24)
        self.session = session
        self.file = file
        self.size = 0
        self.used_at = time.monotonic()


class Upload(NamedTuple):
    """A finished upload."""

    upload_id: str
    size: int
    sha256: bytes


class Transfers:
    """What is kept, by id. Quotas hold for a session and for all of them together."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stored: dict[str, Stored] = {}
        self._sizes: dict[str, int] = {}
        """Bytes by session, those of unfinished payloads too."""

    async def upload(self, session: str, parts: AsyncIterator[bytes]) -> Upload:
        """Keep what comes in parts; all or nothing.

        Raises:
            Refused: there is too much, of this session or of all, or no room for it.
        """
        stored = self._new(session)
        digest = hashlib.sha256()
        try:
            async for part in parts:
                self._grow(stored, len(part))
                await asyncio.to_thread(_append, stored.file, digest, part)
        except BaseException:
            self._forget(stored)
            raise
        stored.used_at = time.monotonic()
        return Upload(stored.upload_id, stored.size, digest.digest())

    def view(self, upload_id: str, session: str) -> Buffer:
        """Give a payload's bytes, as the file's own memory.

        Raises:
            PayloadNotFound: it is not kept, or belongs to another session.
        """
        stored = self._find(upload_id)
        if stored.session not in ("", session):
            raise PayloadNotFound(upload_id)
        if not stored.size:
            return b""
        return memoryview(mmap.mmap(stored.file.fileno(), stored.size, access=mmap.ACCESS_READ))

    def sent(
        self, field: str, payload: pb.Payload, session: str, buffers: Sequence[Buffer], *, is_apart: bool = False
    ) -> tuple[Sequence[Buffer], bool]:
        """The buffers of a payload with those that were uploaded, and whether the first is the encoded value itself.

        Raises:
            InvalidArgument: it has its value twice.
            PayloadNotFound: an upload is not kept, or belongs to another session.
        """
        if not payload.upload_id and not payload.buffer_upload_ids:
            return buffers, is_apart
        if payload.upload_id:
            if payload.data or (is_apart and buffers[0]):
                raise InvalidArgument(field, "send either data or upload_id")
            value = self.view(payload.upload_id, session)
            buffers, is_apart = [value, *buffers[1 if is_apart else 0 :]], True
        more = [self.view(one, session) for one in payload.buffer_upload_ids]
        return [*buffers, *more], is_apart

    async def download(self, upload_id: str, offset: int) -> AsyncIterator[bytes]:
        """Give a payload in chunks, from an offset on. The next chunk is read while one is being sent.

        Raises:
            PayloadNotFound: it is not kept.
            InvalidArgument: it ends before the offset.
        """
        stored = self._find(upload_id)
        if offset > stored.size:
            raise InvalidArgument("offset", f"the payload has {stored.size} bytes")
        # Of its own: the payload may be forgotten meanwhile.
        descriptor = os.dup(stored.file.fileno())
        try:
            following = asyncio.ensure_future(asyncio.to_thread(os.pread, descriptor, _CHUNK_BYTES, offset))
            while chunk := await following:
                offset += len(chunk)
                following = asyncio.ensure_future(asyncio.to_thread(os.pread, descriptor, _CHUNK_BYTES, offset))
                stored.used_at = time.monotonic()
                yield chunk
        finally:
            await asyncio.wait((following,))
            os.close(descriptor)

    def receiver(self, session: str) -> "Receiver":
        """Get ready to keep the pieces of a result."""
        return Receiver(self, session)

    def begin(self, session: str) -> Stored:
        """Start to keep a payload whose bytes are appended one after another.

        Raises:
            LimitReached: there are too many.
        """
        return self._new(session)

    def append(self, stored: Stored, data: Buffer) -> None:
        """Keep more of a payload.

        Raises:
            LimitReached: there is too much, of this session or of all.
        """
        self._grow(stored, len(data))
        _write(stored.file, data)

    def forget(self, stored: Iterable[Stored]) -> None:
        """Forget payloads."""
        for one in tuple(stored):
            self._forget(one)

    def close_session(self, session: str) -> None:
        """Forget what belongs to a session."""
        self.forget(one for one in self._stored.values() if one.session == session)

    def close(self) -> None:
        """Forget everything."""
        self.forget(self._stored.values())

    async def sweep(self) -> None:
        """Forget what was not used for too long, for ever."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            latest = time.monotonic() - self._settings.stored_ttl_seconds
            self.forget(one for one in self._stored.values() if one.used_at < latest)

    def _new(self, session: str) -> Stored:
        if len(self._stored) >= _MAX_PAYLOADS:
            raise LimitReached("too many payloads are kept; close sessions that have some", _MAX_PAYLOADS)
        folder = self._settings.transfer_folder
        try:
            file = tempfile.TemporaryFile(dir=folder, prefix="pybridge-", buffering=0)  # noqa: SIM115 - closed when forgotten
        except OSError as error:
            raise _no_room(error) from error
        stored = Stored(session, file)
        self._stored[stored.upload_id] = stored
        return stored

    def _grow(self, stored: Stored, size: int) -> None:
        settings, session = self._settings, stored.session
        if self._sizes.get(session, 0) + size > settings.max_session_stored_bytes:
            raise LimitReached("the payloads kept for the session are too large", settings.max_session_stored_bytes)
        if sum(self._sizes.values()) + size > settings.max_stored_bytes:
            raise LimitReached("the payloads kept for all sessions are too large", settings.max_stored_bytes)
        stored.size += size
        self._sizes[session] = self._sizes.get(session, 0) + size

    def _forget(self, stored: Stored) -> None:
        if self._stored.pop(stored.upload_id, None) is None:
            return
        left = self._sizes.get(stored.session, 0) - stored.size
        if left > 0:
            self._sizes[stored.session] = left
        else:
            self._sizes.pop(stored.session, None)
        stored.file.close()

    def _find(self, upload_id: str) -> Stored:
        stored = self._stored.get(upload_id)
        if stored is None:
            raise PayloadNotFound(upload_id)
        stored.used_at = time.monotonic()
        return stored


async def contents(
    messages: AsyncIterator[pb.UploadPayloadRequest],
) -> tuple[pb.UploadPayloadRequest, AsyncIterator[bytes]]:
    """Read the first message of an upload, which names the session, and get ready to read what all of them hold."""
    following = aiter(messages)
    first = await anext(following, None) or pb.UploadPayloadRequest()

    async def data() -> AsyncIterator[bytes]:
        yield first.data
        async for one in following:
            if one.session_id not in ("", first.session_id):
                raise InvalidArgument("session_id", "it is another one than that of the first message")
            yield one.data

    return first, data()


class Receiver:
    """Keeps a result that comes in pieces. What goes wrong is told at the end: the child cannot be stopped by it."""

    def __init__(self, transfers: Transfers, session: str) -> None:
        self._transfers = transfers
        self._session = session
        self._parts: list[Stored] = []
        self._error: Refused | None = None

    def take(self, piece: Piece, buffers: Sequence[bytearray]) -> None:
        """Keep a piece."""
        if self._error is not None:
            return
        try:
            if piece.part == len(self._parts):
                self._parts.append(self._transfers.begin(self._session))
            for buffer in buffers:
                self._transfers.append(self._parts[piece.part], buffer)
        except Refused as error:
            self._error = error
        except OSError as error:
            self._error = _no_room(error)

    def finish(self) -> tuple[bytes, str, list[str]]:
        """Give the encoded value where it is small, else its id; and the ids of its buffers.

        Raises:
            Refused: the result could not be kept.
        """
        if self._error is not None:
            error = self._error
            self.drop()
            raise error
        value, *buffers = self._parts
        ids = [one.upload_id for one in buffers]
        if value.size >= MIN_APART_BYTES:
            return b"", value.upload_id, ids
        data = os.pread(value.file.fileno(), value.size, 0)
        self._transfers.forget((value,))
        return data, "", ids

    def drop(self) -> None:
        """Forget what was kept, and what may still come: the call did not end well."""
        self._error = self._error or Refused(Code.CANCELLED, "CANCELLED", "the call has ended")
        self._transfers.forget(self._parts)


def _no_room(error: OSError) -> Refused:
    why = error.strerror or str(error)
    return Refused(Code.RESOURCE_EXHAUSTED, "LIMIT_REACHED", f"the payload cannot be kept here: {why}")


def _append(file: IO[bytes], digest: "hashlib._Hash", data: bytes) -> None:
    digest.update(data)
    try:
        _write(file, data)
    except OSError as error:
        raise _no_room(error) from error


def _write(file: IO[bytes], data: Buffer) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
