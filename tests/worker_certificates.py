"""Certificates of authorities that the tests make up."""

import grpc
import trustme


class Certificates:
    """An authority, with a certificate for the server and one for a client, as files."""

    def __init__(self, folder, name):
        folder.mkdir()
        self.authority = trustme.CA()
        self.ca = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.ca))
        self.server = self._issue(folder, "server", "127.0.0.1")
        self.client = self._issue(folder, "client", name)

    def _issue(self, folder, kind, name):
        issued = self.authority.issue_cert(name)
        cert, key = folder / f"{kind}.pem", folder / f"{kind}.key"
        issued.cert_chain_pems[0].write_to_path(str(cert))
        key.touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(key))
        return cert, key

    def serving(self):
        return ("--tls-cert", self.server[0], "--tls-key", self.server[1])

    def credentials(self, client=None):
        key, chain = (None, None) if client is None else (client[1].read_bytes(), client[0].read_bytes())
        return grpc.ssl_channel_credentials(self.ca.read_bytes(), key, chain)
