"""Servers of our own, and the clients that call them: ours, and the specification's."""

import json
import os
import select
import signal
import subprocess
import sys
import time

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from pybridge_worker.v1 import pybridge_pb2 as pb
from worker_hosts import SECONDS


class Told:
    """A pipe in the file system that the called code writes to, so that a test need not poll."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = str(path)
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def wait(self):
        ready, _, _ = select.select([self._reader], [], [], SECONDS)
        assert ready, f"nobody wrote to {self.path}"

    def close(self):
        os.close(self._reader)


class Server:
    """A `pybridge-worker serve` of our own, with what it wrote."""

    host_arguments = ()
    """Where its processes are: the tests' Ray cluster, when there is one."""

    def __init__(self, arguments, folder, **options):
        self.log = folder / "log"
        python, program = options.get("python", sys.executable), options.get("program", ("-m", "pybridge_worker"))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [python, *map(str, (*program, "serve", *arguments, *self.host_arguments))],
                stdin=options.get("stdin", subprocess.DEVNULL),
                stdout=subprocess.PIPE,
                stderr=options.get("stderr", log),
                cwd=folder,
                text=True,
                preexec_fn=options.get("preexec_fn"),  # noqa: PLW1509 - the tests have no threads then
            )
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
        self.line = self.process.stdout.readline() if ready else ""
        self.address = self.line.removeprefix("PYBRIDGE READY 1 ").strip()

    def logged(self, text, meanwhile):
        """Wait until the log has a text: what is printed takes a moment to get there. Gives the log's lines."""
        latest = time.monotonic() + SECONDS
        while text not in (log := self.log.read_text()):
            assert time.monotonic() < latest, log
            meanwhile()
        return log.splitlines()

    def stop(self, number=signal.SIGTERM):
        """Ask it to stop; gives its exit code and what else it wrote on stdout."""
        self.process.send_signal(number)  # nothing, if it has been waited for
        try:
            rest, _ = self.process.communicate(timeout=SECONDS)
        finally:
            self.process.kill()
        return self.process.returncode, rest


class Session:
    """JSON calls in one session."""

    def __init__(self, stub, name):
        self.stub, self.name = stub, name

    def request(self, tool, parameters, **fields):
        encoded = {name: json.dumps(value).encode() for name, value in parameters.items()}
        return pb.ExecuteToolRequest(session_id=self.name, tool_name=tool, parameters=encoded, **fields)

    def raw(self, tool, fields=None, timeout=SECONDS, /, **parameters):
        return self.stub.ExecuteTool(self.request(tool, parameters, **fields or {}), timeout=timeout)

    def call(self, tool, /, **parameters):
        response = self.raw(tool, **parameters)
        assert response.success, response.error
        return json.loads(response.result)

    def error(self, tool, /, **parameters):
        response = self.raw(tool, **parameters)
        assert not response.success
        return response

    def refused(self, tool, /, **parameters):
        """The status, the reason and the message of a refused call."""
        with pytest.raises(grpc.RpcError) as caught:
            self.raw(tool, **parameters)
        return refusal(caught.value)

    def raw_refused(self, tool, fields, /, **parameters):
        """As `refused`, with further fields of the request."""
        with pytest.raises(grpc.RpcError) as caught:
            self.raw(tool, fields, **parameters)
        return refusal(caught.value)

    def stream(self, tool, fields=None, timeout=SECONDS, /, **parameters):
        return self.stub.ExecuteToolStreaming(self.request(tool, parameters, **fields or {}), timeout=timeout)


def refusal(error):
    trailers = dict(error.trailing_metadata() or ())
    return error.code().name, trailers.get("pybridge-reason"), error.details()


class SpecificationClient:
    """Messages and calls made by protoc from the specification's own text, knowing nothing of ours."""

    def __init__(self, descriptors):
        pool = descriptor_pool.DescriptorPool()
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes())
        self._classes = message_factory.GetMessages(list(files.file), pool)
        self._service = pool.FindServiceByName("pybridge.v1.PyBridgeService")

    def message(self, name, **fields):
        return self._classes[f"pybridge.v1.{name}"](**fields)

    def call(self, channel, name, request):
        method = self._service.methods_by_name[name]
        answer = self._classes[method.output_type.full_name]
        make = channel.unary_stream if name.endswith("Streaming") else channel.unary_unary
        rpc = make(
            f"/{self._service.full_name}/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        return rpc(request, timeout=SECONDS)
