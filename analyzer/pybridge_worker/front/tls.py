"""TLS: certificates from files, checked before gRPC sees them, so that what is wrong is told in one line.

The files are looked at with every handshake: a certificate that is renewed there is shown from then on.
"""

import logging
import ssl
from pathlib import Path

import grpc
import msgspec

from pybridge_worker import logs
from pybridge_worker.errors import BadOption
from pybridge_worker.front.secret_files import read_public, read_secret, stamp
from pybridge_worker.settings import Settings

_log = logging.getLogger(__name__)


class Tls(msgspec.Struct, frozen=True):
    """What a server shows of itself, and asks of its clients."""

    credentials: grpc.ServerCredentials
    asks_for_certificates: bool
    """Only clients with a certificate of the operator's authority are served."""


def read_tls(settings: Settings) -> Tls | None:
    """Read the certificates that the settings name. None: they name none.

    Raises:
        BadOption: a file is missing, is no certificate or key, or does not belong to the others.
    """
    cert, key, authority = settings.tls_cert, settings.tls_key, settings.tls_client_ca
    if cert is None and key is None and authority is None:
        return None
    if cert is None or key is None:
        raise BadOption("--tls-cert" if cert is None else "--tls-key", "TLS needs a certificate and its key")
    files = _Files(cert, key, authority)
    credentials = grpc.dynamic_ssl_server_credentials(
        files.read(),
        files.changed,  # type: ignore[arg-type] # None says that they are the same
        require_client_authentication=authority is not None,
    )
    return Tls(credentials, asks_for_certificates=authority is not None)


class _Files:
    """A certificate, its key, and the authority of clients, where they are kept."""

    def __init__(self, cert: Path, key: Path, authority: Path | None) -> None:
        self._cert, self._key, self._authority = cert, key, authority
        self._stamps = self._look()

    def read(self) -> grpc.ServerCertificateConfiguration:
        """Read and check the files.

        Raises:
            BadOption: one cannot be used.
        """
        private = read_secret("--tls-key", self._key)
        chain = read_public("--tls-cert", self._cert)
        trusted = None if self._authority is None else read_public("--tls-client-ca", self._authority)
        _check(self._cert, self._key, self._authority)
        return grpc.ssl_server_certificate_configuration([(private, chain)], root_certificates=trusted)

    def changed(self) -> grpc.ServerCertificateConfiguration | None:
        """What is in the files now. None: the same as before, or nothing that can be used. Called by gRPC's threads."""
        found = self._look()
        if found == self._stamps:
            return None
        self._stamps = found
        try:
            configuration = self.read()
        except BadOption as error:
            logs.event(_log, logging.ERROR, "certificate_not_renewed", why=str(error))
            return None
        logs.event(_log, logging.INFO, "certificate_renewed", file=str(self._cert))
        return configuration

    def _look(self) -> tuple[tuple[int, ...], ...]:
        return tuple(stamp(path) for path in (self._cert, self._key, self._authority))


def _check(cert: Path, key: Path, authority: Path | None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, password=_no_password)
    except (ssl.SSLError, ValueError, OSError) as error:
        raise BadOption("--tls-cert", f"{cert} and {key} are no certificate with its unencrypted key") from error
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except (ssl.SSLError, OSError) as error:
            raise BadOption("--tls-client-ca", f"{authority}: it has no certificate in PEM form") from error


def _no_password() -> str:
    raise ValueError("the key is encrypted")
