"""The classes of the standard library, from a file that ``tools/typeshed_classes.py`` writes.

A class is a line; types and signatures that occur often are told once, in tables, by number. What nobody asks for is not
decoded: opening the file takes some milliseconds, a class some microseconds.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from pybridge.compat.types.classes.placing import Placing
from pybridge.compat.types.classes.shapes import ClassShape, MemberShape, SignatureShape
from pybridge.model.names import SymbolPath
from pybridge.model.types import CallableParameter, ParameterKind, TypeExpr, TypeParameter

FILE: Final = Path(__file__).parent / "standard_library.json"
_NOWHERE: Final = Placing((), side=0)
_KINDS: Final = tuple(ParameterKind)
_CLASS_FLAGS: Final = {
    "p": "is_protocol",
    "f": "is_final",
    "e": "is_enum",
    "n": "is_named_tuple",
    "u": "has_unknown_base",
}
_MEMBER_FLAGS: Final = {"s": "is_settable", "v": "is_class_variable", "c": "is_class_or_static", "p": "is_partial"}


class _Parameter(msgspec.Struct, frozen=True, array_like=True):
    type: int
    kind: int = 0
    name: str | None = None
    is_required: bool = True


class _Signature(msgspec.Struct, frozen=True, array_like=True):
    returns: int
    parameters: tuple[_Parameter, ...] | None = None
    variables: tuple[TypeParameter, ...] = ()


class _Member(msgspec.Struct, frozen=True, array_like=True):
    flags: str = ""
    type: int | None = None
    signatures: tuple[int, ...] = ()


class _Class(msgspec.Struct, frozen=True, omit_defaults=True):
    flags: str = ""
    parameters: tuple[TypeParameter, ...] = ()
    bases: tuple[int, ...] = ()
    metaclass: SymbolPath | None = None
    items: tuple[int, ...] | None = None
    enum_members: tuple[str, ...] = ()
    members: dict[str, _Member] | None = None


class _Tables(msgspec.Struct, frozen=True):
    engine: str
    types: list[msgspec.Raw]
    signatures: list[msgspec.Raw]
    classes: dict[SymbolPath, msgspec.Raw]


class StandardLibrary:
    """Looks up a class by its path."""

    def __init__(self, text: bytes) -> None:
        self._tables = msgspec.json.decode(text, type=_Tables)
        self._types: dict[int, TypeExpr] = {}
        self._signatures: dict[int, SignatureShape] = {}
        self._read_type = msgspec.json.Decoder(TypeExpr)
        self._read_signature = msgspec.json.Decoder(_Signature)
        self._read_class = msgspec.json.Decoder(_Class)

    @property
    def engine(self) -> str:
        """The type engine whose typeshed it is, ``mypy 2.4.1``."""
        return self._tables.engine

    @property
    def paths(self) -> Iterable[SymbolPath]:
        """Every class there is, sorted."""
        return self._tables.classes

    def shape(self, path: SymbolPath) -> ClassShape | None:
        """Return a class; None when the standard library has none of that path."""
        row = self._tables.classes.get(path)
        if row is None:
            return None
        read: _Class = self._read_class.decode(row)
        shape = ClassShape(
            path=path,
            parameters=tuple(map(_NOWHERE.parameter, read.parameters)),
            bases=tuple(map(self._type, read.bases)),
            metaclass=read.metaclass,
            items=None if read.items is None else tuple(map(self._type, read.items)),
            enum_members=read.enum_members,
            members=None if read.members is None else {name: self._member(one) for name, one in read.members.items()},
        )
        return msgspec.structs.replace(shape, **_raised(read.flags, _CLASS_FLAGS))

    def _member(self, row: _Member) -> MemberShape:
        member = MemberShape(
            type=None if row.type is None else self._type(row.type),
            signatures=tuple(map(self._signature, row.signatures)),
        )
        return msgspec.structs.replace(member, **_raised(row.flags, _MEMBER_FLAGS))

    def _signature(self, number: int) -> SignatureShape:
        found = self._signatures.get(number)
        if found is None:
            row = self._read_signature.decode(self._tables.signatures[number])
            found = self._signatures[number] = SignatureShape(
                parameters=None if row.parameters is None else tuple(map(self._parameter, row.parameters)),
                returns=self._type(row.returns),
                variables=tuple(map(_NOWHERE.parameter, row.variables)),
            )
        return found

    def _parameter(self, row: _Parameter) -> CallableParameter:
        return CallableParameter(
            type=self._type(row.type), kind=_KINDS[row.kind], name=row.name, is_required=row.is_required
        )

    def _type(self, number: int) -> TypeExpr:
        found = self._types.get(number)
        if found is None:
            found = self._types[number] = _NOWHERE.type(self._read_type.decode(self._tables.types[number]))
        return found


@functools.cache
def standard_library() -> StandardLibrary:
    """Open the file, once a process."""
    return StandardLibrary(FILE.read_bytes())


def written(shapes: Mapping[SymbolPath, ClassShape], engine: str) -> bytes:
    """Write classes as `StandardLibrary` reads them, one a line, in order of their paths."""
    types, signatures = _Numbers(), _Numbers()

    def signature(one: SignatureShape) -> int:
        parameters = None if one.parameters is None else tuple(map(parameter, one.parameters))
        return signatures.of(_Signature(types.of(one.returns), parameters, one.variables))

    def parameter(one: CallableParameter) -> _Parameter:
        return _Parameter(types.of(one.type), _KINDS.index(one.kind), one.name, one.is_required)

    def member(one: MemberShape) -> _Member:
        number = None if one.type is None else types.of(one.type)
        return _Member(_letters(one, _MEMBER_FLAGS), number, tuple(map(signature, one.signatures)))

    classes = {path: _class_row(shapes[path], types.of, member) for path in sorted(shapes)}
    lines = [
        b'{"engine":' + msgspec.json.encode(engine),
        b'"types":[' + b",\n".join(types.lines()) + b"]",
        b'"signatures":[' + b",\n".join(signatures.lines()) + b"]",
        b'"classes":{' + b",\n".join(msgspec.json.encode(path) + b":" + row for path, row in classes.items()) + b"}}\n",
    ]
    return b",\n".join(lines)


def _class_row(shape: ClassShape, number: Callable[[TypeExpr], int], member: Callable[[MemberShape], _Member]) -> bytes:
    row = _Class(
        flags=_letters(shape, _CLASS_FLAGS),
        parameters=shape.parameters,
        bases=tuple(map(number, shape.bases)),
        metaclass=shape.metaclass,
        items=None if shape.items is None else tuple(map(number, shape.items)),
        enum_members=shape.enum_members,
        members=None if shape.members is None else {name: member(one) for name, one in shape.members.items()},
    )
    return msgspec.json.encode(row)


def _raised(letters: str, flags: Mapping[str, str]) -> dict[str, bool]:
    return {name: True for letter, name in flags.items() if letter in letters}


def _letters(shape: ClassShape | MemberShape, flags: Mapping[str, str]) -> str:
    return "".join(letter for letter, name in flags.items() if getattr(shape, name))


class _Numbers:
    """Numbers things in the order in which they are first seen."""

    def __init__(self) -> None:
        self._seen: dict[object, int] = {}

    def of(self, one: object) -> int:
        return self._seen.setdefault(one, len(self._seen))

    def lines(self) -> list[bytes]:
        return [msgspec.json.encode(one) for one in self._seen]
