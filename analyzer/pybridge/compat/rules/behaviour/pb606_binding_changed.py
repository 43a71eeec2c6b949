"""PB606: a method is bound otherwise: to an instance, to the class, or to nothing."""

from collections.abc import Iterator

from pybridge.compat.matching.callables import is_special
from pybridge.compat.pairs import CallablePair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.callables import Binding
from pybridge.model.finding import Bump

_WORDS = {
    Binding.INSTANCE: "an instance method",
    Binding.CLASS: "a class method",
    Binding.STATIC: "a static method",
    Binding.FUNCTION: "a function",
}
_LOOSER = verdicts("RRBB")
_OF_CLASS = verdicts("SSRS")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare what methods are bound to; the receiver itself is no parameter of their calls."""
    old, new = pair.old.function, pair.new.function
    if old is None or new is None or old.binding is new.binding or is_special(old.path):
        return
    chosen = None
    if Binding.INSTANCE not in (old.binding, new.binding):
        chosen = _OF_CLASS
    elif old.binding is Binding.INSTANCE:
        chosen = _LOOSER
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=old.path,
        new_symbol=new.path,
        path=pair.path,
        message=f"was {_WORDS[old.binding]} and is {_WORDS[new.binding]}",
        old_text=old_text,
        new_text=new_text,
        hint="calls through the class that give the instance first are hit" if chosen is _LOOSER else None,
        verdicts=chosen,
        requires=Bump.MINOR if chosen is _OF_CLASS else None,
    )


RULE = Rule(
    id="PB606",
    name="binding-changed",
    title="A method became an instance, class or static method.",
    why=(
        "A method that needs an instance cannot be called on the class any more. The other way round, calls on"
        " instances go on to work, but overrides take a receiver that is not given, and wrappers give one that is"
        " not taken. Between class and static methods callers see no difference."
    ),
    before="class Client:\n    @classmethod\n    def connect(cls, url): ...",
    after="class Client:\n    def connect(self, url): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=CallablePair,
    check=check,
)
