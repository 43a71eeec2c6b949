"""Child side: where a name comes from. Symbol paths of mypy's nodes, and what an import of an unread module named."""

from collections.abc import Mapping, Sequence

from mypy.errors import CompileError
from mypy.nativeparse import deserialize_imports, native_parse
from mypy.nodes import Import, ImportBase, ImportFrom, MypyFile, TypeAlias, TypeInfo, TypeVarLikeExpr
from mypy.options import Options

from pybridge.model.names import ModuleName, SymbolPath, symbol_path

_TYPED_DICTS = frozenset({"typing._TypedDict", "typing_extensions._TypedDict"})
"""What mypy puts below every typed dict; nothing of that name exists at run time."""


class Origins:
    """Answers for one build; files that mypy had from its cache, which keeps no imports, are parsed for a name's sake."""

    def __init__(self, modules: Mapping[str, MypyFile], paths: Mapping[str, str], options: Options) -> None:
        self._modules = modules
        self._paths = paths
        self._options = options
        self._imports: dict[str, dict[str, SymbolPath]] = {}
        self._missing: dict[str, SymbolPath | None] = {}

    def of_missing_import(self, fullname: str) -> SymbolPath | None:
        """Return what a name bound by an import of something unread stands for.

        ``fullname`` is the name as bound, ``library.module.Thing``. For ``from far.away import Thing`` the answer is
        ``far.away:Thing``; for ``import far`` it is the module ``far:``, and what was taken from it is not known.
        None when no import binds the name.
        """
        if fullname not in self._missing:
            self._missing[fullname] = self._find(fullname)
        return self._missing[fullname]

    def is_assigned(self, fullname: str) -> bool:
        """Tell a type variable made by ``T = TypeVar("T")`` from a type parameter of PEP 695."""
        module, _, name = fullname.rpartition(".")
        tree = self._modules.get(module)
        if tree is None or name not in tree.names:
            return False
        node = tree.names[name].node
        return isinstance(node, TypeVarLikeExpr) and node.fullname == fullname

    def _find(self, fullname: str) -> SymbolPath | None:
        parts = fullname.split(".")
        for end in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:end])
            if module in self._paths:
                return self._imports_of(module).get(parts[-1])
        return None

    def _imports_of(self, module: str) -> dict[str, SymbolPath]:
        if module not in self._imports:
            self._imports[module] = self._read_imports(module)
        return self._imports[module]

    def _read_imports(self, module: str) -> dict[str, SymbolPath]:
        bound: dict[str, SymbolPath] = {}
        for statement in self._statements(module):
            if isinstance(statement, Import):
                for name, alias in statement.ids:
                    target = name if alias else name.partition(".")[0]
                    bound.setdefault(alias or target, symbol_path(ModuleName(target), ""))
            elif isinstance(statement, ImportFrom):
                source = self._absolute(module, statement.id, statement.relative)
                for name, alias in statement.names:
                    bound.setdefault(alias or name, symbol_path(ModuleName(source), name))
        return bound

    def _statements(self, module: str) -> Sequence[ImportBase]:
        loaded = self._modules.get(module)
        if loaded is not None and loaded.imports:
            return loaded.imports
        try:
            tree, _, _ = native_parse(self._paths[module], self._options, skip_function_bodies=True)
        except (CompileError, OSError, ValueError):
            return ()
        return deserialize_imports(tree.raw_data.imports) if tree.raw_data else ()

    def _absolute(self, module: str, name: str, level: int) -> str:
        """Resolve a relative import as Python does."""
        if level == 0:
            return name
        is_package = self._paths[module].endswith(("__init__.py", "__init__.pyi"))
        parts = module.split(".")
        kept = parts[: len(parts) - level + is_package]
        return ".".join([*kept, name] if name else kept)


def class_path(info: TypeInfo) -> SymbolPath:
    """Symbol path of a class, nested ones included."""
    if info.fullname in _TYPED_DICTS:
        return SymbolPath("typing:TypedDict")
    return _path(info.module_name, info.fullname)


def alias_path(alias: TypeAlias) -> SymbolPath:
    """Symbol path of a type alias."""
    return _path(alias.module, alias.fullname)


def is_describable(path: SymbolPath) -> bool:
    """Tell a name that the source has from mypy's own ones (``C@12``, ``x-redefinition``, ``<subclass of ...>``)."""
    return all(part.isidentifier() for part in path.partition(":")[2].split("."))


def _path(module: str, fullname: str) -> SymbolPath:
    prefix = f"{module}."
    if fullname.startswith(prefix):
        return symbol_path(ModuleName(module), fullname[len(prefix) :])
    owner, _, name = fullname.rpartition(".")
    return symbol_path(ModuleName(owner), name)
