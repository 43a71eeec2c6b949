"""PB110: a name leads to another kind of thing."""

from collections.abc import Iterator

from pybridge.compat.library import Definition
from pybridge.compat.members import MemberDefinition
from pybridge.compat.pairs import Exposed, LibraryPair, MemberPair, SymbolPair
from pybridge.compat.particular import is_protocol_dunder
from pybridge.compat.reach import public_module
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import exposed_text, symbol_text
from pybridge.model.callables import Function, Parameter
from pybridge.model.classes import Class
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.library import SymbolKind, TypeAlias, Variable
from pybridge.model.names import PublicPath, SymbolPath, split_symbol
from pybridge.model.types import Callable, Named, Unknown

_WORDS: dict[type, str] = {Class: "class", Function: "function", Variable: "variable", TypeAlias: "type alias"}


def check(pair: SymbolPair | MemberPair) -> Iterator[Hit]:
    """Find names of both sides that lead to different kinds; members that stay attributes, or callable, have own rules."""
    yield from _symbol(pair) if isinstance(pair, SymbolPair) else _member(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is None or not pair.old.names or not pair.new.names:
        return
    kinds = [_word(pair.old), _word(pair.new)]
    if None in kinds or kinds[0] == kinds[1] or ("module" in kinds and _is_told(pair.old, pair.libraries)):
        return
    letters = _letters(pair.old.definition, pair.new.definition)
    yield Hit(
        symbol=pair.old.symbol,
        new_symbol=pair.new.symbol,
        path=pair.path,
        message=f"{pair.path!r} was a {kinds[0]} and is a {kinds[1]}",
        old_text=exposed_text(pair.old),
        new_text=exposed_text(pair.new),
        verdicts=letters,
        requires=_REQUIRES.get(letters) if letters else None,
    )


def _word(one: Exposed) -> str | None:
    """Name the kind; None for what another package defines."""
    if one.definition is not None:
        return _WORDS[type(one.definition)]
    return "module" if one.names[0].export.kind is SymbolKind.MODULE else None


def _is_told(old: Exposed, libraries: LibraryPair) -> bool:
    """Tell that the old name led to a public module that is gone, which is told as such."""
    module = split_symbol(old.symbol)[0]
    return old.definition is None and module in libraries.old.modules and public_module(libraries.new, module) is None


_TYPE = SymbolPath("builtins:type")
_UNKNOWN, _RISKY, _SAME_CALL = verdicts("UUUU"), verdicts("RRRR"), verdicts("RBBB")
_REQUIRES = {_UNKNOWN: Bump.NONE, _RISKY: Bump.MINOR}


def _letters(old: Definition | None, new: Definition | None) -> Verdicts | None:
    """Judge what is less than a break; None for the rest."""
    if any(isinstance(one, Variable) and isinstance(one.type.expr, Unknown) for one in (old, new)):
        return _UNKNOWN
    if isinstance(old, Function) and isinstance(new, Class):
        return _SAME_CALL if _parameters(old) == _parameters(new) else None
    is_class_too = isinstance(old, Class) or isinstance(new, Class)
    is_function_too = isinstance(old, Function) or isinstance(new, Function)
    if is_class_too and any(map(_is_a_class, (old, new))):
        return _RISKY
    return _RISKY if is_function_too and any(map(_is_called, (old, new))) else None


def _is_called(one: Definition | None) -> bool:
    """Tell a variable that holds something to call."""
    return isinstance(one, Variable) and isinstance(one.type.expr, Callable)


def _is_a_class(one: Definition | None) -> bool:
    """Tell other names of classes: aliases of them, and variables that hold one."""
    if isinstance(one, TypeAlias):
        return isinstance(one.target, Named)
    return isinstance(one, Variable) and isinstance(one.type.expr, Named) and one.type.expr.path == _TYPE


def _parameters(one: Function | Class) -> list[tuple[Parameter, ...]]:
    signatures = one.signatures if isinstance(one, Function) else one.constructor.signatures
    return [signature.parameters for signature in signatures]


def _member(pair: MemberPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is None or is_protocol_dunder(pair.name):
        return
    old, new = pair.old.definition, pair.new.definition
    kinds = [_member_word(old), _member_word(new)]
    if kinds[0] == kinds[1] or "class" not in kinds:
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"{pair.name!r} of {pair.owner.old.name!r} was a {kinds[0]} and is a {kinds[1]}",
        old_text=symbol_text(old),
        new_text=symbol_text(new),
    )


def _member_word(one: MemberDefinition) -> str:
    return "class" if isinstance(one, Class) else "method" if isinstance(one, Function) else "plain attribute"


RULE = Rule(
    id="PB110",
    name="kind-changed",
    title="A name leads to another kind of thing.",
    why="A function cannot be subclassed or used as a type, a class cannot replace a constant, and a wrapper of one is no "
    "wrapper of the other. Calls go on working where a function became a class that takes the same arguments.",
    before="def fetch(url): ...",
    after="class fetch:\n    limit: int = 3",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=(SymbolPair, MemberPair),
    check=check,
)
