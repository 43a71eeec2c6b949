"""DescribeLibrary from the bundle: nothing is introspected."""

import asyncio
from collections.abc import Iterable, Iterator, MutableMapping

import msgspec
from google.protobuf import json_format
from google.protobuf.message import Message

from pybridge_worker.bundle import Bundle, Library
from pybridge_worker.errors import Code, InvalidArgument, Refused
from pybridge_worker.settings import MEBIBYTE
from pybridge_worker.v1 import pybridge_pb2 as pb

_MAPS = ("classes", "functions", "modules", "attributes", "type_aliases")
_MAX_PART_BYTES = 4 * MEBIBYTE


class Descriptions:
    """The descriptions of a bundle's libraries, each decoded when it is first asked for."""

    def __init__(self, bundle: Bundle) -> None:
        self._libraries: dict[str, Library] = {}
        for library in bundle.libraries:
            self._libraries[library.library] = library
        for library in bundle.libraries:
            if library.distribution:
                self._libraries.setdefault(library.distribution, library)
        self._decoded: dict[str, pb.DescribeLibraryResponse] = {}

    async def describe(self, request: pb.DescribeLibraryRequest) -> pb.DescribeLibraryResponse:
        """Answer with a library, or with the modules of it that were asked for.

        `descriptor_hash` is always that of the whole library.

        Raises:
            Refused: no such library is served.
            InvalidArgument: the module is not of that library.
        """
        library = self._library(request)
        digest = bytes.fromhex(library.digest)
        if request.if_descriptor_hash == digest:
            return pb.DescribeLibraryResponse(descriptor_hash=digest, not_modified=True)
        whole = await self._whole(library)
        if not request.module_path and not request.submodules and not request.omit_docstrings:
            return whole
        answer = pb.DescribeLibraryResponse()
        answer.CopyFrom(whole)
        _keep_modules(answer, library, request)
        if request.omit_docstrings:
            _omit_docstrings(answer)
        return answer

    async def _whole(self, library: Library) -> pb.DescribeLibraryResponse:
        found = self._decoded.get(library.library)
        if found is None:
            found = await asyncio.to_thread(_decode, library)
            self._decoded[library.library] = found
        return found

    def _library(self, request: pb.DescribeLibraryRequest) -> Library:
        name = request.library_id or request.module_path.partition(".")[0]
        if not name:
            raise InvalidArgument("library_id", "it is empty")
        library = self._libraries.get(name)
        if library is None:
            raise Refused(Code.NOT_FOUND, "LIBRARY_NOT_FOUND", f"no library {name[:200]!r} is served")
        return library


def parts(whole: pb.DescribeLibraryResponse, max_bytes: int) -> Iterator[pb.DescribeLibraryResponse]:
    """Cut a description into parts that merge as protobuf messages do; the last has what is not in a map."""
    limit = min(max_bytes or MEBIBYTE, _MAX_PART_BYTES)
    part, size = pb.DescribeLibraryResponse(), 0
    for name in _MAPS:
        entries: MutableMapping[str, Message] = getattr(whole, name)
        for key in sorted(entries):
            needed = entries[key].ByteSize() + len(key) + 16
            if size and size + needed > limit:
                yield part
                part, size = pb.DescribeLibraryResponse(), 0
            getattr(part, name)[key].CopyFrom(entries[key])
            size += needed
    if size:
        yield part
    last = pb.DescribeLibraryResponse()
    for field, value in whole.ListFields():
        if field.name not in _MAPS:
            if isinstance(value, Message):
                getattr(last, field.name).CopyFrom(value)
            elif isinstance(value, (str, bytes, int, float)):
                setattr(last, field.name, value)
            else:
                getattr(last, field.name).extend(value)
    yield last


def _decode(library: Library) -> pb.DescribeLibraryResponse:
    words = msgspec.json.decode(library.description, type=dict[str, object])
    answer = json_format.ParseDict(words, pb.DescribeLibraryResponse(), ignore_unknown_fields=True)
    answer.descriptor_hash = bytes.fromhex(library.digest)
    answer.library_version = answer.library_version or library.version or ""
    return answer


def _keep_modules(answer: pb.DescribeLibraryResponse, library: Library, request: pb.DescribeLibraryRequest) -> None:
    root = request.module_path or library.library
    if not _is_below(root, library.library):
        raise InvalidArgument("module_path", f"it is no module of {library.library}")
    wanted = [name if _is_below(name, root) else f"{root}.{name}" for name in request.submodules]
    depth = request.discovery_depth
    modules = sorted(answer.submodule_paths, key=len, reverse=True)

    def is_kept(module: str) -> bool:
        if module != root and wanted and not any(_is_below(module, name) for name in wanted):
            return False
        return _is_below(module, root) and (not depth or module.count(".") - root.count(".") <= depth)

    for name in _MAPS:
        entries: MutableMapping[str, Message] = getattr(answer, name)
        for path in [key for key in entries if not is_kept(key if name == "modules" else _module_of(key, modules))]:
            del entries[path]
    kept = [module for module in answer.submodule_paths if is_kept(module)]
    del answer.submodule_paths[:]
    answer.submodule_paths.extend(kept)


def _module_of(path: str, modules: Iterable[str]) -> str:
    """The module of a public path: the longest known one that it lies in, else all but its last name."""
    return next((module for module in modules if path.startswith(f"{module}.")), path.rpartition(".")[0])


def _is_below(module: str, root: str) -> bool:
    return module == root or module.startswith(f"{root}.")


def _omit_docstrings(message: Message) -> None:
    for field, value in message.ListFields():
        if field.name == "docstring":
            message.ClearField(field.name)
        elif isinstance(value, Message):
            _omit_docstrings(value)
        elif isinstance(value, MutableMapping):
            for one in value.values():
                if isinstance(one, Message):
                    _omit_docstrings(one)
        elif not isinstance(value, (str, bytes, int, float)):
            for one in value:
                if isinstance(one, Message):
                    _omit_docstrings(one)
