"""Constructors of pydantic models: fields and a custom ``__init__`` merged, as pydantic's own signatures are.

Source: pydantic's ``generate_pydantic_signature``. A field is taken by its alias where that is an identifier; fields
join only an ``__init__`` that takes ``**kwargs``; those stay visible only where extra values are allowed.
"""

import keyword
from collections.abc import Mapping

import msgspec

from pybridge.model.callables import Parameter, Signature
from pybridge.model.evidence import Tier
from pybridge.model.expressions import Call, Constant, Dict, Expr
from pybridge.model.facts import Assignment
from pybridge.model.library import SymbolKind
from pybridge.model.names import SourceText, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind, NoneType, ParameterKind, Unknown, UnknownReason
from pybridge.resolve.annotations import Qualifier
from pybridge.resolve.describe.claims import claim
from pybridge.resolve.describe.fields import default_of, is_field_maker, last_name, value_behind
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import literal
from pybridge.resolve.describe.world import World

_FIRST_GENERATION = frozenset({SymbolPath("pydantic.v1.main:BaseModel"), SymbolPath("pydantic.v1:BaseModel")})
MODELS = _FIRST_GENERATION | {SymbolPath("pydantic.main:BaseModel"), SymbolPath("pydantic:BaseModel")}
"""Where it is defined, and where everybody imports it from, which is all that is known when it is not installed."""
_UNDEFINED = frozenset({"PydanticUndefined", "Undefined"})
_PRIVATE_MAKERS = frozenset({"PrivateAttr"})


class ModelField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a model, as its constructor takes it."""

    name: str
    parameter: Parameter
    """By its alias, keyword-only."""
    takes_part: bool = True
    """False where neither alias nor name is an identifier: it can only come with ``**data``."""


class ModelConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What of a model's configuration changes its signature, and whether its instances may change."""

    allows_extra: bool = False
    allows_names: bool = False
    is_frozen: bool = False


_EXTRA_DATA = Parameter(
    name="extra_data",
    kind=ParameterKind.VAR_KEYWORD,
    type=claim(Unknown(reason=UnknownReason.UNANNOTATED), Tier.NONE, reason="extra values are allowed, of any type"),
    is_required=False,
)


def is_model(mro: tuple[SymbolPath, ...]) -> bool:
    """True for a pydantic model, of either generation, but not for the base class itself."""
    return not MODELS.isdisjoint(mro[1:])


def model_fields(world: World, mro: tuple[SymbolPath, ...], scope: LexicalScope) -> tuple[ModelField, ...]:
    """Collect the fields of a model and its ancestors in the library: ancestors first, an override keeps its place."""
    found: dict[str, ModelField] = {}
    is_first = not _FIRST_GENERATION.isdisjoint(mro)
    for ancestor in reversed(mro):
        module, qualname = split_symbol(ancestor)
        if not world.is_own(ancestor) or ancestor in MODELS:
            continue
        inner = scope.elsewhere(module).inside(qualname)
        for name, definition in world.members(ancestor).items():
            statement = definition.statements[-1]
            if isinstance(statement, Assignment) and definition.kind is not SymbolKind.CLASS:
                field = _field(name, statement, inner, world, known=found.get(name), is_first=is_first)
                if field is not None:
                    found[name] = field
    return tuple(found.values())


def model_config(world: World, mro: tuple[SymbolPath, ...]) -> ModelConfig:
    """Read ``model_config`` and an inner ``Config``, the nearest ancestor's last word on each setting."""
    settings: dict[str, Expr] = {}
    for ancestor in reversed(mro):
        definition = world.members(ancestor).get("model_config")
        statement = definition.statements[-1] if definition else None
        if isinstance(statement, Assignment):
            settings.update(_settings(statement.value))
        module, qualname = split_symbol(ancestor)
        for name, inner in world.members(SymbolPath(f"{module}:{qualname}.Config")).items():
            last = inner.statements[-1]
            if isinstance(last, Assignment) and last.value is not None:
                settings[name] = last.value
    names = ("populate_by_name", "validate_by_name", "allow_population_by_field_name")
    return ModelConfig(
        allows_extra=_is_text(settings.get("extra"), "allow") or last_name(settings.get("extra")) == "allow",
        allows_names=any(_is_true(settings.get(name)) for name in names),
        is_frozen=_is_true(settings.get("frozen")),
    )


def merge(init: Signature | None, fields: tuple[ModelField, ...], config: ModelConfig) -> Signature:
    """Merge fields into the signature of an ``__init__``; None stands for ``BaseModel``'s own ``(self, /, **data)``."""
    written = init.parameters if init is not None else ()
    by_name: Mapping[str, ModelField] = {one.name: one for one in fields}
    merged: dict[str, Parameter] = {}
    extra: Parameter | None = None
    for one in written:
        if one.kind is ParameterKind.VAR_KEYWORD:
            extra = one
        else:
            name = by_name[one.name].parameter.name if one.name in by_name else one.name
            merged[name] = msgspec.structs.replace(one, name=name)
    if init is None or extra is not None:
        for field in fields:
            if field.takes_part and field.name not in merged and field.parameter.name not in merged:
                merged[field.parameter.name] = field.parameter
    shows_extra = config.allows_extra or not all(one.takes_part for one in fields)
    if shows_extra and (extra is not None or init is None):
        rest = extra or _EXTRA_DATA
        name = rest.name
        while name in by_name or name in merged:
            name += "_"
        merged["**"] = msgspec.structs.replace(rest, name=name)
    returns = init.returns if init is not None else claim(NoneType(), Tier.SYNTHESISED)
    return Signature(parameters=tuple(merged.values()), returns=returns)


def _field(
    name: str,
    statement: Assignment,
    scope: LexicalScope,
    world: World,
    *,
    known: ModelField | None,
    is_first: bool,
) -> ModelField | None:
    if name.startswith("_") or name in {"model_config", "Config"}:
        return None
    annotation = statement.annotation
    if annotation is None:
        if known is not None and statement.value is not None:
            return _redefaulted(known, statement, scope, world)
        return _unannotated(name, statement, scope, world)
    read = scope.read(annotation)
    if Qualifier.CLASS_VARIABLE in read.qualifiers or _maker(statement.value) in _PRIVATE_MAKERS:
        return None
    settings = (*_metadata_calls(annotation.expr), *_calls(statement.value))
    default, text = _default(statement, scope, world, settings)
    alias = next((found for one in reversed(settings) if (found := _alias(one)) is not None), None)
    shown = alias if alias is not None and _is_identifier(alias) else name
    parameter = Parameter(
        name=shown,
        kind=ParameterKind.KEYWORD_ONLY,
        type=scope.claimed(annotation, Tier.ANNOTATION),
        is_required=text is None,
        default=text,
        default_value=literal(default),
    )
    # The second generation falls back on the name; the first takes such a value only with ``**data``.
    takes_part = alias is None or _is_identifier(alias) or not is_first
    return ModelField(name=name, parameter=parameter, takes_part=takes_part)


def _unannotated(name: str, statement: Assignment, scope: LexicalScope, world: World) -> ModelField | None:
    """``name = Field(...)``: pydantic refuses it without an annotation, so a metaclass must give it one."""
    if not isinstance(statement.value, Call) or not is_field_maker(statement.value, scope, world):
        return None
    default, text = _default(statement, scope, world)
    parameter = Parameter(
        name=name,
        kind=ParameterKind.KEYWORD_ONLY,
        type=claim(Unknown(reason=UnknownReason.UNANNOTATED), Tier.NONE),
        is_required=text is None,
        default=text,
        default_value=literal(default),
    )
    return ModelField(name=name, parameter=parameter)


def _redefaulted(known: ModelField, statement: Assignment, scope: LexicalScope, world: World) -> ModelField:
    """``name = value`` in a subclass gives an inherited field another default."""
    default, text = _default(statement, scope, world)
    parameter = msgspec.structs.replace(
        known.parameter, is_required=text is None, default=text, default_value=literal(default)
    )
    return msgspec.structs.replace(known, parameter=parameter)


def _default(
    statement: Assignment, scope: LexicalScope, world: World, settings: tuple[Call, ...] = ()
) -> tuple[Expr | None, SourceText | None]:
    """The default that is assigned, else the one that ``Annotated`` metadata give."""
    candidates = ((statement.value, statement.value_text), *((one, None) for one in settings))
    found = (default_of(value, text, scope, world) for value, text in candidates if value is not None)
    expr, text = next((one for one in found if one[1] is not None and one[1] not in _UNDEFINED), (None, None))
    return value_behind(expr, scope, world), text


def _calls(value: Expr | None) -> tuple[Call, ...]:
    return (value,) if isinstance(value, Call) else ()


def _metadata_calls(annotation: Expr) -> tuple[Call, ...]:
    """``Field(...)`` inside ``Annotated[X, Field(...)]``."""
    items = getattr(getattr(annotation, "index", None), "items", ())
    return tuple(one for one in items[1:] if isinstance(one, Call) and last_name(one.function) == "Field")


def _alias(call: Call) -> str | None:
    named = {one.name: one.value for one in call.arguments if one.name is not None}
    for key in ("alias", "validation_alias"):
        value = named.get(key)
        if isinstance(value, Constant) and value.value.kind is LiteralKind.STR:
            return value.value.text
    return None


def _settings(value: Expr | None) -> dict[str, Expr]:
    match value:
        case Call(arguments=arguments):
            return {one.name: one.value for one in arguments if one.name is not None}
        case Dict(items=items):
            return {key.value.text: one for key, one in items if isinstance(key, Constant)}
        case _:
            return {}


def _is_text(value: Expr | None, text: str) -> bool:
    return isinstance(value, Constant) and value.value.kind is LiteralKind.STR and value.value.text == text


def _is_true(value: Expr | None) -> bool:
    return isinstance(value, Constant) and value.value.kind is LiteralKind.BOOL and value.value.text == "true"


def _maker(value: Expr | None) -> str:
    return last_name(value.function) if isinstance(value, Call) else ""


def _is_identifier(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)
