"""PB409: instances can hold less than before."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import after, is_exposed
from pybridge.compat.classes.layout import Layout, layout_of
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule
from pybridge.compat.rule import verdicts as letters
from pybridge.model.classes import Class, DataOption, Field
from pybridge.model.finding import Bump


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find classes whose instances lost their ``__dict__``, weak references or single slots."""
    losses = _losses(pair, pair.old, pair.new)
    if not losses or _is_told_above(pair, losses) or _has_slots_option(pair.old) is not _has_slots_option(pair.new):
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part="__slots__",
        message=f"instances have no {' and no '.join(losses)} any more",
        old_text=_text(pair.old),
        new_text=_text(pair.new),
    )


def _losses(pair: ClassPair, old: Class, new: Class) -> list[str]:
    before, now = layout_of(old, pair.libraries.old), layout_of(new, pair.libraries.new)
    lost = []
    if before.has_dict and not now.has_dict:
        lost.append("'__dict__'")
    if before.has_weak_references and not now.has_weak_references:
        lost.append("'__weakref__'")
    return lost + [f"slot {name!r}" for name in _narrowed(pair, before, now)]


def _narrowed(pair: ClassPair, before: Layout, now: Layout) -> list[str]:
    """Slots that are gone without a word: other rules tell of attributes that are gone, or computed now."""
    if before.names is None or now.names is None:
        return []
    old, new = pair.members
    gone = sorted(name for name in before.names - now.names if not name.startswith("_"))
    return [name for name in gone if (isinstance(new[name].definition, Field) if name in new else name not in old)]


def _is_told_above(pair: ClassPair, losses: list[str]) -> bool:
    """Tell that a public class above, of both sides, lost the same."""
    libraries = pair.libraries
    for path in pair.old.mro[1:]:
        old, new = libraries.old.class_at(path), after(libraries, path)
        if old is None or new is None or new.path not in pair.new.mro:
            continue
        is_public = is_exposed(libraries.old, path) or is_exposed(libraries.new, new.path)
        if is_public and set(losses) <= set(_losses(pair, old, new)):
            return True
    return False


def _has_slots_option(one: Class) -> bool:
    return one.options is not None and DataOption.SLOTS in one.options


def _text(one: Class) -> str | None:
    return None if one.slots is None else f"__slots__ = {one.slots!r}"


RULE = Rule(
    id="PB409",
    name="slots-added",
    title="Instances lost their `__dict__`, their weak references, or a slot.",
    why="Setting an attribute that the class does not name raises AttributeError, vars() and weakref.ref() raise "
    "TypeError, and caches that rely on either break.",
    before="class Point:\n    def __init__(self, x):\n        self.x = x",
    after='class Point:\n    __slots__ = ("x",)\n\n    def __init__(self, x):\n        self.x = x',
    verdicts=letters("RRR-"),
    requires=Bump.MINOR,
    on=ClassPair,
    check=check,
)
