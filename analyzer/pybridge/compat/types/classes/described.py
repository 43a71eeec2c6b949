"""A class of a descriptor as a `ClassShape`: what a type checker sees of it."""

import re
from collections.abc import Iterator, Mapping

from pybridge.compat.library import Library
from pybridge.compat.types.classes.placing import ANY_TUPLE, Placing
from pybridge.compat.types.classes.shapes import ClassShape, KeyShape, MemberShape, SignatureShape
from pybridge.compat.types.substitution import union_of
from pybridge.model.callables import Binding, Function, Signature, StreamKind
from pybridge.model.classes import Class, ClassKind, ConstructorOrigin, Field
from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.library import Variable
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.types import AnyType, CallableParameter, Named, Tuple, TypeExpr

_DECLARED = frozenset({Tier.ANNOTATION, Tier.STUB, Tier.OVERLAY, Tier.SYNTHESISED})
_MARKERS = frozenset({"typing:Generic", "typing:Protocol", "typing_extensions:Protocol", "typing_extensions:Generic"})
_COROUTINE = SymbolPath("typing:Coroutine")
_NEW_TYPE = Named(path=SymbolPath("typing:NewType"))
_NEW_TYPE_CALL = re.compile(r"""NewType\(\s*(['"])\w+\1\s*,\s*(?P<base>[A-Za-z_]\w*)\s*,?\s*\)$""")
_BUILTINS = frozenset({"bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str"})


def is_declared(claim: TypeClaim) -> bool:
    """Whether somebody promised a type: an annotation, a stub, or a construct that makes it by a rule."""
    return claim.evidence.tier in _DECLARED


class DescribedClasses:
    """The classes of one library, in the world of both."""

    def __init__(self, library: Library, placing: Placing) -> None:
        self._library = library
        self._placing = placing

    def shape(self, path: SymbolPath) -> ClassShape | None:
        """Return a class by its own, unmarked path; None when the library does not describe one there."""
        found = self._library.definition(path)
        if isinstance(found, Class):
            return self._class(found)
        if isinstance(found, Variable) and found.type.expr == _NEW_TYPE:
            return self._new_type(found)
        return None

    def _class(self, one: Class) -> ClassShape:
        place = self._placing
        is_typed_dict, is_named_tuple = one.kind is ClassKind.TYPED_DICT, one.kind is ClassKind.NAMED_TUPLE
        bases = tuple(place.type(base) for base in self._bases(one))
        items = self._items(one) if is_named_tuple else None
        if items is not None:
            bases = tuple(
                Tuple(items=(union_of(items),), is_variadic=True) if base == ANY_TUPLE else base for base in bases
            )
        return ClassShape(
            path=place.path(one.path),
            parameters=tuple(map(place.parameter, one.type_parameters)),
            bases=bases,
            ancestors=tuple(place.path(ancestor) for ancestor in one.mro if ancestor != one.path),
            members=dict(self._members(one)),
            metaclass=None if one.metaclass is None else place.path(one.metaclass),
            items=items,
            keys=self._keys(one) if is_typed_dict else None,
            enum_members=tuple(member.name for member in one.enum_members),
            is_protocol=one.kind is ClassKind.PROTOCOL,
            is_final=one.is_final or bool(one.enum_members),
            is_enum=one.kind is ClassKind.ENUM,
            is_named_tuple=is_named_tuple,
            has_unknown_base=not all(isinstance(base, Named) for base in self._bases(one)),
        )

    def _bases(self, one: Class) -> tuple[TypeExpr, ...]:
        """Bases as a type checker has them; what only marks a class as generic or as a protocol is left out."""
        if one.kind is ClassKind.TYPED_DICT:
            return (Named(path=SymbolPath("typing:TypedDict")),)
        return tuple(base for base in one.bases if not isinstance(base, Named) or base.path not in _MARKERS)

    def _new_type(self, one: Variable) -> ClassShape:
        """A class of its own below the type that it was made of, if that is a plain name."""
        made = _NEW_TYPE_CALL.search(one.value or "")
        base = made["base"] if made else ""
        module, _ = split_symbol(one.path)
        path = SymbolPath(f"builtins:{base}") if base in _BUILTINS else symbol_path(module, base)
        is_known = base in _BUILTINS or self._library.class_at(path) is not None
        bases = (self._placing.type(Named(path=path)),) if is_known else ()
        return ClassShape(path=self._placing.path(one.path), bases=bases, members={}, has_unknown_base=not is_known)

    def _members(self, one: Class) -> Iterator[tuple[str, MemberShape]]:
        own = frozenset(parameter.name for parameter in one.type_parameters)
        for method in one.methods:
            signatures = tuple(self._signature(each, method, own) for each in method.signatures)
            is_class_or_static = method.binding in {Binding.CLASS, Binding.STATIC}
            yield method.name, MemberShape(signatures=signatures, is_class_or_static=is_class_or_static)
        for attribute in one.properties:
            yield attribute.name, MemberShape(type=self._told(attribute.type), is_settable=not attribute.is_readonly)
        for field in one.fields:
            yield (
                field.name,
                MemberShape(
                    type=self._told(field.type),
                    is_settable=not field.is_readonly,
                    is_class_variable=_is_class_variable(field),
                ),
            )

    def _signature(self, signature: Signature, method: Function, own: frozenset[str]) -> SignatureShape:
        returns = self._told(signature.returns)
        if method.is_async and method.stream is not StreamKind.ASYNC_GENERATOR:
            returns = Named(path=_COROUTINE, arguments=(AnyType(), AnyType(), returns))
        return SignatureShape(
            parameters=tuple(
                CallableParameter(type=self._told(one.type), kind=one.kind, name=one.name, is_required=one.is_required)
                for one in signature.parameters
            ),
            returns=returns,
            variables=tuple(self._placing.parameter(one) for one in signature.type_parameters if one.name not in own),
        )

    def _told(self, claim: TypeClaim) -> TypeExpr:
        """What a type checker makes of a claim: what nobody declares is ``Any`` to it."""
        return self._placing.type(claim.expr) if is_declared(claim) else AnyType()

    def _items(self, one: Class) -> tuple[TypeExpr, ...] | None:
        if one.constructor.origin is not ConstructorOrigin.SYNTHESISED or not one.constructor.signatures:
            return None
        return tuple(self._told(each.type) for each in one.constructor.signatures[0].parameters)

    def _keys(self, one: Class) -> Mapping[str, KeyShape]:
        """Own and inherited keys, as the constructor takes them; which inherited ones are read-only is not described."""
        taken = one.constructor.signatures[0].parameters if one.constructor.signatures else ()
        readonly = {field.name for field in one.fields if field.is_readonly}
        found = {
            each.name: KeyShape(
                type=self._told(each.type), is_required=each.is_required, is_readonly=each.name in readonly
            )
            for each in taken
        }
        for field in one.fields:
            key = KeyShape(type=self._told(field.type), is_required=field.is_required, is_readonly=field.is_readonly)
            found[field.name] = key
        return found


def _is_class_variable(field: Field) -> bool:
    return field.is_class_variable and "ClassVar" in (field.type.evidence.annotation or "")
