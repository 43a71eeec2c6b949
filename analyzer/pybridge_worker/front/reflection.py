"""The service grpc.reflection.v1.ServerReflection (and v1alpha): which services there are, and their descriptors."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc import aio

from pybridge_worker.v1.reflection_pb2 import (
    ReflectionError,
    ReflectionFiles,
    ReflectionRequest,
    ReflectionResponse,
    ReflectionService,
    ReflectionServices,
)

NAMES = ("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")


class Reflection:
    """Answers about services whose files are in protobuf's default pool; others are only listed."""

    def __init__(self, services: tuple[str, ...]) -> None:
        self._services = services
        self._pool = descriptor_pool.Default()

    def handlers(self) -> tuple[grpc.GenericRpcHandler, ...]:
        """The services for a gRPC server."""
        method = grpc.stream_stream_rpc_method_handler(
            self._answers, ReflectionRequest.FromString, ReflectionResponse.SerializeToString
        )
        return tuple(grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": method}) for name in NAMES)

    async def _answers(
        self, requests: AsyncIterator[ReflectionRequest], _context: aio.ServicerContext[Any, Any]
    ) -> AsyncIterator[ReflectionResponse]:
        async for request in requests:
            response = ReflectionResponse(valid_host=request.host, original_request=request)
            self._answer(request, response)
            yield response

    def _answer(self, request: ReflectionRequest, response: ReflectionResponse) -> None:
        try:
            match request.WhichOneof("message_request"):
                case "list_services":
                    services = [ReflectionService(name=name) for name in sorted(self._services)]
                    response.list_services_response.CopyFrom(ReflectionServices(service=services))
                case "file_by_filename":
                    response.file_descriptor_response.CopyFrom(
                        _files(self._pool.FindFileByName(request.file_by_filename))
                    )
                case "file_containing_symbol":
                    symbol = request.file_containing_symbol
                    response.file_descriptor_response.CopyFrom(_files(self._pool.FindFileContainingSymbol(symbol)))
                case "all_extension_numbers_of_type":
                    name = self._pool.FindMessageTypeByName(request.all_extension_numbers_of_type).full_name
                    response.all_extension_numbers_response.base_type_name = name
                case _:
                    _fail(response, grpc.StatusCode.NOT_FOUND, "there are no extensions")
        except KeyError:
            _fail(response, grpc.StatusCode.NOT_FOUND, "no such file, symbol or type")


def _fail(response: ReflectionResponse, status: grpc.StatusCode, message: str) -> None:
    code: int = status.value[0]
    response.error_response.CopyFrom(ReflectionError(error_code=code, error_message=message))


def _files(file: FileDescriptor) -> ReflectionFiles:
    """The file, and all that it needs."""
    return ReflectionFiles(file_descriptor_proto=[one.SerializeToString() for one in _needed(file, set())])


def _needed(file: FileDescriptor, seen: set[str]) -> Iterator[FileDescriptorProto]:
    if file.name in seen:
        return
    seen.add(file.name)
    proto = FileDescriptorProto()
    file.CopyToProto(proto)
    yield proto
    for one in file.dependencies:
        yield from _needed(one, seen)
