"""The effective constructor of a class, whoever defines it."""

from collections.abc import Mapping

import msgspec

from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Constructor, ConstructorOrigin
from pybridge.model.evidence import Tier
from pybridge.model.facts import Assignment, FunctionFacts, ParameterFacts
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.types import NoneType, ParameterKind
from pybridge.resolve.describe.claims import claim
from pybridge.resolve.describe.fields import field_defaults
from pybridge.resolve.describe.functions import describe_function
from pybridge.resolve.describe.hierarchy import Hierarchy
from pybridge.resolve.describe.pydantic_models import MODELS, ModelField, is_model, merge, model_config, model_fields
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import answered_signature
from pybridge.resolve.describe.synthesised import constructor_of_fields, is_followed
from pybridge.resolve.describe.world import World
from pybridge.resolve.types.answers import ClassAnswer, ExternalAnswer

_ORIGINS = {
    "__init__": ConstructorOrigin.INIT,
    "__new__": ConstructorOrigin.NEW,
    "__call__": ConstructorOrigin.METACLASS_CALL,
}

_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)


def describe_constructor(
    world: World,
    hierarchy: Hierarchy,
    path: SymbolPath,
    scope: LexicalScope,
    *,
    answer: ClassAnswer | None,
) -> Constructor:
    """Find what makes an instance: own, inherited, synthesised, the metaclass's, or nothing at all."""
    found = _found(world, hierarchy, path, scope, answer=answer)
    metaclass = hierarchy.metaclass(path)
    called = _of_metaclass(world, metaclass, scope)
    if metaclass is not None and called is not None and called.parameters and not _takes_anything(called):
        return _through_metaclass(found, called, metaclass)
    if found.implementation is not None or not found.signatures or not _takes_anything(found.signatures[0]):
        return found
    shown = _by_rule(world, hierarchy.mro(path), scope) or called
    return msgspec.structs.replace(found, implementation=shown) if shown is not None else found


def _through_metaclass(found: Constructor, called: Signature, metaclass: SymbolPath) -> Constructor:
    """A ``__call__`` with parameters of its own stands before every constructor: whoever makes an instance calls it."""
    returns = found.signatures[0].returns if found.signatures else claim(NoneType(), Tier.SYNTHESISED)
    return Constructor(
        origin=ConstructorOrigin.METACLASS_CALL,
        defined_by=metaclass,
        signatures=(msgspec.structs.replace(called, returns=returns),),
        docstring=found.docstring,
    )


def _by_rule(world: World, mro: tuple[SymbolPath, ...], scope: LexicalScope) -> Signature | None:
    """The class method that an overlay names, the nearest in the order of ancestors."""
    rule = next((found for one in mro if (found := world.constructor_rule(one)) is not None), None)
    for ancestor in mro if rule is not None else ():
        if rule is not None and rule.method in world.members(ancestor):
            return _method(world, ancestor, rule.method, scope)
    return None


def _of_metaclass(world: World, metaclass: SymbolPath | None, scope: LexicalScope) -> Signature | None:
    """The ``__call__`` of a metaclass of the library."""
    return _method(world, metaclass, "__call__", scope) if metaclass is not None else None


def _method(world: World, owner: SymbolPath, name: str, scope: LexicalScope) -> Signature | None:
    """What a method of a class of the library shows; None where it has none of that name."""
    definition = world.members(owner).get(name)
    if definition is None or not isinstance(definition.statements[-1], FunctionFacts):
        return None
    module, qualname = split_symbol(owner)
    inner = scope.elsewhere(module).inside(qualname)
    found = describe_function(definition, symbol_path(module, f"{qualname}.{name}"), inner, world, is_member=True)
    return (found.implementation or found.signatures[0]) if found is not None else None


def _takes_anything(signature: Signature) -> bool:
    """True for ``(*args, **kwargs)`` and its parts, but not for no parameters at all."""
    return bool(signature.parameters) and all(one.kind in _VARIADIC for one in signature.parameters)


def _found(
    world: World, hierarchy: Hierarchy, path: SymbolPath, scope: LexicalScope, *, answer: ClassAnswer | None
) -> Constructor:
    mro = hierarchy.mro(path)
    if is_model(mro):
        return _of_model(world, mro, scope, answer)
    is_seen = answer is not None and answer.constructor and answer.is_constructor_synthesised
    if answer is not None and is_seen and not is_followed(world, path, scope):
        return _synthesised(world, hierarchy, path, answer, scope)
    made = constructor_of_fields(world, mro, scope)
    if made is not None:
        return made
    owner = answer.constructor_owner if answer is not None and not answer.has_unknown_base else None
    method = answer.constructor_method if answer is not None else ""
    if owner is not None and method != "__call__":
        owner, method = _sooner(world, mro, owner, method)
    if owner is not None and world.is_own(owner) and method:
        found = _written(world, owner, method, scope)
        if found is not None:
            return found
    if owner is None or not method:
        found = _nearest(world, hierarchy, path, scope)
        if found is not None:
            return found
    if answer is not None and answer.constructor and owner not in {None, "builtins:object"}:
        return Constructor(
            origin=_ORIGINS.get(method, ConstructorOrigin.INIT),
            defined_by=owner,
            signatures=tuple(answered_signature(one, Tier.STUB) for one in answer.constructor),
        )
    if hierarchy.has_unknown_ancestor(path):
        return Constructor(origin=ConstructorOrigin.UNKNOWN)
    return _of_object()


def _sooner(world: World, mro: tuple[SymbolPath, ...], owner: SymbolPath, method: str) -> tuple[SymbolPath, str]:
    """The nearest class whose source defines a constructor, which a stub that the engine read may leave out."""
    for ancestor in mro:
        if ancestor == owner:
            break
        members = world.members(ancestor) if world.is_own(ancestor) else {}
        for name in ("__init__", "__new__"):
            if name in members and isinstance(members[name].statements[-1], FunctionFacts):
                return ancestor, name
    return owner, method


def _of_object() -> Constructor:
    return Constructor(
        origin=ConstructorOrigin.OBJECT, signatures=(Signature(returns=claim(NoneType(), Tier.SYNTHESISED)),)
    )


def _of_model(
    world: World, mro: tuple[SymbolPath, ...], scope: LexicalScope, answer: ClassAnswer | None
) -> Constructor:
    """A pydantic model: the nearest ``__init__`` below ``BaseModel``, and the fields."""
    fields, config = model_fields(world, mro, scope), model_config(world, mro)
    below = mro[: next(place for place, one in enumerate(mro) if one in MODELS)]
    if answer is not None and not all(world.is_own(one) for one in below):
        fields = (*_fields_from_elsewhere(fields, answer), *fields)
    owner = next((one for one in below if world.is_own(one) and "__init__" in world.members(one)), None)
    written = _written(world, owner, "__init__", scope) if owner is not None else None
    if written is None:
        signatures = (merge(None, fields, config),)
        return Constructor(origin=ConstructorOrigin.SYNTHESISED, defined_by=mro[0], signatures=signatures)
    if owner is not None and _is_standard(world, owner):
        return msgspec.structs.replace(written, signatures=(merge(None, fields, config),), implementation=None)
    implementation = merge(written.implementation, fields, config) if written.implementation else None
    return Constructor(
        origin=ConstructorOrigin.INIT,
        defined_by=owner,
        signatures=tuple(merge(one, fields, config) for one in written.signatures),
        implementation=implementation,
        is_signature_hidden=written.is_signature_hidden,
        decorators=written.decorators,
        docstring=written.docstring,
    )


def _fields_from_elsewhere(own: tuple[ModelField, ...], answer: ClassAnswer) -> tuple[ModelField, ...]:
    """Fields of ancestors in other packages, as the engine reads them; none where it makes no constructor of them."""
    if not answer.is_constructor_synthesised or len(answer.constructor) != 1:
        return ()
    known = {name for one in own for name in (one.name, one.parameter.name)}
    parameters = answered_signature(answer.constructor[0], Tier.STUB).parameters
    return tuple(
        ModelField(name=one.name, parameter=one)
        for one in parameters
        if one.kind is ParameterKind.KEYWORD_ONLY and one.name not in known and not one.name.startswith("_")
    )


def _is_standard(world: World, owner: SymbolPath) -> bool:
    """Tell an ``__init__(self, /, **data)``, which pydantic takes for its own."""
    module, qualname = split_symbol(owner)
    facts = world.function(symbol_path(module, f"{qualname}.__init__"))
    shape = [(one.name, one.kind) for one in facts.parameters] if facts is not None else []
    return shape == [("self", ParameterKind.POSITIONAL_ONLY), ("data", ParameterKind.VAR_KEYWORD)]


def _synthesised(
    world: World, hierarchy: Hierarchy, path: SymbolPath, answer: ClassAnswer, scope: LexicalScope
) -> Constructor:
    defaults = field_defaults(world, hierarchy.mro(path), scope)
    return Constructor(
        origin=ConstructorOrigin.SYNTHESISED,
        defined_by=answer.constructor_owner or path,
        signatures=tuple(
            _required(answered_signature(one, Tier.SYNTHESISED, defaults), defaults) for one in answer.constructor
        ),
    )


def _required(signature: Signature, fields: Mapping[str, ParameterFacts]) -> Signature:
    """Say that a field must be given where the library's own maker of fields gives it no default."""
    parameters = tuple(
        msgspec.structs.replace(one, is_required=True)
        if not one.is_required and one.name in fields and fields[one.name].default_text is None
        else one
        for one in signature.parameters
    )
    return msgspec.structs.replace(signature, parameters=parameters)


def _nearest(world: World, hierarchy: Hierarchy, path: SymbolPath, scope: LexicalScope) -> Constructor | None:
    """Walk the ancestors for the first ``__init__`` or ``__new__``; None when an unknown one comes first."""
    for ancestor in hierarchy.mro(path):
        if not world.is_own(ancestor):
            external = world.external(ancestor)
            if external is None or external.class_answer is None:
                if ancestor in {"typing:Generic", "typing:Protocol", "abc:ABC"}:
                    continue
                return None
            found = _external(external)
            if found is not None:
                return found
            continue
        members = world.members(ancestor)
        for method in ("__init__", "__new__"):
            if method in members:
                return _written(world, ancestor, method, scope)
        answer = world.answer(ancestor) if ancestor != path else None
        # One that inherits its constructor tells nothing that the rest of this walk does not.
        if not isinstance(answer, ClassAnswer) or not answer.constructor or answer.has_unknown_base:
            continue
        if answer.is_constructor_synthesised or answer.constructor_owner == ancestor:
            return describe_constructor(world, hierarchy, ancestor, scope, answer=answer)
    return None


def _external(external: ExternalAnswer) -> Constructor | None:
    answer = external.class_answer
    if answer is None or not answer.constructor or answer.constructor_owner != answer.path:
        return None
    return Constructor(
        origin=_ORIGINS.get(answer.constructor_method, ConstructorOrigin.INIT),
        defined_by=answer.path,
        signatures=tuple(answered_signature(one, Tier.STUB) for one in answer.constructor),
    )


def _written(world: World, owner: SymbolPath, method: str, scope: LexicalScope) -> Constructor | None:
    module, qualname = split_symbol(owner)
    definition = world.members(owner).get(method)
    facts = world.class_facts(owner)
    if definition is None or facts is None or isinstance(definition.statements[-1], Assignment):
        return None
    inner = scope.elsewhere(module).under(facts.type_parameters).inside(qualname)
    function: Function | None = describe_function(
        definition, symbol_path(module, f"{qualname}.{method}"), inner, world, is_member=True
    )
    if function is None:
        return None
    shown = _first_called(world, owner, inner) if method == "__init__" else None
    return Constructor(
        origin=_ORIGINS[method],
        defined_by=owner,
        signatures=function.signatures,
        implementation=shown or function.implementation,
        is_signature_hidden=function.is_signature_hidden,
        decorators=function.decorators,
        docstring=function.docstring,
    )


def _first_called(world: World, owner: SymbolPath, scope: LexicalScope) -> Signature | None:
    """The ``__new__`` beside an ``__init__``: Python calls it first and shows its signature."""
    signature = _method(world, owner, "__new__", scope)
    takes_anything = signature is None or all(one.kind in _VARIADIC for one in signature.parameters)
    return None if takes_anything else signature
