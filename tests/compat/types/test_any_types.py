"""Whatever two types say, their relation is told: a descriptor may come from a file that nobody checked."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.compat import judge
from pybridge.compat.library import Library
from pybridge.compat.rules.types import RULES
from pybridge.compat.types.relate import TypesOfBoth
from pybridge.compat.types.relation import Relation
from pybridge.model.callables import Binding, Function, Parameter, Signature
from pybridge.model.classes import Class, ClassKind, Constructor, ConstructorOrigin
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.library import (
    Export,
    How,
    LibraryDescriptor,
    Module,
    SymbolKind,
    Target,
    TypeAlias,
    Variable,
    Visibility,
)
from pybridge.model.names import ModuleName, SourceText, SymbolPath
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
    Union,
    Unknown,
    UnknownReason,
    Unpack,
)

MIRRORED = {Relation.NARROWER: Relation.WIDER, Relation.WIDER: Relation.NARROWER}
TARGET = Target(python_version="3.11", platform="linux")
PATHS = [
    *("lib:A", "lib:B", "lib:P", "lib:D", "lib:Alias", "lib:Gone", "other:X", "builtins:int", "builtins:bool"),
    *("builtins:str", "builtins:list", "builtins:tuple", "builtins:type", "builtins:dict", "typing:Iterable"),
    *("typing:Sized", "typing:Generator", "typing:TypeIs", "typing:NamedTuple", "typing:TypedDict", "builtins:object"),
    *("enum:Enum", "", ":", "lib:", "lib:A.b.c", "x!lib:A", "0!lib:A"),
]
NAMES = ["T", "P", "Self", ""]
VARIANCES = ["invariant", "covariant", "contravariant", "inferred", "other"]
VARIADIC = {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}
SEEDS = st.integers(0, 2**32)


class Maker:
    """Makes types and libraries that no reader of ours would write."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._pick = self._random.choice

    def type(self, depth: int = 3) -> TypeExpr:
        if depth == 0 or self._random.random() < 0.3:
            return self._leaf()
        inner = tuple(self.type(depth - 1) for _ in range(self._random.randrange(4)))
        path = SymbolPath(self._pick(PATHS))
        target = self.type(depth - 1) if self._flag() else None
        return self._pick(
            [
                Named(path=path, arguments=inner),
                Alias(path=path, arguments=inner, target=target),
                Union(members=inner),
                Tuple(items=inner, is_variadic=self._flag()),
                Callable(parameters=tuple(self._parameters(inner)) if self._flag() else None, returns=self.type(0)),
                Unpack(packed=self.type(depth - 1)),
            ]
        )

    def variables(self) -> tuple[TypeParameter, ...]:
        return tuple(
            TypeParameter(
                name=self._pick(NAMES),
                kind=self._pick(list(TypeVariableKind)),
                bound=self.type(1) if self._flag() else None,
                constraints=tuple(self.type(1) for _ in range(self._random.randrange(3))),
                default=self.type(1) if self._flag() else None,
                variance=self._pick(VARIANCES),
            )
            for _ in range(self._random.randrange(3))
        )

    def library(self) -> Library:
        classes = tuple(self._class(path) for path in ("lib:A", "lib:B", "lib:P", "lib:D"))
        alias = TypeAlias(
            path=SymbolPath("lib:Alias"), name="Alias", target=self.type(), type_parameters=self.variables()
        )
        return library(Module(name=ModuleName("lib"), classes=classes, type_aliases=(alias,)))

    def interface(self) -> Library:
        """A library that offers functions, names and aliases of any types, declared or not."""
        functions = tuple(
            Function(
                path=SymbolPath(f"lib:f{number}"),
                name=f"f{number}",
                binding=Binding.FUNCTION,
                signatures=(self._signature(),),
                is_async=self._flag(),
            )
            for number in range(4)
        )
        variables = tuple(
            Variable(path=SymbolPath(f"lib:v{number}"), name=f"v{number}", type=self._claim(), is_final=self._flag())
            for number in range(3)
        )
        alias = TypeAlias(
            path=SymbolPath("lib:Alias"), name="Alias", target=self.type(), type_parameters=self.variables()
        )
        kinds = (
            *((one, SymbolKind.FUNCTION) for one in functions),
            *((one, SymbolKind.VARIABLE) for one in variables),
            (alias, SymbolKind.TYPE_ALIAS),
        )
        exports = tuple(
            Export(name=one.name, target=one.path, kind=kind, visibility=Visibility.DEFINED, how=How.DEFINITION)
            for one, kind in kinds
        )
        return library(
            Module(
                name=ModuleName("lib"),
                exports=exports,
                functions=functions,
                variables=variables,
                type_aliases=(alias,),
                classes=(self._class("lib:A"), self._class("lib:P")),
            )
        )

    def _signature(self) -> Signature:
        names = ["a", "b", "c"][: self._random.randrange(4)]
        return Signature(
            parameters=tuple(
                Parameter(name=name, kind=self._pick(list(ParameterKind)), type=self._claim(), is_required=self._flag())
                for name in names
            ),
            returns=self._claim(),
            type_parameters=self.variables(),
        )

    def _claim(self) -> TypeClaim:
        evidence = Evidence(
            tier=self._pick(list(Tier)),
            confidence=self._pick(list(Confidence)),
            annotation=self._pick([None, SourceText("Final[X]"), SourceText("Y")]),
        )
        return TypeClaim(expr=self.type(2), evidence=evidence)

    def _class(self, path: str) -> Class:
        return Class(
            path=SymbolPath(path),
            name=path.rpartition(":")[2],
            kind=self._pick(list(ClassKind)),
            bases=tuple(self.type(1) for _ in range(self._random.randrange(3))),
            mro=tuple(SymbolPath(self._pick(PATHS)) for _ in range(self._random.randrange(4))),
            metaclass=SymbolPath(self._pick(PATHS)) if self._flag() else None,
            type_parameters=self.variables(),
            constructor=Constructor(origin=self._pick(list(ConstructorOrigin))),
        )

    def _leaf(self) -> TypeExpr:
        values = tuple(
            LiteralValue(kind=self._pick(list(LiteralKind)), text=self._pick(["", "1", "true", "lib:A.x", "x"]))
            for _ in range(self._random.randrange(3))
        )
        return self._pick(
            [
                *(AnyType(), NoneType(), Never(), SelfType(), Literal(values=values)),
                Unknown(reason=self._pick(list(UnknownReason))),
                Named(path=SymbolPath(self._pick(PATHS))),
                Alias(path=SymbolPath(self._pick(PATHS))),
                TypeVariable(name=self._pick(NAMES), kind=self._pick(list(TypeVariableKind))),
            ]
        )

    def _parameters(self, types: tuple[TypeExpr, ...]):
        """Parameters in any order, but none twice."""
        names: list[str | None] = ["a", "b", "", None]
        kinds = list(ParameterKind)
        for one in types:
            kind, name = self._pick(kinds), self._pick(names)
            if kind in VARIADIC:
                kinds.remove(kind)
            if name is not None:
                names.remove(name)
            yield CallableParameter(type=one, kind=kind, name=name, is_required=self._flag())

    def _flag(self) -> bool:
        return self._random.random() < 0.5


def library(*modules: Module) -> Library:
    return Library.of(LibraryDescriptor(name="lib", roots=(ModuleName("lib"),), target=TARGET, modules=modules))


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_any_two_types_have_a_relation_and_its_mirror(seed):
    make = Maker(seed)
    old, new = make.library(), make.library()
    both, swapped = TypesOfBoth(old, new), TypesOfBoth(new, old)

    for _ in range(10):
        first, second = make.type(), make.type()
        there = both.relate(first, second)
        assert swapped.relate(second, first) is MIRRORED.get(there, there)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_a_type_never_differs_from_itself(seed):
    make = Maker(seed)
    same = make.library()
    both = TypesOfBoth(same, same)
    variables = make.variables()

    for is_taken in (False, True):
        scope = both.scope(variables, variables, SymbolPath("lib:A"), is_taken=is_taken)
        expr = make.type()
        assert both.relate(expr, expr, scope) in {Relation.SAME, Relation.UNKNOWN}


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_any_two_interfaces_are_judged(seed):
    make = Maker(seed)
    old, new = make.interface(), make.interface()

    for one in judge(old, new, RULES):
        assert one.message
        assert "1!" not in f"{one.message} {one.old_text} {one.new_text}"
    assert judge(old, old, RULES) == ()


@pytest.mark.parametrize("depth", [100, 2_000])
def test_a_type_that_is_nested_too_deep_is_unknown(depth):
    side = library()
    first: TypeExpr = Named(path=SymbolPath("builtins:int"))
    second: TypeExpr = Named(path=SymbolPath("builtins:str"))
    for _ in range(depth):
        first, second = (Named(path=SymbolPath("builtins:list"), arguments=(one,)) for one in (first, second))

    assert TypesOfBoth(side, side).relate(first, second) is Relation.UNKNOWN
