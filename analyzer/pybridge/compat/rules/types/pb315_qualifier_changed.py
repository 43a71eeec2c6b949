"""PB315: what stands around a type, or in its place, changed: ``Final``, ``ClassVar``, ``NoReturn``, a type guard."""

import re
from collections.abc import Iterator

from pybridge.compat.pairs import MemberPair, TypedPair, VariablePair
from pybridge.compat.particular import is_data_field, is_key
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import type_hit
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import Field
from pybridge.model.finding import Bump
from pybridge.model.library import Variable
from pybridge.model.names import PublicPath
from pybridge.model.types import Named, Never, TypeExpr

_GUARDS = {"typing:TypeGuard": "TypeGuard", "typing:TypeIs": "TypeIs"}
_LOOSER = "-S--"


def check(pair: TypedPair | MemberPair | VariablePair) -> Iterator[Hit]:
    """Find results that end or narrow otherwise, and names that may be set or found otherwise."""
    match pair:
        case TypedPair():
            if difference(pair) is Difference.SPECIAL:
                yield _result(pair)
        case MemberPair(old=old, new=new):
            if old is None or new is None or is_data_field(old) or is_data_field(new) or is_key(old):
                return
            if isinstance(old.definition, Field) and isinstance(new.definition, Field):
                path = PublicPath(f"{pair.owner.path}.{pair.name}")
                yield from _qualifiers(old.definition, new.definition, path)
        case VariablePair(old=old, new=new):
            yield from _finality(old, new, pair.path)


def _result(pair: TypedPair) -> Hit:
    old, new = pair.old.expr, pair.new.expr
    if isinstance(new, Never):
        return type_hit(pair, "it does not return any more")
    if isinstance(old, Never):
        return type_hit(pair, "it may return now")
    before, now = _guard(old), _guard(new)
    if before is None:
        return type_hit(pair, f"its result is a {now} now", letters=_LOOSER, requires=Bump.MINOR)
    if now is None:
        return type_hit(pair, f"its result is no {before} any more", letters="-BB-")
    if before != now:
        return type_hit(pair, f"its result is a {now} now, and was a {before}", letters="-RR-", requires=Bump.MINOR)
    return type_hit(pair, f"its {now} tells of another type", letters="-BB-")


def _guard(expr: TypeExpr) -> str | None:
    return _GUARDS.get(expr.path) if isinstance(expr, Named) else None


def _qualifiers(old: Field, new: Field, path: PublicPath) -> Iterator[Hit]:
    yield from _finality(old, new, path)
    was_class_variable, is_class_variable = (_says(one, "ClassVar") for one in (old, new))
    if is_class_variable and not was_class_variable:
        yield _hit(old, new, path, f"{old.name!r} is set on the class alone now", "RBBR")
    elif was_class_variable and not is_class_variable:
        yield _hit(old, new, path, f"{old.name!r} may be set on instances now", "-SR-")


def _finality(old: Field | Variable, new: Field | Variable, path: PublicPath) -> Iterator[Hit]:
    """``Final`` on a name in capital letters says what everybody takes for granted."""
    was_final, is_final = _is_final(old), _is_final(new)
    if was_final is is_final or old.name.isupper():
        return
    if is_final:
        yield _hit(old, new, path, f"{old.name!r} is final now", "RBBR" if isinstance(old, Field) else "RB-R")
    else:
        yield _hit(old, new, path, f"{old.name!r} is not final any more", _LOOSER)


def _is_final(one: Field | Variable) -> bool:
    return one.is_final if isinstance(one, Variable) else one.is_readonly and _says(one, "Final")


def _says(one: Field, word: str) -> bool:
    """Whether the annotation has a qualifier; a bare ``Final`` leaves the type to the value, and no annotation."""
    annotation = one.type.evidence.annotation
    return word == "Final" if annotation is None else re.search(rf"\b{word}\b", annotation) is not None


def _hit(old: Field | Variable, new: Field | Variable, path: PublicPath, message: str, letters: str) -> Hit:
    return Hit(
        symbol=old.path,
        new_symbol=new.path,
        path=path,
        message=message,
        old_text=_text(old),
        new_text=_text(new),
        verdicts=verdicts(letters),
        requires=Bump.MAJOR if "B" in letters else Bump.MINOR,
    )


def _text(one: Field | Variable) -> str:
    annotation = one.type.evidence.annotation
    qualifier = "Final " if annotation is None and _is_final(one) else ""
    return qualifier + symbol_text(one) if annotation is None else f"{one.name}: {' '.join(annotation.split())}"


RULE = Rule(
    id="PB315",
    name="qualifier-changed",
    title="What stands around or in the place of a type changed: Final, ClassVar, NoReturn, TypeGuard or TypeIs.",
    why="Code that sets what is final now, or sets on an instance what belongs to the class, no longer passes a type checker. "
    "A function that does not return, or that narrows what it is asked about, changes how the code after its call is read.",
    before="def stop() -> None: ...",
    after="from typing import NoReturn\n\n\ndef stop() -> NoReturn: ...",
    verdicts=verdicts("RBBR"),
    requires=Bump.MAJOR,
    on=(TypedPair, MemberPair, VariablePair),
    check=check,
)
