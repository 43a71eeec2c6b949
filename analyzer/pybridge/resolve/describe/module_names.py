"""The module that a class says it is of, where code gives it another than the one that defines it.

Two idioms of packages that hide their private modules are read: a loop over the public names that sets ``__module__``,
and ``__module__ = "package"`` in the class.
"""

from collections.abc import Iterator, Mapping

from pybridge.model.expressions import Attribute, Call, Constant, Expr, Name
from pybridge.model.facts import Assignment, Expression, GuardKind, ModuleFacts, Statement
from pybridge.model.library import SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind
from pybridge.resolve.symbols import Surface

_ATTRIBUTE = "__module__"


def given_modules(facts: Mapping[ModuleName, ModuleFacts], surface: Surface) -> Mapping[SymbolPath, ModuleName]:
    """Find the classes whose ``__module__`` a loop of some module rewrites; where several do, the outermost wins."""
    found: dict[SymbolPath, ModuleName] = {}
    for name in sorted(facts, key=lambda one: (-one.count("."), one)):
        given = next(_given(facts[name].body, name), None)
        own = surface.modules.get(name)
        if given is None or own is None:
            continue
        for export in own.exports:
            if export.kind is SymbolKind.CLASS and split_symbol(export.target)[0] != given:
                found[export.target] = given
    return found


def own_module_name(body: tuple[Statement, ...]) -> ModuleName | None:
    """Read ``__module__ = "package"`` in a class body."""
    for one in body:
        match one:
            case Assignment(target=Name(id=name), value=Constant(value=value)) if name == _ATTRIBUTE:
                return ModuleName(value.text) if value.kind is LiteralKind.STR else None
            case _:
                continue
    return None


def _given(body: tuple[Statement, ...], module: ModuleName) -> Iterator[ModuleName]:
    for one in body:
        match one:
            case Expression(value=Call(function=Name(id="setattr"), arguments=[_, key, value]), guards=guards) if (
                _is_key(key.value) and any(guard.kind is GuardKind.LOOP for guard in guards)
            ):
                yield from _module_of(value.value, module)
            case Assignment(target=Attribute(name=name), value=value, guards=guards) if (
                name == _ATTRIBUTE and value is not None and any(guard.kind is GuardKind.LOOP for guard in guards)
            ):
                yield from _module_of(value, module)
            case _:
                continue


def _is_key(expr: Expr) -> bool:
    return isinstance(expr, Constant) and expr.value.kind is LiteralKind.STR and expr.value.text == _ATTRIBUTE


def _module_of(value: Expr, module: ModuleName) -> Iterator[ModuleName]:
    match value:
        case Constant(value=literal) if literal.kind is LiteralKind.STR and literal.text:
            yield ModuleName(literal.text)
        case Name(id="__name__"):
            yield module
        case _:
            return
