"""Decides conditions for the target: ``sys.version_info``, platforms, ``TYPE_CHECKING``, constants of the library."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from pybridge.model.expressions import (
    Argument,
    Attribute,
    Binary,
    Boolean,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expr,
    Name,
    Sequence,
    Subscript,
    Unary,
)
from pybridge.model.library import Target
from pybridge.model.names import ModuleName
from pybridge.model.types import LiteralKind, LiteralValue
from pybridge.resolve.surface.scan.constants import ConstantValue, Origin, OutsideName
from pybridge.resolve.surface.scan.sources import MAX_DEPTH, dotted_parts, slice_text

LATEST_PATCH = 99
"""Stands for "some patch release": a target names only the minor version."""

_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows", "cygwin": "CYGWIN", "freebsd": "FreeBSD"}
_TYPE_CHECKING = frozenset({"TYPE_CHECKING", "MYPY"})
_TEXT_TESTS = frozenset({"startswith", "endswith"})
_TEXT_CASES = frozenset({"lower", "upper", "casefold", "strip"})


class Undecided(Enum):
    """The one value for "cannot be known from the text"."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Undecided.UNKNOWN

OriginOf = Callable[[ModuleName, tuple[str, ...]], Origin]
"""Where a dotted name used in a module comes from."""


class Conditions:
    """Evaluates tests for one target. Nothing is run: an unknown part makes the answer unknown."""

    def __init__(self, target: Target, origin_of: OriginOf) -> None:
        self._origin_of = origin_of
        self._outside = _outside_values(target)
        self._calls = _outside_calls(target)
        self._constants: dict[tuple[ModuleName, tuple[str, ...], bool], object] = {}

    def decide(self, test: Expr, module: ModuleName, *, is_typing: bool) -> bool | None:
        """Say whether a test holds; None when that cannot be known."""
        value = self.value(test, module, is_typing=is_typing)
        return None if value is UNKNOWN else bool(value)

    def value(
        self,
        expr: Expr,
        module: ModuleName,
        *,
        is_typing: bool,
        local: Mapping[str, object] | None = None,
        depth: int = 0,
    ) -> object:
        """Compute an expression, `UNKNOWN` when it cannot be; ``local`` gives names of a comprehension."""
        if depth > MAX_DEPTH:
            return UNKNOWN

        def inner(part: Expr) -> object:
            return self.value(part, module, is_typing=is_typing, local=local, depth=depth + 1)

        match expr:
            case Name(id=name) if local is not None and name in local:
                return local[name]
            case Name() | Attribute():
                return self._named(expr, module, is_typing=is_typing, depth=depth)
            case Constant(value=literal):
                return _literal(literal)
            case Sequence(items=items):
                values = tuple(inner(item) for item in items)
                return UNKNOWN if UNKNOWN in values else values
            case Unary(operator=operator, operand=operand):
                return _unary(operator, inner(operand))
            case Boolean(operator=operator, operands=operands):
                return _boolean(operator, [inner(operand) for operand in operands])
            case Comparison(operators=operators, operands=operands):
                return _comparison(operators, [inner(operand) for operand in operands])
            case Conditional(test=test, body=body, otherwise=otherwise):
                chosen = inner(test)
                return UNKNOWN if chosen is UNKNOWN else inner(body if chosen else otherwise)
            case Subscript(value=value, index=index):
                return _item(inner(value), index, inner)
            case Binary(operator="**", left=left, right=right):
                return _power(inner(left), inner(right))
            case Call(function=function, arguments=arguments):
                return self._call(function, arguments, module, inner)
            case _:
                return UNKNOWN

    def _named(self, expr: Expr, module: ModuleName, *, is_typing: bool, depth: int) -> object:
        parts = dotted_parts(expr)
        if parts is None:
            return UNKNOWN
        if parts[-1] in _TYPE_CHECKING:
            return is_typing
        if parts == ("__name__",):
            return str(module)
        if parts == ("__debug__",):
            return True
        key = (module, parts, is_typing)
        if key in self._constants:
            return self._constants[key]
        self._constants[key] = UNKNOWN
        match self._origin_of(module, parts):
            case OutsideName(dotted=dotted):
                found = is_typing if dotted.rpartition(".")[2] in _TYPE_CHECKING else self._outside.get(dotted, UNKNOWN)
            case ConstantValue(module=home, value=value):
                found = self.value(value, home, is_typing=is_typing, depth=depth + 1)
            case _:
                found = UNKNOWN
        self._constants[key] = found
        return found

    def _call(
        self, function: Expr, arguments: tuple[Argument, ...], module: ModuleName, inner: Callable[[Expr], object]
    ) -> object:
        match function:
            case Name(id="bool") if len(arguments) == 1:
                value = inner(arguments[0].value)
                return UNKNOWN if value is UNKNOWN else bool(value)
            case Attribute(value=receiver, name=method) if method in _TEXT_TESTS and len(arguments) == 1:
                return _text_test(inner(receiver), method, inner(arguments[0].value))
            case Attribute(value=receiver, name=method) if method in _TEXT_CASES and not arguments:
                text = inner(receiver)
                return getattr(text, method)() if isinstance(text, str) else UNKNOWN
            case _ if not arguments and (parts := dotted_parts(function)) is not None:
                origin = self._origin_of(module, parts)
                return self._calls.get(origin.dotted, UNKNOWN) if isinstance(origin, OutsideName) else UNKNOWN
            case _:
                return UNKNOWN


def version_of(target: Target) -> tuple[int, int]:
    """Read ``3.11`` as two numbers; (3, 11) when it is something else."""
    major, _, minor = target.python_version.partition(".")
    minor = minor.partition(".")[0]
    # isdecimal accepts other scripts' digits, and int reads them; a bound keeps hostile lengths out.
    if major.isdecimal() and minor.isdecimal() and len(major) < 4 and len(minor) < 4:
        return int(major), int(minor)
    return 3, 11


def _outside_values(target: Target) -> dict[str, object]:
    major, minor = version_of(target)
    return {
        "sys.version_info": (major, minor, LATEST_PATCH, "final", 0),
        "sys.version_info.major": major,
        "sys.version_info.minor": minor,
        "sys.hexversion": major << 24 | minor << 16 | 0xFFF0,
        "sys.platform": target.platform,
        "sys.maxsize": 2**63 - 1,
        "sys.implementation.name": "cpython",
        "os.name": "nt" if target.platform.startswith("win") else "posix",
        "six.PY2": False,
        "six.PY3": True,
        "six.PY34": True,
    }


def _outside_calls(target: Target) -> dict[str, object]:
    major, minor = version_of(target)
    return {
        "platform.system": next((name for key, name in _SYSTEMS.items() if target.platform.startswith(key)), UNKNOWN),
        "platform.python_implementation": "CPython",
        "platform.python_version_tuple": (str(major), str(minor), str(LATEST_PATCH)),
    }


def _literal(literal: LiteralValue) -> object:
    match literal.kind:
        case LiteralKind.NONE:
            return None
        case LiteralKind.BOOL:
            return literal.text == "true"
        case LiteralKind.INT if len(literal.text) < 20:
            return int(literal.text)
        case LiteralKind.STR:
            return literal.text
        case _:
            return UNKNOWN


def _unary(operator: str, operand: object) -> object:
    match operator, operand:
        case _, Undecided():
            return UNKNOWN
        case "not", _:
            return not operand
        case "-", int():
            return -operand
        case _:
            return UNKNOWN


def _boolean(operator: str, operands: list[object]) -> object:
    deciding = operator == "or"
    for operand in operands:
        if operand is not UNKNOWN and bool(operand) is deciding:
            # One unknown operand before it does not change whether the whole is true.
            return operand
    return UNKNOWN if UNKNOWN in operands else operands[-1]


def _comparison(operators: tuple[str, ...], operands: list[object]) -> object:
    if len(operands) != len(operators) + 1 or UNKNOWN in operands:
        return UNKNOWN
    for operator, left, right in zip(operators, operands, operands[1:], strict=False):
        held = _compare(operator, left, right)
        if held is None:
            return UNKNOWN
        if not held:
            return False
    return True


def _compare(operator: str, left: object, right: object) -> bool | None:
    match operator:
        case "==" | "is":
            return left == right
        case "!=" | "is not":
            return left != right
        case "in" | "not in":
            if isinstance(right, tuple) or (isinstance(right, str) and isinstance(left, str)):
                return (left in right) is (operator == "in")
            return None
        case "<" | "<=" | ">" | ">=":
            return _order(operator, left, right)
        case _:
            return None


def _order(operator: str, left: object, right: object) -> bool | None:
    try:
        less = left < right  # type: ignore[operator]  # unlike types raise, as in the source
    except TypeError:
        return None
    match operator:
        case "<":
            return bool(less)
        case "<=":
            return bool(less) or left == right
        case ">":
            return not less and left != right
        case _:
            return not less


def _item(value: object, index: Expr, inner: Callable[[Expr], object]) -> object:
    if not isinstance(value, tuple | str):
        return UNKNOWN
    written = slice_text(index)
    if written is not None:
        start, colon, stop = written.partition(":")
        if (
            not colon
            or ":" in stop
            or not all(end == "" or (end.isdecimal() and len(end) < 4) for end in (start, stop))
        ):
            return UNKNOWN
        return value[int(start) if start else None : int(stop) if stop else None]
    at = inner(index)
    return value[at] if isinstance(at, int) and -len(value) <= at < len(value) else UNKNOWN


def _power(left: object, right: object) -> object:
    if isinstance(left, int) and isinstance(right, int) and 0 <= left < 100 and 0 <= right < 100:
        return left**right
    return UNKNOWN


def _text_test(text: object, method: str, affix: object) -> object:
    affixes = affix if isinstance(affix, tuple) else (affix,)
    if not isinstance(text, str) or not all(isinstance(one, str) for one in affixes):
        return UNKNOWN
    test = text.startswith if method == "startswith" else text.endswith
    return any(test(one) for one in affixes)
