"""What a source file calls things: its imports, its definitions, and how it could import what it has not yet."""

import ast
import builtins
from collections.abc import Iterator, Mapping

import msgspec

from pybridge.annotate.spelling import FORMER_PATHS, Unwritable
from pybridge.model.names import ModuleName, SymbolPath, dotted, split_symbol

_BUILTINS = frozenset(name for name in vars(builtins) if not name.startswith("_"))
_SINCE = {"Self": (3, 11), "Never": (3, 11), "Unpack": (3, 11), "Concatenate": (3, 10)}


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A name that the module binds at its top level."""

    target: str | None
    """Dotted path of what it imports; None for a definition of its own."""
    end_line: int
    """Of the statement; from the line after it on the name has its value."""
    is_plain: bool
    """True when it always runs: in no ``if`` and no ``try``."""
    is_class: bool = False


class Spelled(msgspec.Struct, frozen=True, kw_only=True):
    """A name for a symbol."""

    text: str
    end_line: int | None
    """From the line after it on it can be evaluated; 0 for everywhere, None for nowhere: only a checker reads it."""


class FileNames:
    """The names of one file; asking for a symbol that it has not imported adds an import to `new_imports`."""

    def __init__(
        self, tree: ast.Module, module: ModuleName, python_version: tuple[int, int], *, is_package: bool
    ) -> None:
        self._module = module
        self._python_version = python_version
        package = module if is_package else module.rpartition(".")[0]
        self.bindings: dict[str, list[Binding]] = {}
        for name, binding in _bindings(tree.body, package):
            self.bindings.setdefault(name, []).append(binding)
        self._taken = _names_in(tree)
        self._by_target = {
            one[0].target: name for name, one in sorted(self.bindings.items()) if len(one) == 1 and one[0].target
        }
        self.type_checking = self._flag()
        """What the file calls ``TYPE_CHECKING``, if anything."""
        self.can_import = self.type_checking is not None or "TYPE_CHECKING" not in self._taken
        self.new_imports: dict[tuple[str, str], str] = {}
        """Module and name to what the file shall call it."""

    def find(self, path: SymbolPath, others: Mapping[SymbolPath, tuple[str, ...]], hidden: frozenset[str]) -> Spelled:
        """Name a symbol where the names in ``hidden`` mean something else.

        Raises:
            Unwritable: it has no name and cannot be imported under one that is free.
        """
        module, qualname = split_symbol(path)
        head, _, rest = qualname.partition(".")
        if not head or not qualname.replace(".", "_").isidentifier():
            raise Unwritable
        known = self._known(path, others)
        if known is not None and known.text.partition(".")[0] not in hidden:
            return known
        if module == "builtins":
            if head in _BUILTINS and head not in self.bindings and head not in hidden:
                return Spelled(text=qualname, end_line=0)
            raise Unwritable
        if module == self._module or not self.can_import:
            raise Unwritable
        alias = self._import(module, head)
        return Spelled(text=f"{alias}.{rest}" if rest else alias, end_line=None)

    def special(self, name: str) -> SymbolPath:
        """Say where a member of ``typing`` is for the target: newer ones are in ``typing_extensions``."""
        has_it = self._python_version >= _SINCE.get(name, (3, 0))
        return SymbolPath(f"{'typing' if has_it else 'typing_extensions'}:{name}")

    def _known(self, path: SymbolPath, others: Mapping[SymbolPath, tuple[str, ...]]) -> Spelled | None:
        module, qualname = split_symbol(path)
        if module == self._module:
            head = qualname.partition(".")[0]
            own = self.bindings.get(head, [])
            if len(own) == 1 and own[0].target is None and own[0].is_class:
                return Spelled(text=qualname, end_line=own[0].end_line if own[0].is_plain else None)
        former = (dotted(FORMER_PATHS[path]),) if path in FORMER_PATHS else ()
        for candidate in (dotted(path), *others.get(path, ()), *former):
            owner = candidate
            while owner:
                name = self._by_target.get(owner)
                # A module's submodules may not be loaded where the module is: only what is written in it counts.
                if name is not None and candidate.count(".") - owner.count(".") <= qualname.count(".") + 1:
                    binding = self.bindings[name][0]
                    # What a module holds may not be there yet when two import each other.
                    is_there = owner == candidate and binding.is_plain
                    end_line = binding.end_line if is_there else None
                    return Spelled(text=name + candidate[len(owner) :], end_line=end_line)
                owner = owner.rpartition(".")[0]
        return None

    def _flag(self) -> str | None:
        """What the file calls ``typing.TYPE_CHECKING`` from its first imports on, if anything."""
        for target, ending in (("typing.TYPE_CHECKING", ""), ("typing", ".TYPE_CHECKING")):
            name = self._by_target.get(target)
            if name is not None and self.bindings[name][0].is_plain:
                return f"{name}{ending}"
        return None

    def _import(self, module: ModuleName, name: str) -> str:
        known = self.new_imports.get((module, name))
        if known is not None:
            return known
        taken = self._taken | _BUILTINS | set(self.new_imports.values())
        alias = next((one for one in (name, f"_{name}") if one not in taken), None)
        if alias is None:
            raise Unwritable
        self.new_imports[module, name] = alias
        return alias


def is_type_checking(test: ast.expr) -> bool:
    """Tell whether an ``if`` is one that only type checkers enter."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(value=ast.Name(), attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def class_names(body: list[ast.stmt]) -> frozenset[str]:
    """Names that a class binds, which hide those of the module in its annotations."""
    return frozenset(name for statement in body for name in _bound(statement))


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that a statement binds, or deletes, in its own scope."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def _bindings(body: list[ast.stmt], package: str, *, is_plain: bool = True) -> Iterator[tuple[str, Binding]]:
    for one in body:
        end_line = one.end_lineno or one.lineno
        match one:
            case ast.Import(names=names):
                for each in names:
                    name = each.asname or each.name.partition(".")[0]
                    imported = each.name if each.asname else name
                    yield name, Binding(target=imported, end_line=end_line, is_plain=is_plain)
            case ast.ImportFrom(names=names, level=level):
                origin = _origin(one.module, level, package)
                for each in names:
                    target = f"{origin}.{each.name}" if origin else None
                    yield (
                        each.asname or each.name,
                        Binding(target=target, end_line=end_line, is_plain=is_plain),
                    )
            case ast.If(body=inner, orelse=otherwise):
                yield from _bindings([*inner, *otherwise], package, is_plain=False)
            case ast.ClassDef(name=name):
                yield name, Binding(target=None, end_line=end_line, is_plain=is_plain, is_class=True)
            case _:
                for name in dict.fromkeys(_bound(one)):
                    yield name, Binding(target=None, end_line=end_line, is_plain=False)


def _origin(module: str | None, level: int, package: str) -> str | None:
    """Dotted path of what a ``from`` imports from; None when it leads above the top."""
    if level == 0:
        return module
    parts = package.split(".") if package else []
    if level - 1 >= len(parts):
        return None
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{module}" if module else base


def _names_in(tree: ast.Module) -> set[str]:
    """Every name that the file uses anywhere, so that a new one is free everywhere."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.Constant(value=str(text)) if text.isidentifier():
                found.add(text)
            case _:
                if isinstance(node, ast.stmt | ast.alias):
                    found.update(_own(node))
    return found


def _own(node: ast.stmt | ast.alias) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
        case _:
            pass
