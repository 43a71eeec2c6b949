"""PB410: something else makes the instances of a class."""

from collections.abc import Iterator

from pybridge.codec.python_text import signature_text
from pybridge.compat.classes.ancestry import is_made_above
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.finding import Bump

_ALIKE = verdicts("SSBS")
_UNKNOWN = verdicts("UUUU")
_WRITTEN = {
    ConstructorOrigin.INIT: "'__init__'",
    ConstructorOrigin.NEW: "'__new__'",
    ConstructorOrigin.METACLASS_CALL: "'__call__' of the metaclass",
}


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find classes whose constructor is written as another method now, or is no longer known."""
    old, new = pair.old.constructor, pair.new.constructor
    if old.origin is new.origin or is_made_above(pair):
        return
    texts = _text(pair.old), _text(pair.new)
    if new.origin is ConstructorOrigin.UNKNOWN:
        message, verdict, requires = "what its constructor takes is not known any more", _UNKNOWN, Bump.NONE
    elif old.origin in _WRITTEN and new.origin in _WRITTEN:
        message = f"{_WRITTEN[new.origin]} makes its instances, no longer {_WRITTEN[old.origin]}"
        is_alike = old.signatures == new.signatures
        verdict, requires = (_ALIKE, Bump.MINOR) if is_alike else (RULE.verdicts, RULE.requires)
    else:
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part="constructor",
        message=message,
        old_text=texts[0],
        new_text=texts[1],
        verdicts=verdict,
        requires=requires,
    )


def _text(one: Class) -> str | None:
    """The constructor as a ``def`` of the method that makes instances; None where it is not known."""
    constructor = one.constructor
    if not constructor.signatures:
        return None
    name = {ConstructorOrigin.NEW: "__new__", ConstructorOrigin.METACLASS_CALL: "__call__"}.get(constructor.origin)
    shown = signature_text(constructor.implementation or constructor.signatures[0]).rpartition(" -> ")[0]
    return f"def {name or '__init__'}{shown}"


RULE = Rule(
    id="PB410",
    name="constructor-changed",
    title="Instances are made by another method.",
    why="Subclasses that extend the constructor extend the wrong method. What calls of the class have to give is judged "
    "by the rules for parameters.",
    before="class Token:\n    def __init__(self, text): ...",
    after="class Token:\n    def __new__(cls, text, /): ...",
    verdicts=verdicts("SSBB"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
