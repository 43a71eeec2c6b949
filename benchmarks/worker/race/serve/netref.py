"""RPyC on a unix socket, as its users write it first: a dictionary arrives as a reference and is read through it.

python netref.py ADDRESS
"""

import sys

import rpyc
from rpyc.utils.server import ThreadedServer


class Service(rpyc.Service):  # type: ignore[misc]
    def exposed_echo(self, value: dict[str, object]) -> dict[str, object]:
        return dict(value)


if __name__ == "__main__":
    address = sys.argv[1]
    server = ThreadedServer(
        Service, socket_path=address.removeprefix("unix:"), protocol_config={"allow_public_attrs": True}
    )
    print(f"READY {address}", flush=True)
    server.start()
