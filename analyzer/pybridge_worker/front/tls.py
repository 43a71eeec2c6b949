"""TLS: certificates from files, checked before gRPC sees them, so that what is wrong is told in one line."""

import ssl
from pathlib import Path

import grpc
import msgspec

from pybridge_worker.errors import BadOption
from pybridge_worker.front.secret_files import read_public, read_secret
from pybridge_worker.settings import Settings


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
    private = read_secret("--tls-key", key)
    chain = read_public("--tls-cert", cert)
    trusted = None if authority is None else read_public("--tls-client-ca", authority)
    _check(cert, key, authority)
    credentials = grpc.ssl_server_credentials(
        [(private, chain)], root_certificates=trusted, require_client_auth=trusted is not None
    )
    return Tls(credentials, asks_for_certificates=trusted is not None)


def _check(cert: Path, key: Path, authority: Path | None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, password=_no_password)
    except (ssl.SSLError, ValueError) as error:
        raise BadOption("--tls-cert", f"{cert} and {key} are no certificate with its unencrypted key") from error
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except ssl.SSLError as error:
            raise BadOption("--tls-client-ca", f"{authority}: it has no certificate in PEM form") from error


def _no_password() -> str:
    raise ValueError("the key is encrypted")
