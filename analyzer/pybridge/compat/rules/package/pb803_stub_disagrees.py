"""PB803: a stub and the source that it describes disagree.

A descriptor has no two opinions: ``pybridge stubs check`` describes a library by its sources and by its stubs, and tells
what lies between them under this id. No pair of a comparison asks for it.
"""

from collections.abc import Iterator

from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump


def check(pair: object) -> Iterator[Hit]:
    """Find nothing in a comparison of two versions."""
    del pair
    yield from ()


RULE = Rule(
    id="PB803",
    name="stub-disagrees",
    title="A stub and the source that it describes disagree.",
    why=(
        "Type checkers and generated clients believe the stub, the interpreter the source: calls that pass the one fail in"
        " the other. Told by `pybridge stubs check`."
    ),
    before="",
    after="",
    verdicts=verdicts("-R-R"),
    requires=Bump.NONE,
    on=(),
    check=check,
)
