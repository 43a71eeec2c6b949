"""What a class defines itself: methods, properties, fields and enumeration members."""

import msgspec

from pybridge.model.callables import Binding, Function
from pybridge.model.classes import ClassKind, DataOption, EnumMember, Field, Property
from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.expressions import Attribute, Call, Expr, Name
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, SelfAssignment
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.resolve.annotations import Qualifier
from pybridge.resolve.describe.assigned import function_of_value, with_running_variant
from pybridge.resolve.describe.claims import claim, is_silent
from pybridge.resolve.describe.fields import default_of, field_setting, is_field_maker, is_keyword_marker
from pybridge.resolve.describe.functions import describe_function
from pybridge.resolve.describe.properties import (
    describe_property,
    is_property,
    property_of_call,
    property_of_descriptor,
)
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import answered_signature, literal
from pybridge.resolve.describe.values import value_claim
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import clean_docstring
from pybridge.resolve.symbols import Definition
from pybridge.resolve.types.answers import CallableAnswer, ClassAnswer, PropertyAnswer, VariableAnswer

_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__", "__class_getitem__"})
_MADE_OF_FIELDS = (ClassKind.DATACLASS, ClassKind.ATTRS, ClassKind.MODEL)
_ORDERED = (*_MADE_OF_FIELDS, ClassKind.NAMED_TUPLE, ClassKind.TYPED_DICT)


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """Own members of a class, each kind sorted as `Class` wants it."""

    methods: tuple[Function, ...] = ()
    properties: tuple[Property, ...] = ()
    fields: tuple[Field, ...] = ()
    enum_members: tuple[EnumMember, ...] = ()


def describe_members(
    world: World,
    path: SymbolPath,
    scope: LexicalScope,
    *,
    kind: ClassKind,
    facts: ClassFacts | None,
    answer: ClassAnswer | None,
    options: tuple[DataOption, ...] | None = None,
    is_frozen: bool = False,
) -> Members:
    """Describe what a class defines; ``scope`` is that of its body, ``facts`` is None for a class made by a call."""
    collector = _Collector(world, path, scope, kind, answer)
    collector.is_frozen = is_frozen
    collector.takes_keywords_only = kind is ClassKind.MODEL or DataOption.KEYWORD_ONLY in (options or ())
    for name, definition in world.members(path).items():
        collector.add(name, definition)
    if facts is not None:
        collector.add_instance_attributes(facts)
    else:
        collector.add_answered()
    return collector.members()


def is_public_member(name: str) -> bool:
    """True for what a user may name: no leading underscore, or a special method."""
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


class _Collector:
    def __init__(
        self, world: World, path: SymbolPath, scope: LexicalScope, kind: ClassKind, answer: ClassAnswer | None
    ) -> None:
        self._world, self._path, self._scope, self._kind, self._answer = world, path, scope, kind, answer
        self._module, self._qualname = split_symbol(path)
        self._methods: dict[str, Function] = {}
        self._properties: dict[str, Property] = {}
        self._fields: dict[str, Field] = {}
        self._enum_members: list[EnumMember] = []
        self._seen: set[str] = set()
        self.is_frozen = False
        self.takes_keywords_only = False
        """Whether fields from here on are keyword-only in the constructor that is made of them."""

    def add(self, name: str, definition: Definition) -> None:
        """Describe one definition of the class body."""
        self._seen.add(name)
        self.takes_keywords_only |= is_keyword_marker(definition.statements[-1])
        if not is_public_member(name) or name in _CONSTRUCTORS or definition.kind is SymbolKind.CLASS:
            return
        member = self._member_path(name)
        if any(isinstance(one, FunctionFacts) for one in definition.statements):
            self._add_function(name, member, definition)
        elif not name.startswith("__") and isinstance(definition.statements[-1], Assignment):
            self._add_assignment(name, member, definition, definition.statements[-1])
        elif isinstance(definition.statements[-1], Assignment):
            self._add_second_name(name, definition.statements[-1])

    def add_instance_attributes(self, facts: ClassFacts) -> None:
        """Describe what methods assign to ``self``, the constructor's first."""
        defs = [one for one in facts.body if isinstance(one, FunctionFacts)]
        for method in sorted(defs, key=lambda one: one.name != "__init__"):
            for one in method.self_assignments:
                if one.name not in self._seen and is_public_member(one.name) and not one.name.startswith("__"):
                    self._seen.add(one.name)
                    self._fields[one.name] = self._instance_field(one)

    def add_answered(self) -> None:
        """Describe what only the engine knows: the members of a class that a call made."""
        for name, answer in (self._answer.members if self._answer else {}).items():
            if name in self._seen or name.startswith("_") or name in self._fields:
                continue
            if isinstance(answer, VariableAnswer):
                self._add_answered_variable(name, answer)
            elif isinstance(answer, PropertyAnswer):
                self._properties[name] = Property(
                    path=self._member_path(name), name=name, type=claim(answer.type, Tier.SYNTHESISED)
                )
            elif isinstance(answer, CallableAnswer) and answer.signatures:
                self._methods[name] = Function(
                    path=self._member_path(name),
                    name=name,
                    binding=Binding.INSTANCE,
                    signatures=tuple(answered_signature(one, Tier.SYNTHESISED) for one in answer.signatures),
                )

    def members(self) -> Members:
        """Return everything found."""
        fields = self._fields.values()
        return Members(
            methods=tuple(self._methods[name] for name in sorted(self._methods)),
            properties=tuple(self._properties[name] for name in sorted(self._properties)),
            fields=tuple(fields if self._kind in _ORDERED else sorted(fields, key=lambda one: one.name)),
            enum_members=tuple(self._enum_members),
        )

    def _add_function(self, name: str, member: SymbolPath, definition: Definition) -> None:
        if self._is_property(name, definition):
            self._properties[name] = describe_property(definition, member, self._scope, self._world)
            return
        function = describe_function(definition, member, self._scope, self._world, is_member=True)
        if function is not None:
            self._methods[name] = with_running_variant(
                function, definition, member, self._scope, self._world, is_member=True
            )

    def _add_assignment(self, name: str, member: SymbolPath, definition: Definition, facts: Assignment) -> None:
        if self._add_second_name(name, facts):
            return
        made = property_of_call(facts, member, self._scope, self._world)
        made = made or property_of_descriptor(facts, member, self._scope, self._world)
        if made is not None:
            self._properties[name] = made
        elif self._kind is ClassKind.ENUM and facts.value is not None and facts.annotation is None:
            self._enum_members.append(
                EnumMember(name=name, value=facts.value_text, constant=literal(facts.value), docstring=facts.docstring)
            )
        else:
            self._fields[name] = self._class_field(name, member, definition, facts)

    def _add_second_name(self, name: str, facts: Assignment) -> bool:
        """``__radd__ = __add__``, ``old = new``, ``x = staticmethod(f)``: a name for a function or a property."""
        member = self._member_path(name)
        original = facts.value.id if isinstance(facts.value, Name) and facts.annotation is None else None
        definition = self._world.members(self._path).get(original) if original not in {None, name} else None
        if definition is not None and original is not None and self._is_property(original, definition):
            described = describe_property(definition, self._member_path(original), self._scope, self._world)
            self._properties[name] = msgspec.structs.replace(described, name=name, path=member)
            return True
        function = function_of_value(facts, member, self._scope, self._world, is_member=True)
        if function is None:
            return False
        self._methods[name] = msgspec.structs.replace(
            function, condition=self._world.members(self._path)[name].condition
        )
        return True

    def _is_property(self, name: str, definition: Definition) -> bool:
        return is_property(definition, self._member_path(name), self._scope, self._world)

    def _class_field(self, name: str, member: SymbolPath, definition: Definition, facts: Assignment) -> Field:
        qualifiers: frozenset[Qualifier] = frozenset()
        if facts.annotation is not None:
            qualifiers = self._scope.read(facts.annotation).qualifiers
        answer = self._world.answer(member)
        is_class_variable = Qualifier.CLASS_VARIABLE in qualifiers or self._is_of_class(facts)
        is_made = self._kind in _MADE_OF_FIELDS and not is_class_variable
        is_taken = not is_made or field_setting(facts.value, "init", self._scope, self._world) is not False
        by_name = field_setting(facts.value, "kw_only", self._scope, self._world)
        return Field(
            path=member,
            name=name,
            type=value_claim(facts.annotation, facts.value, answer, self._scope, self._world),
            is_class_variable=is_class_variable,
            is_readonly=bool(qualifiers & {Qualifier.FINAL, Qualifier.READ_ONLY})
            or self._kind is ClassKind.NAMED_TUPLE
            or (self.is_frozen and not is_class_variable),
            is_required=is_taken and self._is_required(name, facts, is_class_variable=is_class_variable),
            is_in_constructor=is_taken,
            is_keyword_only=is_made and is_taken and (self.takes_keywords_only if by_name is None else by_name),
            value=facts.value_text,
            docstring=clean_docstring(facts.docstring) if facts.docstring else self._of_descriptor(facts.value),
            condition=definition.condition,
        )

    def _is_of_class(self, facts: Assignment) -> bool:
        """Tell a value that no annotation and no maker of fields turns into something of instances."""
        value = facts.value
        if self._kind not in _ORDERED:
            return value is not None
        is_made = isinstance(value, Call) and is_field_maker(value, self._scope, self._world)
        return facts.annotation is None and not is_made

    def _of_descriptor(self, value: Expr | None) -> str | None:
        """Documentation of the descriptor class that an attribute is made of; that is what ``help`` shows."""
        if not isinstance(value, Call) or not isinstance(value.function, Name | Attribute):
            return None
        target = self._scope.lookup(value.function)
        made = self._world.class_facts(target.path) if target is not None else None
        if target is None or made is None or "__get__" not in self._world.members(target.path):
            return None
        raw = self._world.docstring(made)
        return clean_docstring(raw) if raw else None

    def _is_required(self, name: str, facts: Assignment, *, is_class_variable: bool) -> bool:
        if self._kind not in _ORDERED or is_class_variable:
            return False
        if self._kind is ClassKind.TYPED_DICT:
            return self._answer is None or name in self._answer.required_keys
        if facts.value is None:
            return True
        return default_of(facts.value, facts.value_text, self._scope, self._world)[1] is None

    def _instance_field(self, one: SelfAssignment) -> Field:
        member = self._member_path(one.name)
        answer = self._world.answer(member)
        return Field(
            path=member,
            name=one.name,
            type=value_claim(one.annotation, one.value, answer, self._scope, self._world),
            docstring=clean_docstring(one.docstring) if one.docstring else None,
        )

    def _add_answered_variable(self, name: str, answer: VariableAnswer) -> None:
        if self._kind is ClassKind.ENUM:
            self._enum_members.append(EnumMember(name=name))
            return
        silent: TypeClaim = claim(answer.type, Tier.SYNTHESISED)
        is_required = self._kind is ClassKind.TYPED_DICT and bool(self._answer) and name in self._required_keys()
        if not is_silent(answer.type) or self._kind is not ClassKind.PLAIN:
            self._fields[name] = Field(path=self._member_path(name), name=name, type=silent, is_required=is_required)

    def _required_keys(self) -> tuple[str, ...]:
        return self._answer.required_keys if self._answer else ()

    def _member_path(self, name: str) -> SymbolPath:
        return symbol_path(self._module, f"{self._qualname}.{name}")
