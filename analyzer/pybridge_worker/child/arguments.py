"""The arguments of a step: decoded, and with the object it is called on apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from pybridge_worker.child.installed import Installed
from pybridge_worker.child.references import References
from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import MSGPACK, Buffer, EarlierResult, Held, Keywords, Step
from pybridge_worker.tools import SetNamed, UseMember, UseNamed
from pybridge_worker.values import as_json, as_msgpack, tables
from pybridge_worker.values.trees import Unreadable

_TEXT = frozenset((str,))
POSITIONAL = "*"
"""The name of a parameter that holds a list of positional arguments."""


class Scope:
    """What the arguments of one call may refer to: the session's objects, and earlier results of a batch."""

    def __init__(self, references: References, session: str, results: Sequence[object] = ()) -> None:
        self._references = references
        self._session = session
        self._results = results

    def find(self, held: Held) -> object:
        """Give a held object of the session."""
        return self._references.find(self._session, held)

    def earlier(self, index: int) -> object:
        """Give the result of an earlier operation.

        Raises:
            InvalidArgument: there is none of that index, or it failed.
        """
        if not 0 <= index < len(self._results) or isinstance(self._results[index], Failed):
            raise InvalidArgument("result_of", f"no operation {index} has a result before this one")
        return self._results[index]


class Failed:
    """Stands in the list of results for an operation that has none."""


class Arguments:
    """Decoded arguments. `target` is the object a member is used on; `has_target` tells None from absent."""

    def __init__(self, step: Step, installed: Installed, scope: Scope, buffers: Sequence[Buffer] = ()) -> None:
        self.positional: Sequence[Any] = ()
        self.keywords: dict[str, Any] = {}
        self.has_target = False
        self.target: object = None
        sent = step.arguments
        if isinstance(sent, Keywords):
            self._read_keywords(sent.format, sent.values, installed, scope)
        elif sent.is_apart:
            self._read_tree(sent.format, buffers[0], installed, scope, buffers[1:])
        else:
            self._read_tree(sent.format, sent.data, installed, scope, buffers)
        match step.target:
            case None:
                if "self" in self.keywords:
                    self._take_self(step)
            case Held() as held:
                self.has_target, self.target = True, scope.find(held)
            case EarlierResult(index=index):
                self.has_target, self.target = True, scope.earlier(index)

    def refuse_any(self, what: str) -> None:
        """Refuse arguments where none can be taken.

        Raises:
            InvalidArgument: there are some.
        """
        if self.positional or self.keywords:
            name = next(iter(self.keywords), POSITIONAL)
            raise InvalidArgument(f'parameters["{name[:80]}"]', f"{what} is read, it takes no arguments")

    def make_tables(self, by_name: Mapping[str, str], by_position: Mapping[int, str]) -> None:
        """Make what came as a bare table into the kind that is declared in its place."""
        for name, kind in by_name.items():
            if name in self.keywords and tables.is_bare(self.keywords[name]):
                self.keywords[name] = tables.as_kind(self.keywords[name], kind)
        if self.positional:
            self.positional = [
                tables.as_kind(one, by_position[index]) if index in by_position and tables.is_bare(one) else one
                for index, one in enumerate(self.positional)
            ]

    def _read_keywords(self, form: str, values: Mapping[str, bytes], installed: Installed, scope: Scope) -> None:
        for name, data in values.items():
            field = f'parameters["{name[:80]}"]'
            value = _read(field, form, data, installed, scope)
            if name != POSITIONAL:
                self.keywords[name] = value
            elif isinstance(value, (list, tuple)):
                self.positional = value
            else:
                raise InvalidArgument(field, "positional arguments are a list")

    def _read_tree(
        self, form: str, data: Buffer, installed: Installed, scope: Scope, buffers: Sequence[Buffer]
    ) -> None:
        if not data:
            return
        value = _read("arguments", form, data, installed, scope, buffers)
        if isinstance(value, (list, tuple)) and len(value) == 2:
            positional, keywords = value
            if (
                isinstance(positional, (list, tuple))
                and isinstance(keywords, dict)
                and _TEXT.issuperset(map(type, keywords))
            ):
                self.positional, self.keywords = positional, keywords
                return
        raise InvalidArgument("arguments", "it is not [positional arguments, keyword arguments]")

    def _take_self(self, step: Step) -> None:
        """A client without `target` names the object `self`; only members of objects take it away."""
        match step.operation:
            case UseMember(entry=entry) if entry.kind in {"classmethod", "staticmethod"}:
                return
            case UseMember() | UseNamed() | SetNamed():
                self.has_target, self.target = True, self.keywords.pop("self")
            case _:
                return


def _read(
    field: str, form: str, data: Buffer, installed: Installed, scope: Scope, buffers: Sequence[Buffer] = ()
) -> object:
    codec = as_msgpack if form == MSGPACK else as_json
    try:
        return codec.read(data, installed, scope, buffers)
    except Unreadable as error:
        raise InvalidArgument(field, str(error)) from error
    except InvalidArgument as error:
        raise InvalidArgument(field, error.why, reason=error.reason) from error
