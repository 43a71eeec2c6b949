"""Bearer tokens: whoever does not have one gets UNAUTHENTICATED, and nothing else, from every RPC but health."""

import hmac
import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import grpc
from grpc import aio

from pybridge_worker import logs
from pybridge_worker.errors import BadOption
from pybridge_worker.front.secret_files import read_secret, read_secret_of, stamp

MIN_LENGTH = 16
OPEN_SERVICES = ("/grpc.health.v1.Health/",)
"""Probes of orchestrators carry no token; they learn whether the server serves, and no more."""
_MAX_TOKENS = 64
_LOOK_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Tokens:
    """The tokens that a client may have; several, so that one can take another's place while both are good.

    Those of a file are read anew when it has changed. A file that has become unusable changes nothing.
    """

    def __init__(self, tokens: Iterable[bytes], path: Path | None = None) -> None:
        self._tokens = tuple(tokens)
        self._path = path
        self._stamp = stamp(path)
        self._next_look = time.monotonic() + _LOOK_SECONDS

    def refresh(self) -> None:
        """Look after the file, if that was not done lately."""
        now = time.monotonic()
        if now < self._next_look or self._path is None:
            return
        self._next_look = now + _LOOK_SECONDS
        if (found := stamp(self._path)) == self._stamp:
            return
        self._stamp = found
        try:
            self._tokens = tuple(_read("--token-file", read_secret("--token-file", self._path)))
        except BadOption as error:
            logs.event(_log, logging.ERROR, "tokens_not_renewed", why=str(error))
        else:
            logs.event(_log, logging.INFO, "tokens_renewed", file=str(self._path), tokens=len(self._tokens))

    def accept(self, metadata: Iterable[tuple[str, str | bytes]]) -> bool:
        """Whether the metadata of a call has exactly one authorization, and that is one of the tokens."""
        values = [value for key, value in metadata if key == "authorization"]
        if len(values) != 1:
            return False
        value = values[0].encode("utf-8", "surrogateescape") if isinstance(values[0], str) else values[0]
        scheme, _, token = value.partition(b" ")
        # All are compared, so that the time tells nothing about which was nearest.
        found = sum(hmac.compare_digest(token, one) for one in self._tokens)
        return scheme.lower() == b"bearer" and found > 0


def read_tokens(path: Path | None, descriptor: int | None) -> Tokens | None:
    """Read tokens, one a line, from a file or an open descriptor. None: none is asked for.

    Raises:
        BadOption: there are none, or one is too short to be a secret, or every user can read them.
    """
    if path is not None:
        return Tokens(_read("--token-file", read_secret("--token-file", path)), path)
    if descriptor is not None:
        return Tokens(_read("--token-fd", read_secret_of("--token-fd", descriptor, f"descriptor {descriptor}")))
    return None


def _read(option: str, data: bytes) -> list[bytes]:
    lines = [line.strip() for line in data.splitlines()]
    tokens = [line for line in lines if line]
    if not 1 <= len(tokens) <= _MAX_TOKENS:
        raise BadOption(option, f"it has {len(tokens)} tokens; write 1 to {_MAX_TOKENS}, one a line")
    for token in tokens:
        if len(token) < MIN_LENGTH or not token.isascii() or any(not 33 <= byte <= 126 for byte in token):
            raise BadOption(option, f"a token has at least {MIN_LENGTH} characters, all visible ASCII")
    return tokens


class TokenGate:
    """Lets calls with a token through; all others are to be ended before their request is read."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._next_told = 0.0
        self._untold = 0
        self.refusal: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(_refuse)
        """Answers a call that was not let through."""

    def lets(self, method: str, metadata: Iterable[tuple[str, str | bytes]]) -> bool:
        """Whether a call of a method, with its metadata, may go on; tells the log of one that may not."""
        self._tokens.refresh()
        if self._tokens.accept(metadata) or method.startswith(OPEN_SERVICES):
            return True
        self._tell(method)
        return False

    def _tell(self, method: str) -> None:
        """Log a refusal, and at most one in a second: strangers must not fill the disk."""
        now = time.monotonic()
        if now < self._next_told:
            self._untold += 1
            return
        self._next_told = now + 1.0
        untold, self._untold = self._untold, 0
        logs.event(
            _log, logging.WARNING, "call_refused", method=method, code="UNAUTHENTICATED", not_logged=untold or None
        )


async def _refuse(_requests: Any, context: aio.ServicerContext[Any, Any]) -> None:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "unauthenticated", (("pybridge-reason", "UNAUTHENTICATED"),))
