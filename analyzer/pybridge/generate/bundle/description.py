"""A descriptor in the words of ``pybridge.v1.DescribeLibraryResponse`` (protobuf's JSON mapping)."""

import base64
from collections.abc import Iterator

import msgspec

from pybridge.generate.bundle.typewords import constant_words, type_words
from pybridge.model.callables import Binding, Function, Parameter, Signature, StreamKind
from pybridge.model.classes import Class, ClassKind, Field, Property
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import Digest, SymbolPath, dotted
from pybridge.model.types import ParameterKind

Words = dict[str, object]

SCHEMA_VERSION = 1

_SPECIFICATION_KINDS = {
    ParameterKind.POSITIONAL_ONLY: "positional",
    ParameterKind.POSITIONAL_OR_KEYWORD: "positional",
    ParameterKind.VAR_POSITIONAL: "var_positional",
    ParameterKind.KEYWORD_ONLY: "keyword",
    ParameterKind.VAR_KEYWORD: "var_keyword",
}
_STREAMS = {
    StreamKind.GENERATOR: "STREAM_KIND_GENERATOR",
    StreamKind.ASYNC_GENERATOR: "STREAM_KIND_ASYNC_GENERATOR",
    StreamKind.ITERATOR: "STREAM_KIND_ITERATOR",
    StreamKind.ASYNC_ITERATOR: "STREAM_KIND_ITERATOR",
}
_TRAITS = {
    ClassKind.DATACLASS: "CLASS_TRAIT_DATACLASS",
    ClassKind.ENUM: "CLASS_TRAIT_ENUM",
    ClassKind.EXCEPTION: "CLASS_TRAIT_EXCEPTION",
    ClassKind.NAMED_TUPLE: "CLASS_TRAIT_NAMED_TUPLE",
    ClassKind.PROTOCOL: "CLASS_TRAIT_PROTOCOL",
    ClassKind.TYPED_DICT: "CLASS_TRAIT_TYPED_DICT",
}


def describe(descriptor: LibraryDescriptor, digest: Digest) -> Words:
    """Say a whole library; classes and functions are keyed by their shortest public path."""
    return {
        "library_version": descriptor.version or "",
        "classes": {_public_name(one): _class(one) for module in descriptor.modules for one in _public_classes(module)},
        "functions": {
            str(one.public_paths[0]): _function(one)
            for module in descriptor.modules
            for one in module.functions
            if one.public_paths
        },
        "submodule_paths": [str(module.name) for module in descriptor.modules if module.is_public],
        "descriptor_hash": base64.b64encode(bytes.fromhex(digest)).decode(),
        "schema_version": SCHEMA_VERSION,
        "python_version": descriptor.target.python_version,
        "modules": {str(module.name): _module(module) for module in descriptor.modules if module.is_public},
        "attributes": {
            str(one.public_paths[0]): _without_empty(
                {
                    "name": one.name,
                    "type": type_words(one.type),
                    "docstring": one.docstring,
                    "readonly": one.is_final,
                }
            )
            for module in descriptor.modules
            for one in module.variables
            if one.public_paths
        },
        "warnings": [f"{skip.path}: {skip.reason.value} {skip.detail}".rstrip() for skip in descriptor.skipped],
    }


def _module(module: Module) -> Words:
    reexports = {one.name: dotted(one.target) for one in module.exports}
    return _without_empty(
        {
            "path": str(module.name),
            "docstring": module.docstring,
            "exports": list(module.declared_names or ()),
            "reexports": reexports,
        }
    )


def _class(one: Class) -> Words:
    constructor = one.constructor
    first = constructor.signatures[0] if constructor.signatures else None
    traits = [_TRAITS[one.kind]] if one.kind in _TRAITS else []
    traits += ["CLASS_TRAIT_ABSTRACT"] if one.is_abstract else []
    traits += ["CLASS_TRAIT_FINAL"] if one.is_final else []
    return _without_empty(
        {
            "name": one.name,
            "python_path": _public_name(one),
            "docstring": one.docstring,
            "constructor": _without_empty(
                {
                    "parameters": _parameters(first),
                    "return_type": {"kind": "class", "class_path": _public_name(one)},
                    "docstring": constructor.docstring,
                    "overloads": [_signature(each) for each in constructor.signatures]
                    if len(constructor.signatures) > 1
                    else [],
                }
            ),
            "methods": [_method(method) for method in one.methods],
            "properties": [_property(prop) for prop in one.properties],
            "base_classes": [dotted(path) for path in map(_named_path, one.bases) if path],
            "attributes": [_field(field) for field in one.fields],
            "enum_members": [
                _without_empty(
                    {
                        "name": member.name,
                        "value": constant_words(member.constant, member.value),
                        "docstring": member.docstring,
                    }
                )
                for member in one.enum_members
            ],
            "traits": traits,
            "nested_classes": [dotted(nested.path) for nested in one.nested_classes],
            "deprecated": one.deprecated,
        }
    )


def _method(method: Function) -> Words:
    return {
        **_callable(method),
        "is_classmethod": method.binding is Binding.CLASS,
        "is_staticmethod": method.binding is Binding.STATIC,
        "is_abstract": method.is_abstract,
    }


def _function(function: Function) -> Words:
    return {**_callable(function), "python_path": str(function.public_paths[0])}


def _callable(function: Function) -> Words:
    first = function.signatures[0]
    overloads = [_signature(one) for one in function.signatures] if len(function.signatures) > 1 else []
    return _without_empty(
        {
            "name": function.name,
            "docstring": function.docstring,
            "parameters": _parameters(first),
            "return_type": type_words(first.returns),
            "supports_streaming": function.stream is not StreamKind.NONE,
            "is_async": function.is_async,
            "overloads": overloads,
            "stream_kind": _STREAMS.get(function.stream),
            "yield_type": type_words(function.yields) if function.yields else None,
            "raises": list(function.raises),
            "deprecated": function.deprecated,
        }
    )


def _signature(signature: Signature) -> Words:
    return {"parameters": _parameters(signature), "return_type": type_words(signature.returns)}


def _parameters(signature: Signature | None) -> list[Words]:
    return [_parameter(one) for one in signature.parameters] if signature else []


def _parameter(parameter: Parameter) -> Words:
    default = constant_words(parameter.default_value, parameter.default)
    return _without_empty(
        {
            "name": parameter.name,
            "type": type_words(parameter.type),
            "required": parameter.is_required,
            "default_value": _default_json(default),
            "kind": _SPECIFICATION_KINDS[parameter.kind],
            "parameter_kind": f"PARAMETER_KIND_{parameter.kind.name}",
            "default_constant": default,
            "docstring": parameter.description,
        }
    )


def _default_json(constant: Words | None) -> str | None:
    """The specification's serialised default: JSON where the constant has a form in it, else absent."""
    if not constant:
        return None
    (kind, value), *_ = constant.items()
    if kind not in {"none_value", "bool_value", "float_value", "string_value", "int_value"}:
        return None
    number = int(str(value)) if kind == "int_value" else value
    return base64.b64encode(msgspec.json.encode(number)).decode()


def _property(prop: Property) -> Words:
    return _without_empty(
        {
            "name": prop.name,
            "type": type_words(prop.type),
            "readonly": prop.is_readonly,
            "docstring": prop.docstring,
            "is_cached": prop.is_cached,
            "deprecated": prop.deprecated,
        }
    )


def _field(field: Field) -> Words:
    return _without_empty(
        {
            "name": field.name,
            "type": type_words(field.type),
            "docstring": field.docstring,
            "readonly": field.is_readonly,
            "is_class_variable": field.is_class_variable,
        }
    )


def _public_classes(module: Module) -> Iterator[Class]:
    pending = list(module.classes)
    while pending:
        one = pending.pop()
        if one.public_paths:
            yield one
        pending.extend(one.nested_classes)


def _public_name(one: Class) -> str:
    return str(one.public_paths[0]) if one.public_paths else dotted(one.path)


def _named_path(expr: object) -> SymbolPath | None:
    return getattr(expr, "path", None)


def _without_empty(words: Words) -> Words:
    """Leave out what protobuf would read as its default anyway."""
    return {key: value for key, value in words.items() if value not in (None, "", [], {}, False)}
