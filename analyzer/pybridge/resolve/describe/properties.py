"""Properties: decorated functions, and ``x = property(f)``."""

from pybridge.model.classes import Property
from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.expressions import Argument, Attribute, Call, Constant, Name, Subscript
from pybridge.model.facts import Assignment, FunctionFacts
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.types import LiteralKind, Named, NoneType, TypeVariable
from pybridge.resolve.annotations import parts_of, read_type, replace_variable
from pybridge.resolve.describe.claims import claim, is_silent, unknown
from pybridge.resolve.describe.deprecation import function_deprecation
from pybridge.resolve.describe.descriptors import makes_property
from pybridge.resolve.describe.functions import ABSTRACT, TRANSPARENT, decorator_paths
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import Sources, read_signature
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import clean_docstring, read_docstring
from pybridge.resolve.symbols import Definition
from pybridge.resolve.types.answers import PropertyAnswer, VariableAnswer

_PROPERTIES = frozenset({"builtins:property", "abc:abstractproperty", "functools:cached_property", "enum:property"})
_CACHED_NAMES = frozenset(
    {"cached_property", "memoized_property", "lazy_property", "cached_slot_property", "ro_memoized_property"}
)


def is_property(definition: Definition, path: SymbolPath, scope: LexicalScope, world: World) -> bool:
    """Tell whether the functions of a definition make a property."""
    first = next((one for one in definition.statements if isinstance(one, FunctionFacts)), None)
    if first is None or not first.decorators:
        return False
    paths = decorator_paths(first, scope)
    if any(_is_property_path(path) for path in paths):
        return True
    # A decorator that is a class makes a descriptor; one that is a function may hide a method behind one.
    others = [path for path in paths if path is not None and path not in TRANSPARENT]
    if isinstance(world.answer(path), PropertyAnswer):
        return any(world.is_class(one) for one in others)
    return any(makes_property(one, scope, world) for one in others)


def describe_property(definition: Definition, path: SymbolPath, scope: LexicalScope, world: World) -> Property:
    """Describe a property by its getter; setter and deleter say whether it can be written."""
    defs = [one for one in definition.statements if isinstance(one, FunctionFacts)]
    getter = defs[0]
    paths = decorator_paths(getter, scope)
    suffixes = {_suffix(one) for one in defs[1:]}
    answer = world.answer(path)
    is_cached = any(path is not None and path.rpartition(":")[2] in _CACHED_NAMES for path in paths)
    raw = world.docstring(getter)
    docstring = clean_docstring(raw) if raw is not None else None
    settable = answer.is_settable if isinstance(answer, PropertyAnswer) else False
    return Property(
        path=path,
        name=split_symbol(path)[1].rpartition(".")[2],
        type=_type(getter, path, scope, world),
        is_readonly=not (settable or "setter" in suffixes or is_cached),
        is_deletable="deleter" in suffixes or is_cached,
        is_cached=is_cached,
        is_abstract=bool(ABSTRACT.intersection(paths)),
        deprecated=function_deprecation(getter, docstring, scope),
        docstring=docstring,
        condition=definition.condition,
    )


def property_of_call(facts: Assignment, path: SymbolPath, scope: LexicalScope, world: World) -> Property | None:
    """Describe ``name = property(getter, setter, deleter, doc)``; None for any other assignment."""
    call = facts.value
    if not isinstance(call, Call) or not isinstance(call.function, Name | Attribute):
        return None
    target = scope.lookup(call.function)
    if target is None or target.path not in _PROPERTIES:
        return None
    getter = _argument(call, 0, "fget")
    return Property(
        path=path,
        name=split_symbol(path)[1].rpartition(".")[2],
        type=_type_of_getter(getter, path, scope, world),
        is_readonly=_argument(call, 1, "fset") is None,
        is_deletable=_argument(call, 2, "fdel") is not None,
        docstring=facts.docstring,
    )


def property_of_descriptor(facts: Assignment, path: SymbolPath, scope: LexicalScope, world: World) -> Property | None:
    """Describe ``name = Descriptor(...)``, a class of the library with ``__get__``; None for any other assignment."""
    if not isinstance(facts.value, Call) or facts.annotation is not None:
        return None
    function = facts.value.function
    named = function.value if isinstance(function, Subscript) else function
    target = scope.lookup(named) if isinstance(named, Name | Attribute) else None
    getter = world.method(target.path, "__get__") if target is not None else None
    if target is None or getter is None:
        return None
    told = next((one.value for one in facts.value.arguments if one.name == "doc"), None)
    made = world.class_facts(target.path)
    raw = told.value.text if isinstance(told, Constant) and told.value.kind is LiteralKind.STR else None
    raw = raw or facts.docstring or (world.docstring(made) if made is not None else None)
    return Property(
        path=path,
        name=split_symbol(path)[1].rpartition(".")[2],
        type=_type_of_descriptor(getter, facts.value, path, scope, world),
        is_readonly=world.method(target.path, "__set__") is None,
        is_deletable=world.method(target.path, "__delete__") is not None,
        docstring=clean_docstring(raw) if raw else None,
    )


def _type_of_descriptor(
    getter: SymbolPath, call: Call, path: SymbolPath, scope: LexicalScope, world: World
) -> TypeClaim:
    """What reading it gives an instance: by the engine, else by the last overload of ``__get__``."""
    answer = world.answer(path)
    held = answer.type if isinstance(answer, VariableAnswer | PropertyAnswer) else None
    owner = symbol_path(split_symbol(getter)[0], split_symbol(getter)[1].rpartition(".")[0])
    is_read = isinstance(held, Named) and owner not in {held.path, *world.ancestors(held.path)}
    if held is not None and not is_silent(held) and (is_read or not isinstance(held, Named)):
        return claim(held, Tier.INFERRED)
    definition = world.definition(getter)
    defs = [one for one in definition.statements if isinstance(one, FunctionFacts)] if definition else []
    shown = next((one for one in reversed(defs) if one.decorators and one.returns is not None), None)
    last = shown or (defs[-1] if defs else None)
    if last is None or last.returns is None:
        return unknown(detail="its descriptor does not tell what it gives")
    home = scope.elsewhere_of(getter)
    given = read_type(last.returns.expr, home)
    arguments = held.arguments if isinstance(held, Named) else ()
    if isinstance(call.function, Subscript) and not arguments:
        arguments = (read_type(call.function.index, scope),)
    variables = {one.name for one in parts_of(given) if isinstance(one, TypeVariable)}
    if variables and len(arguments) == len(variables) == 1:
        given = replace_variable(given, variables.pop(), arguments[0])
    elif variables:
        return unknown(detail="its descriptor gives what its type arguments say")
    return claim(given, Tier.INFERRED)


def _type(getter: FunctionFacts, path: SymbolPath, scope: LexicalScope, world: World) -> TypeClaim:
    answer = world.answer(path)
    raw = world.docstring(getter)
    doc = read_docstring(raw) if raw else None
    sources = Sources(
        tier=world.tier(scope.module), engine_tier=world.engine_tier(scope.module), doc=doc, has_receiver=True
    )
    found = read_signature(getter, scope, sources).returns
    is_useless = is_silent(found.expr) or (isinstance(found.expr, NoneType) and found.evidence.tier is Tier.INFERRED)
    if is_useless and isinstance(answer, PropertyAnswer) and not is_silent(answer.type):
        return claim(answer.type, world.engine_tier(scope.module))
    return found


def _type_of_getter(getter: Argument | None, path: SymbolPath, scope: LexicalScope, world: World) -> TypeClaim:
    answer = world.answer(path)
    if isinstance(answer, PropertyAnswer) and not is_silent(answer.type):
        return claim(answer.type, world.engine_tier(scope.module))
    if getter is not None and isinstance(getter.value, Name) and scope.current_class is not None:
        module, qualname = split_symbol(scope.current_class)
        facts = world.function(symbol_path(module, f"{qualname}.{getter.value.id}"))
        if facts is not None:
            return _type(facts, path, scope, world)
    return unknown(detail="its getter cannot be found")


def _argument(call: Call, position: int, name: str) -> Argument | None:
    named = next((one for one in call.arguments if one.name == name), None)
    positional = [one for one in call.arguments if one.name is None]
    return named or (positional[position] if position < len(positional) else None)


def _suffix(facts: FunctionFacts) -> str:
    for one in facts.decorators:
        if isinstance(one.expr, Attribute):
            return one.expr.name
    return ""


def _is_property_path(path: SymbolPath | None) -> bool:
    return path is not None and (path in _PROPERTIES or path.rpartition(":")[2].rpartition(".")[2] in _CACHED_NAMES)
