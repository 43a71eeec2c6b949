"""The one place where an exception becomes a gRPC status."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from grpc import aio

from pybridge_worker import logs
from pybridge_worker.errors import Code, Refused
from pybridge_worker.v1 import status_pb2

REASON_KEY = "pybridge-reason"
DETAILS_KEY = "grpc-status-details-bin"
_MAX_MESSAGE = 1000
_MAX_FIELD = 200
_log = logging.getLogger(__name__)


def answering(method: str, handler: Any) -> Any:
    """A method's handler that answers a `Refused` with its status, reason and message, anything else with INTERNAL; logs both."""
    if handler.unary_unary is not None:
        return handler._replace(unary_unary=_unary(method, handler.unary_unary))
    if handler.stream_unary is not None:
        return handler._replace(stream_unary=_unary(method, handler.stream_unary))
    if handler.unary_stream is not None:
        return handler._replace(unary_stream=_stream(method, handler.unary_stream))
    return handler


def _unary(method: str, behaviour: Callable[[Any, Any], Awaitable[Any]]) -> Callable[[Any, Any], Awaitable[Any]]:
    async def answer(request: Any, context: aio.ServicerContext[Any, Any]) -> Any:
        try:
            return await behaviour(request, context)
        except Exception as error:  # noqa: BLE001 - the outer edge of the server
            await _abort(method, request, context, error)

    return answer


def _stream(
    method: str, behaviour: Callable[[Any, Any], AsyncGenerator[Any, None]]
) -> Callable[[Any, Any], AsyncIterator[Any]]:
    async def answer(request: Any, context: aio.ServicerContext[Any, Any]) -> AsyncIterator[Any]:
        try:
            async with aclosing(behaviour(request, context)) as messages:
                async for message in messages:
                    yield message
        except Exception as error:  # noqa: BLE001 - the outer edge of the server
            await _abort(method, request, context, error)

    return answer


async def _abort(method: str, request: Any, context: aio.ServicerContext[Any, Any], error: Exception) -> None:
    if isinstance(error, aio.AbortError):
        raise error
    if not isinstance(error, Refused):
        _log.error("unexpected error in the server", exc_info=error)
        error = Refused(Code.INTERNAL, "INTERNAL", f"unexpected {type(error).__name__} in the server; see its log")
    _tell(method, request, error)
    message = error.message if len(error.message) <= _MAX_MESSAGE else f"{error.message[:_MAX_MESSAGE]}..."
    status = grpc.StatusCode[error.code.name]
    trailers = ((REASON_KEY, error.reason), (DETAILS_KEY, _details(status, message, error)))
    await context.abort(status, message, trailers)


def _tell(method: str, request: Any, error: Refused) -> None:
    """Log a refusal by its ids: the message may have a value in it, and stays out."""
    logs.event(
        _log,
        logging.INFO,
        "call_refused",
        method=method.rpartition("/")[2],
        code=error.code.value,
        reason=error.reason,
        tool=getattr(request, "tool_name", None) or None,
        session=getattr(request, "session_id", None) or None,
        call_id=getattr(request, "call_id", None) or None,
    )


def _details(status: grpc.StatusCode, message: str, error: Refused) -> bytes:
    """The trailer as google.rpc defines it: ErrorInfo always, the others where they say something."""
    code: int = status.value[0]
    rpc_status = status_pb2.RpcStatus(code=code, message=message)
    details: list[Message] = [status_pb2.RpcErrorInfo(reason=error.reason, domain="pybridge")]
    if error.field:
        field, why = error.field[:_MAX_FIELD], message.removeprefix(f"{error.field}: ")
        violation = status_pb2.RpcBadRequest.FieldViolation(field=field, description=why, reason=error.reason)
        details.append(status_pb2.RpcBadRequest(field_violations=[violation]))
    if error.limit:
        quota = status_pb2.RpcQuotaFailure.Violation(subject="server", description=message, quota_value=error.limit)
        details.append(status_pb2.RpcQuotaFailure(violations=[quota]))
    if error.retry_seconds:
        delay = Duration()
        delay.FromMilliseconds(int(error.retry_seconds * 1000))
        details.append(status_pb2.RpcRetryInfo(retry_delay=delay))
    for detail in details:
        name = type(detail).__name__.removeprefix("Rpc")
        rpc_status.details.append(
            AnyMessage(type_url=f"type.googleapis.com/google.rpc.{name}", value=detail.SerializeToString())
        )
    return rpc_status.SerializeToString()
