"""PB603: a method became a property or a plain attribute, or the other way round."""

from collections.abc import Iterator

from pybridge.compat.members import MemberDefinition
from pybridge.compat.pairs import MemberPair
from pybridge.compat.results import is_of_kind
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.compat.types.relation import Answer
from pybridge.model.callables import Function
from pybridge.model.classes import Class, Field, Property
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.names import PublicPath
from pybridge.model.types import AnyType, Callable

_UNKNOWN = verdicts("UUUU")
_CALLABLE = verdicts("RRBB")
_ANY_CALL = Callable(parameters=None, returns=AnyType())


def check(pair: MemberPair) -> Iterator[Hit]:
    """Find members that one side calls and the other reads; what a field of unknown type holds may be callable."""
    if pair.old is None or pair.new is None:
        return
    old, new = pair.old.definition, pair.new.definition
    if isinstance(old, Class) or isinstance(new, Class) or isinstance(old, Function) is isinstance(new, Function):
        return
    chosen = _chosen(pair, old, new) if isinstance(old, Function) else _chosen(pair, new, old)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"{pair.name!r} was {_word(old)} and is {_word(new)}",
        old_text=symbol_text(old),
        new_text=symbol_text(new),
        verdicts=chosen,
        requires=Bump.NONE if chosen is _UNKNOWN else None,
    )


def _chosen(pair: MemberPair, method: MemberDefinition, attribute: MemberDefinition) -> Verdicts | None:
    """Judge by whether the attribute's value can be called, and whether a decorator may have made one of the method.

    A property of unknown type is taken for what it mostly is, a value; a field may as well hold a function.
    """
    if isinstance(method, Function) and method.is_signature_hidden:
        return _UNKNOWN
    if not isinstance(attribute, Field | Property):
        return None
    is_old = pair.old is not None and pair.old.definition is attribute
    answer = is_of_kind(pair.owner.libraries, attribute.type.expr, _ANY_CALL, is_old=is_old)
    if answer is Answer.MAYBE:
        return _UNKNOWN if isinstance(attribute, Field) else None
    return _CALLABLE if answer is Answer.YES else None


def _word(one: MemberDefinition) -> str:
    return "a method" if isinstance(one, Function) else "a property" if isinstance(one, Property) else "an attribute"


RULE = Rule(
    id="PB603",
    name="method-became-attribute",
    title="A method became a property or an attribute, or the other way round.",
    why="Callers of the method call the attribute's value, which fails; readers of the attribute get a method object.",
    before="class Client:\n    def name(self) -> str: ...",
    after="class Client:\n    @property\n    def name(self) -> str: ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=MemberPair,
    check=check,
)
