"""Two descriptors become `Finding`s: what changed, whom it hits, and the version step that it asks for.

In: two `Library`s (a descriptor by name). Out: `Finding`s. May import: codec, errors, model; nothing else.

    judge.py      the way through: walk the pairs, ask the rules, order what they say
    library.py    a descriptor by name, its modules read when asked for
    pairs.py      nouns: what stands against what (names, symbols, classes, members, callables, parameters, types)
    matching/     old and new become pairs
    particular.py  members that a rule for their kind of class tells
    types/        how two types relate
    rules/        one rule, one file: PB101 to PB804
"""

from pybridge.compat.judge import judge
from pybridge.compat.library import Library

__all__ = ["Library", "judge"]
