"""PB102: a module was removed."""

from collections.abc import Iterator

from pybridge.compat.library import Library
from pybridge.compat.pairs import ModulePair
from pybridge.compat.reach import enclosing_module, is_undecided, public_module
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.library import Module, Visibility
from pybridge.model.names import ModuleName, PublicPath, symbol_path

_SAME_NAMES = 0.6
"""Share of its names that another module has to have to be shown as the module's new place."""


def check(pair: ModulePair) -> Iterator[Hit]:
    """Find public modules of the old side alone; of a package that is gone the package only."""
    if pair.old is None or pair.new is not None:
        return
    name, new = pair.old.name, pair.libraries.new
    above = ModuleName(name.rpartition(".")[0])
    if public_module(pair.libraries.old, above) and not public_module(new, above):
        return
    is_unknown = is_undecided(new, name)
    yield Hit(
        symbol=symbol_path(name, ""),
        new_symbol=enclosing_module(new, name),
        path=PublicPath(name),
        message=f"{'package' if pair.old.is_package else 'module'} {name!r} "
        + ("could not be read" if is_unknown else "was removed"),
        old_text=f"import {name}",
        hint=None if is_unknown else _hint(pair.old, pair.libraries.old, new),
        verdicts=verdicts("UUUU") if is_unknown else None,
        requires=Bump.NONE if is_unknown else None,
    )


def _hint(gone: Module, old: Library, new: Library) -> str | None:
    above, _, name = gone.name.rpartition(".")
    hidden = ModuleName(f"{above}._{name}".lstrip("."))
    if hidden in new.modules and hidden not in old.modules:
        return f"it is private now, {hidden!r}"
    names = _names(gone)
    for other in new.modules.values():
        if other.is_public and other.name not in old.modules and len(names & _names(other)) > _SAME_NAMES * len(names):
            return f"{other.name!r} has most of its names"
    return None


def _names(module: Module) -> frozenset[str]:
    return frozenset(one.name for one in module.exports if one.visibility is not Visibility.INCIDENTAL)


RULE = Rule(
    id="PB102",
    name="module-removed",
    title="A module was removed.",
    why="Importing it raises ModuleNotFoundError, whatever of it was used. Its names are gone with it and not told one by "
    "one; where another module has them, their definitions are no longer compared by this path.",
    before="",
    after="",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ModulePair,
    check=check,
)
