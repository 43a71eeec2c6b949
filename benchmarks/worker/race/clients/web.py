"""httpx."""

import httpx
from clients.values import SMALL


class Http:
    def __init__(self, address: str) -> None:
        transport = httpx.HTTPTransport(uds=address.removeprefix("unix:"))
        self._client = httpx.Client(transport=transport, base_url="http://race", timeout=60)

    def echo(self) -> int:
        self._client.post("/echo", json=SMALL).json()
        return 1

    def close(self) -> None:
        self._client.close()
