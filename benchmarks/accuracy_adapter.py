"""Turn a descriptor into the neutral candidate format of an outside judge.

    pybridge export LIB --format json --site-packages DIR -o EXPORT.json
    python benchmarks/accuracy_adapter.py EXPORT.json OUT.json

The format is one flat map from qualified name to record; a re-export is an ``alias`` record, members hang below their
class. Types are written with full paths; what is unknown or ``Any`` is null. The format has one signature a callable and
no aliases: overloads without a visible implementation become one signature, and aliases are written out.
"""

import collections.abc
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pybridge.codec import decode
from pybridge.codec.python_text import literal_text
from pybridge.model.callables import Binding, Function, Parameter, Signature, StreamKind
from pybridge.model.classes import Class, Constructor, ConstructorOrigin
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import Export, LibraryDescriptor, Module, SymbolKind, TypeAlias
from pybridge.model.names import SymbolPath, dotted
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Literal,
    Named,
    Never,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Union,
    Unknown,
    Unpack,
)
from pybridge.resolve.annotations.substitution import apply_arguments

Record = dict[str, object]

_ABSTRACT = {"typing:AbstractSet": "collections.abc:Set"} | {
    f"typing:{name}": f"collections.abc:{name}" for name in collections.abc.__all__
}
"""Classes that typing only gives another name."""


def records(descriptor: LibraryDescriptor) -> dict[str, Record]:
    """Write every name of a library as a record."""
    aliases = {alias.path: alias for module in descriptor.modules for alias in module.type_aliases}
    given = {one.path: one.module_name for module in descriptor.modules for one in module.classes if one.module_name}
    return _Writer(aliases, given).all(descriptor)


class _Writer:
    def __init__(self, aliases: Mapping[SymbolPath, TypeAlias], given_modules: Mapping[SymbolPath, str]) -> None:
        self._aliases = aliases
        self._given_modules = given_modules
        self._open: list[SymbolPath] = []
        self._recursive: set[SymbolPath] = set()

    def all(self, descriptor: LibraryDescriptor) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for module in descriptor.modules:
            found.update(self._module(module))
        for module in descriptor.modules:
            for export in module.exports:
                name = f"{module.name}.{export.name}"
                if name not in found and export.kind is not SymbolKind.MODULE:
                    bound = found.get(dotted(export.target), {})
                    # ``configure = settings.configure``: a method taken from an instance is a function.
                    found[name] = {**bound, "kind": "function"} if bound.get("kind") == "method" else _alias(export)
        return found

    def _module(self, module: Module) -> Iterator[tuple[str, Record]]:
        for one in module.classes:
            yield from self._class(one)
        for function in module.functions:
            yield dotted(function.path), self._callable(function, "function")
        for variable in module.variables:
            yield (
                dotted(variable.path),
                {"kind": "attribute", "doc": variable.docstring, "type": self._type(variable.type)},
            )
        for alias in module.type_aliases:
            yield dotted(alias.path), {"kind": "attribute", "doc": alias.docstring, "type": None}

    def _class(self, one: Class) -> Iterator[tuple[str, Record]]:
        name = dotted(one.path)
        bases = [_path(base.path) for base in one.bases if isinstance(base, Named)]
        yield (
            name,
            {"kind": "class", "bases": bases, "doc": one.docstring, "params": self._constructor(one.constructor)},
        )
        for method in one.methods:
            yield f"{name}.{method.name}", self._callable(method, "method")
        for prop in one.properties:
            yield f"{name}.{prop.name}", {"kind": "property", "doc": prop.docstring, "returns": self._type(prop.type)}
        for field in one.fields:
            yield f"{name}.{field.name}", {"kind": "attribute", "doc": field.docstring, "type": self._type(field.type)}
        for member in one.enum_members:
            yield f"{name}.{member.name}", {"kind": "attribute", "doc": member.docstring, "type": None}
        for nested in one.nested_classes:
            yield from self._class(nested)

    def _constructor(self, constructor: Constructor) -> list[Record] | None:
        if constructor.origin is ConstructorOrigin.UNKNOWN or not constructor.signatures:
            return None
        is_made = constructor.origin is ConstructorOrigin.SYNTHESISED
        return self._params(constructor.implementation or _merged(constructor.signatures), shows_values=is_made)

    def _callable(self, function: Function, kind: str) -> Record:
        signature = function.implementation or function.signatures[0]
        return {
            "kind": kind,
            "params": self._params(signature),
            "returns": self._returns(function, signature),
            "async": function.is_async or (function.stream is StreamKind.ASYNC_GENERATOR and function.is_generator),
            "generator": function.is_generator,
            "classmethod": function.binding is Binding.CLASS,
            "staticmethod": function.binding is Binding.STATIC and function.name != "__new__",
            "doc": function.docstring,
        }

    def _returns(self, function: Function, signature: Signature) -> str | None:
        return self._type(signature.returns) or next(
            (text for one in function.signatures if (text := self._type(one.returns)) is not None), None
        )

    def _params(self, signature: Signature, *, shows_values: bool = False) -> list[Record]:
        return [
            {
                "name": one.name,
                "kind": one.kind.value,
                "required": one.is_required,
                "default": _default(one, shows_values=shows_values),
                "type": self._type(one.type),
            }
            for one in signature.parameters
        ]

    def _type(self, claim: TypeClaim) -> str | None:
        return None if isinstance(claim.expr, Unknown | AnyType) else self.text(claim.expr)

    def text(self, expr: TypeExpr) -> str:
        """Write a type with full paths, aliases written out."""
        match expr:
            case Alias(path=path, arguments=arguments, target=target):
                return self._alias(path, arguments, target)
            case Named(path=path, arguments=arguments):
                return self._applied(path, arguments)
            case Union(members=members):
                return " | ".join(self.text(one) for one in members)
            case Tuple(items=items, is_variadic=is_variadic):
                inner = ", ".join(self.text(one) for one in items) or "()"
                return f"tuple[{inner}, ...]" if is_variadic else f"tuple[{inner}]"
            case Callable():
                return self._callable_type(expr)
            case Literal(values=values):
                return f"typing.Literal[{', '.join(literal_text(one) for one in values)}]"
            case TypeVariable(name=name):
                return name
            case Unpack(packed=packed):
                return f"typing.Unpack[{self.text(packed)}]"
            case SelfType():
                return "typing.Self"
            case NoneType():
                return "None"
            case Never():
                return "typing.NoReturn"
            case AnyType() | Unknown():
                return "typing.Any"

    def _applied(self, path: SymbolPath, arguments: tuple[TypeExpr, ...]) -> str:
        inner = ", ".join(self.text(one) for one in arguments)
        given = self._given_modules.get(path)
        name = f"{given}.{path.partition(':')[2]}" if given is not None else _path(path)
        return f"{name}[{inner}]" if inner else name

    def _alias(self, path: SymbolPath, arguments: tuple[TypeExpr, ...], target: TypeExpr | None) -> str:
        if path in self._open:
            self._recursive.add(path)
        if path in self._recursive:
            return _path(path)
        own = self._aliases.get(path)
        if target is None and own is None:
            return self._applied(path, arguments)
        self._open.append(path)
        if target is None:
            target = apply_arguments(own.target, arguments) if arguments else own.target
        text = self.text(target)
        self._open.pop()
        return _path(path) if path in self._recursive else text

    def _callable_type(self, expr: Callable) -> str:
        returns = self.text(expr.returns)
        match expr.parameters:
            case None:
                taken = "..."
            case [*_, CallableParameter(kind=ParameterKind.VAR_POSITIONAL, type=TypeVariable(name=name)), _] if (
                expr.parameters[-1].type == expr.parameters[-2].type
            ):
                before = [self.text(one.type) for one in expr.parameters[:-2]]
                taken = f"typing.Concatenate[{', '.join((*before, name))}]" if before else name
            case parameters:
                taken = f"[{', '.join(self.text(one.type) for one in parameters)}]"
        return f"collections.abc.Callable[{taken}, {returns}]"


def _alias(export: Export) -> Record:
    return {"kind": "alias", "target": dotted(export.target)}


def _merged(signatures: tuple[Signature, ...]) -> Signature:
    """The longest of several overloads, with what a shorter one leaves out as optional."""
    longest = max(signatures, key=lambda one: len(one.parameters))
    shortest = min(len(one.parameters) for one in signatures)
    parameters = tuple(
        msgspec.structs.replace(one, is_required=one.is_required and place < shortest)
        for place, one in enumerate(longest.parameters)
    )
    return msgspec.structs.replace(longest, parameters=parameters)


def _default(parameter: Parameter, *, shows_values: bool) -> str | None:
    """The text of a default; of a field, which no signature writes, its value where that is known."""
    value = parameter.default_value
    return literal_text(value) if shows_values and value is not None else parameter.default


def _path(path: SymbolPath) -> str:
    found = _ABSTRACT.get(path, path)
    return found.removeprefix("builtins:").replace(":", ".")


def main() -> None:
    """Read an export, write a candidate."""
    source, target = map(Path, sys.argv[1:3])
    descriptor = decode(source.read_bytes(), LibraryDescriptor)
    candidate = {"tool": "pybridge", "library": descriptor.name, "objects": records(descriptor)}
    target.write_text(json.dumps(candidate))


if __name__ == "__main__":
    main()
