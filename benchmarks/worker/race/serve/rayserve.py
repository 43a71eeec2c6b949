"""Ray Serve behind its gRPC proxy: bytes in, the same bytes out.

python rayserve.py ADDRESS (it is not used: the proxy listens on a port of its own)
"""

import os
import signal
import sys

import grpc
import ray
from google.protobuf.wrappers_pb2 import BytesValue
from ray import serve

PORT = 28_433


def add_echo_to_server(servicer: object, server: object) -> None:
    """Tell the proxy which method there is, as the generated code of a service would."""
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(
            servicer.Echo,  # type: ignore[attr-defined]
            request_deserializer=BytesValue.FromString,
            response_serializer=BytesValue.SerializeToString,
        )
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("race.Ray", handlers),))  # type: ignore[attr-defined]


@serve.deployment(num_replicas=1, ray_actor_options={"num_cpus": 0})
class Replica:
    def Echo(self, request: BytesValue) -> BytesValue:  # noqa: N802 - gRPC's name
        return request


if __name__ == "__main__":
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", logging_level="ERROR")
    options = {"port": PORT, "grpc_servicer_functions": ["rayserve.add_echo_to_server"]}
    serve.start(http_options={"host": "127.0.0.1"}, grpc_options=options)
    serve.run(Replica.bind(), name="race")
    print(f"READY 127.0.0.1:{PORT}", flush=True)
    signal.sigwait({signal.SIGTERM})
    sys.exit(0)
