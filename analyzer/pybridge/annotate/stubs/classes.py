"""Classes and functions as a stub writes them."""

from collections.abc import Iterable, Iterator

from pybridge.annotate.stubs.names import constant, is_writable
from pybridge.annotate.stubs.types import TypeWriter, signature_text
from pybridge.model.callables import Binding, Function, Signature, StreamKind
from pybridge.model.classes import Class, ClassKind, Constructor, ConstructorOrigin, Field, Property
from pybridge.model.names import SymbolPath
from pybridge.model.types import Named, SelfType, TypeExpr

_INDENT = "    "
_MADE_BY_KIND = frozenset({ClassKind.ENUM, ClassKind.NAMED_TUPLE, ClassKind.TYPED_DICT})
"""Kinds whose constructor follows from their fields; a stub says nothing more of it."""
_SPECIAL_BASES = {
    (ClassKind.NAMED_TUPLE, "builtins:tuple"): "NamedTuple",
    (ClassKind.TYPED_DICT, "builtins:dict"): "TypedDict",
}


def function_lines(function: Function, writer: TypeWriter) -> list[str]:
    """Write a function or method, one ``def`` a signature."""
    if not is_writable(function.name):
        return []
    names = writer.names
    marks = {Binding.CLASS: [f"@{names.builtin('classmethod')}"], Binding.STATIC: [f"@{names.builtin('staticmethod')}"]}
    decorators = list(marks.get(function.binding, []))
    decorators += [f"@{names.imported('abc', 'abstractmethod')}"] if function.is_abstract else []
    decorators += [f"@{names.special('final')}"] if function.is_final else []
    receiver = {Binding.INSTANCE: "self", Binding.CLASS: "cls"}.get(function.binding)
    return _defs(function.name, function.signatures, writer, decorators, receiver, word=_word(function))


def class_lines(owner: Class, writer: TypeWriter) -> list[str]:
    """Write a class with its members; a name that it has twice is written once."""
    if not is_writable(owner.name):
        return []
    inner = writer.inside(owner.type_parameters, has_self="builtins:type" not in owner.mro)
    head = [f"@{writer.names.special('final')}"] if owner.is_final and owner.kind is not ClassKind.ENUM else []
    bases = ", ".join(_bases(owner, inner))
    body = [line for lines in _members(owner, inner) for line in lines]
    head.append(f"class {owner.name}({bases}):" if bases else f"class {owner.name}:")
    if not body:
        head[-1] += " ..."
        return head
    return [*head, *(f"{_INDENT}{line}" for line in body)]


def _defs(
    name: str,
    signatures: Iterable[Signature],
    writer: TypeWriter,
    decorators: list[str],
    receiver: str | None,
    *,
    word: str = "def",
    returns: str | None = None,
) -> list[str]:
    listed = list(signatures)
    lines: list[str] = []
    for one in listed:
        lines += [f"@{writer.names.special('overload')}"] if len(listed) > 1 else []
        lines += decorators
        lines.append(f"{word} {name}{signature_text(one, writer, receiver=receiver, returns=returns)}: ...")
    return lines


def _word(function: Function) -> str:
    is_awaited = function.is_async and function.stream is not StreamKind.ASYNC_GENERATOR
    return "async def" if is_awaited else "def"


def _bases(owner: Class, writer: TypeWriter) -> Iterator[str]:
    for base in owner.bases:
        special = _SPECIAL_BASES.get((owner.kind, base.path)) if isinstance(base, Named) else None
        yield writer.names.special(special) if special else writer.write(base)
    if owner.type_parameters and not any(_is_generic(base) for base in owner.bases):
        names = ", ".join(writer.names.variable(one) for one in owner.type_parameters)
        yield f"{writer.names.special('Generic')}[{names}]"
    if owner.metaclass not in {None, "builtins:type", "enum:EnumMeta", "enum:EnumType"} and owner.kind not in (
        ClassKind.PROTOCOL,
        *_MADE_BY_KIND,
    ):
        assert owner.metaclass is not None
        metaclass = writer.write(Named(path=owner.metaclass))
        if metaclass != writer.names.incomplete():
            yield f"metaclass={metaclass}"


def _is_generic(base: TypeExpr) -> bool:
    return isinstance(base, Named) and base.path in {"typing:Generic", "typing:Protocol"} and bool(base.arguments)


def _members(owner: Class, writer: TypeWriter) -> Iterator[list[str]]:
    seen: set[str] = set()

    def is_new(name: str) -> bool:
        if name in seen or not is_writable(name):
            return False
        seen.add(name)
        return True

    if owner.kind is ClassKind.ENUM:
        for member in owner.enum_members:
            if is_new(member.name):
                value = constant(member.constant) if member.constant is not None else None
                yield [f"{member.name} = {value or '...'}"]
    for nested in owner.nested_classes:
        if is_new(nested.name):
            yield class_lines(nested, writer)
    yield from (_field(one, owner.kind, writer) for one in owner.fields if is_new(one.name))
    yield _constructor(owner, writer)
    for one in owner.properties:
        if is_new(one.name):
            yield _property(one, writer)
    for method in owner.methods:
        if is_new(method.name):
            yield function_lines(method, writer)


def _constructor(owner: Class, writer: TypeWriter) -> list[str]:
    found: Constructor = owner.constructor
    if owner.kind in _MADE_BY_KIND or found.defined_by != owner.path:
        return []
    match found.origin:
        case ConstructorOrigin.INIT | ConstructorOrigin.SYNTHESISED:
            return _defs("__init__", found.signatures, writer, [], "self", returns="None")
        case ConstructorOrigin.NEW:
            return _defs("__new__", found.signatures, writer, [], "cls", returns=writer.write(SelfType()))
        case _:
            return []


def _field(one: Field, kind: ClassKind, writer: TypeWriter) -> list[str]:
    text = writer.write(one.type.expr)
    if kind is ClassKind.TYPED_DICT and not one.is_required:
        text = f"{writer.names.special('NotRequired')}[{text}]"
    if kind is ClassKind.ENUM:
        return [f"{one.name}: {text}"] if one.name.startswith("_") else []
    has_default = kind is ClassKind.NAMED_TUPLE and not one.is_required
    return [f"{one.name}: {text}{' = ...' if has_default else ''}"]


def _property(one: Property, writer: TypeWriter) -> list[str]:
    text = writer.write(one.type.expr)
    abstract = [f"@{writer.names.imported('abc', 'abstractmethod')}"] if one.is_abstract else []
    if one.is_cached and not abstract:
        mark = writer.write(Named(path=SymbolPath("functools:cached_property")))
        return [f"@{mark}", f"def {one.name}(self) -> {text}: ..."]
    lines = [f"@{writer.names.builtin('property')}", *abstract, f"def {one.name}(self) -> {text}: ..."]
    if not one.is_readonly:
        lines += [f"@{one.name}.setter", *abstract, f"def {one.name}(self, value: {text}) -> None: ..."]
    if one.is_deletable:
        lines += [f"@{one.name}.deleter", *abstract, f"def {one.name}(self) -> None: ..."]
    return lines
