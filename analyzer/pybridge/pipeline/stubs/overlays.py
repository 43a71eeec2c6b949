"""The overlays that ship with pybridge against the library that they speak of."""

from collections.abc import Iterator

from pybridge.codec import digest
from pybridge.compat import Library
from pybridge.model.classes import Class
from pybridge.model.finding import Bump, Finding, Verdict, Verdicts
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, dotted, split_symbol, symbol_path
from pybridge.model.source import SourceTree
from pybridge.source import shipped_overlays

_RISKY = Verdicts(source=Verdict.RISKY, typing=Verdict.RISKY, subclass=Verdict.NONE, bridge=Verdict.RISKY)


def overlay_findings(library: Library) -> Iterator[Finding]:
    """Tell what an overlay names in a library, and the library has no longer."""
    for path in _named():
        if _root(path) in library.header.roots and library.definition(path) is None:
            yield _finding(path, "an overlay of pybridge names it, the source has it not")
    for constructor in shipped_overlays().constructors:
        one = library.class_at(constructor.path)
        if one is not None and not _has_method(one, constructor.method):
            yield _finding(constructor.path, f"an overlay of pybridge names its method {constructor.method!r}")


def has_overlays(tree: SourceTree) -> bool:
    """Tell whether an overlay speaks of a library."""
    return any(_root(path) in tree.roots for path in _named())


def _named() -> Iterator[SymbolPath]:
    overlays = shipped_overlays()
    yield from (rule.path for rule in overlays.decorators)
    yield from (rule.path for rule in overlays.classes)
    yield from (rule.path for rule in overlays.constructors)


def _root(path: SymbolPath) -> ModuleName:
    return ModuleName(path.partition(":")[0].partition(".")[0])


def _has_method(one: Class, name: str) -> bool:
    return any(method.name == name for method in one.methods)


def _finding(path: SymbolPath, message: str) -> Finding:
    module, _ = split_symbol(path)
    place = symbol_path(module, "")
    return Finding(
        rule="PB803",
        name="stub-disagrees",
        symbol=path,
        part="overlay",
        public_path=PublicPath(dotted(path)),
        verdict=_RISKY,
        requires=Bump.NONE,
        message=message,
        old_symbol=place,
        new_symbol=place,
        fingerprint=digest(["PB803", path, message]),
    )
