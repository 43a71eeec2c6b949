"""PB802: a version of Python is no longer supported, or an extra, a command or another entry point was removed."""

from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from pybridge.compat.pairs import LibraryPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.names import ModuleName, PublicPath, symbol_path
from pybridge.model.package import EntryPoint, Package

_PYTHONS = ("2.7", *(f"3.{minor}" for minor in range(41)))
_COMMANDS = frozenset({"console_scripts", "gui_scripts"})


def check(pair: LibraryPair) -> Iterator[Hit]:
    """Compare what the metadata of both sides tells; what one side does not tell is not compared."""
    old, new = pair.old.header.package, pair.new.header.package
    if old is not None and new is not None:
        yield from _pythons(pair, old, new)
        yield from _extras(pair, old, new)
        yield from _entry_points(pair, old, new)


def _pythons(pair: LibraryPair, old: Package, new: Package) -> Iterator[Hit]:
    if old.requires_python is None or new.requires_python is None:
        return
    sides = [_supported(text) for text in (old.requires_python, new.requires_python)]
    if sides[0] is None or sides[1] is None:
        return
    gone = [version for version in sides[0] if version not in sides[1]]
    if gone:
        texts = [one.requires_python or "any" for one in (old, new)]
        yield _hit(pair, "requires-python", f"{_shown(gone)} no longer supported", texts[0], texts[1])


def _shown(versions: list[str]) -> str:
    if len(versions) == 1:
        return f"Python {versions[0]} is"
    return f"Python {versions[0]} {'and' if len(versions) == 2 else 'to'} {versions[-1]} are"


def _supported(specifiers: str) -> list[str] | None:
    """List the versions of Python of which some release fits; None where the text is no specifier."""
    try:
        wanted = SpecifierSet(specifiers)
    except InvalidSpecifier:
        return None
    return [version for version in _PYTHONS if any(wanted.contains(f"{version}.{micro}") for micro in (0, 9, 99))]


def _extras(pair: LibraryPair, old: Package, new: Package) -> Iterator[Hit]:
    if old.extras is not None and new.extras is not None:
        for name in sorted(set(old.extras).difference(new.extras)):
            yield _hit(pair, f"extra:{name}", f"extra {name!r} was removed", f"{pair.old.header.name}[{name}]", None)


def _entry_points(pair: LibraryPair, old: Package, new: Package) -> Iterator[Hit]:
    if old.entry_points is None or new.entry_points is None:
        return
    kept = {(one.group, one.name) for one in new.entry_points}
    for one in old.entry_points:
        if (one.group, one.name) not in kept:
            yield _hit(
                pair, f"{one.group}:{one.name}", f"{_words(one)} was removed", f"{one.name} = {one.target}", None
            )


def _words(one: EntryPoint) -> str:
    return f"command {one.name!r}" if one.group in _COMMANDS else f"entry point {one.name!r} of {one.group!r}"


def _hit(pair: LibraryPair, part: str, message: str, old_text: str, new_text: str | None) -> Hit:
    return Hit(
        symbol=symbol_path(ModuleName(pair.old.header.name), ""),
        new_symbol=symbol_path(ModuleName(pair.new.header.name), ""),
        path=PublicPath(pair.new.header.name),
        part=part,
        message=message,
        old_text=old_text,
        new_text=new_text,
    )


RULE = Rule(
    id="PB802",
    name="requirement-changed",
    title="A version of Python is no longer supported, or an extra, a command or another entry point was removed.",
    why="Installers choose an older release or refuse, scripts do not find the command, programs do not find the plug-in.",
    before="",
    after="",
    verdicts=verdicts("BB-B"),
    requires=Bump.MAJOR,
    on=LibraryPair,
    check=check,
)
