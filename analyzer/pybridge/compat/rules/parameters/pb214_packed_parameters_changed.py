"""PB214: what ``Unpack``, ``ParamSpec`` or ``Concatenate`` says of parameters changed."""

from collections.abc import Iterator, Mapping

from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.matching.parameters import parameter_pairs
from pybridge.compat.matching.taken import unpacked
from pybridge.compat.packing import is_repacked, is_specification
from pybridge.compat.pairs import CallablePair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.classes import Field
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.types import AnyType, Named, ParameterKind, TypeExpr, Unknown, Unpack

_LOOSER = verdicts("SSBS")
_DECLARED = verdicts("-RRR")


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare the types of parameters and of the result, as far as they stand for parameters."""
    if not is_comparable(pair):
        return
    for part, old, new in _parts(pair):
        if isinstance(old, Unpack) and isinstance(new, Unpack):
            yield from _keys_hit(pair, part, old, new)
        elif is_repacked(old, new):
            yield _hit(pair, part, f"parameters that {part!r} stands for changed", _weighed(old, new))


def _weighed(old: TypeExpr, new: TypeExpr) -> Verdicts | None:
    """Weigh a change by what was declared before: what nobody declared, no caller could rely on."""
    if isinstance(old, Unknown | AnyType):
        return _DECLARED
    return _LOOSER if _is_pack(old) and not _is_pack(new) else None


def _parts(pair: CallablePair) -> Iterator[tuple[str, TypeExpr, TypeExpr]]:
    for one in parameter_pairs(pair):
        if one.old is None or one.new is None:
            continue
        types = one.old.type.expr, one.new.type.expr
        is_told = one.old.kind is ParameterKind.VAR_KEYWORD and any(is_specification(side) for side in types)
        if not is_told:
            # ``**kwargs: P.kwargs`` never stands without ``*args: P.args``.
            yield (one.old.name, *types)
    if not pair.is_constructor:
        yield "return", pair.old.runtime.returns.expr, pair.new.runtime.returns.expr


def _keys_hit(pair: CallablePair, part: str, old: Unpack, new: Unpack) -> Iterator[Hit]:
    """Compare the keys of two typed dicts, unless PB507 does because both are one public class."""
    sides = [unpacked(old, pair.libraries.old), unpacked(new, pair.libraries.new)]
    if sides[0] is None or sides[1] is None:
        if is_repacked(old, new):
            yield _hit(pair, part, f"keys of {part!r} come from another package's class", verdicts("UUUU"), Bump.NONE)
        return
    if _is_public(old, new, pair):
        return
    removed, added, required = _key_changes(sides[0], sides[1])
    for names, what in ((removed, "was removed from"), (added, "was added to"), (required, "is required now in")):
        for name in names:
            is_looser = what == "was added to" and not sides[1][name].is_required
            message = f"key {name!r} {what} {part!r}"
            yield _hit(pair, part, message, _LOOSER if is_looser else None, Bump.MINOR if is_looser else None)


def _key_changes(old: Mapping[str, Field], new: Mapping[str, Field]) -> tuple[list[str], list[str], list[str]]:
    kept = old.keys() & new.keys()
    return (
        sorted(old.keys() - new.keys()),
        sorted(new.keys() - old.keys()),
        sorted(name for name in kept if new[name].is_required and not old[name].is_required),
    )


def _is_public(old: Unpack, new: Unpack, pair: CallablePair) -> bool:
    if not isinstance(old.packed, Named) or not isinstance(new.packed, Named):
        return False
    before, after = (
        set(library.public_paths(packed.path))
        for library, packed in zip(pair.libraries.sides, (old.packed, new.packed), strict=True)
    )
    return bool(before & after)


def _is_pack(expr: TypeExpr) -> bool:
    return isinstance(expr, Unpack) or is_specification(expr)


def _hit(pair: CallablePair, part: str, message: str, chosen: Verdicts | None, requires: Bump | None = None) -> Hit:
    old_text, new_text = call_texts(pair)
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part=part,
        message=message,
        old_text=old_text,
        new_text=new_text,
        verdicts=chosen,
        requires=requires or (Bump.MINOR if chosen in {_LOOSER, _DECLARED} else None),
    )


_EXAMPLE = """from typing import TypedDict, Unpack


class Options(TypedDict, total=False):
    timeout: int
    retries: int


class Fewer(TypedDict, total=False):
    timeout: int


def fetch(url: str, **options: Unpack[CLASS]) -> None: ..."""

RULE = Rule(
    id="PB214",
    name="packed-parameters-changed",
    title="Parameters that a type stands for changed.",
    why=(
        "A typed dict in Unpack, a ParamSpec or a Concatenate says which parameters calls may give. Type checkers and"
        " generated wrappers reject calls that no longer fit; at run time it depends on the body."
    ),
    before=_EXAMPLE.replace("CLASS", "Options"),
    after=_EXAMPLE.replace("CLASS", "Fewer"),
    verdicts=verdicts("RBBB"),
    requires=Bump.MAJOR,
    on=CallablePair,
    check=check,
)
