"""Case files of rules: Markdown whose ``## section`` holds both sides of a small library and the findings on it.

A block is ``python old`` or ``python new``, followed by a file name where it is not ``__init__.py``; a side without a
block is an empty module. ``toml old`` is its pyproject.toml, ``text new py.typed`` marks it as typed. A section is a package of its own, and all sections of all files are described at once.
"""

import functools
import os
import re
import tempfile
from pathlib import Path

import msgspec

from described import describe
from pybridge.compat import Library
from pybridge.model.finding import Finding, Verdict, Verdicts
from pybridge.model.library import LibraryDescriptor
from pybridge.source.files import DirectoryFiles
from pybridge.source.project import Project, read_project

RULES = Path(__file__).parent / "rules"
LETTERS = {
    Verdict.BREAKING: "B",
    Verdict.RISKY: "R",
    Verdict.UNKNOWN: "U",
    Verdict.SAFE: "S",
    Verdict.NONE: "-",
}
_SECTION = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(?P<label>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class RuleCase(msgspec.Struct, frozen=True, kw_only=True):
    """One section of a case file."""

    file: str
    title: str
    package: str
    old: dict[str, str]
    new: dict[str, str]
    old_project: dict[str, str] = {}
    """What is no module of it: ``pyproject.toml``, ``py.typed``; empty where nobody says anything of the distribution."""
    new_project: dict[str, str] = {}
    expected: str

    @property
    def is_near_miss(self) -> bool:
        """Whether the rule of the file must keep silent."""
        return self.title.lower().startswith("near miss")


def read_cases() -> tuple[RuleCase, ...]:
    """Read every section of every case file."""
    return tuple(case for path in sorted(RULES.glob("*.md")) for case in _read(path))


@functools.cache
def described_cases() -> tuple[LibraryDescriptor, LibraryDescriptor]:
    """Describe both sides of all cases, each side as one library with a package a section."""
    cases = read_cases()
    sides = []
    for side in ("old", "new"):
        sources = {f"{one.package}/{name}": text for one in cases for name, text in getattr(one, side).items()}
        with tempfile.TemporaryDirectory() as folder:
            sides.append(describe(Path(folder), sources).descriptor)
    return sides[0], sides[1]


def libraries(case: RuleCase) -> tuple[Library, Library]:
    """Both sides of one section."""
    old, new = (only(one, case.package) for one in described_cases())
    return with_project(old, case.old_project), with_project(new, case.new_project)


def only(descriptor: LibraryDescriptor, package: str) -> Library:
    """Cut one package out of a library."""
    modules = tuple(one for one in descriptor.modules if one.name.partition(".")[0] == package)
    return Library.of(msgspec.structs.replace(descriptor, name=package, modules=modules))


def with_project(library: Library, files: dict[str, str]) -> Library:
    """Say of a library what its project says."""
    if not files:
        return library
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        project = read_project(DirectoryFiles(Path(folder))) or Project()
    package = msgspec.structs.replace(project.package, is_typed="py.typed" in files)
    header = msgspec.structs.replace(library.header, package=package, version=project.version)
    return Library(header, library.modules)


def finding_line(finding: Finding, package: str) -> str:
    """Write a finding as the case files do: rule, symbol, part, verdicts, version step."""
    symbol = finding.symbol.removeprefix(package).removeprefix(":")
    return " ".join(
        one for one in (finding.rule, symbol, finding.part, letters(finding.verdict), finding.requires.value) if one
    )


def letters(verdicts: Verdicts) -> str:
    """Write four verdicts as letters."""
    every = (verdicts.source, verdicts.typing, verdicts.subclass, verdicts.bridge)
    return "".join(LETTERS[one] for one in every)


def rewrite(case: RuleCase, text: str) -> None:
    """Put the findings into the case file, as ``PYBRIDGE_UPDATE_CASES=1`` asks for."""
    path = RULES / f"{case.file}.md"
    whole = path.read_text()
    head, _, rest = whole.partition(f"## {case.title}\n")
    body, mark, tail = rest.partition("```findings\n")
    _, end, tail = tail.partition("```")
    path.write_text(f"{head}## {case.title}\n{body}{mark}{text}{end}{tail}")


def is_updating() -> bool:
    """Whether case files are to be rewritten."""
    return os.environ.get("PYBRIDGE_UPDATE_CASES") == "1"


def _read(path: Path) -> list[RuleCase]:
    found = []
    for section in _SECTION.finditer(path.read_text()):
        sides: dict[str, dict[str, str]] = {"old": {}, "new": {}}
        projects: dict[str, dict[str, str]] = {"old": {}, "new": {}}
        expected = ""
        for block in _BLOCK.finditer(section["body"]):
            language, *rest = block["label"].split()
            if language == "python":
                sides[rest[0]][rest[1] if len(rest) > 1 else "__init__.py"] = block["text"]
            elif language == "toml":
                projects[rest[0]]["pyproject.toml"] = block["text"]
            elif language == "text":
                projects[rest[0]][rest[1]] = block["text"]
            elif language == "findings":
                expected = block["text"]
        for files in sides.values():
            files.setdefault("__init__.py", "")
        slug = re.sub(r"[^a-z0-9]+", "_", section["title"].lower()).strip("_")
        found.append(
            RuleCase(
                file=path.stem,
                title=section["title"],
                package=f"{path.stem.partition('_')[0]}_{slug}",
                old=sides["old"],
                new=sides["new"],
                old_project=projects["old"],
                new_project=projects["new"],
                expected=expected,
            )
        )
    return found
