"""The objects a child holds for its sessions."""

import types

from pybridge_worker.child.installed import Installed
from pybridge_worker.errors import InvalidArgument, LimitReached, ObjectLost, ObjectNotFound
from pybridge_worker.frames import Held, Reference

NEVER_HELD = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType)
"""What leads from an object to the whole interpreter; no client ever gets hold of one."""


class _Table:
    def __init__(self) -> None:
        self.objects: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        """id() of a held object to its number: one object has one reference, however often it is returned."""


class References:
    """Object tables by session. Numbers are never used twice in the life of the process."""

    def __init__(self, installed: Installed, *, epoch: int, max_objects: int) -> None:
        self._installed = installed
        self._epoch = epoch
        self._max_objects = max_objects
        self.last = 0
        """The newest number."""
        self._tables: dict[str, _Table] = {}

    def keep(self, session: str, value: object) -> Reference:
        """Hold an object and say how it is referred to.

        Raises:
            LimitReached: the session holds as many objects as it may.
        """
        table = self._tables.setdefault(session, _Table())
        number = table.numbers.get(id(value))
        if number is None:
            if len(table.objects) >= self._max_objects:
                raise LimitReached("the session holds too many objects; release some", self._max_objects)
            self.last = number = self.last + 1
            table.objects[number] = value
            table.numbers[id(value)] = number
        return Reference(session, number, self._epoch, self._installed.type_path(value))

    def find(self, session: str, held: Held) -> object:
        """Give the object that a client refers to.

        Raises:
            InvalidArgument: the reference belongs to another session, or the call to none.
            ObjectLost: it is of an earlier process.
            ObjectNotFound: it is not held.
        """
        if not session:
            raise InvalidArgument("session_id", "a reference needs the session it belongs to", reason="NO_SESSION")
        if held.session != session:
            raise InvalidArgument("reference", "it belongs to another session", reason="OBJECT_FOREIGN")
        if held.epoch not in (0, self._epoch):
            if held.epoch < self._epoch:
                raise ObjectLost(held.object_id, held.epoch, self._epoch)
            raise ObjectNotFound(held.object_id)
        table = self._tables.get(session)
        if table is None or held.object_id not in table.objects:
            raise ObjectNotFound(held.object_id)
        return table.objects[held.object_id]

    def release(self, session: str, numbers: tuple[int, ...]) -> int:
        """Forget objects; says how many there were. Unknown numbers are no error."""
        table = self._tables.get(session)
        if table is None:
            return 0
        count = 0
        for number in numbers:
            if number in table.objects:
                value = table.objects.pop(number)
                del table.numbers[id(value)]
                count += 1
        return count

    def release_held(self, session: str, held: tuple[tuple[int, int], ...]) -> int:
        """Forget objects by number and epoch; says how many. Those of an earlier process are gone, and no error."""
        return self.release(session, tuple(number for number, epoch in held if epoch in (0, self._epoch)))

    def release_since(self, session: str, mark: int) -> None:
        """Forget what was held after `last` was `mark`: the answer that would have told the client is not sent."""
        self.release(session, tuple(range(mark + 1, self.last + 1)))

    def close(self, session: str) -> int:
        """Forget all objects of a session; says how many there were."""
        table = self._tables.pop(session, None)
        return len(table.objects) if table else 0

    def count(self, session: str) -> int:
        """How many objects a session holds."""
        table = self._tables.get(session)
        return len(table.objects) if table else 0
