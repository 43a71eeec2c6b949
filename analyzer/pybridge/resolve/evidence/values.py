"""The type of a value by the expression that makes it: variables, attributes, returned values, defaults."""

from collections.abc import Iterable
from typing import Final, TypeGuard

from pybridge.model.evidence import Confidence, Tier, TypeClaim
from pybridge.model.expressions import (
    Argument,
    Attribute,
    Binary,
    Boolean,
    Call,
    Comparison,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Constant,
    Dict,
    Expr,
    Lambda,
    Name,
    Opaque,
    Sequence,
    SequenceKind,
    Starred,
    Subscript,
    Unary,
)
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import (
    AnyType,
    Callable,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.annotations import Scope, parts_of, read_type
from pybridge.resolve.annotations.vocabulary import TYPING_MODULES, looks_like_class
from pybridge.resolve.evidence.builtin_results import BOOL, BUILTIN_CALLS, BYTES, FLOAT, INT, METHODS, STR, named
from pybridge.resolve.evidence.found import Found, Known, NothingKnown, Place, claim, joined, least

MAX_DEPTH: Final = 24
_MAX_ITEMS: Final = 8
"""Longest tuple whose items are told one by one."""
_MAX_SEEN: Final = 64
"""Items of a display that are looked at; the rest is believed to be alike."""
_HIGH, _MEDIUM, _LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
_UNTOLD: Final = Unknown(reason=UnknownReason.UNANNOTATED)
_SURE_COMPARISONS: Final = frozenset({"is", "is not", "in", "not in"})
_SCALARS: Final = {
    LiteralKind.BOOL: BOOL,
    LiteralKind.INT: INT,
    LiteralKind.FLOAT: FLOAT,
    LiteralKind.STR: STR,
    LiteralKind.BYTES: BYTES,
}
_DISPLAYS: Final = {SequenceKind.LIST: "list", SequenceKind.SET: "set", SequenceKind.TUPLE: "tuple"}
_OPAQUE: Final = {
    "fstring": STR,
    "list": named("list"),
    "tuple": named("tuple"),
    "set": named("set"),
    "dict": named("dict"),
    "dict_comprehension": named("dict"),
}
_COMPREHENSIONS: Final = {
    ComprehensionKind.LIST: SymbolPath("builtins:list"),
    ComprehensionKind.SET: SymbolPath("builtins:set"),
    ComprehensionKind.GENERATOR: SymbolPath("typing:Generator"),
}
_COMPREHENSIONS_BY_BRACKET: Final = {
    "[": _COMPREHENSIONS[ComprehensionKind.LIST],
    "{": _COMPREHENSIONS[ComprehensionKind.SET],
    "(": _COMPREHENSIONS[ComprehensionKind.GENERATOR],
}
_NUMBERS: Final = {"bool": 0, "int": 1, "float": 2, "complex": 3}
_KEPT_BY_ADDING: Final = frozenset({"str", "bytes", "list", "tuple"})


def infer_value(value: Expr, scope: Scope, known: Known | None = None, place: Place | None = None) -> TypeClaim | None:
    """Read the type of a variable or attribute off the value it is given; None when no rule knows.

    ``place`` is the function around a ``self.x = value``. A lone None says nothing of what comes later: None.
    """
    found = ValueReader(scope, known or NothingKnown(), place or Place()).read(value, MAX_DEPTH)
    if found is None or isinstance(found.expr, NoneType):
        return None
    return claim(Found(found.expr, least((found.confidence, _MEDIUM))), Tier.INFERRED, "read off the assigned value")


def infer_default(default: Expr, scope: Scope) -> TypeClaim | None:
    """Read the type of a parameter off its default: only constants and displays speak, and never surely.

    A default of None says nothing. Items of a display are not told: a caller's may differ.
    """
    match default:
        case Constant() | Sequence() | Dict() | Unary(operator="-" | "+") | Opaque(what="fstring"):
            found = ValueReader(scope, NothingKnown(), Place()).read(default, MAX_DEPTH)
        case _:
            return None
    match None if found is None else found.expr:
        case Named(path=path):
            return claim(Found(Named(path=path), _LOW), Tier.DEFAULT, "read off the default value")
        case Tuple():
            return claim(Found(named("tuple"), _LOW), Tier.DEFAULT, "read off the default value")
        case _:
            return None


class ValueReader:
    """Reads values in one place."""

    def __init__(self, scope: Scope, known: Known, place: Place) -> None:
        self.scope = scope
        self._known = known
        self._place = place

    def read(self, value: Expr, depth: int) -> Found | None:
        """Read a value; None when no rule knows its type."""
        if depth <= 0:
            return None
        match value:
            case Constant(value=constant):
                return _constant(constant)
            case Name():
                return self._name(value)
            case Attribute():
                return self._attribute(value, depth)
            case Call():
                return self._call(value, depth)
            case Sequence() | Dict() | Comprehension():
                return self._display(value, depth)
            case Conditional(body=body, otherwise=otherwise):
                return joined((self.read(body, depth - 1), self.read(otherwise, depth - 1)))
            case Boolean(operands=operands):
                return joined(self.read(one, depth - 1) for one in operands[:_MAX_SEEN])
            case Unary() | Binary() | Comparison() | Subscript():
                return self._operation(value, depth)
            case Lambda():
                return Found(Callable(parameters=None, returns=_UNTOLD), _HIGH)
            case Opaque(what="comprehension", text=text):
                comprehended = _COMPREHENSIONS_BY_BRACKET.get((text or "")[:1])
                return None if comprehended is None else Found(Named(path=comprehended), _HIGH)
            case Opaque(what=what):
                kind = _OPAQUE.get(what)
                return None if kind is None else Found(kind, _HIGH)
            case _:
                return None

    def _name(self, name: Name) -> Found | None:
        if name.id == self._place.receiver:
            own = named("type", SelfType()) if self._place.is_class_receiver else SelfType()
            return Found(own, _HIGH)
        if name.id in self._place.parameters:
            declared = self._place.parameters[name.id]
            return None if declared is None else Found(declared, _LOW)
        target = self.scope.lookup(name)
        if target is not None and target.kind is SymbolKind.CLASS and looks_like_class(target.path):
            # One in lower case is more likely a variable of the function (sympy: ``re, im = ...``).
            return Found(named("type", Named(path=target.path)), _LOW)
        if target is not None and target.kind is SymbolKind.VARIABLE:
            held = self._known.variable(target.path)
            return Found(held, _LOW) if _is_closed(held) else None
        return None

    def _attribute(self, value: Attribute, depth: int) -> Found | None:
        owner = self.scope.current_class
        if owner is None or not self._is_receiver(value.value):
            return self._attribute_of_value(value, depth)
        if value.name == "__class__":
            return Found(named("type", SelfType()), _HIGH)
        declared = self._known.attribute(owner, value.name)
        return Found(declared, _MEDIUM) if _says_something(declared) else None

    def _attribute_of_value(self, value: Attribute, depth: int) -> Found | None:
        """An attribute of a value whose class is the library's own: ``self.engine.dialect``."""
        if not isinstance(value.value, Attribute | Call):
            return None
        owner = self.read(value.value, depth - 1)
        if owner is None or not isinstance(owner.expr, Named):
            return None
        held = self._known.attribute(owner.expr.path, value.name)
        return Found(held, least((owner.confidence, _MEDIUM))) if _is_closed(held) else None

    def _is_receiver(self, value: Expr) -> bool:
        return isinstance(value, Name) and value.id == self._place.receiver

    def _call(self, call: Call, depth: int) -> Found | None:
        match call.function:
            case Name(id=name) if name == self._place.receiver:
                return Found(SelfType(), _MEDIUM) if self._place.is_class_receiver else None
            case Name(id=name) if name in self._place.parameters:
                return None
            case Attribute(value=owner, name=name) if self._is_receiver(owner):
                return self._own_method(name)
            case Attribute(value=Call(function=Name(id="super"), arguments=()), name=name):
                return self._inherited_method(name)
            case Call() if self._is_own_class(call.function):
                return Found(SelfType(), _MEDIUM)
            case Attribute() as function if self._is_own_class(function):
                return Found(SelfType(), _MEDIUM)
            case Name() | Attribute() as function:
                return self._named_call(function, call.arguments) or self._method_call(function, depth)
            case _:
                return None

    def _is_own_class(self, function: Expr) -> bool:
        """Tell ``type(self)`` and ``self.__class__``."""
        if self._place.is_class_receiver:
            return False
        match function:
            case Call(function=Name(id="type"), arguments=(Argument(value=only),)):
                return self._is_receiver(only)
            case Attribute(value=owner, name="__class__"):
                return self._is_receiver(owner)
            case _:
                return False

    def _own_method(self, name: str) -> Found | None:
        owner = self.scope.current_class
        if owner is None:
            return None
        if name == "__class__" and not self._place.is_class_receiver:
            return Found(SelfType(), _MEDIUM)
        returned = self._known.returned_by(SymbolPath(f"{owner}.{name}"))
        return Found(returned, _MEDIUM) if _says_something(returned) else None

    def _inherited_method(self, name: str) -> Found | None:
        owner = self.scope.current_class
        returned = self._known.inherited(owner, name) if owner is not None and self._place.receiver else None
        return Found(returned, _MEDIUM) if _says_something(returned) else None

    def _declared(self, path: SymbolPath) -> Found | None:
        """What a function gives; the ``Self`` of somebody else's method is not the one here."""
        returned = self._known.returned_by(path)
        if not _says_something(returned) or any(isinstance(part, SelfType) for part in parts_of(returned)):
            return None
        return Found(returned, _MEDIUM)

    def _named_call(self, function: Name | Attribute, arguments: tuple[Argument, ...]) -> Found | None:
        """A call of something that has a name here: a class, a function, a builtin."""
        target = self.scope.lookup(function)
        if target is None:
            return None
        module, name = split_symbol(target.path)
        match target.kind:
            case SymbolKind.CLASS:
                return Found(Named(path=target.path), _MEDIUM)
            case SymbolKind.FUNCTION:
                return self._declared(target.path)
            case SymbolKind.EXTERNAL if module == "builtins":
                return self._builtin_call(name, arguments)
            case SymbolKind.EXTERNAL if name == "cast" and module in {"typing", "typing_extensions"} and arguments:
                read = read_type(arguments[0].value, self.scope)
                return None if isinstance(read, Unknown) else Found(read, _HIGH)
            case SymbolKind.EXTERNAL:
                return self._declared(target.path) or self._external_class(target.path)
            case _:
                return None

    def _builtin_call(self, name: str, arguments: tuple[Argument, ...]) -> Found | None:
        if name == "type" and len(arguments) != 1:
            return None
        result = BUILTIN_CALLS.get(name)
        if result is not None:
            return Found(result, _HIGH)
        # Exceptions and the few other classes of builtins are written with a capital.
        return Found(named(name), _HIGH) if name[:1].isupper() else None

    def _external_class(self, path: SymbolPath) -> Found | None:
        answer = self.scope.external(path)
        if answer is not None and answer.class_answer is not None:
            return Found(Named(path=answer.path or path), _MEDIUM)
        if answer is not None and answer.is_alias:
            return None
        # Nobody read that package; a capital says that its author calls it a class.
        is_form = split_symbol(path)[0] in TYPING_MODULES
        return Found(Named(path=path), _LOW) if looks_like_class(path) and not is_form else None

    def _method_call(self, function: Name | Attribute, depth: int) -> Found | None:
        """A method of a value whose builtin type is known: ``", ".join(...)``."""
        if not isinstance(function, Attribute):
            return None
        owner = self.read(function.value, depth - 1)
        if owner is None:
            return None
        result = METHODS.get(_builtin_name(owner.expr) or "", {}).get(function.name)
        if result is not None:
            return Found(result, owner.confidence)
        if not isinstance(owner.expr, Named):
            return None
        returned = self._known.returned_by(SymbolPath(f"{owner.expr.path}.{function.name}"))
        return Found(returned, least((owner.confidence, _MEDIUM))) if _is_closed(returned) else None

    def _display(self, value: Sequence | Dict | Comprehension, depth: int) -> Found | None:
        match value:
            case Comprehension(kind=kind):
                return None if kind is None else Found(Named(path=_COMPREHENSIONS[kind]), _HIGH)
            case Dict(items=items):
                keys = self._alike((key for key, _ in items), depth)
                values = self._alike((one for _, one in items), depth)
                return _generic("dict", keys, values)
            case Sequence(kind=SequenceKind.TUPLE, items=items) if len(items) <= _MAX_ITEMS and items:
                if any(isinstance(item, Starred) for item in items):
                    return Found(named("tuple"), _HIGH)
                read = [self.read(item, depth - 1) for item in items]
                expr = Tuple(items=tuple(_UNTOLD if one is None else one.expr for one in read))
                return Found(expr, least((_MEDIUM, *(one.confidence for one in read if one is not None))))
            case Sequence(kind=SequenceKind.TUPLE):
                return Found(named("tuple"), _HIGH)
            case Sequence(kind=kind, items=items):
                return _generic(_DISPLAYS[kind], self._alike(items, depth))

    def _alike(self, items: Iterable[Expr | None], depth: int) -> Found | None:
        """Type of the items of a display; None when it has none, or they are not all known and few."""
        seen = [item for item, _ in zip(items, range(_MAX_SEEN), strict=False)]
        return joined((None if item is None else self.read(item, depth - 1) for item in seen), limit=3)

    def _operation(self, value: Unary | Binary | Comparison | Subscript, depth: int) -> Found | None:
        match value:
            case Unary(operator="not"):
                return Found(BOOL, _HIGH)
            case Unary(operator="-" | "+" | "~", operand=operand):
                read = self.read(operand, depth - 1)
                return read if read is not None and _builtin_name(read.expr) in {"int", "float", "complex"} else None
            case Comparison(operators=operators, operands=operands):
                return Found(BOOL, self._sureness(operators, operands, depth))
            case Binary(operator=operator, left=left, right=right):
                return self._arithmetic(operator, left, right, depth)
            case Subscript(value=owner):
                read = self.read(owner, depth - 1)
                return read if read is not None and _builtin_name(read.expr) == "str" else None
            case _:
                return None

    def _sureness(self, operators: tuple[str, ...], operands: tuple[Expr, ...], depth: int) -> Confidence:
        """How sure it is that a comparison is a bool: arrays and symbols answer ``==`` and ``<`` with their own kind."""
        if all(operator in _SURE_COMPARISONS for operator in operators):
            return _HIGH
        read = [self.read(operand, depth - 1) for operand in operands[:3]]
        scalars = [one is not None and _builtin_name(one.expr) in {"str", "int", "float", "bytes"} for one in read]
        return _HIGH if all(scalars) else _MEDIUM if any(scalars) else _LOW

    def _arithmetic(self, operator: str, left: Expr, right: Expr, depth: int) -> Found | None:
        first = self.read(left, depth - 1)
        if first is None:
            return None
        kind = _builtin_name(first.expr)
        if operator == "%" and kind in {"str", "bytes"}:
            return first
        second = self.read(right, depth - 1)
        if second is None or kind is None:
            return None
        other = _builtin_name(second.expr)
        confidence = least((first.confidence, second.confidence))
        if operator == "+" and kind in _KEPT_BY_ADDING and kind == other:
            return Found(first.expr if first.expr == second.expr else named(kind), confidence)
        if operator == "*" and kind in _KEPT_BY_ADDING and other == "int":
            return Found(first.expr, confidence)
        return _number(operator, kind, other, confidence)


def _is_closed(expr: TypeExpr | None) -> TypeGuard[TypeExpr]:
    """Tell a type that means the same everywhere: no type variable, and no ``Self`` of another class."""
    return _says_something(expr) and not any(isinstance(one, SelfType | TypeVariable) for one in parts_of(expr))


def _says_something(declared: TypeExpr | None) -> TypeGuard[TypeExpr]:
    """Tell whether a declared type says anything here: ``Any`` does not, nor do type variables that a call would bind."""
    if declared is None or isinstance(declared, Unknown | AnyType):
        return False
    return not any(isinstance(part, TypeVariable) for part in parts_of(declared))


def _constant(value: LiteralValue) -> Found | None:
    if value.kind is LiteralKind.NONE:
        return Found(NoneType(), _HIGH)
    scalar = _SCALARS.get(value.kind)
    return None if scalar is None else Found(scalar, _HIGH)


def _builtin_name(expr: TypeExpr) -> str | None:
    """``str`` for the builtin class, whatever its arguments; None for any other type."""
    if isinstance(expr, Tuple):
        return "tuple"
    if not isinstance(expr, Named):
        return None
    module, name = split_symbol(expr.path)
    return name if module == "builtins" else None


def _generic(name: str, *arguments: Found | None) -> Found:
    """A display with its item types, or without any when one is not known."""
    known = [argument for argument in arguments if argument is not None]
    if len(known) != len(arguments):
        return Found(named(name), _HIGH)
    return Found(
        named(name, *(argument.expr for argument in known)),
        least((_MEDIUM, *(argument.confidence for argument in known))),
    )


def _number(operator: str, left: str, right: str | None, confidence: Confidence) -> Found | None:
    """Result of arithmetic on builtin numbers."""
    if (
        right is None
        or left not in _NUMBERS
        or right not in _NUMBERS
        or operator not in {"+", "-", "*", "/", "//", "%"}
    ):
        return None
    widest = max((left, right, "int"), key=_NUMBERS.__getitem__)
    if operator == "/" and widest == "int":
        widest = "float"
    return Found(named(widest), confidence)
