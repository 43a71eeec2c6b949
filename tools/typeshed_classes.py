"""Write down the classes of the standard library, for the relation of types in `pybridge.compat`.

Usage: python tools/typeshed_classes.py [FILE]

Reads the typeshed that the pinned mypy brings, by mypy itself. Run it again when the pin moves; a test tells when.
"""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import mypy
from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, SymbolNode, SymbolTable, TypeAlias, TypeInfo, Var
from mypy.subtypes import IS_CLASS_OR_STATIC, IS_CLASSVAR, IS_SETTABLE, get_member_flags
from mypy.types import CallableType, FunctionLike, Instance, TypeVarType, get_proper_type
from mypy.typevars import fill_typevars_with_any
from mypy.version import __version__ as mypy_version

from pybridge.compat.types.classes.shapes import ClassShape, MemberShape, SignatureShape
from pybridge.compat.types.classes.standard import FILE, written
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Named,
    Tuple,
    TypeExpr,
    TypeParameter,
    Union,
    Unknown,
    UnknownReason,
    Unpack,
)
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations.substitution import apply_arguments
from pybridge.resolve.types.answers import CallableAnswer, SignatureAnswer
from pybridge.resolve.types.build import Library, reading
from pybridge.resolve.types.callables import CallableReader
from pybridge.resolve.types.convert import Converter
from pybridge.resolve.types.origins import Origins, alias_path, class_path, is_describable
from pybridge.resolve.types.request import ChildTask, OwnModule, TypeRequest

TARGETS: Final = (("3.13", "linux"), ("3.11", "linux"), ("3.11", "win32"))
"""Read in this order; a later one only adds classes."""
WITHOUT_MEMBERS: Final = (
    *("_ast", "_curses", "ast", "ctypes.wintypes", "curses", "distutils", "doctest", "email._header_value_parser"),
    *("idlelib", "lib2to3", "msilib", "optparse", "pdb", "pydoc", "tkinter", "turtle", "unittest", "xml.dom", "xmlrpc"),
)
"""Modules whose classes hardly anybody passes for a protocol."""
_LEFT_OUT: Final = frozenset({"__init__", "__new__", "__init_subclass__", "__class_getitem__", "__slots__", "__doc__"})
_COROUTINE: Final = SymbolPath("typing:Coroutine")
_MAX_ALIASES: Final = 20
_STACK_BYTES: Final = 256 * 1024**2
_RECURSION_LIMIT: Final = 2**14


def main() -> None:
    """Read typeshed once a target and write the file."""
    shapes: dict[SymbolPath, ClassShape] = {}
    for python_version, platform in TARGETS:
        request = TypeRequest(modules=_modules(), python_version=python_version, platform=platform)
        with reading(ChildTask(request=request, uses_cache=False), on_module=lambda: None) as library:
            reader = _Reader(library)
            for name in sorted(library.modules):
                for info in _classes(library.modules[name].names, name):
                    path = class_path(info)
                    if path not in shapes and is_describable(path):
                        shapes[path] = reader.shape(info)
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    target.write_bytes(written(shapes, f"mypy {mypy_version}"))
    # Tidying up what mypy built takes longer than building it.
    os._exit(0)


def _modules() -> tuple[OwnModule, ...]:
    root = Path(mypy.__file__).parent / "typeshed" / "stdlib"
    found = {}
    for path in root.rglob("*.pyi"):
        parts = path.relative_to(root).with_suffix("").parts
        name = ModuleName(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        found[name] = OwnModule(name=name, location=path, is_stub=True)
    return tuple(found[name] for name in sorted(found))


def _classes(names: SymbolTable, owner: str) -> Iterator[TypeInfo]:
    """Classes that a module or class defines, nested ones too."""
    for name in sorted(names):
        node = names[name].node
        if isinstance(node, TypeInfo) and node.fullname == f"{owner}.{name}":
            yield node
            yield from _classes(node.names, node.fullname)


class _Reader:
    """Reads the classes of one build."""

    def __init__(self, library: Library) -> None:
        own = frozenset(library.modules)
        self._converter = Converter(Origins(library.modules, library.paths, library.options), own)
        self._callables = CallableReader(self._converter)
        self._aliases = {
            alias_path(symbol.node): symbol.node
            for tree in library.modules.values()
            for symbol in tree.names.values()
            if isinstance(symbol.node, TypeAlias)
        }

    def shape(self, info: TypeInfo) -> ClassShape:
        path = class_path(info)
        module = path.partition(":")[0]
        has_members = not any(module == one or module.startswith(f"{one}.") for one in WITHOUT_MEMBERS)
        metaclass = info.metaclass_type
        items = info.tuple_type.items if info.tuple_type is not None else None
        return ClassShape(
            path=path,
            parameters=tuple(self._parameter(self._converter.type_parameter(one)) for one in info.defn.type_vars),
            bases=tuple(
                self._expanded(self._converter.expr(one))
                for one in info.bases
                if one.type.fullname != "builtins.object"
            ),
            members=dict(self._members(info)) if has_members else None,
            metaclass=class_path(metaclass.type) if metaclass and metaclass.type.fullname != "builtins.type" else None,
            items=None if items is None else tuple(self._expanded(self._converter.expr(one)) for one in items),
            enum_members=tuple(info.enum_members) if info.is_enum else (),
            is_protocol=info.is_protocol,
            is_final=info.is_final,
            is_enum=info.is_enum,
            is_named_tuple=info.is_named_tuple,
            has_unknown_base=info.fallback_to_any,
        )

    def _members(self, info: TypeInfo) -> Iterator[tuple[str, MemberShape]]:
        filled = fill_typevars_with_any(info)
        instance = filled if isinstance(filled, Instance) else filled.partial_fallback
        left_out = _LEFT_OUT | (frozenset(info.enum_members) if info.is_enum else frozenset())
        for name in sorted(info.names):
            is_private = name.startswith("_") and not name.endswith("__")
            node = info.names[name].node
            if is_private or name in left_out or node is None:
                continue
            flags = get_member_flags(name, instance)
            kept, is_partial = self._member(node, info)
            if kept is not None:
                expr, signatures = kept
                yield (
                    name,
                    MemberShape(
                        type=expr,
                        signatures=signatures,
                        is_settable=IS_SETTABLE in flags,
                        is_class_variable=IS_CLASSVAR in flags,
                        is_class_or_static=IS_CLASS_OR_STATIC in flags,
                        is_partial=is_partial,
                    ),
                )

    def _member(
        self, node: SymbolNode, info: TypeInfo
    ) -> tuple[tuple[TypeExpr | None, tuple[SignatureShape, ...]] | None, bool]:
        """Type or signatures of a member, and whether some overloads are for other instances only."""
        match node:
            case FuncDef():
                answer = self._callables.function(node)
            case Decorator():
                answer = self._callables.decorated(node)
            case OverloadedFuncDef():
                answer = self._callables.overloaded(node)
            case Var() if not node.is_suppressed_import:
                return (self._expanded(self._converter.expr(node.type)), ()), False
            case _:
                return None, False
        if not isinstance(answer, CallableAnswer):
            return (self._expanded(answer.type), ()), False
        general = _general_items(node, info, len(answer.signatures))
        is_async = _is_async(node)
        told = (
            self._signature(one, is_async=is_async)
            for one, is_general in zip(answer.signatures, general, strict=True)
            if is_general
        )
        signatures = tuple(dict.fromkeys(told))
        return ((None, signatures) if signatures else None), not all(general)

    def _parameter(self, one: TypeParameter) -> TypeParameter:
        return msgspec.structs.replace(
            one,
            bound=None if one.bound is None else self._expanded(one.bound),
            constraints=tuple(map(self._expanded, one.constraints)),
            default=None if one.default is None else self._expanded(one.default),
        )

    def _signature(self, answer: SignatureAnswer, *, is_async: bool) -> SignatureShape:
        returns = self._expanded(answer.returns)
        if is_async:
            returns = Named(path=_COROUTINE, arguments=(AnyType(), AnyType(), returns))
        return SignatureShape(
            parameters=tuple(
                CallableParameter(
                    type=self._expanded(one.type), kind=one.kind, name=one.name, is_required=one.is_required
                )
                for one in answer.parameters
            ),
            returns=returns,
            variables=tuple(map(self._parameter, answer.type_parameters)),
        )

    def _expanded(self, expr: TypeExpr, depth: int = _MAX_ALIASES) -> TypeExpr:
        """Put what aliases stand for in their place; what leads back to itself is unknown."""
        if depth == 0:
            return Unknown(reason=UnknownReason.RECURSIVE)
        match expr:
            case Alias(path=path, arguments=arguments):
                alias = self._aliases.get(path)
                if alias is None:
                    return Unknown(reason=UnknownReason.UNRESOLVED_NAME)
                target = apply_arguments(self._converter.alias_target(alias), arguments)
                return self._expanded(target, depth - 1)
            case Named(path=path, arguments=arguments) if arguments:
                return Named(path=path, arguments=tuple(self._expanded(one, depth) for one in arguments))
            case Union(members=members):
                return union_of(self._expanded(one, depth) for one in members)
            case Tuple(items=items, is_variadic=is_variadic):
                return Tuple(items=tuple(self._expanded(one, depth) for one in items), is_variadic=is_variadic)
            case Unpack(packed=packed):
                return Unpack(packed=self._expanded(packed, depth))
            case Callable(parameters=parameters, returns=returns):
                inner = None
                if parameters is not None:
                    inner = tuple(
                        CallableParameter(
                            type=self._expanded(one.type, depth),
                            kind=one.kind,
                            name=one.name,
                            is_required=one.is_required,
                        )
                        for one in parameters
                    )
                return Callable(parameters=inner, returns=self._expanded(returns, depth))
            case _:
                return expr


def _general_items(node: SymbolNode, info: TypeInfo, count: int) -> tuple[bool, ...]:
    """Which overloads any instance has: their ``self`` is not annotated, or as a type variable without a narrower bound."""
    if isinstance(node, Decorator):
        proper = get_proper_type(node.var.type) if node.var.type is not None else None
    elif isinstance(node, FuncDef | OverloadedFuncDef):
        proper = get_proper_type(node.type) if node.type is not None else None
    else:
        proper = None
    items = proper.items if isinstance(proper, FunctionLike) else []
    if len(items) != count:
        return (True,) * count
    return tuple(_is_general(one, info) for one in items)


def _is_async(node: SymbolNode) -> bool:
    """Tell a coroutine, whose result the reader of callables gives as awaited."""
    if isinstance(node, OverloadedFuncDef):
        first = node.items[0]
        node = first.func if isinstance(first, Decorator) else first
    function = node.func if isinstance(node, Decorator) else node
    return isinstance(function, FuncDef) and function.is_coroutine


def _is_general(item: CallableType, info: TypeInfo) -> bool:
    first = get_proper_type(item.arg_types[0]) if item.arg_types else None
    if not isinstance(first, Instance) or first.type not in info.mro:
        return True
    return all(isinstance(get_proper_type(one), TypeVarType) for one in first.args)


if __name__ == "__main__":
    sys.setrecursionlimit(_RECURSION_LIMIT)
    threading.stack_size(_STACK_BYTES)
    worker = threading.Thread(target=main)
    worker.start()
    worker.join()
