"""The one place where an exception becomes a gRPC status."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from grpc import aio

from pybridge_worker.errors import Code, Refused
from pybridge_worker.v1 import status_pb2

REASON_KEY = "pybridge-reason"
DETAILS_KEY = "grpc-status-details-bin"
_MAX_MESSAGE = 1000
_log = logging.getLogger(__name__)


class StatusInterceptor(aio.ServerInterceptor):
    """Answers a `Refused` with its status, reason and message, and anything else with INTERNAL, logged."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Wrap the handler of one RPC."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return handler
        if handler.unary_unary is not None:
            return handler._replace(unary_unary=_unary(handler.unary_unary))
        if handler.stream_unary is not None:
            return handler._replace(stream_unary=_unary(handler.stream_unary))
        if handler.unary_stream is not None:
            return handler._replace(unary_stream=_stream(handler.unary_stream))
        return handler


def _unary(behaviour: Callable[[Any, Any], Awaitable[Any]]) -> Callable[[Any, Any], Awaitable[Any]]:
    async def answer(request: Any, context: aio.ServicerContext[Any, Any]) -> Any:
        try:
            return await behaviour(request, context)
        except Exception as error:  # noqa: BLE001 - the outer edge of the server
            await _abort(context, error)

    return answer


def _stream(behaviour: Callable[[Any, Any], AsyncGenerator[Any, None]]) -> Callable[[Any, Any], AsyncIterator[Any]]:
    async def answer(request: Any, context: aio.ServicerContext[Any, Any]) -> AsyncIterator[Any]:
        try:
            async with aclosing(behaviour(request, context)) as messages:
                async for message in messages:
                    yield message
        except Exception as error:  # noqa: BLE001 - the outer edge of the server
            await _abort(context, error)

    return answer


async def _abort(context: aio.ServicerContext[Any, Any], error: Exception) -> None:
    if isinstance(error, aio.AbortError):
        raise error
    if not isinstance(error, Refused):
        _log.error("unexpected error in the server", exc_info=error)
        error = Refused(Code.INTERNAL, "INTERNAL", f"unexpected {type(error).__name__} in the server; see its log")
    message = error.message if len(error.message) <= _MAX_MESSAGE else f"{error.message[:_MAX_MESSAGE]}..."
    status = grpc.StatusCode[error.code.name]
    trailers = ((REASON_KEY, error.reason), (DETAILS_KEY, _details(status, message, error.reason)))
    await context.abort(status, message, trailers)


def _details(status: grpc.StatusCode, message: str, reason: str) -> bytes:
    info = status_pb2.RpcErrorInfo(reason=reason, domain="pybridge")
    detail = AnyMessage(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=info.SerializeToString())
    code: int = status.value[0]
    return status_pb2.RpcStatus(code=code, message=message, details=[detail]).SerializeToString()
