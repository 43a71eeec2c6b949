"""The whole public API as one text: what people commit and review."""

from collections.abc import Iterator

from pybridge.codec.printable import printable
from pybridge.codec.python_text import function_lines, signature_text, type_text
from pybridge.model.classes import Class
from pybridge.model.library import LibraryDescriptor, Module, SymbolKind
from pybridge.model.names import dotted


def api_text(descriptor: LibraryDescriptor) -> str:
    """Write every public module, name and signature, in a fixed order; what a reviewer would not see is escaped."""
    title = " ".join(part for part in (descriptor.name, descriptor.version) if part)
    target = descriptor.target
    lines = [f"# {title} (Python {target.python_version}, {target.platform})"]
    for module in descriptor.modules:
        found = tuple(module_lines(module))
        lines += ["", f"## {module.name}", *found] if found else []
    return "".join(f"{printable(line)}\n" for line in lines)


def module_lines(module: Module) -> Iterator[str]:
    """Write the public names of one module: what it re-exports, then what it defines."""
    described = [line for one in module.classes for line in _class(one, "")]
    described += [line for one in module.functions for line in function_lines(one)]
    described += [f"{one.name}: {type_text(one.type.expr)}" for one in module.variables]
    described += [f"type {one.name} = {type_text(one.target)}" for one in module.type_aliases]
    reexports = [
        f"from {dotted(one.target)} as {one.name}"
        for one in module.exports
        if not one.target.startswith(f"{module.name}:") and one.kind is not SymbolKind.MODULE
    ]
    yield from (line.replace("\n", " ") for line in (*reexports, *described))


def _class(one: Class, indent: str) -> Iterator[str]:
    bases = ", ".join(type_text(base) for base in one.bases)
    yield f"{indent}class {one.name}({bases})" if bases else f"{indent}class {one.name}"
    inner = indent + "    "
    for signature in one.constructor.signatures:
        yield f"{inner}def __init__{signature_text(signature).rpartition(' -> ')[0]}"
    for member in one.enum_members:
        yield f"{inner}{member.name} = {member.value or '...'}"
    for field in one.fields:
        yield f"{inner}{field.name}: {type_text(field.type.expr)}"
    for prop in one.properties:
        yield f"{inner}@property {prop.name}: {type_text(prop.type.expr)}{'' if prop.is_readonly else ' (writable)'}"
    for method in one.methods:
        yield from (f"{inner}{line}" for line in function_lines(method))
    for nested in one.nested_classes:
        yield from _class(nested, inner)
