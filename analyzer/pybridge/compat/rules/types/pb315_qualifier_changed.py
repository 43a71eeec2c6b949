"""PB315: what stands around a type, or in its place, changed: ``Final``, ``ClassVar``, ``NoReturn``, a type guard."""

import re
from collections.abc import Iterator

from pybridge.compat.library import Library
from pybridge.compat.pairs import MemberPair, TypedPair, VariablePair
from pybridge.compat.particular import is_data_field, is_key
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.above import is_told_above
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import type_hit
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import Class, Field
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
            if isinstance(old.definition, Field) and isinstance(new.definition, Field) and not _is_told_above(pair):
                path = PublicPath(f"{pair.owner.path}.{pair.name}")
                libraries = pair.owner.libraries
                words = (
                    _words(old.definition, pair.owner.old, libraries.old),
                    _words(new.definition, pair.owner.new, libraries.new),
                )
                yield from _qualifiers(old.definition, new.definition, path, words)
        case VariablePair(old=old, new=new):
            yield from _finality(old, new, pair.path, was_final=old.is_final, is_final=new.is_final)


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


def _is_told_above(pair: MemberPair) -> bool:
    """Whether a class above tells that its attribute changed so."""
    return is_told_above(pair.owner, pair.name, lambda old, new: _own_words(old) != _own_words(new))


def _words(field: Field, owner: Class, library: Library) -> frozenset[str]:
    """Qualifiers that hold for an attribute: what a class sets without a word is as a class above it says."""
    for path in owner.mro[1:] if field.type.evidence.annotation is None else ():
        above = library.class_at(path)
        for one in above.fields if above is not None else ():
            if one.name == field.name and one.type.evidence.annotation is not None:
                return _own_words(one)
    return _own_words(field)


def _own_words(field: Field) -> frozenset[str]:
    annotation = field.type.evidence.annotation
    if annotation is None:
        # A bare ``Final`` leaves the type to the value, and no annotation.
        return frozenset({"Final"}) if field.is_readonly else frozenset()
    return frozenset(re.findall(r"\b(?:Final|ClassVar)\b", annotation))


def _guard(expr: TypeExpr) -> str | None:
    return _GUARDS.get(expr.path) if isinstance(expr, Named) else None


def _qualifiers(
    old: Field, new: Field, path: PublicPath, words: tuple[frozenset[str], frozenset[str]]
) -> Iterator[Hit]:
    came, went = words[1] - words[0], words[0] - words[1]
    yield from _finality(old, new, path, was_final="Final" in went, is_final="Final" in came)
    if "ClassVar" in came:
        yield _hit(old, new, path, f"{old.name!r} is set on the class alone now", "RBBR")
    elif "ClassVar" in went:
        yield _hit(old, new, path, f"{old.name!r} may be set on instances now", "-SR-")


def _finality(
    old: Field | Variable, new: Field | Variable, path: PublicPath, *, was_final: bool, is_final: bool
) -> Iterator[Hit]:
    """``Final`` on a name in capital letters says what everybody takes for granted."""
    if was_final is is_final or old.name.isupper():
        return
    if is_final:
        yield _hit(old, new, path, f"{old.name!r} is final now", "RBBR" if isinstance(old, Field) else "RB-R")
    else:
        yield _hit(old, new, path, f"{old.name!r} is not final any more", _LOOSER)


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
    is_final = one.is_final if isinstance(one, Variable) else one.is_readonly
    qualifier = "Final " if annotation is None and is_final else ""
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
