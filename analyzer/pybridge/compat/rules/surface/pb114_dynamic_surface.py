"""PB114: names cannot be listed any more, because code answers them."""

from collections.abc import Iterator

from pybridge.compat.library import Library
from pybridge.compat.members import effective
from pybridge.compat.pairs import ClassPair, ModulePair
from pybridge.compat.reach import unlisted_from
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class
from pybridge.model.finding import Bump
from pybridge.model.library import Module
from pybridge.model.names import PublicPath, symbol_path

_ANSWERING = ("__getattr__", "__getattribute__")


def check(pair: ModulePair | ClassPair) -> Iterator[Hit]:
    """Find modules and classes of both sides that only on the new one answer any name."""
    yield from _module(pair) if isinstance(pair, ModulePair) else _class(pair)


def _module(pair: ModulePair) -> Iterator[Hit]:
    if pair.old is None or pair.new is None or _why(pair.old, pair.libraries.old) is not None:
        return
    why = _why(pair.new, pair.libraries.new)
    if why is not None:
        symbol = symbol_path(pair.new.name, "")
        yield Hit(symbol=symbol, path=PublicPath(pair.new.name), message=f"module {pair.new.name!r} {why}")


def _why(module: Module, library: Library) -> str | None:
    """Say why names of a module may not be listed; None when all are."""
    symbol = symbol_path(module.name, "")
    unread = next((one for one in library.header.skipped if one.path == symbol), None)
    if unread is not None:
        return f"could not be read: {unread.reason.value.replace('_', ' ')}"
    if module.is_dynamic:
        return "answers names not listed"
    missing = unlisted_from(module)
    return None if missing is None else f"imports everything from {missing!r}, which is not there"


def _class(pair: ClassPair) -> Iterator[Hit]:
    found = [
        name for name in _ANSWERING if _has(pair.new, name) and name not in effective(pair.old, pair.libraries.old)
    ]
    for name in found:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part=name,
            message=f"class {pair.old.name!r} answers names not listed, by {name}",
        )


def _has(one: Class, name: str) -> bool:
    return any(method.name == name for method in one.methods)


RULE = Rule(
    id="PB114",
    name="dynamic-surface",
    title="Names cannot be listed any more, because code answers them.",
    why="A module with __getattr__ or an import of everything from nowhere, or a class with __getattr__, may have any name. "
    "What seems to be missing from it may be there, so nothing about that is certain.",
    before="def fetch(url): ...",
    after="def fetch(url): ...\ndef __getattr__(name): ...",
    verdicts=verdicts("UUUU"),
    requires=Bump.NONE,
    on=(ModulePair, ClassPair),
    check=check,
)
