"""PB609: the documentation names other exceptions."""

from collections.abc import Iterator

from pybridge.compat.pairs import CallablePair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.callables import Function
from pybridge.model.finding import Bump


def check(pair: CallablePair) -> Iterator[Hit]:
    """Compare the exceptions that both sides document; where a side names none, it says nothing of them."""
    old, new = pair.old.function, pair.new.function
    if old is None or new is None or not old.raises or not new.raises:
        return
    before, after = _names(old), _names(new)
    for name in sorted(before.keys() ^ after.keys()):
        is_added = name in after
        yield Hit(
            symbol=old.path,
            new_symbol=new.path,
            path=pair.path,
            part=name,
            message=f"documentation names {name!r} {'now' if is_added else 'no more'} among what it raises",
            old_text=_text(before),
            new_text=_text(after),
        )


def _names(function: Function) -> dict[str, None]:
    """Names without their modules and markup, in the order of the documentation."""
    return {one.strip("`~ ").rpartition(".")[2]: None for one in function.raises}


def _text(names: dict[str, None]) -> str:
    return f"raises {', '.join(names)}"


RULE = Rule(
    id="PB609",
    name="documented-exceptions-changed",
    title="The documented exceptions changed.",
    why="Callers catch what the documentation names. An exception that is new passes their handlers.",
    before='def fetch(url):\n    """Fetch.\n\n    Raises:\n        ValueError: no such address.\n    """',
    after='def fetch(url):\n    """Fetch.\n\n    Raises:\n        LookupError: no such address.\n    """',
    verdicts=verdicts("R--R"),
    requires=Bump.MINOR,
    on=CallablePair,
    check=check,
)
