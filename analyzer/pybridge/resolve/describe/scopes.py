"""What a name means where it is written: `LexicalScope` answers for `pybridge.resolve.annotations.Scope`."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.expressions import Attribute, Expr, Name
from pybridge.model.facts import Annotation, TypeAliasFacts, TypeParameterFacts
from pybridge.model.library import How, SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol, symbol_path
from pybridge.model.types import TypeExpr, TypeParameter, TypeVariable, TypeVariableKind
from pybridge.resolve.annotations import (
    Declared,
    ReadAnnotation,
    declared_by,
    parse_expression,
    read_annotation,
    read_type,
    read_type_parameter,
    read_type_parameters,
)
from pybridge.resolve.describe.claims import claim
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import Known
from pybridge.resolve.surface import dotted_parts, resolve_name
from pybridge.resolve.symbols import NameTarget
from pybridge.resolve.types.answers import ClassAnswer, ExternalAnswer

_PROPERTIES = frozenset({"property", "cached_property"})
_VISIBLE = (SymbolKind.CLASS, SymbolKind.TYPE_ALIAS)


class TypeSource(Protocol):
    """Who knows the types that values lead to (`pybridge.resolve.describe.known_types`)."""

    def in_scope(self, scope: "LexicalScope") -> Known:
        """What is known, asked from a place in the library."""


class Memory:
    """What was found in one scope: an author writes the same names and annotations again and again."""

    __slots__ = ("annotations", "claims", "names")

    def __init__(self) -> None:
        self.annotations: dict[str, ReadAnnotation] = {}
        self.claims: dict[str, TypeClaim] = {}
        self.names: dict[str | tuple[str, ...], NameTarget | None] = {}
        """By name, and by the parts of a dotted one."""


class Declarations:
    """What the assignments of a library declare, asked for by symbol and answered once."""

    def __init__(self, world: World, types: TypeSource) -> None:
        self._world = world
        self.types = types
        self._memories: dict[tuple[ModuleName, str], Memory] = {}
        """Of modules, and of classes with types that hide a module's."""
        self._hiding: dict[tuple[ModuleName, str], bool] = {}
        self._under_way = 0
        self._declared: dict[SymbolPath, Declared] = {}
        self._parameters: dict[SymbolPath, TypeParameter | None] = {}
        self.mentioned: dict[SymbolPath, None] = {}
        """Type aliases of the library that some type named, in order."""

    def declared(self, path: SymbolPath) -> Declared:
        """Tell what a symbol of the library declares; a value where it is no assignment."""
        if path not in self._declared:
            self._declared[path] = Declared.VALUE  # asked again while being read, it leads back to itself
            assignment = self._world.assignment(path)
            if assignment is not None:
                self._under_way += 1
                self._declared[path] = declared_by(assignment, self._scope(path))
                self._under_way -= 1
        return self._declared[path]

    def type_parameter(self, path: SymbolPath) -> TypeParameter | None:
        """Read the type variable that a symbol of the library is; None when it is none."""
        if path not in self._parameters:
            self._parameters[path] = None
            if self.declared(path) is Declared.TYPE_VARIABLE:
                assignment = self._world.assignment(path)
                value = assignment.value if assignment else None
                self._under_way += 1
                self._parameters[path] = read_type_parameter(value, self._scope(path))
                self._under_way -= 1
        return self._parameters[path]

    @property
    def is_settled(self) -> bool:
        """False while a declaration is being read: what leads back to it is not known yet."""
        return self._under_way == 0

    def memory_of(self, module: ModuleName, owner: str) -> Memory:
        """Return what is remembered of a scope without type parameters of its own: mostly what its module's is."""
        key = (module, owner if self.hides_types(module, owner) else "")
        found = self._memories.get(key)
        if found is None:
            found = self._memories[key] = Memory()
        return found

    def hides_types(self, module: ModuleName, owner: str) -> bool:
        """Tell whether a class, or one around it, defines a type; few do."""
        key = (module, owner)
        found = self._hiding.get(key)
        if found is None:
            found = False
            while owner and not found:
                members = self._world.members(symbol_path(module, owner)).values()
                found = any(one.kind in _VISIBLE for one in members)
                owner = owner.rpartition(".")[0]
            self._hiding[key] = found
        return found

    def _scope(self, path: SymbolPath) -> "LexicalScope":
        module, qualname = split_symbol(path)
        return LexicalScope(self._world, self, module, owner=qualname.rpartition(".")[0])


class LexicalScope:
    """The names visible in a module, in a class of it, and under PEP 695 type parameters."""

    def __init__(
        self,
        world: World,
        declarations: Declarations,
        module: ModuleName,
        *,
        owner: str = "",
        parameters: Mapping[str, TypeParameterFacts] | None = None,
    ) -> None:
        self.module = module
        self._world = world
        self._declarations = declarations
        self._owner = owner
        self._parameters = parameters or {}
        self._own_memory: Memory | None = None

    @property
    def _memory(self) -> Memory:
        found = self._own_memory
        if found is None:
            found = Memory() if self._parameters else self._declarations.memory_of(self.module, self._owner)
            self._own_memory = found
        return found

    @property
    def current_class(self) -> SymbolPath | None:
        """The class around it."""
        return symbol_path(self.module, self._owner) if self._owner else None

    def phrase(self, text: str | None) -> TypeExpr | None:
        """The type that an overlay says a phrase of the documentation means; None for none."""
        written = self._world.phrase(self.module, text) if text else None
        expr = parse_expression(written) if written is not None else None
        return read_type(expr, self.elsewhere(ModuleName(self.module.partition(".")[0]))) if expr is not None else None

    @property
    def is_declarative(self) -> bool:
        """True in the body of a Protocol or of an abstract class: what does nothing there only declares."""
        answer = self._world.answer(self.current_class) if self.current_class is not None else None
        return isinstance(answer, ClassAnswer) and (answer.is_protocol or answer.is_abstract)

    def inside(self, owner: str) -> "LexicalScope":
        """The scope of a class body in this module, by the class's qualified name."""
        return self._derived(owner, self._parameters)

    def under(self, parameters: tuple[TypeParameterFacts, ...]) -> "LexicalScope":
        """This scope with the PEP 695 parameters of a definition."""
        if not parameters:
            return self
        return self._derived(self._owner, {**self._parameters, **{one.name: one for one in parameters}})

    def elsewhere(self, module: ModuleName) -> "LexicalScope":
        """The scope of a module of the same library."""
        return LexicalScope(self._world, self._declarations, module)

    def elsewhere_of(self, path: SymbolPath) -> "LexicalScope":
        """The scope in which a symbol of the same library is defined; its module's where it is of another."""
        module, qualname = split_symbol(path)
        return LexicalScope(self._world, self._declarations, module, owner=qualname.rpartition(".")[0])

    def lookup_value(self, expr: Name | Attribute) -> NameTarget | None:
        """Resolve a name as code of the class body does: functions and variables of the class count as well."""
        if isinstance(expr, Name) and self._owner:
            definition = self._world.members(symbol_path(self.module, self._owner)).get(expr.id)
            if definition is not None:
                path = symbol_path(self.module, f"{self._owner}.{expr.id}")
                return NameTarget(path=path, kind=definition.kind, how=How.DEFINITION)
        return self.lookup(expr)

    def lookup(self, expr: Name | Attribute) -> NameTarget | None:
        """Resolve a plain or dotted name, in the classes around first, where it is a type."""
        key = expr.id if isinstance(expr, Name) else dotted_parts(expr)
        if key is None:
            return self._look_up(expr)
        names = self._memory.names
        if key not in names:
            names[key] = self._look_up(expr)
        return names[key]

    def read(self, annotation: Annotation) -> ReadAnnotation:
        """Read an annotation; one text means one thing in one scope."""
        known = self._memory.annotations.get(annotation.text)
        if known is not None:
            return known
        read = read_annotation(annotation.expr, self)
        if self._declarations.is_settled:
            self._memory.annotations[annotation.text] = read
        return read

    def claimed(self, annotation: Annotation, tier: Tier) -> TypeClaim:
        """Read an annotation as a claim."""
        known = self._memory.claims.get(annotation.text)
        if known is not None and known.evidence.tier is tier:
            return known
        made = claim(self.read(annotation).expr, tier, annotation=annotation.text)
        if self._declarations.is_settled:
            self._memory.claims[annotation.text] = made
        return made

    def _look_up(self, expr: Name | Attribute) -> NameTarget | None:
        found = self._in_class(expr) or resolve_name(self._world.surface, self.module, expr)
        if found is not None and found.kind is SymbolKind.TYPE_ALIAS:
            self._declarations.mentioned[found.path] = None
        return found

    def type_variable(self, expr: Name | Attribute) -> TypeVariableKind | None:
        """Tell whether a name is a type variable here, and of which kind."""
        if isinstance(expr, Name) and expr.id in self._parameters:
            return self._parameters[expr.id].kind
        target = self.lookup(expr)
        parameter = self._parameter_of(target) if target else None
        return parameter.kind if parameter else None

    def external(self, path: SymbolPath) -> ExternalAnswer | None:
        """What the type engine says of another package's name."""
        return self._world.external(path)

    def own_alias(self, path: SymbolPath) -> bool:
        """Tell whether a name of the library stands for a type."""
        definition = self._world.definition(path)
        is_statement = definition is not None and isinstance(definition.statements[-1], TypeAliasFacts)
        if is_statement or self._declarations.declared(path) is Declared.ALIAS:
            self._declarations.mentioned[path] = None
            return True
        return False

    def own_type(self, path: SymbolPath) -> bool:
        """Tell whether a variable of the library is a type of its own."""
        return self._declarations.declared(path) in (Declared.NEW_TYPE, Declared.CLASS)

    def known(self) -> Known:
        """What the library declares or shows, for rules that follow values to it."""
        return self._declarations.types.in_scope(self)

    def declarations_of(self, variables: Iterable[TypeVariable]) -> tuple[TypeParameter, ...]:
        """Find the declaration of each type variable; one that cannot be found has no bound."""
        return tuple(self._declaration_of(one) for one in variables)

    def _declaration_of(self, variable: TypeVariable) -> TypeParameter:
        if variable.name in self._parameters:
            return read_type_parameters([self._parameters[variable.name]], self)[0]
        target = self.lookup(Name(variable.name))
        found = self._parameter_of(target) if target else None
        return found or TypeParameter(name=variable.name, kind=variable.kind)

    def _parameter_of(self, target: NameTarget) -> TypeParameter | None:
        if target.kind is SymbolKind.EXTERNAL:
            answer = self._world.external(target.path)
            return answer.type_variable if answer else None
        return self._declarations.type_parameter(target.path) if target.kind is SymbolKind.VARIABLE else None

    def _in_class(self, expr: Expr) -> NameTarget | None:
        if not self._owner or not self._declarations.hides_types(self.module, self._owner):
            return None
        names: list[str] = []
        while isinstance(expr, Attribute):
            names.append(expr.name)
            expr = expr.value
        if not isinstance(expr, Name):
            return None
        owner = self._owner
        while owner:
            definition = self._world.members(symbol_path(self.module, owner)).get(expr.id)
            if definition is not None and definition.kind in _VISIBLE:
                path = symbol_path(self.module, ".".join((owner, expr.id, *reversed(names))))
                found = self._world.definition(path)
                return NameTarget(path=path, kind=found.kind, how=How.DEFINITION) if found else None
            owner = owner.rpartition(".")[0]
        return None

    def _derived(self, owner: str, parameters: Mapping[str, TypeParameterFacts]) -> "LexicalScope":
        return LexicalScope(self._world, self._declarations, self.module, owner=owner, parameters=parameters)
