"""Child side: symbol tables to `TypeAnswers`.

Only what mypy also keeps in its cache is read, and every table is sorted, so that a cold and a warm run answer alike.
"""

from collections.abc import Iterator

from mypy.nodes import (
    Decorator,
    FuncDef,
    MypyFile,
    OverloadedFuncDef,
    ParamSpecExpr,
    SymbolNode,
    SymbolTable,
    SymbolTableNode,
    TypeAlias,
    TypeInfo,
    TypeVarExpr,
    TypeVarLikeExpr,
    TypeVarTupleExpr,
    Var,
    implicit_module_attrs,
)
from mypy.types import AnyType as MypyAny
from mypy.types import FunctionLike, Instance, get_proper_type

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import ModuleName, SymbolPath, split_symbol, symbol_path
from pybridge.model.types import AnyType, TypeExpr, TypeParameter, TypeVariableKind
from pybridge.resolve.annotations import without_any, without_loose_variables
from pybridge.resolve.types.answers import (
    AliasAnswer,
    Answer,
    CallableAnswer,
    ClassAnswer,
    ExternalAnswer,
    ModuleAnswer,
    TypeAnswers,
    TypeVariableAnswer,
    VariableAnswer,
)
from pybridge.resolve.types.build import EngineBroke, Library
from pybridge.resolve.types.callables import CallableReader
from pybridge.resolve.types.classes import ClassReader
from pybridge.resolve.types.convert import UNANNOTATED, Converter, variance
from pybridge.resolve.types.descriptors import read_through
from pybridge.resolve.types.diagnostics import described, skipped_symbol
from pybridge.resolve.types.origins import Origins, alias_path, class_path, is_describable
from pybridge.resolve.types.request import OwnModule, TypeRequest
from pybridge.resolve.types.stand_ins import stand_in
from pybridge.resolve.types.unread import Unread
from pybridge.resolve.types.written import WrittenParameters

MAX_NESTING = 16
"""Classes inside classes; deeper ones are left out."""

_FAULTS = (
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What mypy's internals raise on half-analysed definitions."""

_HELPER_VARIABLES = frozenset({"_AT", "_DT", "_NT"})
_NAMED_TUPLE_JUNK = frozenset(
    {"_fields", "_field_defaults", "_field_types", "_source", "__annotations__", "__doc__", "__match_args__"}
)
_HIDDEN_PREFIXES = ("__mypy-", "__attrs_", "__dataclass_fields__", "__match_args__", "__slots__")


def dump(library: Library, request: TypeRequest) -> TypeAnswers:
    """Answer everything that was asked."""
    return _Dump(library, request).answers()


class _Dump:
    def __init__(self, library: Library, request: TypeRequest) -> None:
        self._library = library
        self._request = request
        self._own = {module.name: module for module in request.modules}
        self._converter = Converter(Origins(library.modules, library.paths, library.options), frozenset(self._own))
        self._callables = CallableReader(self._converter)
        self._classes = ClassReader(
            self._converter, self._callables, WrittenParameters(library.paths), frozenset(self._own)
        )
        self._bases = frozenset(request.bases)
        self._unread: Unread | None = None
        self._stand_ins: dict[str, dict[str, Answer]] = {}
        self._diagnostics: list[Diagnostic] = list(library.diagnostics)
        self._nesting = 0

    def answers(self) -> TypeAnswers:
        modules: dict[ModuleName, ModuleAnswer] = {}
        for name, module in sorted(self._own.items()):
            tree = self._library.modules.get(name)
            if tree is not None:
                modules[name] = self._module(tree, module)
        self._library.stand_ins.keep(self._stand_ins)
        externals = {path: self._external(path) for path in sorted(set(self._request.externals))}
        return TypeAnswers(
            engine=self._library.engine,
            modules=modules,
            externals=externals,
            diagnostics=tuple(self._diagnostics),
        )

    def _module(self, tree: MypyFile, module: OwnModule) -> ModuleAnswer:
        try:
            return ModuleAnswer(module=module.name, symbols=dict(self._symbols(tree, module)))
        except (MemoryError, EngineBroke):
            raise
        except Exception as error:
            # Not one of `_FAULTS`: a new process does without the module, and its diagnostic says why.
            raise EngineBroke(module.name, described(error)) from error

    def _symbols(self, tree: MypyFile, module: OwnModule) -> Iterator[tuple[str, Answer]]:
        settled = self._request.settled
        kept, stand_ins, is_whole = self._library.stand_ins.of_cached(module.name), dict[str, Answer](), True
        self._unread = None if settled is None else Unread(frozenset(settled.get(module.name, ())))
        for name in sorted(tree.names):
            if not name.isidentifier() or name in implicit_module_attrs:
                continue
            try:
                symbol = tree.names[name]
                node = symbol.node
                if settled is not None and isinstance(node, FuncDef) and node.type is None:
                    continue  # most of what is defined or imported, and the cheapest to pass over
                if name in kept:
                    yield name, kept[name]
                    continue
                standing = stand_in(tree.names, name)
                node = standing or node
                if node is not None and _home(node) == tree.fullname:
                    answer = self._wanted_answer(name, symbol, node)
                    if answer is not None:
                        yield name, answer
                    if answer is not None and standing is not None:
                        stand_ins[name] = answer
            except _FAULTS as error:
                self._diagnostics.append(skipped_symbol(module, name, type(error).__name__))
                is_whole = False
        if is_whole:
            self._stand_ins[module.name] = stand_ins

    def _wanted_answer(
        self, name: str, symbol: SymbolTableNode, node: SymbolNode, owner: TypeInfo | None = None
    ) -> Answer | None:
        unread = self._unread
        if unread is None:
            return self._answer(symbol, node, owner)
        if unread.is_function(name, symbol, node, owner):
            return None
        answer = self._answer(symbol, node, owner)
        return None if answer is None or unread.is_variable(answer, owner) else answer

    def _answer(self, symbol: SymbolTableNode, node: SymbolNode, owner: TypeInfo | None) -> Answer | None:
        if symbol.plugin_generated:
            with self._converter.reading_special_forms_as(AnyType()):
                return self._answer_for(symbol, node, owner)
        return self._answer_for(symbol, node, owner)

    def _answer_for(self, symbol: SymbolTableNode, node: SymbolNode, owner: TypeInfo | None) -> Answer | None:
        made = symbol.plugin_generated
        match node:
            case FuncDef():
                return self._callables.function(node, is_synthesised=made)
            case Decorator():
                return self._callables.decorated(node, is_synthesised=made)
            case OverloadedFuncDef():
                return self._callables.overloaded(node)
            case TypeInfo():
                return self._class(node)
            case TypeAlias():
                variables = tuple(self._converter.type_parameter(one) for one in node.alias_tvars)
                return AliasAnswer(target=self._converter.alias_target(node), type_parameters=variables)
            case TypeVarLikeExpr():
                return TypeVariableAnswer(parameter=self._type_variable(node))
            case Var() if not node.is_suppressed_import and not node.from_module_getattr:
                return self._variable(symbol, node, owner)
            case _:
                return None

    def _class(self, info: TypeInfo) -> Answer | None:
        if self._nesting >= MAX_NESTING:
            return None
        self._nesting += 1
        try:
            return self._classes.read(info, self._members)
        finally:
            self._nesting -= 1

    def _members(self, info: TypeInfo) -> dict[str, Answer]:
        members: dict[str, Answer] = {}
        for name, symbol in info.names.items():
            if not name.isidentifier() or name.startswith(_HIDDEN_PREFIXES):
                continue
            if info.is_named_tuple and name in _NAMED_TUPLE_JUNK:
                continue
            node = symbol.node
            if node is None or not _is_own_member(info, symbol, node):
                continue
            answer = self._wanted_answer(name, symbol, node, info)
            if answer is not None:
                members[name] = answer
        return members

    def _variable(self, symbol: SymbolTableNode, var: Var, owner: TypeInfo | None) -> VariableAnswer:
        in_class_body = owner is not None and var.is_initialized_in_class and not symbol.implicit
        return VariableAnswer(
            type=self._variable_type(var, owner, in_class_body=in_class_body),
            is_declared=not var.is_inferred or var.explicit_self_type,
            is_final=var.is_final or (owner is not None and owner.is_enum and in_class_body and var.has_explicit_value),
            is_class_variable=var.is_classvar or (in_class_body and var.is_inferred),
            is_synthesised=symbol.plugin_generated,
        )

    def _variable_type(self, var: Var, owner: TypeInfo | None, *, in_class_body: bool) -> TypeExpr:
        if not var.is_inferred:
            return self._converter.value(var.type, is_final=True) if var.is_final else self._converter.expr(var.type)
        inferred = without_any(self._inferred_type(var, in_class_body=in_class_body))
        return without_loose_variables(inferred, owner.type_vars if owner is not None else ())

    def _inferred_type(self, var: Var, *, in_class_body: bool) -> TypeExpr:
        proper = get_proper_type(var.type) if var.type is not None else None
        with self._converter.reading_special_forms_as(UNANNOTATED):
            if in_class_body and isinstance(proper, FunctionLike) and not proper.is_type_obj():
                return self._callables.without_self(proper)
            if in_class_body and isinstance(proper, Instance) and (seen := read_through(proper)) is not None:
                return self._converter.expr(seen)
            return self._converter.value(var.type, is_final=True)

    def _type_variable(self, node: TypeVarLikeExpr) -> TypeParameter:
        proper = get_proper_type(node.default)
        omitted = isinstance(proper, MypyAny) and proper.type_of_any != 2
        default = None if omitted else self._converter.expr(node.default)
        match node:
            case ParamSpecExpr():
                return TypeParameter(name=node.name, kind=TypeVariableKind.PARAMETERS, default=default)
            case TypeVarTupleExpr():
                return TypeParameter(name=node.name, kind=TypeVariableKind.TUPLE, default=default)
            case TypeVarExpr():
                return TypeParameter(
                    name=node.name,
                    bound=self._converter.bound(node.upper_bound),
                    constraints=tuple(self._converter.expr(value) for value in node.values),
                    default=default,
                    variance=variance(node.variance),
                )
            case _:
                raise NotImplementedError(type(node).__name__)

    def _external(self, asked: SymbolPath) -> ExternalAnswer:
        try:
            return self._look_up(asked)
        except _FAULTS:
            return ExternalAnswer(asked=asked, path=None)

    def _look_up(self, asked: SymbolPath) -> ExternalAnswer:
        node = self._find(asked)
        match node:
            case None:
                return ExternalAnswer(asked=asked, path=None)
            case MypyFile():
                return ExternalAnswer(asked=asked, path=symbol_path(ModuleName(node.fullname), ""))
            case TypeInfo():
                path = class_path(node)
                if not is_describable(path):
                    return ExternalAnswer(asked=asked, path=None)
                return ExternalAnswer(asked=asked, path=path, class_answer=self._external_class(node, asked))
            case TypeAlias():
                target = self._converter.alias_target(node)
                return ExternalAnswer(asked=asked, path=alias_path(node), is_alias=True, target=target)
            case TypeVarLikeExpr():
                path = self._path(node, asked)
                return ExternalAnswer(asked=asked, path=path, type_variable=self._type_variable(node))
            case FuncDef() | OverloadedFuncDef():
                return ExternalAnswer(asked=asked, path=self._path(node, asked), returns=self._returns(node))
            case _:
                return ExternalAnswer(asked=asked, path=self._path(node, asked))

    def _returns(self, node: FuncDef | OverloadedFuncDef) -> TypeExpr | None:
        """What every call of a function gives; None for a coroutine and where it depends on the call."""
        if isinstance(node, FuncDef):
            answer = self._callables.function(node)
            if node.is_coroutine:
                return None
        else:
            overloaded = self._callables.overloaded(node)
            if not isinstance(overloaded, CallableAnswer):
                return None
            answer = overloaded
        found = {one.returns for one in answer.signatures}
        is_generic = any(one.type_parameters for one in answer.signatures)
        return found.pop() if len(found) == 1 and not is_generic else None

    def _external_class(self, info: TypeInfo, asked: SymbolPath) -> ClassAnswer:
        return self._classes.read(info, None, is_base=asked in self._bases)

    def _find(self, asked: SymbolPath) -> SymbolNode | None:
        """Walk from a module to a name in it, through re-exports; None where it ends in something unread."""
        module, qualname = split_symbol(asked)
        node: SymbolNode | None = self._library.modules.get(module)
        for part in qualname.split(".") if qualname else ():
            names = node.names if isinstance(node, MypyFile | TypeInfo) else SymbolTable()
            if isinstance(node, MypyFile) and part not in names:
                node = self._library.modules.get(f"{node.fullname}.{part}")
            else:
                node = names[part].node if part in names else None
            if node is None or (isinstance(node, Var) and node.is_suppressed_import):
                return None
        return node

    def _path(self, node: SymbolNode, asked: SymbolPath) -> SymbolPath:
        """Symbol path of a node: its module is the longest one that begins its name."""
        parts = node.fullname.split(".")
        for end in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:end])
            if module in self._library.modules:
                return symbol_path(ModuleName(module), ".".join(parts[end:]))
        return asked


def _is_own_member(info: TypeInfo, symbol: SymbolTableNode, node: SymbolNode) -> bool:
    """Tell a member that the source defines from plug-ins' helpers and from what is only assigned in the class body."""
    match node:
        case TypeInfo():
            return not symbol.plugin_generated and node.fullname.startswith(f"{info.fullname}.")
        case TypeVarLikeExpr():
            return node.name not in _HELPER_VARIABLES
        case FuncDef() | Decorator() | OverloadedFuncDef():
            return node.fullname.rpartition(".")[0] == info.fullname
        case _:
            return True


def _home(node: SymbolNode) -> str:
    """Module that defines a module-level node."""
    if isinstance(node, TypeInfo):
        return node.module_name
    if isinstance(node, TypeAlias):
        return node.module
    return "" if isinstance(node, MypyFile) else node.fullname.rpartition(".")[0]
