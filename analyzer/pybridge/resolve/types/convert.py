"""Child side: mypy's types to `TypeExpr`.

One rule for each kind of type. What mypy calls ``Any`` is told apart by why it is one: written by somebody (`AnyType`),
a name of a package that was not read (`Named`), or not known (`Unknown`).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from mypy.nodes import ARG_NAMED, ARG_NAMED_OPT, ARG_STAR, ARG_STAR2, ArgKind, TypeAlias, TypeInfo
from mypy.types import (
    AnyType as MypyAny,
)
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    Overloaded,
    Parameters,
    ParamSpecType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeOfAny,
    TypeType,
    TypeVarId,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UnboundType,
    UninhabitedType,
    UnionType,
    UnpackType,
    get_proper_type,
)
from mypy.types import (
    NoneType as MypyNone,
)

from pybridge.model.names import SourceText, SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeParameter,
    TypeVariable,
    TypeVariableKind,
    Unknown,
    UnknownReason,
    Unpack,
)
from pybridge.resolve.algebra import union_of
from pybridge.resolve.types.origins import Origins, alias_path, class_path, is_describable

MAX_DEPTH = 48
"""Types nested deeper are cut: nobody reads them, and every reader would need as deep a stack."""
MAX_NODES = 4_000
"""Parts of one type; aliases of aliases can grow without bound."""

UNANNOTATED = Unknown(reason=UnknownReason.UNANNOTATED)
UNRESOLVED = Unknown(reason=UnknownReason.UNRESOLVED_NAME)
UNSUPPORTED = Unknown(reason=UnknownReason.UNSUPPORTED)
RECURSIVE = Unknown(reason=UnknownReason.RECURSIVE)

COROUTINES = frozenset({"typing.Coroutine", "types.CoroutineType"})

_TYPE = SymbolPath("builtins:type")
_VARIANCES = {0: "invariant", 1: "covariant", 2: "contravariant"}
_LITERAL_KINDS = {
    "builtins.bool": LiteralKind.BOOL,
    "builtins.int": LiteralKind.INT,
    "builtins.str": LiteralKind.STR,
    "builtins.bytes": LiteralKind.BYTES,
}


class Converter:
    """Converts types of one build."""

    def __init__(self, origins: Origins, own_modules: Collection[str]) -> None:
        self._origins = origins
        self._own_modules = own_modules
        self._names: dict[TypeInfo, TypeExpr] = {}
        self._self_ids: frozenset[TypeVarId] = frozenset()
        self._special_form: TypeExpr = UNRESOLVED
        self._open_aliases: set[TypeAlias] = set()
        self._depth = 0
        self._nodes = 0

    @contextmanager
    def binding(self, ids: frozenset[TypeVarId]) -> Iterator[None]:
        """Read these type variables as ``Self``: the old way to annotate it."""
        outer, self._self_ids = self._self_ids, ids
        try:
            yield
        finally:
            self._self_ids = outer

    @contextmanager
    def reading_special_forms_as(self, expr: TypeExpr) -> Iterator[None]:
        """Say what mypy's placeholder means here; in an annotation it is a name that nothing defines."""
        outer, self._special_form = self._special_form, expr
        try:
            yield
        finally:
            self._special_form = outer

    def expr(self, typ: Type | None) -> TypeExpr:
        """Convert a type; None is one that mypy never found out."""
        if typ is None:
            return UNANNOTATED
        if self._depth == 0:
            self._nodes = 0
        self._nodes += 1
        if self._depth >= MAX_DEPTH or self._nodes > MAX_NODES:
            return UNSUPPORTED
        self._depth += 1
        try:
            return self._alias(typ) if isinstance(typ, TypeAliasType) else self._expr(typ)
        finally:
            self._depth -= 1

    def value(self, typ: Type | None, *, is_final: bool) -> TypeExpr:
        """Convert the inferred type of a variable; a final one is the constant it holds."""
        proper = get_proper_type(typ) if typ is not None else None
        if isinstance(proper, Instance) and is_final and proper.last_known_value is not None:
            return self.expr(proper.last_known_value)
        if isinstance(proper, MypyAny) and proper.type_of_any == TypeOfAny.from_unimported_type:
            return UNRESOLVED
        return self.expr(typ)

    def named(self, info: TypeInfo, arguments: tuple[TypeExpr, ...] = ()) -> TypeExpr:
        """Name a class; one inside a function is told by its first base, because nobody else can name it."""
        known = self._names.get(info)
        if known is None:
            known = self._names[info] = self._name(info)
        if arguments and isinstance(known, Named):
            return Named(path=known.path, arguments=arguments)
        return known

    def type_parameter(self, variable: TypeVarLikeType) -> TypeParameter:
        """Describe the declaration of a type variable.

        The variance of a PEP 695 one is "inferred" whatever mypy has found by now, which depends on uses elsewhere.
        """
        default = self.expr(variable.default) if variable.has_default() else None
        if isinstance(variable, ParamSpecType):
            return TypeParameter(name=variable.name, kind=TypeVariableKind.PARAMETERS, default=default)
        if isinstance(variable, TypeVarTupleType):
            return TypeParameter(name=variable.name, kind=TypeVariableKind.TUPLE, default=default)
        assert isinstance(variable, TypeVarType)
        return TypeParameter(
            name=variable.name,
            bound=self.bound(variable.upper_bound),
            constraints=tuple(self.expr(value) for value in variable.values),
            default=default,
            variance=variance(variable.variance) if self._origins.is_assigned(variable.fullname) else "inferred",
        )

    def bound(self, upper_bound: Type) -> TypeExpr | None:
        """Convert the bound of a type variable; ``object`` is none."""
        proper = get_proper_type(upper_bound)
        if isinstance(proper, Instance) and proper.type.fullname == "builtins.object":
            return None
        return self.expr(upper_bound)

    def alias_target(self, alias: TypeAlias) -> TypeExpr:
        """Convert what an alias stands for, by its own definition."""
        if alias in self._open_aliases:
            return RECURSIVE
        self._open_aliases.add(alias)
        try:
            with self.reading_special_forms_as(AnyType()):  # mypy writes an alias's own Any so
                return self.expr(alias.target)
        finally:
            self._open_aliases.discard(alias)

    def _name(self, info: TypeInfo) -> TypeExpr:
        path = class_path(info)
        if is_describable(path):
            return Named(path=path)
        for base in info.bases:
            if base.type.fullname != "builtins.object" and base.type is not info:
                return self.expr(base)
        return Unknown(reason=UnknownReason.UNSUPPORTED, text=SourceText(info.name.partition("@")[0]))

    def _alias(self, typ: TypeAliasType) -> TypeExpr:
        alias = typ.alias
        if alias is None:
            return UNRESOLVED
        proper = alias.target
        # Named tuples and typed dicts are classes that mypy keeps behind an alias of its own.
        if isinstance(proper, TupleType) and proper.partial_fallback.type.special_alias is alias:
            return self.named(proper.partial_fallback.type, self._arguments(typ.args))
        if isinstance(proper, TypedDictType) and proper.fallback.type.special_alias is alias:
            return self.named(proper.fallback.type, self._arguments(typ.args))
        path = alias_path(alias)
        if not is_describable(path):
            return self.expr(get_proper_type(typ)) if not typ.is_recursive else RECURSIVE
        arguments = self._arguments(typ.args)
        if alias.module in self._own_modules:
            return Alias(path=path, arguments=arguments)
        if alias in self._open_aliases:
            return Alias(path=path, arguments=arguments, target=RECURSIVE)
        self._open_aliases.add(alias)
        try:
            with self.reading_special_forms_as(AnyType()):
                return Alias(path=path, arguments=arguments, target=self.expr(get_proper_type(typ)))
        finally:
            self._open_aliases.discard(alias)

    def _expr(self, typ: Type) -> TypeExpr:
        match typ:
            case Instance():
                return self._instance(typ)
            case MypyAny():
                return self._any(typ)
            case MypyNone():
                return NoneType()
            case UnionType(items=items):
                return union_of(self.expr(item) for item in items)
            case CallableType() | Overloaded() | Parameters():
                return self._callable(typ)
            case TypeVarType():
                if typ.id.is_self() or typ.id in self._self_ids:
                    return SelfType()
                return TypeVariable(name=typ.name)
            case ParamSpecType():
                return TypeVariable(name=typ.name, kind=TypeVariableKind.PARAMETERS)
            case TypeVarTupleType():
                return TypeVariable(name=typ.name, kind=TypeVariableKind.TUPLE)
            case TupleType():
                return self._tuple(typ)
            case TypedDictType():
                if typ.fallback.type.fullname in {"typing._TypedDict", "typing_extensions._TypedDict"}:
                    return UNSUPPORTED
                return self.named(typ.fallback.type, self._arguments(typ.fallback.args))
            case LiteralType():
                return self._literal(typ)
            case TypeType(item=item):
                return Named(path=_TYPE, arguments=(self.expr(item),))
            case UnpackType(type=packed):
                return Unpack(packed=self.expr(packed))
            case UninhabitedType():
                return Never()
            case UnboundType(name=name):
                return Unknown(reason=UnknownReason.UNRESOLVED_NAME, text=SourceText(name))
            case _:
                proper = get_proper_type(typ)
                return self.expr(proper) if proper is not typ else UNSUPPORTED

    def _instance(self, typ: Instance) -> TypeExpr:
        if typ.type.fullname == "builtins.tuple" and typ.args:
            if _is_omitted(typ.args):
                return self.named(typ.type)
            return Tuple(items=(self.expr(typ.args[0]),), is_variadic=True)
        if not typ.args:
            return self.named(typ.type)
        if typ.type.fullname in COROUTINES:
            # What it is sent and yields is nobody's annotation but mypy's own filling.
            with self.reading_special_forms_as(AnyType()):
                return self.named(typ.type, self._arguments(typ.args))
        return self.named(typ.type, self._arguments(typ.args))

    def _arguments(self, args: Collection[Type]) -> tuple[TypeExpr, ...]:
        return () if _is_omitted(args) else tuple(self.expr(arg) for arg in args)

    def _any(self, typ: MypyAny) -> TypeExpr:
        match typ.type_of_any:
            case TypeOfAny.explicit:
                return AnyType()
            case TypeOfAny.from_unimported_type:
                path = self._origins.of_missing_import(typ.missing_import_name) if typ.missing_import_name else None
                return Named(path=path) if path else UNRESOLVED
            case TypeOfAny.from_another_any:
                return self._passed_on(typ.source_any)
            case TypeOfAny.from_error:
                return UNRESOLVED
            case TypeOfAny.special_form:
                return self._special_form
            case _:
                return UNANNOTATED

    def _passed_on(self, source: MypyAny | None) -> TypeExpr:
        """Tell of an ``Any`` that came out of another; a part of something unread is no type of that name."""
        if source is None:
            return UNANNOTATED
        if source.type_of_any == TypeOfAny.from_unimported_type:
            return UNRESOLVED
        return self._any(source)

    def _tuple(self, typ: TupleType) -> TypeExpr:
        info = typ.partial_fallback.type
        if info.fullname != "builtins.tuple":
            return self.named(info, self._arguments(typ.partial_fallback.args))
        return Tuple(items=tuple(self.expr(item) for item in typ.items))

    def _callable(self, typ: CallableType | Overloaded | Parameters) -> TypeExpr:
        if isinstance(typ, Parameters):
            # Arguments for a ParamSpec: the parameters of a callable whose result is not said.
            return Callable(parameters=self._parameters(typ), returns=UNANNOTATED)
        if typ.is_type_obj():
            return Named(path=_TYPE, arguments=(self.expr(typ.items[0].get_instance_type()),))
        if isinstance(typ, Overloaded):
            return Callable(parameters=None, returns=union_of(self.returns(item) for item in typ.items))
        return Callable(parameters=self._parameters(typ), returns=self.returns(typ))

    def returns(self, typ: CallableType) -> TypeExpr:
        """Convert what a call gives, type guards told as such."""
        if typ.type_guard is not None:
            return Named(path=SymbolPath("typing:TypeGuard"), arguments=(self.expr(typ.type_guard),))
        if typ.type_is is not None:
            return Named(path=SymbolPath("typing:TypeIs"), arguments=(self.expr(typ.type_is),))
        return self.expr(typ.ret_type)

    def _parameters(self, typ: CallableType | Parameters) -> tuple[CallableParameter, ...] | None:
        if typ.is_ellipsis_args:
            return None
        packs = isinstance(typ, CallableType) and typ.unpack_kwargs
        return tuple(
            CallableParameter(
                type=self.packed(arg, kind, packs=packs),
                kind=parameter_kind(kind, name),
                name=name,
                is_required=kind.is_required(),
            )
            for arg, kind, name in zip(typ.arg_types, typ.arg_kinds, typ.arg_names, strict=True)
        )

    def packed(self, arg: Type, kind: ArgKind, *, packs: bool) -> TypeExpr:
        """Convert the type of a parameter; mypy tells ``**kwargs: Unpack[T]`` by a flag of the whole signature."""
        expr = self.expr(arg)
        return Unpack(packed=expr) if packs and kind == ARG_STAR2 else expr

    def _literal(self, typ: LiteralType) -> TypeExpr:
        value = self.literal_value(typ)
        return Literal(values=(value,)) if value else UNSUPPORTED

    def literal_value(self, typ: LiteralType) -> LiteralValue | None:
        """Write a constant as the model does; None for one it has no words for."""
        info, value = typ.fallback.type, typ.value
        if info.is_enum:
            return LiteralValue(kind=LiteralKind.ENUM, text=f"{class_path(info)}.{value}")
        kind = _LITERAL_KINDS.get(info.fullname)
        try:
            match kind, value:
                case LiteralKind.BOOL, bool():
                    return LiteralValue(kind=LiteralKind.BOOL, text="true" if value else "false")
                case LiteralKind.INT, int():
                    return LiteralValue(kind=LiteralKind.INT, text=str(value))
                case LiteralKind.STR, str():
                    return LiteralValue(kind=LiteralKind.STR, text=value.encode("utf-8", "backslashreplace").decode())
                case LiteralKind.BYTES, str():
                    return LiteralValue(kind=LiteralKind.BYTES, text=_bytes_of(value).hex())
                case _:
                    return None
        except ValueError:  # an int of too many digits, bytes that mypy did not write in full
            return None


def variance(number: int) -> str:
    """Name of mypy's variance; what it has yet to infer is PEP 695's."""
    return _VARIANCES.get(number, "inferred")


def parameter_kind(kind: ArgKind, name: str | None) -> ParameterKind:
    """Kind of a parameter; mypy takes the name away from one that is positional only."""
    if kind == ARG_STAR:
        return ParameterKind.VAR_POSITIONAL
    if kind == ARG_STAR2:
        return ParameterKind.VAR_KEYWORD
    if kind in (ARG_NAMED, ARG_NAMED_OPT):
        return ParameterKind.KEYWORD_ONLY
    return ParameterKind.POSITIONAL_ONLY if name is None else ParameterKind.POSITIONAL_OR_KEYWORD


def _is_omitted(args: Collection[Type]) -> bool:
    """Tell ``list`` from ``list[Any]``: nobody wrote these arguments."""
    return all(isinstance(arg, MypyAny) and arg.type_of_any == TypeOfAny.from_omitted_generics for arg in args)


def _bytes_of(readable: str) -> bytes:
    """Undo mypy's human readable form of bytes."""
    return readable.encode("ascii", "backslashreplace").decode("unicode_escape").encode("latin-1")
