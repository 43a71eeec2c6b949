"""RPyC."""

from clients.values import SMALL
from rpyc.utils.factory import unix_connect


class Netref:
    def __init__(self, address: str) -> None:
        self._connection = unix_connect(address.removeprefix("unix:"), config={"allow_public_attrs": True})

    def echo(self) -> int:
        dict(self._connection.root.echo(SMALL))
        return 1

    def close(self) -> None:
        self._connection.close()
