"""How alike two definitions are that have different names or places: guesses, for want of a path that both have."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from pybridge.codec.python_text import type_text
from pybridge.compat.library import Definition
from pybridge.compat.members import own
from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Class, Field, Property
from pybridge.model.library import TypeAlias, Variable
from pybridge.model.names import SymbolPath

Guess = Definition | Property | Field

_MAX_COMPARISONS = 4_000
"""In one module or class; more were never a handful of renames, and each costs some ten microseconds."""
_ALIKE = 0.75
_ALIKE_NAME = 0.6
_TELLING = 4
"""So many features are no coincidence, whatever the name."""


def renamed(removed: Sequence[Guess], added: Sequence[Guess]) -> Mapping[SymbolPath, SymbolPath]:
    """Guess which of what is gone from a module or class is there under another name; each at most once, best first."""
    if len(removed) * len(added) > _MAX_COMPARISONS:
        return {}
    scored = ((_score(one, other), one.path, other.path) for one in removed for other in added)
    found: dict[SymbolPath, SymbolPath] = {}
    taken: set[SymbolPath] = set()
    for score, old, new in sorted(scored, key=lambda one: (-one[0], *one[1:])):
        if score and old not in found and new not in taken:
            found[old] = new
            taken.add(new)
    return found


def likeness(old: Guess, new: Guess) -> float:
    """Compare two definitions without their names, from 0 to 1; 0 for those of different kinds."""
    if type(old) is not type(new):
        return 0.0
    ours, theirs = frozenset(_features(old)), frozenset(_features(new))
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 1.0


def _score(old: Guess, new: Guess) -> float:
    alike = likeness(old, new)
    if alike < _ALIKE:
        return 0.0
    name = SequenceMatcher(None, old.name.lower(), new.name.lower(), autojunk=False).ratio()
    is_telling = alike == 1.0 and len(frozenset(_features(old))) >= _TELLING
    return alike + name if name >= _ALIKE_NAME or is_telling else 0.0


def _features(one: Guess) -> Iterator[str]:
    match one:
        case Function():
            yield f"{one.binding.value} {one.is_async} {one.stream.value}"
            for signature in one.signatures:
                yield from _of_signature(signature)
        case Class():
            yield one.kind.value
            yield from (f"base {type_text(base)}" for base in one.bases)
            yield from (f"item {item.name} = {item.value}" for item in one.enum_members)
            yield from (f"member {member.name}" for member in own(one))
        case TypeAlias():
            yield type_text(one.target)
        case Variable() | Field():
            yield type_text(one.type.expr)
            yield f"= {one.value}"
        case Property():
            yield f"{type_text(one.type.expr)} {one.is_readonly}"


def _of_signature(signature: Signature) -> Iterator[str]:
    yield f"-> {type_text(signature.returns.expr)}"
    for one in signature.parameters:
        yield f"{one.name} {one.kind.value} {one.is_required}"
        yield f"{one.name}: {type_text(one.type.expr)}"
