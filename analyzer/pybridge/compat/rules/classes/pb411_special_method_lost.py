"""PB411: instances no longer do what a special method made them do."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import after, is_exposed
from pybridge.compat.classes.bases import is_lost_with_base
from pybridge.compat.classes.inheriting import Inheritance, inheritance_of
from pybridge.compat.classes.layout import Hashing, hashing_of
from pybridge.compat.members import Member, effective
from pybridge.compat.pairs import ClassPair
from pybridge.compat.particular import is_of_protocol, is_protocol_dunder
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath

_UNKNOWN = verdicts("UUUU")
_FALLS_BACK = verdicts("RRRR")
_OF_OBJECT = frozenset(
    f"__{name}__"
    for name in (
        *("repr", "str", "format", "sizeof", "dir", "reduce", "reduce_ex", "getstate", "getattribute"),
        *("setattr", "delattr", "init_subclass", "subclasshook", "class", "doc", "ne", "hash", "del"),
    )
)
"""What `object` does as well, and what nobody calls; hashing is judged as a whole."""


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find special methods that the new side has neither itself nor from anywhere, and hashes that are gone."""
    before, now = pair.members
    for name in sorted(before.keys() - now.keys()):
        member = before[name]
        is_about = is_protocol_dunder(name) and name not in _OF_OBJECT and not is_of_protocol(member)
        if is_about and not _is_told_above(pair, name, member):
            yield from _lost(pair, name, member)
    disabled = set(pair.new.disabled_methods) - set(pair.old.disabled_methods) - {"__hash__"}
    for name in sorted(disabled & before.keys() & now.keys()):
        yield _hit(pair, name, before[name], f"{name!r} was disabled")
    if _loses_hash(pair):
        yield _hit(pair, "__hash__", before.get("__hash__"), "instances can no longer be hashed")


def _lost(pair: ClassPair, name: str, member: Member) -> Iterator[Hit]:
    inherited = inheritance_of(pair.new, name, pair.libraries.new)
    if inherited is Inheritance.YES:
        return
    if inherited is Inheritance.UNKNOWN:
        yield _hit(pair, name, member, f"{name!r} was removed, and may be inherited", letters="UUUU")
    elif name == "__eq__":
        yield _hit(pair, name, member, "instances are compared by identity", letters="RRRR")
    else:
        yield _hit(pair, name, member, f"{name!r} was removed")


def _hit(pair: ClassPair, name: str, old: Member | None, message: str, *, letters: str | None = None) -> Hit:
    return Hit(
        symbol=old.path if old is not None else pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.path}.{name}"),
        part=name if old is None else "",
        message=message,
        old_text=symbol_text(old.definition) if old is not None else None,
        verdicts={None: None, "UUUU": _UNKNOWN, "RRRR": _FALLS_BACK}[letters],
        requires={None: None, "UUUU": Bump.NONE, "RRRR": Bump.MINOR}[letters],
    )


def _is_told_above(pair: ClassPair, name: str, member: Member) -> bool:
    """Tell a method that a public class above, of both sides, lost itself, or that went with a base."""
    owner = member.owner.path
    if is_lost_with_base(pair, owner):
        return True
    if owner == pair.old.path or not is_exposed(pair.libraries.old, owner):
        return False
    above = after(pair.libraries, owner)
    return above is not None and name not in effective(above, pair.libraries.new)


def _loses_hash(pair: ClassPair) -> bool:
    """Tell that hashes are gone, by whatever means but the options of a data class, which are told as such."""
    libraries = pair.libraries
    before, _ = hashing_of(pair.old, libraries.old)
    now, decider = hashing_of(pair.new, libraries.new)
    if before is not Hashing.YES or now is not Hashing.NO:
        return False
    is_optional = pair.old.options is not None and pair.new.options is not None and pair.old.kind is pair.new.kind
    if is_optional and "__hash__" not in pair.new.disabled_methods and decider == pair.new.path:
        return False
    return not _is_hash_told_above(pair, decider)


def _is_hash_told_above(pair: ClassPair, decider: SymbolPath) -> bool:
    libraries = pair.libraries
    if decider == pair.new.path or not is_exposed(libraries.new, decider):
        return False
    above = {libraries.key(one, 0): one for one in pair.old.mro[1:]}
    old = libraries.old.class_at(above[decider]) if decider in above else None
    return old is not None and hashing_of(old, libraries.old)[0] is Hashing.YES


RULE = Rule(
    id="PB411",
    name="special-method-lost",
    title="Instances can no longer be used as they were: a special method is gone.",
    why="len(), iteration, with, await, calls, comparison, hashing and operators go through special methods; without "
    "them they raise TypeError.",
    before="class Bag:\n    def __len__(self) -> int: ...",
    after="class Bag: ...",
    verdicts=verdicts("BBBR"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
