"""`Callee`: one thing of Python that a generated module lets one call, read or write."""

from enum import Enum

import msgspec

from pybridge.model.callables import Binding, Function, Parameter, Signature, StreamKind
from pybridge.model.classes import Class, ClassKind, ConstructorOrigin, EnumMember, Field, Property
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.library import Variable
from pybridge.model.types import AnyType, NoneType, ParameterKind, SelfType, TypeExpr


class CalleeKind(Enum):
    """What it is; the values are those of ``__pybridge_descriptor__/0``."""

    CREATE = "create"
    METHOD = "method"
    CLASS_METHOD = "class_method"
    STATIC_METHOD = "static_method"
    PROPERTY = "property"
    FUNCTION = "function"
    VARIABLE = "variable"


class Access(Enum):
    """What a generated function does with it."""

    CALL = "call"
    READ = "read"
    WRITE = "write"


class Callee(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to call, read or write."""

    python_name: str
    wanted_name: str
    """The Python name to make the Elixir name from; differs for dunder methods and the constructor."""
    kind: CalleeKind
    access: Access = Access.CALL
    needs_instance: bool = False
    signatures: tuple[Signature, ...]
    """At least one."""
    widest: Signature
    """What is shown: the implementation behind overloads, else the first one."""
    item: TypeExpr | None = None
    """Of a stream, the type of one item; None when it is none."""
    deprecated: str | None = None
    docstring: str | None = None
    inherited_from: str | None = None
    """Public path of the public ancestor that defines it; None when the class's own module speaks for it."""


DUNDERS = {
    "__call__": "call",
    "__len__": "length",
    "__getitem__": "get_item",
    "__setitem__": "put_item",
    "__delitem__": "delete_item",
    "__contains__": "contains",
    "__iter__": "iterate",
}
"""Special methods that have a function, and what it is called; all others are reached through what they implement."""

_EVIDENCE = Evidence(tier=Tier.NONE, confidence=Confidence.LOW)
_ANY = TypeClaim(expr=AnyType(), evidence=_EVIDENCE)
_OPEN_SIGNATURE = Signature(
    parameters=(
        Parameter(name="args", kind=ParameterKind.VAR_POSITIONAL, type=_ANY, is_required=False),
        Parameter(name="kwargs", kind=ParameterKind.VAR_KEYWORD, type=_ANY, is_required=False),
    ),
    returns=TypeClaim(expr=SelfType(), evidence=_EVIDENCE),
)
"""Of a constructor that nobody could read: whatever is given is passed on."""

_KINDS = {
    Binding.FUNCTION: CalleeKind.STATIC_METHOD,
    Binding.INSTANCE: CalleeKind.METHOD,
    Binding.CLASS: CalleeKind.CLASS_METHOD,
    Binding.STATIC: CalleeKind.STATIC_METHOD,
}


def of_constructor(cls: Class) -> Callee | None:
    """The constructor; None for a class that cannot be instantiated."""
    if cls.is_abstract or cls.kind is ClassKind.PROTOCOL:
        return None
    signatures = cls.constructor.signatures
    if not signatures or cls.constructor.origin is ConstructorOrigin.UNKNOWN:
        signatures = signatures or (_OPEN_SIGNATURE,)
    made = tuple(msgspec.structs.replace(one, returns=_OPEN_SIGNATURE.returns) for one in signatures)
    return Callee(
        python_name="__init__",
        wanted_name="create",
        kind=CalleeKind.CREATE,
        signatures=made,
        widest=max(made, key=lambda one: len(one.parameters)),
        docstring=cls.constructor.docstring,
    )


def of_function(function: Function, *, name: str) -> Callee | None:
    """A function of a module by its public name; None for a special one."""
    return _callable(function, name=name, kind=CalleeKind.FUNCTION)


def of_method(function: Function, *, inherited_from: str | None = None) -> Callee | None:
    """A method of a class; None for a private one, and for a special method that has no function here."""
    return _callable(function, name=function.name, kind=_KINDS[function.binding], inherited_from=inherited_from)


def _callable(function: Function, *, name: str, kind: CalleeKind, inherited_from: str | None = None) -> Callee | None:
    python_name = name
    is_dunder = python_name.startswith("__") and python_name.endswith("__")
    is_method = kind is not CalleeKind.FUNCTION
    if is_method and (python_name.startswith("_") and python_name not in DUNDERS):
        return None
    if (is_dunder and not is_method) or not function.signatures:
        return None
    is_stream = function.stream is not StreamKind.NONE or (is_method and python_name == "__iter__")
    claim = function.yields
    return Callee(
        python_name=python_name,
        wanted_name=DUNDERS.get(python_name, python_name) if is_method else python_name,
        kind=kind,
        needs_instance=kind is CalleeKind.METHOD,
        signatures=function.signatures,
        widest=function.implementation or function.signatures[0],
        item=(claim.expr if claim is not None else AnyType()) if is_stream else None,
        deprecated=function.deprecated,
        docstring=function.docstring,
        inherited_from=inherited_from,
    )


def of_property(member: Property | Field, *, inherited_from: str | None = None) -> tuple[Callee, ...]:
    """Reading a property or field, and writing it where that is allowed; nothing for a private one."""
    if member.name.startswith("_"):
        return ()
    needs_instance = not (isinstance(member, Field) and member.is_class_variable)
    read = Callee(
        python_name=member.name,
        wanted_name=member.name,
        kind=CalleeKind.PROPERTY,
        access=Access.READ,
        needs_instance=needs_instance,
        signatures=(Signature(returns=member.type),),
        widest=Signature(returns=member.type),
        deprecated=member.deprecated if isinstance(member, Property) else None,
        docstring=member.docstring,
        inherited_from=inherited_from,
    )
    if member.is_readonly or not needs_instance:
        return (read,)
    return (read, msgspec.structs.replace(read, access=Access.WRITE, wanted_name=f"set_{member.name}"))


def of_enum_member(member: EnumMember) -> Callee | None:
    """Reading a member of an enumeration; None for a private one."""
    return None if member.name.startswith("_") else _read(member.name, CalleeKind.PROPERTY, _ANY, member.docstring)


def of_variable(variable: Variable, *, name: str) -> Callee:
    """Reading a variable of a module by its public name."""
    return _read(name, CalleeKind.VARIABLE, variable.type, variable.docstring)


def none_claim() -> TypeClaim:
    """What a write gives."""
    return TypeClaim(expr=NoneType(), evidence=_EVIDENCE)


def _read(name: str, kind: CalleeKind, claim: TypeClaim, docstring: str | None) -> Callee:
    signature = Signature(returns=claim)
    return Callee(
        python_name=name,
        wanted_name=name,
        kind=kind,
        access=Access.READ,
        signatures=(signature,),
        widest=signature,
        docstring=docstring,
    )
