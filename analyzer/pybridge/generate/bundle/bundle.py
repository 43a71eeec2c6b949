"""The bundle's nouns, and how a descriptor becomes one."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.generate.bundle.description import describe
from pybridge.generate.bundle.signatures import Enumerations, ParameterTool, of_constructor, of_function
from pybridge.model.callables import Binding, Function, StreamKind
from pybridge.model.classes import Class, ClassKind
from pybridge.model.library import LibraryDescriptor, Module, Variable
from pybridge.model.names import Digest, PublicPath, SymbolPath

BUNDLE_SCHEMA = "pybridge.bundle/1"

_MEMBER_KINDS = {Binding.CLASS: "classmethod", Binding.STATIC: "staticmethod"}


class CallableTool(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A function or member that may be called, or read when it is a property or field."""

    kind: str = "function"
    """``function``, ``method``, ``classmethod``, ``staticmethod``, ``property`` or ``field``."""
    stream: str = "none"
    is_async: bool = False


class ClassTool(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A class whose instances may be made and used."""

    mro: tuple[SymbolPath, ...]
    members: Mapping[str, CallableTool]
    is_constructible: bool = True
    is_abstract: bool = False


class BundledLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """One library of a bundle."""

    library: str
    distribution: str | None
    version: str | None
    digest: Digest
    python_version: str
    classes: Mapping[SymbolPath, ClassTool]
    functions: Mapping[SymbolPath, CallableTool]
    variables: tuple[SymbolPath, ...]
    paths: Mapping[PublicPath, SymbolPath]
    signatures: Mapping[str, tuple[ParameterTool, ...]]
    """Parameters by the symbol of what is called: a function, a class, ``module:Class.method``. What is absent takes anything."""
    description: Mapping[str, object]
    """``DescribeLibraryResponse`` in protobuf's JSON mapping, with the field names of the ``.proto``."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag=BUNDLE_SCHEMA):
    """What `pybridge bundle` writes and `pybridge-worker` reads."""

    libraries: tuple[BundledLibrary, ...]


def bundle_library(descriptor: LibraryDescriptor, digest: Digest) -> BundledLibrary:
    """List everything of a library that a client may call, by canonical symbol, with the paths that lead there."""
    classes = {one.path: _class_tool(one) for module in descriptor.modules for one in _classes(module)}
    functions = {one.path: _callable(one, "function") for module in descriptor.modules for one in module.functions}
    variables = tuple(sorted(one.path for module in descriptor.modules for one in module.variables))
    return BundledLibrary(
        library=descriptor.name,
        distribution=descriptor.distribution,
        version=descriptor.version,
        digest=digest,
        python_version=descriptor.target.python_version,
        classes=classes,
        functions=functions,
        variables=variables,
        paths=dict(_paths(descriptor)),
        signatures=dict(sorted(_signatures(descriptor))),
        description=describe(descriptor, digest),
    )


def _class_tool(one: Class) -> ClassTool:
    members = {method.name: _callable(method, _MEMBER_KINDS.get(method.binding, "method")) for method in one.methods}
    members |= {prop.name: CallableTool(kind="property") for prop in one.properties}
    members |= {field.name: CallableTool(kind="field") for field in one.fields}
    members |= {member.name: CallableTool(kind="field") for member in one.enum_members}
    is_constructible = one.kind is not ClassKind.PROTOCOL
    return ClassTool(
        mro=one.mro or (one.path,),
        members=members,
        is_constructible=is_constructible,
        is_abstract=one.is_abstract,
    )


def _callable(function: Function, kind: str) -> CallableTool:
    stream = "none" if function.stream is StreamKind.NONE else function.stream.value
    return CallableTool(kind=kind, stream=stream, is_async=function.is_async)


def _signatures(descriptor: LibraryDescriptor) -> Iterator[tuple[str, tuple[ParameterTool, ...]]]:
    classes = [one for module in descriptor.modules for one in _classes(module)]
    functions = [one for module in descriptor.modules for one in module.functions]
    enumerations = Enumerations(classes)
    for one in (*functions, *(method for cls in classes for method in cls.methods)):
        if (parameters := of_function(one, enumerations)) is not None:
            yield str(one.path), parameters
    for cls in classes:
        if (parameters := of_constructor(cls, enumerations)) is not None:
            yield str(cls.path), parameters


def _classes(module: Module) -> Iterator[Class]:
    pending = list(module.classes)
    while pending:
        one = pending.pop()
        yield one
        pending.extend(one.nested_classes)


def _paths(descriptor: LibraryDescriptor) -> Iterator[tuple[PublicPath, SymbolPath]]:
    for module in descriptor.modules:
        named: list[Class | Function | Variable] = [*_classes(module), *module.functions, *module.variables]
        yield from ((path, one.path) for one in named for path in one.public_paths)
