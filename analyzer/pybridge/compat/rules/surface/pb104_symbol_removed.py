"""PB104: a public name or a member of a class was removed."""

from collections.abc import Iterator

from pybridge.compat.builtin_members import is_builtin_member, is_common_member
from pybridge.compat.members import effective
from pybridge.compat.pairs import ClassPair, Exposed, MemberPair, SymbolPair
from pybridge.compat.particular import is_protocol_dunder, is_told_by_kind
from pybridge.compat.reach import (
    enclosing_module,
    in_kept_modules,
    is_public_module,
    is_undecided,
    other_condition,
    unpromised,
)
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import exposed_text, symbol_text
from pybridge.model.finding import Bump
from pybridge.model.library import SymbolKind, Variable
from pybridge.model.names import PublicPath, SymbolPath, split_symbol
from pybridge.model.types import Named

_FOR_THE_MODULE = frozenset(
    [
        SymbolPath("logging:Logger"),
        *(
            SymbolPath(f"{module}:{name}")
            for module in ("typing", "typing_extensions")
            for name in ("TypeVar", "ParamSpec", "TypeVarTuple")
        ),
    ]
)
_WITHOUT_MEMBERS = frozenset({"abc", "typing", "typing_extensions"})


def check(pair: SymbolPair | MemberPair) -> Iterator[Hit]:
    """Find what the old side alone has, in modules and classes that both have."""
    yield from _symbol(pair) if isinstance(pair, SymbolPair) else _member(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is not None:
        return
    new = pair.libraries.new
    names = in_kept_modules(pair.old, new)
    if (
        not names
        or names[0].export.kind is SymbolKind.EXTERNAL
        or is_public_module(pair.libraries.old, names[0].export)
    ):
        return
    if any(unpromised(new, one) is not None for one in names):
        return
    # Of paths to one thing, the one that is certainly gone tells more than one of which nobody knows.
    name = next((one for one in names if not is_undecided(new, one.module, one.export.name)), names[0])
    condition = other_condition(new, pair.old.symbol)
    is_unknown = is_undecided(new, name.module, name.export.name)
    letters = verdicts("UUUU") if is_unknown else verdicts("RR--") if _is_for_the_module(pair.old) else None
    hint = f"it may be {pair.likely.names[0].path!r} now" if pair.likely is not None else None
    yield Hit(
        symbol=pair.old.symbol,
        new_symbol=enclosing_module(new, name.module),
        path=name.path,
        message=f"{name.path!r} was removed",
        old_text=exposed_text(pair.old),
        hint=f"it exists only where {condition}" if condition is not None else hint,
        verdicts=letters,
        requires=Bump.NONE if is_unknown else Bump.MINOR if letters else None,
    )


def _is_for_the_module(one: Exposed) -> bool:
    """Tell loggers, ``__author__``, and type variables of a module's signatures: nobody else has much use for them."""
    definition = one.definition
    if is_protocol_dunder(split_symbol(one.symbol)[1]):
        return True
    return (
        isinstance(definition, Variable)
        and isinstance(definition.type.expr, Named)
        and definition.type.expr.path in _FOR_THE_MODULE
    )


def _member(pair: MemberPair) -> Iterator[Hit]:
    if pair.old is None or pair.new is not None or is_told_by_kind(pair):
        return
    if is_builtin_member(pair.name, pair.owner.new.mro):
        return
    is_unknown = _may_be_there(pair.owner, pair.name)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.owner.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"{pair.name!r} was removed from {pair.owner.old.name!r}",
        old_text=symbol_text(pair.old.definition),
        hint="what the class inherits or answers now is not known" if is_unknown else None,
        verdicts=verdicts("UUUU") if is_unknown else None,
        requires=Bump.NONE if is_unknown else None,
    )


def _may_be_there(pair: ClassPair, name: str) -> bool:
    """Tell that the new class answers any name, or may have inherited this one from a class that nobody described.

    That is a base which the old class had not, or, for what containers and values of Python have, any base at all: a
    class that stops overriding ``get`` may well be a mapping by another package's base.
    """
    new = pair.libraries.new
    if "__getattr__" in effective(pair.new, new):
        return True
    strangers = {
        one for one in pair.new.mro if new.class_at(one) is None and split_symbol(one)[0] not in _WITHOUT_MEMBERS
    }
    return bool(strangers - set(pair.old.mro)) or (bool(strangers) and is_common_member(name))


RULE = Rule(
    id="PB104",
    name="symbol-removed",
    title="A public name or a member of a class was removed.",
    why="Whoever imports or uses it gets ImportError or AttributeError; subclasses that extend it lose what they extend.",
    before="def fetch(url): ...\ndef post(url, body): ...",
    after="def fetch(url): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=(SymbolPair, MemberPair),
    check=check,
)
