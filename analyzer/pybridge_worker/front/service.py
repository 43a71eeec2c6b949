# ruff: noqa: ARG002, N802 - the names and arguments of a handler are gRPC's
"""The RPCs of `pybridge.v1.PyBridgeService`. Handlers raise; `status` answers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from grpc import aio

from pybridge_worker.bundle import Bundle, surface
from pybridge_worker.errors import Code, InvalidArgument, NotServed, Refused
from pybridge_worker.frames import JSON, Answer, Batch, BatchAnswer, Buffer, Call, Chunk, Fault, Keywords, Step, Wish
from pybridge_worker.front import (
    batch_tool,
    batches,
    by_hand,
    describe,
    raw,
    requests,
    responses,
    server_info,
    transfers,
)
from pybridge_worker.front.repeats import Detached, Repeats, is_detached
from pybridge_worker.hosts.calls import Calls
from pybridge_worker.hosts.running import RunningCall
from pybridge_worker.hosts.sessions import Sessions, processes_for
from pybridge_worker.settings import Settings
from pybridge_worker.tools import ImportModules, Tools
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc

Context = aio.ServicerContext[Any, Any]
FEATURES = ("batch", "batch_execute", "cancel", "idempotency", "prefetch", "sessions", "streaming", "transfers")


class Service(pybridge_pb2_grpc.PyBridgeServiceServicer):
    """Answers for one bundle."""

    def __init__(self, settings: Settings, bundle: Bundle) -> None:
        self._settings = settings
        self._bundle = bundle
        self._tools = Tools(bundle)
        self._descriptions = describe.Descriptions(bundle)
        self.sessions = Sessions(settings, processes_for(settings, surface(bundle)))
        self.calls = Calls(self.sessions, settings.max_concurrent_calls)
        self.transfers = transfers.Transfers(settings)
        self.sessions.on_closed.append(self.transfers.close_session)
        self._repeats = Repeats()
        self.sessions.on_closed.append(self._repeats.close_session)
        self._info = server_info.ServerInfo(settings, bundle, self.sessions, FEATURES)

    async def DescribeLibrary(self, request: pb.DescribeLibraryRequest, context: Context) -> pb.DescribeLibraryResponse:
        """Describe a library, or some of its modules."""
        return await self._descriptions.describe(request)

    async def DescribeLibraryStreaming(
        self, request: pb.DescribeLibraryStreamingRequest, context: Context
    ) -> AsyncIterator[pb.DescribeLibraryStreamingResponse]:
        """Describe a library in parts."""
        whole = await self._descriptions.describe(request.library)
        for part in describe.parts(whole, request.max_part_bytes):
            yield pb.DescribeLibraryStreamingResponse(part=part)

    async def ExecuteTool(  # type: ignore[override] # `raw` reads and writes the messages
        self, received: raw.Request, context: Context
    ) -> pb.ExecuteToolResponse | raw.Response | raw.Written:
        """Run one tool to its end."""
        request = received.message
        if request.idempotency_key and not is_detached(context):
            return await self._once(received, context)
        if request.tool_name == batch_tool.NAME:
            read = batch_tool.read(request, self._tools)
            answer, _ = await self._batch(request.call_id, read, request, context)
            return batch_tool.write(answer)
        buffers, is_apart = self.transfers.sent(
            "arguments", request.arguments, request.session_id, received.buffers, is_apart=received.is_apart
        )
        step = self._step(request, len(buffers), is_apart=is_apart)
        call = self._begin(request.call_id, Call(session=request.session_id, step=step), context, buffers)
        if step.wish.stores:
            return await self._stored(call, request, context)
        end = await self.calls.result(call, _seconds(request, context))
        as_payload = request.HasField("arguments")
        if isinstance(end, Answer) and by_hand.is_usual(end) and not is_detached(context):
            written = by_hand.value(end, call.call_id, call.queue_seconds, as_payload=as_payload)
            return raw.Written(written, pb.ExecuteToolResponse)
        return _response(end, call, as_payload=as_payload)

    async def ExecuteToolStreaming(  # type: ignore[override] # `raw` writes the messages
        self, request: pb.ExecuteToolRequest, context: Context
    ) -> AsyncIterator[pb.ExecuteToolChunk | raw.Written]:
        """Run one tool and send what it yields."""
        if request.idempotency_key:
            raise NotServed("idempotency_key of a stream", "call ExecuteTool, or let the tool itself be safe to repeat")
        stream = requests.stream_wish(request.stream_options)
        as_items = stream.items_per_chunk > 1
        sent, is_apart = self.transfers.sent(
            "arguments", request.arguments, request.session_id, request.arguments.buffers
        )
        step = requests.streamed(self._step(request, len(sent), is_apart=is_apart), as_items=as_items)
        form = step.wish.format
        begun = Call(session=request.session_id, step=step, stream=stream)
        call = self._begin(request.call_id, begun, context, sent)
        sequence = 0
        async for message, buffers in self.calls.stream(call, _seconds(request, context)):
            match message:
                case Chunk():
                    if buffers or not by_hand.writes(form):
                        yield responses.chunk(call, sequence, form, message, as_items=as_items, buffers=buffers)
                    else:
                        name = responses.chunk_id(call, sequence)
                        written = by_hand.chunk(name, sequence, form, message.items, as_items=as_items)
                        yield raw.Written(written, pb.ExecuteToolChunk)
                    sequence += 1
                case Answer() | Fault():
                    yield responses.last_chunk(call, sequence, message, buffers)

    async def ExecuteBatch(  # type: ignore[override] # the answer is written already
        self, request: pb.ExecuteBatchRequest, context: Context
    ) -> bytes:
        """Run operations one after another; one answer for each that ran."""
        batch, buffers = batches.read(request, self._tools, self.transfers)
        answer, answered = await self._batch(request.call_id, batch, None, context, buffers)
        return batches.write(answer, answered)

    async def CancelCall(self, request: pb.CancelCallRequest, context: Context) -> pb.CancelCallResponse:
        """Stop a call by its id."""
        stopped = await self.calls.cancel(request.call_id, force=request.force)
        return pb.CancelCallResponse(outcome=pb.CancelOutcome.Value(f"CANCEL_OUTCOME_{stopped.name}"))

    async def OpenSession(self, request: pb.OpenSessionRequest, context: Context) -> pb.OpenSessionResponse:
        """Open a session, on the host of its affinity key or in a process of its own, when there is room before the deadline."""
        modules = self._modules(request.preload_modules)
        session = await self.sessions.open_in_time(
            context.time_remaining() or 0.0,
            request.session_id,
            affinity_key=request.affinity_key,
            ttl_seconds=requests.seconds("idle_ttl", request.idle_ttl) if request.HasField("idle_ttl") else None,
            has_own_process=request.isolation == pb.ISOLATION_PROCESS,
            memory_bytes=requests.memory_limit(request),
        )
        if modules:
            await self._import(session.name, modules)
        return pb.OpenSessionResponse(session=server_info.session_message(session))

    async def KeepSessionAlive(
        self, request: pb.KeepSessionAliveRequest, context: Context
    ) -> pb.KeepSessionAliveResponse:
        """Start a session's idle time anew."""
        session = self.sessions.get(request.session_id)
        session.touch()
        return pb.KeepSessionAliveResponse(session=server_info.session_message(session))

    async def GetSession(self, request: pb.GetSessionRequest, context: Context) -> pb.GetSessionResponse:
        """Tell about a session, without touching it."""
        return pb.GetSessionResponse(session=server_info.session_message(self.sessions.get(request.session_id)))

    async def CloseSession(self, request: pb.CloseSessionRequest, context: Context) -> pb.CloseSessionResponse:
        """Close a session; one that is not open has nothing to release."""
        try:
            session = self.sessions.get(request.session_id)
        except Refused:
            return pb.CloseSessionResponse()
        closing = asyncio.ensure_future(self.sessions.close(session, cancel_running=request.cancel_running))
        return pb.CloseSessionResponse(objects_released=await asyncio.shield(closing))

    async def ReleaseObjects(self, request: pb.ReleaseObjectsRequest, context: Context) -> pb.ReleaseObjectsResponse:
        """Forget objects; those already gone are no error."""
        by_session: dict[str, list[int]] = {}
        for index, reference in enumerate(request.object_refs):
            held = requests.held(f"object_refs[{index}]", reference)
            try:
                session = self.sessions.get(held.session)
            except Refused:
                continue
            if held.epoch in (0, session.host.epoch):
                by_session.setdefault(held.session, []).append(held.object_id)
        released = 0
        for name, numbers in by_session.items():
            session = self.sessions.get(name)
            answer = await session.host.release(name, tuple(numbers))
            session.note_objects(answer.object_count)
            released += answer.released
        return pb.ReleaseObjectsResponse(released=released)

    async def PrefetchModules(self, request: pb.PrefetchModulesRequest, context: Context) -> pb.PrefetchModulesResponse:
        """Import modules ahead of need: in a session's process, or in every shared one from now on."""
        modules = self._modules(request.module_paths)
        if request.session_id:
            await self._import(request.session_id, modules)
        else:
            await self.sessions.preload(modules)
            await asyncio.gather(*(self._import("", modules, host=index) for index in range(self._settings.workers)))
        return pb.PrefetchModulesResponse()

    async def GetServerInfo(self, request: pb.GetServerInfoRequest, context: Context) -> pb.GetServerInfoResponse:
        """Tell what this server is and can."""
        return self._info.answer(request)

    async def UploadPayload(
        self, request_iterator: AsyncIterator[pb.UploadPayloadRequest], context: Context
    ) -> pb.UploadPayloadResponse:
        """Keep a payload for calls to use."""
        first, contents = await transfers.contents(request_iterator)
        if first.session_id:
            self.sessions.get_or_open(first.session_id).touch()
        done = await self.transfers.upload(first.session_id, contents)
        return pb.UploadPayloadResponse(upload_id=done.upload_id, size_bytes=done.size, sha256=done.sha256)

    async def DownloadPayload(
        self, request: pb.DownloadPayloadRequest, context: Context
    ) -> AsyncIterator[pb.DownloadPayloadResponse]:
        """Send what is kept, in chunks."""
        async for chunk in self.transfers.download(request.upload_id, request.offset):
            yield pb.DownloadPayloadResponse(data=chunk)

    async def _stored(
        self, call: RunningCall, request: pb.ExecuteToolRequest, context: Context
    ) -> pb.ExecuteToolResponse | raw.Response:
        """Wait for a call whose result is kept when it is large."""
        receiver = self.transfers.receiver(request.session_id)
        call.on_piece = receiver.take
        try:
            end = await self.calls.result(call, _seconds(request, context))
        except BaseException:
            receiver.drop()
            raise
        if not isinstance(end, Answer) or not end.is_stored:
            return _response(end, call, as_payload=True)
        response = responses.response(end, as_payload=True, call=call)
        responses.stored(response, *receiver.finish())
        return response

    async def _once(self, received: raw.Request, context: Context) -> pb.ExecuteToolResponse | raw.Response:
        if not received.session_id:
            raise InvalidArgument("idempotency_key", "it needs a session, which it is kept for", reason="NO_SESSION")
        self.sessions.get_or_open(received.session_id)
        detached: Any = Detached(context)

        async def run() -> pb.ExecuteToolResponse | raw.Response:
            answered = await self.ExecuteTool(received, detached)
            if isinstance(answered, raw.Written):
                raise TypeError("an answer that is kept was written")
            return answered

        return await self._repeats.once(received, run)

    def _begin(
        self, call_id: str, message: Call | Batch, context: Context, buffers: Sequence[Buffer] = ()
    ) -> RunningCall:
        call = self.calls.begin(call_id, message, buffers)
        if isinstance(message, Batch) or message.stream is None:
            return call  # gRPC cancels the handler when the client leaves, and with it the wait for the result

        # It drops the handler of a stream without closing it, so that does not learn of it.
        def done(_context: Context) -> None:
            self.calls.stop_soon(call)

        context.add_done_callback(done)  # type: ignore[arg-type] # the stubs ask for a class that does not exist
        return call

    def _step(self, request: pb.ExecuteToolRequest, buffers: int, *, is_apart: bool = False) -> Step:
        step = requests.step(request, self._tools, buffers, is_apart=is_apart)
        if not request.descriptor_hash:
            return step
        digest = self._tools.digest_of(request.tool_name)
        if digest is not None and request.descriptor_hash != bytes.fromhex(digest):
            message = f"the client was made from another descriptor than this server's {digest}; generate it anew"
            raise Refused(Code.FAILED_PRECONDITION, "DESCRIPTOR_CHANGED", message)
        return step

    async def _batch(
        self,
        call_id: str,
        batch: Batch,
        request: pb.ExecuteToolRequest | None,
        context: Context,
        buffers: Sequence[Buffer] = (),
    ) -> tuple[BatchAnswer, Sequence[Buffer]]:
        call = self._begin(call_id, batch, context, buffers)
        end = await self.calls.result(call, _seconds(request, context))
        if not isinstance(end, BatchAnswer):
            raise TypeError("a batch was answered as a call")
        return end, call.answered

    def _modules(self, modules: Any) -> tuple[str, ...]:
        for module in modules:
            if module not in self._tools.modules:
                raise InvalidArgument("module_paths", f"the bundle has no module {module[:200]!r}")
        return tuple(modules)

    async def _import(self, session: str, modules: tuple[str, ...], *, host: int | None = None) -> None:
        step = Step(operation=ImportModules(modules), arguments=Keywords(JSON, {}), wish=Wish())
        on = None if host is None else self.sessions.shared_hosts[host]
        end = await self.calls.result(self.calls.begin("", Call(session=session, step=step), host=on), None)
        if isinstance(end, Fault):
            raise Refused(Code.FAILED_PRECONDITION, "IMPORT_FAILED", f"the import raised {end.error}")


def _response(
    end: Answer | Fault | BatchAnswer, call: RunningCall, *, as_payload: bool
) -> pb.ExecuteToolResponse | raw.Response:
    if isinstance(end, BatchAnswer):
        raise TypeError("a call was answered as a batch")
    response = responses.response(end, as_payload=as_payload, call=call)
    if not call.answered:
        return response
    is_apart = isinstance(end, Answer) and end.is_apart
    return raw.Response(response, call.answered, as_payload=as_payload, is_apart=is_apart)


def _seconds(request: pb.ExecuteToolRequest | None, context: Context) -> float | None:
    """The earlier of the two deadlines, from now. None: there is none."""
    remaining: float | None = context.time_remaining()
    limits = [] if remaining is None else [remaining]
    if request is not None and request.timeout_ms > 0:
        limits.append(request.timeout_ms / 1000)
    return max(0.0, min(limits)) if limits else None
