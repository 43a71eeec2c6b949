"""Stands in for Ray: its actors are objects of this process, whose methods run late and in no order, as Ray's do."""

import asyncio
import contextvars
import random

_HERE = contextvars.ContextVar("here")


class Gone(Exception):
    """What an answer of an actor that is gone raises."""


def here():
    """As `cluster.here`, for the actor whose method asks."""
    return _HERE.get()


class NearbyCluster:
    """A cluster of the nodes that are named; actors come to the one asked for, else to each in turn."""

    errors = (Gone, asyncio.TimeoutError)

    def __init__(self, seed, nodes=("a", "b")):
        self.actors = []
        self.is_full = False
        self._random = random.Random(seed)
        self._nodes = nodes

    def actor(self, of, argument, node=""):
        node = node or self._nodes[len(self.actors) % len(self._nodes)]
        self.actors.append(Actor(of(argument), node, self))
        return self.actors[-1]

    def put(self, data):
        return data

    def end(self, actor):
        actor.die()

    def close(self):
        for actor in self.actors:
            actor.die()

    async def late(self):
        """Wait for a moment; who waits is overtaken by others."""
        if self.is_full:
            await asyncio.Event().wait()
        for _ in range(self._random.randrange(6)):
            await asyncio.sleep(0)


class Actor:
    def __init__(self, instance, node, cluster):
        self.node, self.cluster = node, cluster
        self.is_dead = self.is_mute = False
        self.instance = instance
        self.died = asyncio.Event()
        self._pending = set()

    def __getattr__(self, name):
        return Method(self, getattr(self.instance, name))

    def die(self):
        self.is_dead = True
        self.died.set()
        for one in self._pending:
            one.cancel()

    async def run(self, work):
        """Run a method's coroutine, later, and give what it gives; raises `Gone` when the actor is, or dies meanwhile."""
        task = asyncio.ensure_future(work)
        self._pending.add(task)
        try:
            if self.is_dead:
                task.cancel()
            given = await task
            if self.is_mute:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self.is_dead:
                raise Gone from None
            raise
        finally:
            self._pending.discard(task)
        return given


class Method:
    def __init__(self, actor, function):
        self._actor, self._function = actor, function

    def remote(self, *arguments):
        return asyncio.ensure_future(self._actor.run(self._called(arguments)))

    async def _called(self, arguments):
        await self._actor.cluster.late()
        _HERE.set((self._actor.node, f"address-of-{self._actor.node}"))
        return await self._function(*arguments)
