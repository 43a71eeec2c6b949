"""Edits of which the type engine sees nothing that it could tell: of bodies, and of heads that say their types themselves.

What a function's head says concerns the engine's answers in two ways. Answers about the function: none are asked for
where its text says all of its types, or says nothing of any. And answers about what makes use of it: whatever does so
without naming it (operators, protocols, constructors) does so by names that are known.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from pybridge.model.facts import ClassFacts, FunctionFacts, ModuleFacts, Statement
from pybridge.model.names import ModuleName
from pybridge.resolve.incremental.protocol_names import PROTOCOL_NAMES
from pybridge.resolve.types.settled import settled_functions


class Head(msgspec.Struct, frozen=True):
    """A function whose head was edited."""

    module: ModuleName
    name: str
    is_member: bool


class _Found(msgspec.Struct, frozen=True):
    qualname: str
    function: FunctionFacts
    is_member: bool


def edited_heads(before: ModuleFacts, after: ModuleFacts) -> tuple[Head, ...] | None:
    """Tell whose heads differ, where nothing else does that the type engine reads of a file.

    None where something else does, and where the engine may have something to tell of one of the functions.
    """
    if before.frame_digest is None or before.frame_digest != after.frame_digest:
        return None
    pairs = list(zip(_heads(before), _heads(after), strict=True))
    changed = [pair for pair in pairs if _head(pair[0].function) != _head(pair[1].function)]
    if not changed:
        return ()
    settled = (frozenset(settled_functions(before)), frozenset(settled_functions(after)))
    names = Counter(_bound(after.body, ""))
    for pair in changed:
        alone = all(names[part] == 1 for part in _prefixes(pair[1].qualname))
        is_silent = all(_is_silent(one, known) for one, known in zip(pair, settled, strict=True))
        if not alone or not is_silent or is_special(pair[1].function.name):
            return None
    return tuple(Head(after.module, new.function.name, new.is_member) for _, new in changed)


def is_special(name: str) -> bool:
    """Tell names that Python, the engine or an enumeration gives a meaning to."""
    return name.startswith("_") and name.endswith("_")


def is_of_protocols(name: str) -> bool:
    """Tell a method that an object may have to have, for it to fit what the standard library takes."""
    return name in PROTOCOL_NAMES


def _heads(facts: ModuleFacts) -> Iterator[_Found]:
    heads = frozenset(facts.heads)
    return (one for one in _functions(facts.body, "") if one.function.span in heads)


def _functions(body: Sequence[Statement], owner: str) -> Iterator[_Found]:
    for one in body:
        if isinstance(one, FunctionFacts):
            yield _Found(f"{owner}{one.name}", one, bool(owner))
        elif isinstance(one, ClassFacts):
            yield from _functions(one.body, f"{owner}{one.name}.")


def _head(one: FunctionFacts) -> object:
    return (one.name, one.is_async, one.parameters, one.returns, one.type_parameters, one.decorators)


def _bound(body: Sequence[Statement], owner: str) -> Iterator[str]:
    """Qualified names of functions and classes, as often as they are defined."""
    for one in body:
        if isinstance(one, FunctionFacts):
            yield f"{owner}{one.name}"
        elif isinstance(one, ClassFacts):
            yield f"{owner}{one.name}"
            yield from _bound(one.body, f"{owner}{one.name}.")


def _prefixes(qualname: str) -> Iterator[str]:
    parts = qualname.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _is_silent(one: _Found, settled: frozenset[str]) -> bool:
    function = one.function
    if function.decorators:
        return False
    is_bare = function.returns is None and all(each.annotation is None for each in function.parameters)
    return one.qualname in settled or (is_bare and not function.type_parameters)
