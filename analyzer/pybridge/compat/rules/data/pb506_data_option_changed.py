"""PB506: what a data class does with its fields changed."""

from collections.abc import Iterator

import msgspec

from pybridge.compat.pairs import ClassPair
from pybridge.compat.particular import is_data_class
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class, ClassKind, ConstructorOrigin, DataOption
from pybridge.model.finding import Bump


class _Effect(msgspec.Struct, frozen=True):
    """What turning an option on or off does."""

    letters: str
    message: str


_ON = {
    "frozen": _Effect("BBRR", "instances are frozen: their fields can no longer be set"),
    "kw_only": _Effect("BBRS", "the constructor takes fields by keyword only"),
    "order": _Effect("SSRS", "instances can be compared by order"),
    "eq": _Effect("RSRR", "instances are compared by their fields"),
    "slots": _Effect("RRRR", "instances have slots and no '__dict__'"),
}
_OFF = {
    "frozen": _Effect("RSRR", "instances are no longer frozen"),
    "kw_only": _Effect("SSRS", "the constructor takes fields by position, too"),
    "order": _Effect("BBRR", "instances can no longer be compared by order"),
    "eq": _Effect("RSRR", "instances are compared by identity"),
    "slots": _Effect("SSRS", "instances have a '__dict__' instead of slots"),
    "init": _Effect("BBRB", "no constructor is made of the fields"),
    "match_args": _Effect("BBRS", "patterns can no longer match fields by position"),
}
_OPTIONS = {
    "kw_only": DataOption.KEYWORD_ONLY,
    "order": DataOption.ORDER,
    "eq": DataOption.EQ,
    "slots": DataOption.SLOTS,
    "init": DataOption.INIT,
    "match_args": DataOption.MATCH_ARGUMENTS,
}
_HASH_LOST = "BBRR"


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find options that only one side has, and classes that something else makes, or nothing."""
    old, new = pair.old, pair.new
    if not is_data_class(old) or ClassKind.NAMED_TUPLE in {old.kind, new.kind}:
        return
    if old.kind is not new.kind:
        if new.kind is ClassKind.PLAIN or is_data_class(new):
            yield _made_otherwise(pair)
        return
    told = [name for name in ("frozen", *_OPTIONS) if _is_changed(old, new, name)]
    is_told = old.options is not None and new.options is not None
    lost = is_told and _is_hashable(old) and not _is_hashable(new)
    for name in told:
        effect = (_ON if _holds(new, name) else _OFF).get(name)
        if effect is not None and not _is_told_otherwise(pair, name):
            yield _hit(pair, name, effect, is_hash_lost=lost and name in {"frozen", "eq"})
    if lost and not {"frozen", "eq"} & set(told):
        yield _hit(pair, "unsafe_hash", _Effect(_HASH_LOST, "instances"), is_hash_lost=True)


def _hit(pair: ClassPair, name: str, effect: _Effect, *, is_hash_lost: bool) -> Hit:
    message = effect.message
    letters = effect.letters
    if is_hash_lost:
        letters = _HASH_LOST
        message = (
            f"{message} can no longer be hashed" if name == "unsafe_hash" else f"{message}, and not hashable any more"
        )
    found = verdicts(letters)
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part=name,
        message=message,
        old_text=f"{name}={_holds(pair.old, name)}",
        new_text=f"{name}={_holds(pair.new, name)}",
        verdicts=found,
        requires=Bump.MAJOR if "B" in (letters[0], letters[1], letters[3]) else Bump.MINOR,
    )


def _made_otherwise(pair: ClassPair) -> Hit:
    names = [one.kind.value.replace("_", " ") for one in (pair.old, pair.new)]
    now = "made of its fields no longer" if pair.new.kind is ClassKind.PLAIN else f"of kind {names[1]!r} now"
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part="kind",
        message=f"it is {now}, it was a class of kind {names[0]!r}",
        old_text=names[0],
        new_text=names[1],
        verdicts=verdicts("RRRR"),
        requires=Bump.MINOR,
    )


def _holds(one: Class, name: str) -> bool:
    if name == "frozen":
        return one.is_frozen
    if name == "unsafe_hash":
        return _is_hashable(one)
    return _OPTIONS[name] in (one.options or ())


def _is_changed(old: Class, new: Class, name: str) -> bool:
    is_told = name == "frozen" or (old.options is not None and new.options is not None)
    return is_told and _holds(old, name) is not _holds(new, name)


def _is_told_otherwise(pair: ClassPair, name: str) -> bool:
    """Tell an option whose effect is nothing, or that other rules see: a constructor that is written by hand."""
    if name == "init":
        return pair.new.constructor.origin is not ConstructorOrigin.OBJECT
    return False


def _is_hashable(one: Class) -> bool:
    """Tell whether the options of a class leave its instances a hash."""
    if one.options is None or "__hash__" in {method.name for method in one.methods}:
        return True
    if one.kind is ClassKind.MODEL:
        return True
    return one.is_frozen or DataOption.EQ not in one.options or DataOption.UNSAFE_HASH in one.options


RULE = Rule(
    id="PB506",
    name="data-option-changed",
    title="An option of a data class changed.",
    why="Options decide whether fields can be set, how the constructor takes them, and whether instances can be compared, "
    "sorted and hashed.",
    before="from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int",
    after="from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Point:\n    x: int",
    verdicts=verdicts("BBRR"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
