"""PB101: a module was added."""

from collections.abc import Iterator

from pybridge.compat.pairs import ModulePair
from pybridge.compat.reach import enclosing_module, public_module
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.names import ModuleName, PublicPath, symbol_path


def check(pair: ModulePair) -> Iterator[Hit]:
    """Find public modules of the new side alone; of a new package the package only."""
    if pair.old is not None or pair.new is None:
        return
    name = pair.new.name
    above = ModuleName(name.rpartition(".")[0])
    if public_module(pair.libraries.new, above) and not public_module(pair.libraries.old, above):
        return
    yield Hit(
        symbol=symbol_path(name, ""),
        old_symbol=enclosing_module(pair.libraries.old, name),
        path=PublicPath(name),
        message=f"{'package' if pair.new.is_package else 'module'} {name!r} was added",
        new_text=f"import {name}",
    )


RULE = Rule(
    id="PB101",
    name="module-added",
    title="A module was added.",
    why="It breaks nobody. All that it offers is new with it, so its names are not told one by one.",
    before="",
    after="",
    verdicts=verdicts("SS-S"),
    requires=Bump.MINOR,
    on=ModulePair,
    check=check,
)
