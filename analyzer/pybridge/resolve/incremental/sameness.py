"""What an edit of a file cannot have changed, told from the facts before and after."""

from collections.abc import Iterator

import msgspec

from pybridge.model.facts import Assignment, ClassFacts, Delete, FunctionFacts, ModuleFacts, Statement


def is_same_code(before: ModuleFacts, after: ModuleFacts) -> bool:
    """True when at most documentation changed: names lead where they led, and types are what they were."""
    return before.code_digest is not None and before.code_digest == after.code_digest and _is_plain(before, after)


def has_same_names(before: ModuleFacts, after: ModuleFacts) -> bool:
    """True when names lead where they led: of functions, `pybridge.resolve.surface` reads decorators and guards only."""
    return _is_plain(before, after) and _outline(before) == _outline(after)


def _is_plain(before: ModuleFacts, after: ModuleFacts) -> bool:
    """Both could be read, without a remark, and are the same file."""
    is_whole = not (before.is_broken or after.is_broken or before.diagnostics or after.diagnostics)
    same = (before.module, before.path, before.is_package) == (after.module, after.path, after.is_package)
    return is_whole and same and before.is_stub == after.is_stub


def _outline(facts: ModuleFacts) -> bytes:
    return msgspec.msgpack.encode(tuple(_outlines(facts.body)))


def _outlines(body: tuple[Statement, ...]) -> Iterator[object]:
    """What evaluating names may read of each statement."""
    for one in body:
        match one:
            case FunctionFacts(answers=answers) if answers:
                yield msgspec.structs.replace(one, docstring=None, self_assignments=(), nested=(), span=0)
            case FunctionFacts():
                yield ("def", one.name, one.guards, one.decorators)
            case ClassFacts():
                plain = msgspec.structs.replace(one, docstring=None, body=(), span=0)
                yield (plain, tuple(_outlines(one.body)))
            case Assignment():
                yield msgspec.structs.replace(one, docstring=None, span=0)
            case Delete():
                yield one
            case _:
                yield msgspec.structs.replace(one, span=0)
