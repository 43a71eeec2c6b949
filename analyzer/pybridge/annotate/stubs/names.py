"""What one stub calls things: its own symbols, what it imports, and its type variables."""

import builtins
import keyword
from collections.abc import Iterator

import msgspec

from pybridge.annotate.spelling import Unwritable
from pybridge.codec.python_text import literal_text
from pybridge.model.classes import Class
from pybridge.model.library import Export, LibraryDescriptor, Module, Variable, Visibility
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind, LiteralValue, Named, TypeParameter, TypeVariable, TypeVariableKind

_BUILTINS = frozenset(name for name in vars(builtins) if not name.startswith("_"))
_BUILTIN_MODULE = "_builtins"
_IN_TYPING = frozenset(
    {"Any", "Concatenate", "Generic", "Literal", "NamedTuple", "NoReturn", "TypeAlias", "final", "overload"}
)
"""What every target has there; the rest is newer, or has newer options."""
_LINE_LENGTH = 120
_VARIABLE_TYPES = frozenset({"typing:ParamSpec", "typing:TypeVar", "typing:TypeVarTuple"})
_VARIABLE_MAKERS = {
    TypeVariableKind.TYPE: "TypeVar",
    TypeVariableKind.PARAMETERS: "ParamSpec",
    TypeVariableKind.TUPLE: "TypeVarTuple",
}


class Described:
    """Which symbols of a library its stubs have, and of those which are types."""

    def __init__(self, descriptor: LibraryDescriptor) -> None:
        self.modules = frozenset(module.name for module in descriptor.modules)
        self.roots = frozenset(descriptor.roots)
        self.types: set[SymbolPath] = set()
        self.symbols: set[SymbolPath] = set()
        self.plain: set[SymbolPath] = set()
        """Types that take no arguments."""
        for module in descriptor.modules:
            self.types.update(one.path for one in module.type_aliases)
            self.plain.update(one.path for one in module.type_aliases if not any(variable_names(one.target)))
            self.symbols.update(one.path for one in module.functions)
            self.symbols.update(one.path for one in module.variables)
            for one in module.classes:
                self._add(one)
        self.symbols |= self.types

    def is_own(self, module: ModuleName) -> bool:
        """Tell whether a module is one of the library's, described or not."""
        return module.partition(".")[0] in self.roots

    def _add(self, owner: Class) -> None:
        self.types.add(owner.path)
        if not owner.type_parameters:
            self.plain.add(owner.path)
        for nested in owner.nested_classes:
            self._add(nested)


class StubNames:
    """Names of one stub, and the imports and type variables that using them has called for."""

    def __init__(self, module: Module, described: Described) -> None:
        self._module, self._described = module.name, described
        self._taken = names_of(module)
        self._own_variables = {one.name for one in module.variables if is_type_variable(one)}
        self._members = {name for one in module.classes for name in _member_names(one)}
        self._imports: dict[tuple[str, str], str] = {}
        self._variables: dict[TypeParameter, str] = {}
        self._has_builtins = False

    def builtin(self, name: str) -> str:
        """Name a builtin, which something of the same name may hide."""
        if name not in self._taken and name not in self._members:
            return name
        self._has_builtins = True
        return f"{_BUILTIN_MODULE}.{name}"

    def type_name(self, path: SymbolPath) -> str:
        """Name a type.

        Raises:
            Unwritable: the stubs do not have it, or what is around hides it.
        """
        module, qualname = split_symbol(path)
        if not is_writable(qualname):
            raise Unwritable
        if module == "builtins":
            if qualname not in _BUILTINS:
                raise Unwritable
            return self.builtin(qualname)
        if self._described.is_own(module) and path not in self._described.types:
            raise Unwritable
        head, _, rest = qualname.partition(".")
        if module == self._module:
            if head in self._members:
                raise Unwritable
            return qualname
        name = self.imported(module, head)
        return f"{name}.{rest}" if rest else name

    def takes_arguments(self, path: SymbolPath) -> bool:
        """Tell whether a type is generic, or of another library."""
        return path not in self._described.plain

    def special(self, name: str) -> str:
        """Name a member of ``typing``, or of ``typing_extensions``, which type checkers know for every target."""
        return self.imported("typing" if name in _IN_TYPING else "typing_extensions", name)

    def incomplete(self) -> str:
        """Name what stands for a type that is not known."""
        return self.imported("_typeshed", "Incomplete")

    def imported(self, module: str, name: str) -> str:
        """Import a name, under another one where it is taken."""
        known = self._imports.get((module, name))
        if known is None:
            taken = {*self._taken, *self._members, *self._imports.values(), *_BUILTINS}
            known = _free(name, taken)
            self._imports[module, name] = known
        return known

    def variable(self, parameter: TypeParameter) -> str:
        """Name a type variable; two of one name that mean different things get different names."""
        if parameter.name == "AnyStr":
            return self.imported("typing", "AnyStr")
        known = self._variables.get(parameter)
        if known is None:
            taken = {*(self._taken - self._own_variables), *self._members, *self._variables.values()}
            known = _free(parameter.name, taken, is_suffix=True)
            self._variables[parameter] = known
        return known

    def variables(self) -> tuple[tuple[TypeParameter, str], ...]:
        """Return the type variables that are used, by name."""
        return tuple(sorted(self._variables.items(), key=lambda item: item[1]))

    def maker(self, parameter: TypeParameter) -> str:
        """Name what makes a type variable."""
        return self.special(_VARIABLE_MAKERS[parameter.kind])

    def import_lines(self) -> list[str]:
        """Write the imports, sorted."""
        lines = [f"import builtins as {_BUILTIN_MODULE}"] if self._has_builtins else []
        by_module: dict[str, list[str]] = {}
        for (module, name), alias in sorted(self._imports.items()):
            by_module.setdefault(module, []).append(name if alias == name else f"{name} as {alias}")
        for module, names in by_module.items():
            line = f"from {module} import {', '.join(names)}"
            if len(line) > _LINE_LENGTH:
                line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
            lines.append(line)
        return lines


def names_of(module: Module) -> set[str]:
    """Every name that a module offers or defines."""
    return defined_names(module) | {one.name for one in offered(module)}


def is_type_variable(variable: Variable) -> bool:
    """Tell whether a variable of a module is a type variable."""
    expr = variable.type.expr
    return isinstance(expr, Named) and expr.path in _VARIABLE_TYPES


def offered(module: Module) -> list[Export]:
    """Exports that somebody promised; what a module imports for its own use is left out."""
    return [one for one in module.exports if one.visibility is not Visibility.INCIDENTAL]


def defined_names(module: Module) -> set[str]:
    """Every name that a module defines itself."""
    defined = {one.name for one in module.classes} | {one.name for one in module.functions}
    return defined | {one.name for one in module.variables} | {one.name for one in module.type_aliases}


def variable_names(value: object) -> Iterator[str]:
    """Names of the type variables in a noun, at any depth."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, TypeVariable):
            yield one.name
        elif isinstance(one, msgspec.Struct):
            waiting += [getattr(one, field) for field in one.__struct_fields__]
        elif isinstance(one, tuple):
            waiting += one


def is_writable(dotted_name: str) -> bool:
    """Tell whether a name, or several with dots between, can stand in Python text."""
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in dotted_name.split("."))


def constant(value: LiteralValue) -> str | None:
    """Write a constant that a stub may show; None for one that is long or odd."""
    if value.kind in {LiteralKind.FLOAT, LiteralKind.ENUM} or any("\ud800" <= one <= "\udfff" for one in value.text):
        return None
    text = literal_text(value)
    return text if len(text) <= 50 else None


def _member_names(owner: Class) -> set[str]:
    members = {one.name for one in owner.methods} | {one.name for one in owner.properties}
    members |= {one.name for one in owner.fields} | {one.name for one in owner.enum_members}
    for nested in owner.nested_classes:
        members |= {nested.name, *_member_names(nested)}
    return members


def _free(name: str, taken: set[str], *, is_suffix: bool = False) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}" if is_suffix else f"{'_' * (number - 1)}{name}"
    return candidate
