"""PB405: a class can no longer be instantiated, or its subclasses have more to define."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import is_exposed
from pybridge.compat.classes.bases import class_text
from pybridge.compat.members import Member
from pybridge.compat.pairs import ClassPair
from pybridge.compat.particular import is_abstract
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import ClassKind
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.names import PublicPath, SymbolPath

_WHERE_CHECKED = verdicts("-BB-")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find members that became abstract or came as such, else a class that became abstract by other means."""
    if pair.new.kind is ClassKind.PROTOCOL:
        if pair.old.kind is not ClassKind.PROTOCOL:
            yield _class_hit(pair, "it became a protocol, which cannot be instantiated")
        return
    if not pair.new.is_abstract:
        return
    before, now = pair.members
    gained = {
        name: member
        for name, member in now.items()
        if is_abstract(member) and not (name in before and is_abstract(before[name]) and pair.old.is_abstract)
    }
    told = {name: member for name, member in gained.items() if not _is_told_above(pair, member)}
    for name, member in told.items():
        yield _member_hit(pair, name, before.get(name), member)
    if not gained and not pair.old.is_abstract and not _is_abstract_above(pair):
        # What a protocol leaves open is asked for by type checkers alone.
        above = (pair.libraries.new.class_at(path) for path in pair.new.mro)
        is_checked = any(one is not None and one.kind is ClassKind.PROTOCOL for one in above)
        yield _class_hit(pair, "it became abstract", _WHERE_CHECKED if is_checked else None)


def _member_hit(pair: ClassPair, name: str, old: Member | None, new: Member) -> Hit:
    is_new = old is None
    happened = f"abstract {name!r} was added" if is_new else f"{name!r} became abstract"
    follows = "" if pair.old.is_abstract else ", so the class can no longer be instantiated"
    return Hit(
        symbol=old.path if old is not None else SymbolPath(f"{pair.old.path}.{name}"),
        old_symbol=old.path if old is not None else pair.old.path,
        new_symbol=new.path,
        path=PublicPath(f"{pair.path}.{name}"),
        message=f"{happened}{follows}",
        old_text=None if is_new else f"def {name}(...)",
        new_text=f"@abstractmethod def {name}(...)",
        # Python itself asks for it only where a metaclass does.
        verdicts=None if pair.new.metaclass is not None else _WHERE_CHECKED,
    )


def _class_hit(pair: ClassPair, message: str, letters: Verdicts | None = None) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=message,
        old_text=class_text(pair.old),
        new_text=class_text(pair.new),
        verdicts=letters,
    )


def _is_told_above(pair: ClassPair, member: Member) -> bool:
    """Tell an abstract member of a public class above that was above before, too."""
    owner, libraries = member.owner.path, pair.libraries
    is_above = owner != pair.new.path and is_exposed(libraries.new, owner)
    return is_above and owner in {libraries.key(one, 0) for one in pair.old.mro}


def _is_abstract_above(pair: ClassPair) -> bool:
    """Tell that a public class above, of both sides, is abstract on the new side only."""
    libraries = pair.libraries
    before = {libraries.key(one, 0): one for one in pair.old.mro[1:]}
    for path in pair.new.mro[1:]:
        new = libraries.new.class_at(path)
        old = libraries.old.class_at(before[path]) if path in before else None
        if new is not None and old is not None and new.is_abstract and not old.is_abstract:
            return True
    return False


RULE = Rule(
    id="PB405",
    name="became-abstract",
    title="A class became abstract, or got another abstract member.",
    why="Creating an instance of the class, or of a subclass that does not define the member, raises TypeError.",
    before="from abc import ABC\n\n\nclass Store(ABC):\n    def get(self): ...",
    after="from abc import ABC, abstractmethod\n\n\nclass Store(ABC):\n    @abstractmethod\n    def get(self): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
