"""From the path of a method to what answers it. Stands where interceptors would, which wrap a handler anew for each call."""

from collections.abc import Mapping, Sequence
from typing import Any

import grpc

from pybridge_worker.front.status import answering
from pybridge_worker.front.tokens import TokenGate


class Dispatch(grpc.GenericRpcHandler):
    """All that a server answers: our own methods, looked up in a dictionary, and other services behind the same gate."""

    def __init__(
        self, methods: Mapping[str, Any], others: Sequence[grpc.GenericRpcHandler], gate: TokenGate | None
    ) -> None:
        """Take our methods by their paths; without a gate, everyone is answered."""
        self._methods = {method: answering(method, handler) for method, handler in methods.items()}
        self._others = others
        self._gate = gate

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Give what answers a call; None: there is no such method."""
        method = handler_call_details.method
        if self._gate is not None and not self._gate.lets(method, handler_call_details.invocation_metadata):
            return self._gate.refusal
        handler = self._methods.get(method)
        return handler if handler is not None else self._other(method, handler_call_details)

    def _other(self, method: str, details: grpc.HandlerCallDetails) -> Any:
        for one in self._others:
            handler = one.service(details)
            if handler is not None:
                return answering(method, handler)
        return None
