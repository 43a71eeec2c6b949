"""Where the server listens: a unix socket that only this user can open, loopback, or anywhere with TLS and clients known."""

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
from pybridge_worker.front.tls import Tls

_MAX_UNIX_PATH = 100
_KNOWN = "--tls-cert and --tls-key, and --tls-client-ca (certificates of clients) or --token-file"


def is_local(listen: str | None) -> bool:
    """Whether only processes of this machine can reach an address."""
    if listen is None or listen.startswith("unix:"):
        return True
    host = _bare(listen.rpartition(":")[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def listening(server: aio.Server, listen: str | None, tls: Tls | None, *, has_tokens: bool) -> Iterator[str]:
    """Bind a server, and clean up after it. Gives the address for a gRPC client.

    Raises:
        ListenRefused: the address is not free, or no address, or others could call from elsewhere.
    """
    if tls is not None and (listen is None or listen.startswith("unix:")):
        raise ListenRefused(
            listen or "unix:", "a unix socket takes no TLS; leave the certificates out, or listen on a port"
        )
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
        yield _tcp(server, listen, tls, has_tokens=has_tokens)


@contextmanager
def _unix(server: aio.Server, path: Path) -> Iterator[str]:
    address = f"unix:{path}"
    if len(os.fsencode(path)) > _MAX_UNIX_PATH:
        raise ListenRefused(address, f"a socket's path has at most {_MAX_UNIX_PATH} bytes")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ListenRefused(address, "its folder is not there, or not yours to write")
    mode = path.parent.stat().st_mode
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        raise ListenRefused(address, "every user can replace files in its folder; chmod 700 it")
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


def _tcp(server: aio.Server, listen: str, tls: Tls | None, *, has_tokens: bool) -> str:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise ListenRefused(listen, "an address is unix:PATH or HOST:PORT, as 127.0.0.1:0")
    bare = _bare(host)
    try:
        address = ipaddress.ip_address(bare)
    except ValueError as error:
        raise ListenRefused(listen, "a host is an IP address or localhost") from error
    if not address.is_loopback and (tls is None or not (tls.asks_for_certificates or has_tokens)):
        why = "it can be reached from other machines"
        raise ListenRefused(listen, f"{why}; give {_KNOWN}; else use only loopback (127.0.0.1:PORT) or unix:PATH")
    shown = f"[{bare}]" if address.version == 6 else bare
    try:
        # Asked first without gRPC, which would write its own account of a failure to stderr.
        with socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((bare, int(port)))
        where = f"{shown}:{port}"
        bound = server.add_insecure_port(where) if tls is None else server.add_secure_port(where, tls.credentials)
    except (RuntimeError, OSError) as error:
        raise ListenRefused(listen, "the port is taken or not allowed") from error
    return f"{shown}:{bound}"


def _bare(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
