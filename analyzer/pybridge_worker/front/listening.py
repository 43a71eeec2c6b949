"""Where the server listens: a unix socket that only this user can open, or the loopback interface."""

import contextlib
import ipaddress
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grpc import aio

from pybridge_worker.errors import ListenRefused

_MAX_UNIX_PATH = 100


@contextmanager
def listening(server: aio.Server, listen: str | None) -> Iterator[str]:
    """Bind a server, and clean up after it. Gives the address for a gRPC client.

    Raises:
        ListenRefused: the address is not local, not free, or not an address.
    """
    if listen is None:
        folder = Path(tempfile.mkdtemp(prefix="pybridge-"))  # made with mode 0700
        try:
            with _unix(server, folder / "worker.sock") as address:
                yield address
        finally:
            with contextlib.suppress(OSError):
                folder.rmdir()
    elif listen.startswith("unix:"):
        with _unix(server, Path(listen.removeprefix("unix:")).absolute()) as address:
            yield address
    else:
        yield _tcp(server, listen)


@contextmanager
def _unix(server: aio.Server, path: Path) -> Iterator[str]:
    address = f"unix:{path}"
    if len(os.fsencode(path)) > _MAX_UNIX_PATH:
        raise ListenRefused(address, f"a socket's path has at most {_MAX_UNIX_PATH} bytes")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ListenRefused(address, "its folder is not there, or not yours to write")
    _make_way(path, address)
    before = os.umask(0o177)
    try:
        server.add_insecure_port(address)
        path.chmod(0o600)
    except (RuntimeError, OSError) as error:
        raise ListenRefused(address, " ".join(str(error).split())) from error
    finally:
        os.umask(before)
    mine = path.stat().st_ino
    try:
        yield address
    finally:
        with contextlib.suppress(OSError):
            if path.stat().st_ino == mine:
                path.unlink()


def _make_way(path: Path, address: str) -> None:
    """Remove the socket of a server that is gone; never a file, never the socket of one that answers."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(mode):
        raise ListenRefused(address, "a file that is no socket is there")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise ListenRefused(address, "another server listens there")


def _tcp(server: aio.Server, listen: str) -> str:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise ListenRefused(listen, "an address is unix:PATH or HOST:PORT, as 127.0.0.1:0")
    bare = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
    try:
        is_loopback = ipaddress.ip_address(bare).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        why = "calls are not authenticated, so only loopback addresses and unix sockets are served"
        raise ListenRefused(listen, f"{why}; use 127.0.0.1:PORT or unix:PATH, and a tunnel to reach it from elsewhere")
    shown = f"[{bare}]" if ":" in bare else bare
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    try:
        # Asked first without gRPC, which would write its own account of a failure to stderr.
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((bare, int(port)))
        bound = server.add_insecure_port(f"{shown}:{port}")
    except (RuntimeError, OSError) as error:
        raise ListenRefused(listen, "the port is taken or not allowed") from error
    return f"{shown}:{bound}"
