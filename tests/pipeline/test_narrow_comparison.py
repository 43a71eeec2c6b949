"""What is read of two sides that share most modules finds what reading all of them finds."""

import tempfile
from datetime import date
from pathlib import Path
from random import Random

import msgspec
import pytest

from described import describe
from edited_library import EDITS, SOURCES, edited
from pybridge.codec import encode, encode_library
from pybridge.model.library import LibraryDescriptor, Module, Skip, SkipReason
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.package import Package
from pybridge.pipeline.drift.differences import differences
from pybridge.pipeline.drift.settings import DEFAULT_PROFILE, DriftSettings
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.sides.kept import KeptModules, git_ids
from pybridge.pipeline.sides.side import Side, SideKind

TERMS = Terms(settings=DriftSettings(), profile=DEFAULT_PROFILE, today=date(2026, 1, 1))
SERIES = 40
MOST = 4
"""Edits of one side: with many, hardly a module stays the same."""


def _choices() -> list[tuple[frozenset[int], frozenset[int]]]:
    """Edits of the old and of the new side: each alone and undone, then some together."""
    random, numbers = Random(4), range(len(EDITS))
    alone = [(frozenset(), frozenset({one})) for one in numbers]
    undone = [(frozenset({one}), frozenset()) for one in numbers]
    together = [
        (
            frozenset(random.sample(numbers, random.randint(0, 2))),
            frozenset(random.sample(numbers, random.randint(2, MOST))),
        )
        for _ in range(SERIES)
    ]
    return [*alone, *undone, *together]


CHOICES = _choices()


@pytest.fixture(scope="module")
def sides() -> tuple[LibraryDescriptor, LibraryDescriptor]:
    """Both sides of all choices, a package each."""
    found = []
    for side in (0, 1):
        sources = {
            f"lib{number}/{file}": text
            for number, choice in enumerate(CHOICES)
            for file, text in edited(choice[side]).items()
        }
        with tempfile.TemporaryDirectory() as folder:
            found.append(describe(Path(folder), sources).descriptor)
    return found[0], found[1]


def _cut(descriptor: LibraryDescriptor, package: str) -> LibraryDescriptor:
    modules = tuple(one for one in descriptor.modules if one.name.partition(".")[0] == package)
    return msgspec.structs.replace(descriptor, name=package, roots=(package,), modules=modules)


def _side(descriptor: LibraryDescriptor, modules: type[KeptModules] = KeptModules) -> Side:
    whole = encode_library(descriptor)
    data = {one.name: encode(one) for one in descriptor.modules}
    return Side(
        label="",
        kind=SideKind.TREE,
        header=whole.header,
        modules=modules(data),
        digest=whole.digest,
        read_blobs=lambda: git_ids(data),
        read_places=lambda: None,
    )


@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_sides_that_share_modules_differ_in_what_sides_read_as_wholes_differ_in(
    sides: tuple[LibraryDescriptor, LibraryDescriptor], number: int
):
    old, new = (_side(_cut(one, f"lib{number}")) for one in sides)

    assert differences(old, new, TERMS) == differences(old, new, TERMS, is_whole=True)


def test_every_edit_is_one():
    assert all(edited(frozenset({one})) != SOURCES for one in range(len(EDITS)))


def test_the_edits_are_told(sides: tuple[LibraryDescriptor, LibraryDescriptor]):
    told = [
        bool(differences(*(_side(_cut(one, f"lib{number}")) for one in sides), TERMS).changes)
        for number in range(2 * len(EDITS))
    ]

    silent = {EDITS[number % len(EDITS)] for number, is_told in enumerate(told) if not is_told}
    assert silent == {("extra/deep.py", "return {}", "return {'depth': 1}")}


@pytest.mark.parametrize("change", ["package", "version", "skipped", "target", "roots"])
def test_what_is_said_of_the_library_as_a_whole_is_compared(
    sides: tuple[LibraryDescriptor, LibraryDescriptor], change: str
):
    old = _cut(sides[0], "lib0")
    new = msgspec.structs.replace(
        old,
        **{
            "package": {"package": Package(is_typed=False, requires_python=">=3.12", extras=("a",))},
            "version": {"version": "1.0.1"},
            "skipped": {"skipped": (Skip(path=SymbolPath("lib0.shapes:*"), reason=SkipReason.DYNAMIC),)},
            "target": {"target": msgspec.structs.replace(old.target, platform="win32")},
            "roots": {"roots": ("lib0", "other")},
        }[change],
    )
    old = msgspec.structs.replace(old, package=Package(is_typed=True, requires_python=">=3.9", extras=("a", "b")))

    assert differences(_side(old), _side(new), TERMS) == differences(_side(old), _side(new), TERMS, is_whole=True)


def test_a_module_that_is_the_same_and_has_no_part_in_the_edit_is_not_read(
    sides: tuple[LibraryDescriptor, LibraryDescriptor],
):
    number = next(one for one, edit in enumerate(EDITS) if edit[1] == "LIMIT = 10")
    read: set[str] = set()

    class Noted(KeptModules):
        def __getitem__(self, name: ModuleName) -> Module:
            read.add(name.rpartition(".")[2])
            return super().__getitem__(name)

    old, new = (_side(_cut(one, f"lib{number}"), Noted) for one in sides)
    differences(old, new, TERMS)

    assert read.isdisjoint({"shapes", "extra"})
