"""Turn a descriptor into the neutral candidate format of an outside judge.

    pybridge export LIB --format json --site-packages DIR -o EXPORT.json
    python benchmarks/accuracy_adapter.py EXPORT.json OUT.json

The format is one flat map from qualified name to record; a re-export is an ``alias`` record, members hang below their
class. Types are written with full paths; what is unknown or ``Any`` is null.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pybridge.codec import decode
from pybridge.codec.python_text import literal_text
from pybridge.model.callables import Binding, Function, Signature, StreamKind
from pybridge.model.classes import Class, Constructor, ConstructorOrigin
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import Export, LibraryDescriptor, Module, SymbolKind
from pybridge.model.names import SymbolPath, dotted
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    Literal,
    Named,
    Never,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Union,
    Unknown,
    Unpack,
)

Record = dict[str, object]


def records(descriptor: LibraryDescriptor) -> dict[str, Record]:
    """Write every name of a library as a record."""
    found: dict[str, Record] = {}
    for module in descriptor.modules:
        found.update(_module(module))
    for module in descriptor.modules:
        for export in module.exports:
            name = f"{module.name}.{export.name}"
            if name not in found and export.kind is not SymbolKind.MODULE:
                found[name] = _alias(export)
    return found


def _alias(export: Export) -> Record:
    return {"kind": "alias", "target": dotted(export.target)}


def _module(module: Module) -> Iterator[tuple[str, Record]]:
    for one in module.classes:
        yield from _class(one)
    for function in module.functions:
        yield dotted(function.path), _callable(function, "function")
    for variable in module.variables:
        yield dotted(variable.path), {"kind": "attribute", "doc": variable.docstring, "type": _type(variable.type)}
    for alias in module.type_aliases:
        yield dotted(alias.path), {"kind": "attribute", "doc": alias.docstring, "type": None}


def _class(one: Class) -> Iterator[tuple[str, Record]]:
    name = dotted(one.path)
    yield (
        name,
        {
            "kind": "class",
            "bases": [dotted(base.path) for base in one.bases if isinstance(base, Named)],
            "doc": one.docstring,
            "params": _constructor(one.constructor),
        },
    )
    for method in one.methods:
        yield f"{name}.{method.name}", _callable(method, "method")
    for prop in one.properties:
        yield f"{name}.{prop.name}", {"kind": "property", "doc": prop.docstring, "returns": _type(prop.type)}
    for field in one.fields:
        yield f"{name}.{field.name}", {"kind": "attribute", "doc": field.docstring, "type": _type(field.type)}
    for member in one.enum_members:
        yield f"{name}.{member.name}", {"kind": "attribute", "doc": member.docstring, "type": None}
    for nested in one.nested_classes:
        yield from _class(nested)


def _constructor(constructor: Constructor) -> list[Record] | None:
    if constructor.origin is ConstructorOrigin.UNKNOWN or not constructor.signatures:
        return None
    return _params(constructor.implementation or constructor.signatures[0])


def _callable(function: Function, kind: str) -> Record:
    signature = function.implementation or function.signatures[0]
    return {
        "kind": kind,
        "params": _params(signature),
        "returns": _returns(function, signature),
        "async": function.is_async or function.stream is StreamKind.ASYNC_GENERATOR and function.is_generator,
        "generator": function.is_generator,
        "classmethod": function.binding is Binding.CLASS,
        "staticmethod": function.binding is Binding.STATIC and function.name != "__new__",
        "doc": function.docstring,
    }


def _returns(function: Function, signature: Signature) -> str | None:
    return _type(signature.returns) or next(
        (text for one in function.signatures if (text := _type(one.returns)) is not None), None
    )


def _params(signature: Signature) -> list[Record]:
    return [
        {
            "name": one.name,
            "kind": one.kind.value,
            "required": one.is_required,
            "default": one.default,
            "type": _type(one.type),
        }
        for one in signature.parameters
    ]


def _type(claim: TypeClaim) -> str | None:
    return None if isinstance(claim.expr, Unknown | AnyType) else type_text(claim.expr)


def type_text(expr: TypeExpr) -> str:
    """Write a type with full paths; an alias of another package is written out."""
    match expr:
        case Alias(target=target) if target is not None:
            return type_text(target)
        case Named(path=path, arguments=arguments) | Alias(path=path, arguments=arguments):
            inner = ", ".join(type_text(one) for one in arguments)
            return f"{_path(path)}[{inner}]" if inner else _path(path)
        case Union(members=members):
            return " | ".join(type_text(one) for one in members)
        case Tuple(items=items, is_variadic=is_variadic):
            inner = ", ".join(type_text(one) for one in items) or "()"
            return f"tuple[{inner}, ...]" if is_variadic else f"tuple[{inner}]"
        case Callable(parameters=parameters, returns=returns):
            taken = "..." if parameters is None else f"[{', '.join(type_text(one.type) for one in parameters)}]"
            return f"collections.abc.Callable[{taken}, {type_text(returns)}]"
        case Literal(values=values):
            return f"typing.Literal[{', '.join(literal_text(one) for one in values)}]"
        case TypeVariable(name=name):
            return name
        case Unpack(packed=packed):
            return f"typing.Unpack[{type_text(packed)}]"
        case SelfType():
            return "typing.Self"
        case NoneType():
            return "None"
        case Never():
            return "typing.NoReturn"
        case AnyType() | Unknown():
            return "typing.Any"


def _path(path: SymbolPath) -> str:
    return path.removeprefix("builtins:").replace(":", ".")


def main() -> None:
    """Read an export, write a candidate."""
    source, target = map(Path, sys.argv[1:3])
    descriptor = decode(source.read_bytes(), LibraryDescriptor)
    candidate = {"tool": "pybridge", "library": descriptor.name, "objects": records(descriptor)}
    target.write_text(json.dumps(candidate))


if __name__ == "__main__":
    main()
