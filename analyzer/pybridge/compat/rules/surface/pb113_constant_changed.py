"""PB113: the value of a constant changed."""

import re
from collections.abc import Iterator

from pybridge.compat.defaults import Difference, text_difference
from pybridge.compat.pairs import MemberPair, VariablePair
from pybridge.compat.particular import is_data_field, is_key
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Field
from pybridge.model.finding import Bump
from pybridge.model.library import Variable
from pybridge.model.names import PublicPath
from pybridge.model.types import Literal

_OF_THE_RELEASE = frozenset({"version", "version_info", "version_tuple", "commit_id"})
"""Names that every release changes, with or without underscores and in any case."""
_MAKES_TYPES = re.compile(r"(?:\w+\s*\.\s*)*(?:TypeVar|ParamSpec|TypeVarTuple|NewType|TypeAliasType)\s*\(")
_LONGEST = 120
"""Characters of a value that are shown."""


def check(pair: VariablePair | MemberPair) -> Iterator[Hit]:
    """Find names of both sides that are bound to constants, and not to the same one."""
    yield from _variable(pair) if isinstance(pair, VariablePair) else _field(pair)


def _variable(pair: VariablePair) -> Iterator[Hit]:
    if _is_of_the_release(pair.old.name) or (_is_of_types(pair.old) and _is_of_types(pair.new)):
        return
    yield from _hits(pair.old, pair.new, pair.path, pair.old.name)


def _field(pair: MemberPair) -> Iterator[Hit]:
    """An attribute of a class; values of data fields are defaults of the constructor, and told as such."""
    if (
        pair.old is None
        or pair.new is None
        or is_data_field(pair.old)
        or is_key(pair.old)
        or pair.name.startswith("__")
    ):
        return
    old, new = pair.old.definition, pair.new.definition
    if isinstance(old, Field) and isinstance(new, Field):
        yield from _hits(old, new, PublicPath(f"{pair.owner.path}.{pair.name}"), f"{pair.owner.old.name}.{pair.name}")


def _hits(old: Variable | Field, new: Variable | Field, path: PublicPath, name: str) -> Iterator[Hit]:
    if old.value is None or new.value is None:
        return
    is_constant = old.name.isupper() or _is_final(old)
    match text_difference(old.value, new.value):
        case Difference.VALUE:
            verdict = verdicts("RR-R") if _is_final(old) or _is_final(new) else None
        case Difference.TEXT if is_constant:
            verdict = verdicts("UU-U")
        case _:
            return
    yield Hit(
        symbol=old.path,
        new_symbol=new.path,
        path=path,
        message=f"the value of {name!r} changed",
        old_text=f"{old.name} = {_shown(old.value, new.value)}",
        new_text=f"{new.name} = {_shown(new.value, old.value)}",
        verdicts=verdict,
        requires=Bump.NONE if verdict == verdicts("UU-U") else None,
    )


def _shown(value: str, other: str) -> str:
    """Write a value, or what is around the first difference of a long one, in one line."""
    value, other = " ".join(value.split()), " ".join(other.split())
    if len(value) <= _LONGEST:
        return value
    pairs = zip(value, other, strict=False)
    first = next((index for index, (ours, theirs) in enumerate(pairs) if ours != theirs), len(other))
    start = max(0, first - _LONGEST // 4)
    end = start + _LONGEST
    return f"{'...' if start else ''}{value[start:end]}{'...' if end < len(value) else ''}"


def _is_final(one: Variable | Field) -> bool:
    """Tell that type checkers know the value, not only its type."""
    return (isinstance(one, Variable) and one.is_final) or isinstance(one.type.expr, Literal)


def _is_of_types(one: Variable) -> bool:
    """Tell a type variable, or a type of its own: what it is declared as is told where types are compared."""
    return _MAKES_TYPES.match(one.value or "") is not None


def _is_of_the_release(name: str) -> bool:
    return name.startswith("__") or name.strip("_").lower() in _OF_THE_RELEASE


RULE = Rule(
    id="PB113",
    name="constant-changed",
    title="The value of a constant changed.",
    why="Whoever wrote the old value down, stored it or compared with it now disagrees with the library. A value that only "
    "looks otherwise (quotes, number bases) is the same; one that is looked up elsewhere now is not known.",
    before="TIMEOUT = 10",
    after="TIMEOUT = 30",
    verdicts=verdicts("R--R"),
    requires=Bump.MINOR,
    on=(VariablePair, MemberPair),
    check=check,
)
