"""Classes: bases, order of ancestors, kind, and what they define themselves."""

import msgspec

from pybridge.model.classes import Class, ClassKind
from pybridge.model.expressions import Attribute, Call, Name
from pybridge.model.facts import ClassFacts, Decorator
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.types import Named, TypeExpr
from pybridge.resolve.annotations import read_type, read_type_parameters
from pybridge.resolve.describe.claims import type_variables
from pybridge.resolve.describe.constructors import describe_constructor
from pybridge.resolve.describe.data_options import (
    Options,
    defines,
    disabled_methods,
    keyword_truth,
    options_of,
    slots_of,
)
from pybridge.resolve.describe.deprecation import class_deprecation
from pybridge.resolve.describe.hierarchy import Hierarchy
from pybridge.resolve.describe.inherited_docs import linked
from pybridge.resolve.describe.makers import maker_of
from pybridge.resolve.describe.members import Members, describe_members
from pybridge.resolve.describe.module_names import own_module_name
from pybridge.resolve.describe.pydantic_models import is_model, model_config
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import clean_docstring
from pybridge.resolve.symbols import Definition
from pybridge.resolve.types.answers import ClassAnswer

_FINAL = frozenset({"typing:final", "typing_extensions:final"})
_NAMED_TUPLE = SymbolPath("typing:NamedTuple")
_EXCEPTION = SymbolPath("builtins:BaseException")


class ClassReader(msgspec.Struct, frozen=True, kw_only=True):
    """Describes the classes of a library."""

    world: World
    hierarchy: Hierarchy

    def describe(self, definition: Definition, path: SymbolPath, scope: LexicalScope) -> Class | None:
        """Describe a class by its statement, or by what the engine made of a call; None when neither is there."""
        statement = definition.statements[-1]
        answer = self.world.answer(path)
        known = answer if isinstance(answer, ClassAnswer) else None
        if isinstance(statement, ClassFacts):
            return self._written(definition, statement, path, scope, known)
        if known is None:
            return None
        return self._answered(definition, path, scope, known)

    def _written(
        self,
        definition: Definition,
        facts: ClassFacts,
        path: SymbolPath,
        scope: LexicalScope,
        answer: ClassAnswer | None,
    ) -> Class:
        qualname = split_symbol(path)[1]
        outer = scope.under(facts.type_parameters)
        inner = outer.inside(qualname)
        bases = self._bases(facts, outer, answer)
        mro = self.hierarchy.mro(path)
        maker = maker_of(facts, outer, self.world)
        kind = self._kind(mro, answer, maker.kind if maker is not None else None)
        options = options_of(facts, kind, outer, self.world)
        is_frozen = self._is_frozen(mro, options, answer)
        members = describe_members(
            self.world, path, inner, kind=kind, facts=facts, answer=answer, options=options.data, is_frozen=is_frozen
        )
        members = linked(members, mro, self.world)
        decorators = {_path(one, scope) for one in facts.decorators}
        docstring = clean_docstring(facts.docstring) if facts.docstring is not None else None
        parameters = read_type_parameters(facts.type_parameters, outer)
        return Class(
            path=path,
            name=facts.name,
            kind=kind,
            bases=bases,
            mro=mro,
            metaclass=self.hierarchy.metaclass(path),
            type_parameters=parameters or outer.declarations_of(type_variables(*_generic_bases(bases))),
            constructor=describe_constructor(self.world, self.hierarchy, path, scope, answer=answer),
            methods=members.methods,
            properties=members.properties,
            fields=members.fields,
            enum_members=members.enum_members,
            nested_classes=self._nested(path, inner),
            is_abstract=answer.is_abstract if answer else any(one.is_abstract for one in members.methods),
            is_final=bool(_FINAL & decorators) or bool(answer and answer.is_final),
            is_frozen=is_frozen,
            options=options.data,
            slots=slots_of(facts),
            disabled_methods=disabled_methods(facts),
            makes_values=defines(facts, "_generate_next_value_"),
            is_subscriptable=defines(facts, "__class_getitem__"),
            is_total=kind is not ClassKind.TYPED_DICT or keyword_truth(facts, "total") is not False,
            is_closed=kind is ClassKind.TYPED_DICT and keyword_truth(facts, "closed") is True,
            deprecated=class_deprecation(facts, docstring, scope),
            decorators=tuple(one.text for one in facts.decorators),
            docstring=docstring,
            condition=definition.condition,
            module_name=own_module_name(facts.body),
        )

    def _answered(self, definition: Definition, path: SymbolPath, scope: LexicalScope, answer: ClassAnswer) -> Class:
        kind = self._kind(answer.mro, answer)
        members: Members = describe_members(self.world, path, scope, kind=kind, facts=None, answer=answer)
        return Class(
            path=path,
            name=definition.name,
            kind=kind,
            bases=_of_call(answer),
            mro=answer.mro,
            metaclass=answer.metaclass,
            type_parameters=answer.type_parameters,
            constructor=describe_constructor(self.world, self.hierarchy, path, scope, answer=answer),
            methods=members.methods,
            properties=members.properties,
            fields=members.fields,
            enum_members=members.enum_members,
            condition=definition.condition,
        )

    def _bases(self, facts: ClassFacts, scope: LexicalScope, answer: ClassAnswer | None) -> tuple[TypeExpr, ...]:
        written = tuple(read_type(one, scope) for one in facts.bases)
        written = tuple(one for one in written if one != Named(path=SymbolPath("builtins:object")))
        is_plain = all(isinstance(one, Named) for one in written)
        if answer is not None and (
            answer.is_typed_dict or (answer.is_named_tuple and Named(path=_NAMED_TUPLE) in written)
        ):
            return _of_call(answer)
        if not is_plain and answer is not None and len(answer.bases) == len(written):
            return answer.bases
        return written

    def _kind(
        self, mro: tuple[SymbolPath, ...], answer: ClassAnswer | None, made: ClassKind | None = None
    ) -> ClassKind:
        if answer is not None:
            flags = (
                (answer.is_typed_dict, ClassKind.TYPED_DICT),
                (answer.is_named_tuple, ClassKind.NAMED_TUPLE),
                (answer.is_enum, ClassKind.ENUM),
                (answer.is_protocol, ClassKind.PROTOCOL),
                (answer.is_attrs, ClassKind.ATTRS),
                (answer.is_model, ClassKind.MODEL),
                (answer.is_dataclass, ClassKind.DATACLASS),
            )
            found = next((kind for holds, kind in flags if holds), None)
            if found is not None:
                return found
        if made is not None or is_model(mro):
            return made or ClassKind.MODEL
        if "enum:Enum" in mro:
            return ClassKind.ENUM
        return ClassKind.EXCEPTION if _EXCEPTION in mro else ClassKind.PLAIN

    def _is_frozen(self, mro: tuple[SymbolPath, ...], options: Options, answer: ClassAnswer | None) -> bool:
        if options.is_frozen is not None:
            return options.is_frozen
        if is_model(mro):
            return model_config(self.world, mro).is_frozen
        return bool(answer and answer.is_frozen)

    def _nested(self, path: SymbolPath, scope: LexicalScope) -> tuple[Class, ...]:
        module, qualname = split_symbol(path)
        if qualname.count(".") >= _MAX_NESTING:
            return ()
        found = (
            self.describe(definition, symbol_path(module, f"{qualname}.{name}"), scope)
            for name, definition in sorted(self.world.members(path).items())
            if definition.kind is SymbolKind.CLASS and not name.startswith("_")
        )
        return tuple(one for one in found if one is not None)


_MAX_NESTING = 20
_GENERIC = frozenset({"typing:Generic", "typing:Protocol", "typing_extensions:Protocol"})


def _generic_bases(bases: tuple[TypeExpr, ...]) -> tuple[TypeExpr, ...]:
    """The bases that order type parameters: ``Generic[...]`` alone where it is there, else all."""
    generic = tuple(one for one in bases if isinstance(one, Named) and one.path in _GENERIC and one.arguments)
    return generic or bases


def _of_call(answer: ClassAnswer) -> tuple[TypeExpr, ...]:
    """Bases of a class that a call made, as they are at run time."""
    if answer.is_named_tuple:
        return (Named(path=SymbolPath("builtins:tuple")),)
    if answer.is_typed_dict:
        return (Named(path=SymbolPath("builtins:dict")),)
    return tuple(one for one in answer.bases if one != Named(path=SymbolPath("builtins:object")))


def _path(decorator: Decorator, scope: LexicalScope) -> SymbolPath | None:
    expr = decorator.expr.function if isinstance(decorator.expr, Call) else decorator.expr
    target = scope.lookup(expr) if isinstance(expr, Name | Attribute) else None
    return target.path if target else None
