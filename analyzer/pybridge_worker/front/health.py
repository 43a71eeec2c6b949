"""The service grpc.health.v1.Health: SERVING once the server can be called, NOT_SERVING from the start of a drain on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
from grpc import aio

from pybridge_worker import logs
from pybridge_worker.v1.health_pb2 import (
    HEALTH_STATUS_NOT_SERVING,
    HEALTH_STATUS_SERVICE_UNKNOWN,
    HEALTH_STATUS_SERVING,
    HealthCheckRequest,
    HealthCheckResponse,
    HealthListRequest,
    HealthListResponse,
    HealthStatus,
)

NAME = "grpc.health.v1.Health"
_FOLLOW_SECONDS = 1.0
_log = logging.getLogger(__name__)
_MAX_WATCHERS = 64
"""Anybody may watch; nobody may take all that the server has for it."""
_Context = aio.ServicerContext[Any, Any]


class Health:
    """The health of the server as a whole and of its services, which is one and the same."""

    def __init__(self, services: tuple[str, ...]) -> None:
        self._services = ("", *services)
        self._is_serving = False
        self._is_draining = False
        self._is_over = False
        self._watchers = 0
        self._changed = asyncio.Event()

    @property
    def status(self) -> "HealthStatus.ValueType":
        """What is told of every service that there is."""
        return HEALTH_STATUS_SERVING if self._is_serving else HEALTH_STATUS_NOT_SERVING

    def say(self, *, is_serving: bool) -> None:
        """Tell this from now on, to those who watch as well."""
        self._is_serving = is_serving
        self._wake()

    def drain(self) -> None:
        """Tell that the server stops, whatever comes."""
        self._is_draining = True
        self.say(is_serving=False)

    def end(self) -> None:
        """End every watch, as the server is about to end."""
        self._is_over = True
        self._wake()

    async def follow(self, is_able: Callable[[], bool]) -> None:
        """Tell every second anew whether calls can be taken at all, until the server stops."""
        while not self._is_draining:
            if (is_serving := is_able()) != self._is_serving:
                logs.event(_log, logging.WARNING, "health_changed", serving=is_serving)
                self.say(is_serving=is_serving)
            await asyncio.sleep(_FOLLOW_SECONDS)

    def handler(self) -> grpc.GenericRpcHandler:
        """The service for a gRPC server."""
        return grpc.method_handlers_generic_handler(
            NAME,
            {
                "Check": grpc.unary_unary_rpc_method_handler(
                    self._check, HealthCheckRequest.FromString, HealthCheckResponse.SerializeToString
                ),
                "List": grpc.unary_unary_rpc_method_handler(
                    self._list, HealthListRequest.FromString, HealthListResponse.SerializeToString
                ),
                "Watch": grpc.unary_stream_rpc_method_handler(
                    self._watch, HealthCheckRequest.FromString, HealthCheckResponse.SerializeToString
                ),
            },
        )

    async def _check(self, request: HealthCheckRequest, context: _Context) -> HealthCheckResponse:
        if request.service not in self._services:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
        return HealthCheckResponse(status=self.status)

    async def _list(self, _request: HealthListRequest, _context: _Context) -> HealthListResponse:
        response = HealthListResponse()
        for service in self._services:
            response.statuses[service].status = self.status
        return response

    async def _watch(self, request: HealthCheckRequest, context: _Context) -> AsyncIterator[HealthCheckResponse]:
        if self._watchers >= _MAX_WATCHERS:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many watch the health of this server")
        self._watchers += 1
        try:
            async for status in self._changes(is_known=request.service in self._services):
                yield HealthCheckResponse(status=status)
        finally:
            self._watchers -= 1

    async def _changes(self, *, is_known: bool) -> "AsyncIterator[HealthStatus.ValueType]":
        told = None
        while not self._is_over:
            changed = self._changed
            status = self.status if is_known else HEALTH_STATUS_SERVICE_UNKNOWN
            if status != told:
                told = status
                yield status
            await changed.wait()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
