"""What of a library gets an Elixir module, and which: the public classes, and the modules with functions or variables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

import msgspec

from pybridge.errors import UnknownTarget
from pybridge.generate.options import GenerationOptions
from pybridge.generate.targets.elixir.naming import (
    Allotment,
    file_stem,
    is_module_name,
    module_segment,
    root_segment,
)
from pybridge.generate.targets.elixir.types import KnownClass, TypeScope
from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.library import LibraryDescriptor, Variable
from pybridge.model.names import PublicPath, SymbolPath, dotted

FUNCTIONS_SEGMENT = "Functions"


class PlannedClass(msgspec.Struct, frozen=True, kw_only=True):
    """A public class and its names."""

    cls: Class
    public_paths: tuple[PublicPath, ...]
    """Shortest first; at least one."""
    module: str
    file: str


class PlannedModule(msgspec.Struct, frozen=True, kw_only=True):
    """The functions and variables whose shortest public path goes through one Python module."""

    python_path: str
    module: str
    file: str
    functions: tuple[Function, ...]
    variables: tuple[Variable, ...]


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is generated, named."""

    root: str
    classes: tuple[PlannedClass, ...]
    modules: tuple[PlannedModule, ...]
    """The root module is the first, even when it has no functions."""
    every_class: Mapping[SymbolPath, Class]
    """Public or not."""
    module_of: Mapping[SymbolPath, PlannedClass]
    subclasses: Mapping[SymbolPath, tuple[str, ...]]
    """Modules of the public classes that have a public class in their method resolution order, sorted, itself left out."""
    scope: TypeScope
    diagnostics: tuple[Diagnostic, ...]


def collect(descriptor: LibraryDescriptor, options: GenerationOptions) -> Surface:
    """Find what is public and included, and give every class and module its Elixir module and file.

    Raises:
        UnknownTarget: the root module's name that was asked for is none.
    """
    root = options.root or root_segment(descriptor.name)
    if not is_module_name(root):
        raise UnknownTarget("Elixir module name", root, ("Jinja2", "Acme.Jinja2"))
    every = dict(_classes(descriptor))
    names = _Names(root, descriptor.name)
    public = sorted(
        (
            (paths, cls)
            for cls, paths in every.values()
            if paths and any(_is_included(path, options.include) for path in paths)
        ),
        key=lambda one: (_naming_rank(one[0][0]), one[1].path),
    )
    classes = tuple(
        PlannedClass(cls=cls, public_paths=paths, module=module, file=file)
        for paths, cls in public
        for module, file in (names.give(paths[0], what="class"),)
    )
    modules = _modules(descriptor, options, names)
    module_of = {one.cls.path: one for one in classes}
    bare = {path: cls for path, (cls, _) in every.items()}
    return Surface(
        root=root,
        classes=classes,
        modules=modules,
        every_class=bare,
        module_of=module_of,
        subclasses=_subclasses(classes),
        scope=TypeScope(
            classes={path: _known(cls, module_of) for path, cls in bare.items()},
            aliases={alias.path: alias.target for module in descriptor.modules for alias in module.type_aliases},
        ),
        diagnostics=tuple(names.diagnostics),
    )


class _Names:
    """Allots modules and files, never two that are the same to a file system that ignores case."""

    def __init__(self, root: str, library: str) -> None:
        self._root, self._library = root, library
        self._modules = Allotment((root,), is_folding=True)
        self._files = Allotment((_file(root),), is_folding=True)
        self.diagnostics: list[Diagnostic] = []

    def give(self, path: str, *, what: str) -> tuple[str, str]:
        parts = path.split(".")
        inner = parts[1:] if parts[0] == self._library and len(parts) > 1 else parts
        wanted = ".".join((self._root, *(module_segment(part) for part in inner)))
        module = self._modules.allot_module(wanted)
        file = _file(module)
        given = self._files.allot_module(file)
        if module != wanted:
            self._note(path, what, module, wanted)
        return module, f"lib/{given}.ex"

    def give_module(self, path: str) -> tuple[str, str]:
        if path == self._library:
            return self._root, f"lib/{_file(self._root)}.ex"
        parts = path.split(".")
        inner = parts[1:] if parts[0] == self._library else parts
        wanted = ".".join((self._root, *(module_segment(part) for part in inner)))
        if self._modules.is_taken(wanted):
            return self.give(f"{path}.{FUNCTIONS_SEGMENT}", what="module")
        return self.give(path, what="module")

    def _note(self, path: str, what: str, module: str, wanted: str) -> None:
        self.diagnostics.append(
            Diagnostic(
                code="elixir-name-taken",
                severity=Severity.NOTE,
                message=f"the {what} {path} is generated as {module}: {wanted} stands for another name",
            )
        )


def _classes(descriptor: LibraryDescriptor) -> Iterable[tuple[SymbolPath, tuple[Class, tuple[PublicPath, ...]]]]:
    waiting: list[tuple[Class, tuple[PublicPath, ...]]] = [
        (cls, cls.public_paths) for module in descriptor.modules for cls in module.classes
    ]
    while waiting:
        cls, paths = waiting.pop()
        yield cls.path, (cls, paths)
        for nested in cls.nested_classes:
            is_public = bool(paths) and not nested.name.startswith("_")
            through = tuple(PublicPath(f"{path}.{nested.name}") for path in paths) if is_public else ()
            waiting.append((nested, nested.public_paths or through))


def _modules(descriptor: LibraryDescriptor, options: GenerationOptions, names: _Names) -> tuple[PlannedModule, ...]:
    functions: defaultdict[str, list[Function]] = defaultdict(list)
    variables: defaultdict[str, list[Variable]] = defaultdict(list)
    for module in descriptor.modules:
        for function in module.functions:
            if _is_wanted(function.public_paths, options.include):
                functions[function.public_paths[0].rpartition(".")[0]].append(function)
        for variable in module.variables:
            if _is_wanted(variable.public_paths, options.include):
                variables[variable.public_paths[0].rpartition(".")[0]].append(variable)
    paths = sorted({*functions, *variables} - {descriptor.name}, key=_rank)
    return tuple(
        PlannedModule(
            python_path=path,
            module=module,
            file=file,
            functions=tuple(sorted(functions[path], key=lambda one: (one.public_paths[0], one.path))),
            variables=tuple(sorted(variables[path], key=lambda one: (one.public_paths[0], one.path))),
        )
        for path in (descriptor.name, *paths)
        for module, file in (names.give_module(path),)
    )


def _is_wanted(paths: tuple[PublicPath, ...], include: tuple[str, ...]) -> bool:
    return bool(paths) and any(_is_included(path, include) for path in paths)


def _is_included(path: str, include: tuple[str, ...]) -> bool:
    return not include or any(fnmatchcase(path, glob) for glob in include)


def _rank(path: str) -> tuple[int, str]:
    return path.count("."), path


def _naming_rank(path: str) -> tuple[int, bool, str]:
    """Who gets a name that several want: the shorter path, and what is called so in Python."""
    name = path.rpartition(".")[2]
    return path.count("."), module_segment(name) != name, path


def _file(module: str) -> str:
    return "/".join(file_stem(segment) for segment in module.split("."))


def _known(cls: Class, module_of: Mapping[SymbolPath, PlannedClass]) -> KnownClass:
    own = module_of.get(cls.path)
    ancestor = next((module_of[path].module for path in cls.mro[1:] if path in module_of), None)
    return KnownClass(kind=cls.kind, module=own.module if own else None, ancestor=ancestor)


def _subclasses(classes: tuple[PlannedClass, ...]) -> dict[SymbolPath, tuple[str, ...]]:
    found: defaultdict[SymbolPath, set[str]] = defaultdict(set)
    for one in classes:
        for ancestor in one.cls.mro:
            if ancestor != one.cls.path:
                found[ancestor].add(one.module)
    return {path: tuple(sorted(modules)) for path, modules in found.items()}


def class_paths(one: PlannedClass) -> tuple[str, ...]:
    """Every Python path of a class, the defining one included, sorted."""
    return tuple(sorted({*one.public_paths, dotted(one.cls.path)}))
