"""Every module of a library as the text of a stub."""

from collections.abc import Iterator

import msgspec

from pybridge.annotate.stubs.classes import class_lines, function_lines
from pybridge.annotate.stubs.names import (
    Described,
    StubNames,
    defined_names,
    is_type_variable,
    is_writable,
    names_of,
    offered,
    variable_names,
)
from pybridge.annotate.stubs.types import TypeWriter
from pybridge.model.library import Export, How, LibraryDescriptor, Module, SymbolKind, TypeAlias, Variable
from pybridge.model.names import ModuleName, split_symbol
from pybridge.model.types import Named, TypeParameter

_HEADER = ("# Written by `pybridge annotate --stubs`.", '# mypy: disable-error-code="assignment, override"')
"""A stub says what a library does, also where a subclass does not keep what its base promises."""


class StubFile(msgspec.Struct, frozen=True, kw_only=True):
    """A stub."""

    module: ModuleName
    path: str
    """Relative to a folder of the import path."""
    text: str


def stub_files(descriptor: LibraryDescriptor) -> tuple[StubFile, ...]:
    """Write a stub for every module, by name; what the descriptor does not know is ``Incomplete``."""
    described = Described(descriptor)
    return tuple(
        StubFile(module=module.name, path=_path(module), text=_text(module, described))
        for module in descriptor.modules
        if is_writable(module.name)
    )


def _path(module: Module) -> str:
    folder = module.name.replace(".", "/")
    return f"{folder}/__init__.pyi" if module.is_package else f"{folder}.pyi"


def _text(module: Module, described: Described) -> str:
    names = StubNames(module, described)
    writer = TypeWriter(names)
    exports = list(_exports(module, described, names))
    aliases = [_alias(one, writer) for one in module.type_aliases if is_writable(one.name)]
    classes = [class_lines(one, writer) for one in module.classes]
    functions = [line for one in module.functions for line in function_lines(one, writer)]
    if module.is_dynamic and not any(one.name == "__getattr__" for one in module.functions):
        functions.append(f"def __getattr__(name: {names.builtin('str')}) -> {names.incomplete()}: ...")
    # Bounds may call for imports: type variables are written before imports are listed.
    used = {name for _, name in names.variables()}
    listed = [one for one in module.variables if is_writable(one.name) and one.name not in used]
    variables = [_variable(one, writer) for one in listed]
    makers = [_type_variable(parameter, name, names) for parameter, name in names.variables()]
    head = [*_HEADER, *names.import_lines()]
    sections = [head, exports, _declared(module), makers, variables, aliases, *classes, functions]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _exports(module: Module, described: Described, names: StubNames) -> Iterator[str]:
    """Names that a module has from elsewhere; a variable or a function that is not described is ``Incomplete``."""
    defined = defined_names(module)
    for one in offered(module):
        if one.name not in defined and is_writable(one.name):
            yield _export(one, module.name, described, names)


def _export(one: Export, module: ModuleName, described: Described, names: StubNames) -> str:
    origin, qualname = split_symbol(one.target)
    if one.kind is SymbolKind.MODULE or not qualname:
        parent, _, name = origin.rpartition(".")
        is_there = not described.is_own(origin) or origin in described.modules
        if is_there and is_writable(origin):
            return f"from {parent} import {name} as {one.name}" if parent else f"import {name} as {one.name}"
        return f"{one.name}: {names.incomplete()}"
    # What an assignment takes from elsewhere may be an attribute of anything.
    is_there = one.target in described.symbols if described.is_own(origin) else one.how is not How.ASSIGNMENT
    if not is_there or "." in qualname or not is_writable(qualname):
        return f"{one.name}: {names.incomplete()}"
    if origin == module:
        return f"{one.name} = {qualname}"
    if origin == "builtins":
        return f"{one.name} = {names.builtin(qualname)}"
    return f"from {origin} import {qualname} as {one.name}"


def _variable(one: Variable, writer: TypeWriter) -> str:
    expr = one.type.expr
    if isinstance(expr, Named) and is_type_variable(one):
        maker = expr.path.partition(":")[2]
        return f'{one.name} = {writer.names.special(maker)}("{one.name}")'
    return f"{one.name}: {writer.write(expr)}"


def _alias(one: TypeAlias, writer: TypeWriter) -> str:
    known = {parameter.name for parameter in one.type_parameters}
    loose = [TypeParameter(name=name) for name in variable_names(one.target) if name not in known]
    inner = writer.inside((*one.type_parameters, *loose))
    return f"{one.name}: {writer.names.special('TypeAlias')} = {inner.write(one.target)}"


def _type_variable(parameter: TypeParameter, name: str, names: StubNames) -> str:
    writer = TypeWriter(names)
    parts = [f'"{name}"', *(writer.write(one) for one in parameter.constraints)]
    parts += [f"bound={writer.write(parameter.bound)}"] if parameter.bound is not None else []
    parts += [f"{parameter.variance}=True"] if parameter.variance in {"covariant", "contravariant"} else []
    parts += ["infer_variance=True"] if parameter.variance == "inferred" else []
    parts += [f"default={writer.write(parameter.default)}"] if parameter.default is not None else []
    return f"{name} = {names.maker(parameter)}({', '.join(parts)})"


def _declared(module: Module) -> list[str]:
    """Write ``__all__``, of the names that the stub has."""
    if module.declared_names is None:
        return []
    there = names_of(module)
    listed = ", ".join(repr(name) for name in module.declared_names if name in there and is_writable(name))
    return [f"__all__ = [{listed}]"]
