"""Worker processes without a server: started, asked in frames, and looked at from outside."""

import asyncio
import contextlib
import json
from pathlib import Path

from pybridge_worker.bundle import FunctionEntry, Surface
from pybridge_worker.frames import Call, Keywords, Step, Wish
from pybridge_worker.hosts.local import LocalProcesses
from pybridge_worker.settings import Settings
from pybridge_worker.tools import CallFunction
from worker_clients import SECONDS

ZYGOTE, WORKER = "pybridge:zygote", "pybridge:worker"


class Processes:
    """The processes of one server that is not there, and what they are asked."""

    def __init__(self, folder, **settings):
        self.folder = folder
        given = {"bundle": folder / "none", "python_path": (str(folder),), "allow_write": (str(folder),), **settings}
        self.settings = Settings(**given)
        self.local = LocalProcesses(self.settings, Surface())
        self._epoch = 0
        self.started = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await asyncio.gather(*(one.close() for one in self.started))
        await self.local.close()

    async def start(self, modules=()):
        self._epoch += 1
        process = await asyncio.wait_for(self.local.start(epoch=self._epoch, modules=modules), SECONDS)
        self.started.append(process)
        return process

    @staticmethod
    async def call(process, symbol, **parameters):
        """What a function of a module returned in a process, or what was said instead."""
        answer = asyncio.get_running_loop().create_future()
        arguments = Keywords("json", {name: json.dumps(value).encode() for name, value in parameters.items()})
        step = Step(operation=CallFunction(symbol, FunctionEntry()), arguments=arguments, wish=Wish())
        number = process.ask(Call(session="", step=step), lambda told, _: answer.set_result(told), answer.set_exception)
        told = await asyncio.wait_for(answer, SECONDS)
        process.forget(number)
        return json.loads(told.data) if hasattr(told, "data") else told


def children(pid, comm=None):
    """The processes whose parent this is, by the name that `ps` shows."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has ended meanwhile
            numbers = (task / "children").read_text().split()
            found += [int(child) for child in numbers if comm in (None, _name(child))]
    return found


def _name(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def forked(pid):
    """Whether a worker was forked from a zygote: it has its command line."""
    return b"child.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes()
