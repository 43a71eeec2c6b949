"""Draw types that were given to something unannotated, for a person to judge; and add up the verdicts.

    python benchmarks/sample_types.py EXPORT.json... --site-packages DIR [--count 240] [--seed 1] [--format json] > SAMPLE.md
    python benchmarks/sample_types.py EXPORT.json... --site-packages DIR --verdicts benchmarks/verdicts/types.toml

EXPORT is what `pybridge export` writes, or a folder of such files. Every tier gets the same share of the sample, and in
a tier every library's parameters, returns and attributes in turn, so that the largest library does not decide. The sources are read as text.

A file of verdicts is TOML: ``["jinja2.filters:do_batch -> return"]`` with ``type`` (what was judged), ``verdict``
(``right``, ``wrong`` or ``unclear``) and ``note``. A verdict on another type than the one claimed now is not counted.
"""

import argparse
import ast
import json
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pybridge.codec import decode
from pybridge.codec.python_text import type_text
from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Class
from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import SymbolPath
from pybridge.model.types import AnyType, Unknown

TIERS = (Tier.INFERRED, Tier.DOCSTRING, Tier.DEFAULT)
VERDICTS = ("right", "wrong", "unclear")
_MAX_LINES = 24
_MAX_HITS = 14


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A type that a library does not declare."""

    library: str
    symbol: SymbolPath
    part: str
    """``return``, ``attribute`` or ``parameter NAME``."""
    type: str
    tier: str
    confidence: str
    place: str = ""
    """File below site-packages and line; empty when the definition was not found."""
    source: str = ""

    @property
    def key(self) -> str:
        """What a verdict is filed under."""
        return f"{self.symbol} -> {self.part}"


def claims(library: LibraryDescriptor) -> Iterator[Claimed]:
    """Everything in a library that has a type without having declared one, sorted by nothing in particular."""
    for module in library.modules:
        for symbol, part, claim in _module(module):
            if claim.evidence.tier in TIERS and not isinstance(claim.expr, AnyType | Unknown):
                yield Claimed(
                    library=library.name,
                    symbol=symbol,
                    part=part,
                    type=type_text(claim.expr),
                    tier=claim.evidence.tier.value,
                    confidence=claim.evidence.confidence.value,
                )


def _module(module: Module) -> Iterator[tuple[SymbolPath, str, TypeClaim]]:
    for function in module.functions:
        yield from _function(function)
    for one in module.classes:
        yield from _class(one)
    for variable in module.variables:
        yield variable.path, "attribute", variable.type


def _class(one: Class) -> Iterator[tuple[SymbolPath, str, TypeClaim]]:
    if one.constructor.defined_by == one.path:
        for signature in one.constructor.signatures:
            for symbol, part, claim in _signature(one.path, signature):
                if part != "return":
                    yield symbol, part, claim
    for method in one.methods:
        yield from _function(method)
    for member in (*one.properties, *one.fields):
        yield member.path, "attribute", member.type
    for nested in one.nested_classes:
        yield from _class(nested)


def _function(function: Function) -> Iterator[tuple[SymbolPath, str, TypeClaim]]:
    for signature in function.signatures:
        yield from _signature(function.path, signature)


def _signature(path: SymbolPath, signature: Signature) -> Iterator[tuple[SymbolPath, str, TypeClaim]]:
    for parameter in signature.parameters:
        yield path, f"parameter {parameter.name}", parameter.type
    yield path, "return", signature.returns


def draw(population: Iterable[Claimed], *, count: int, seed: int) -> list[Claimed]:
    """Draw ``count`` claims: the same share of each tier, and in it of each library's kinds of part; sorted by key."""
    drawn: list[Claimed] = []
    sorted_claims = sorted({one.key: one for one in population}.values(), key=lambda one: one.key)
    for tier in TIERS:
        groups: dict[tuple[str, str], list[Claimed]] = {}
        for one in sorted_claims:
            if one.tier == tier.value:
                groups.setdefault((one.library, one.part.partition(" ")[0]), []).append(one)
        for (library, part), some in groups.items():
            random.Random(f"{seed} {tier.value} {library} {part}").shuffle(some)
        wanted = count // len(TIERS)
        while wanted and groups:
            for group in sorted(groups)[:wanted]:
                drawn.append(groups[group].pop())
                wanted -= 1
            groups = {group: some for group, some in groups.items() if some}
    return sorted(drawn, key=lambda one: (one.tier, one.key))


def located(one: Claimed, site_packages: Path) -> Claimed:
    """Add where it is defined and the lines that define it."""
    module, _, qualname = one.symbol.partition(":")
    base = site_packages.joinpath(*module.split("."))
    for file in (base / "__init__.py", base.with_suffix(".py"), base.with_suffix(".pyi")):
        if file.is_file():
            text = file.read_text(errors="replace")
            found = _definition(ast.parse(text), qualname.split("."))
            if found is None:
                break
            place = f"{file.relative_to(site_packages)}:{found.lineno}"
            source = "\n".join(_telling(text.splitlines(), found, one.part, qualname.rpartition(".")[2]))
            return msgspec.structs.replace(one, place=place, source=source)
    return one


def _definition(node: ast.AST, names: list[str]) -> ast.stmt | None:
    """Find a definition by its names: a function, class or assignment, or the assignment to ``self`` in a class."""
    name, *rest = names
    for child in ast.walk(node) if isinstance(node, ast.Module) and rest == [] else _statements(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and child.name == name:
            return (_definition(child, rest) or child) if rest else child
    for child in ast.walk(node):
        targets = child.targets if isinstance(child, ast.Assign) else [getattr(child, "target", None)]
        if isinstance(child, ast.stmt) and any(name in _target_names(one) for one in targets if one is not None):
            return child
    return None


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _statements(child)


def _target_names(target: ast.expr) -> set[str]:
    return {
        one.id if isinstance(one, ast.Name) else one.attr
        for one in ast.walk(target)
        if isinstance(one, ast.Name | ast.Attribute)
    }


def _telling(lines: list[str], found: ast.stmt, part: str, name: str) -> list[str]:
    """Pick the lines that say something: the head, what is returned, and where the name in question stands."""
    first, last = found.lineno - 1, found.end_lineno or found.lineno
    wanted = set(range(first, last if last - first <= _MAX_LINES else first + _MAX_LINES // 4))
    kind, _, parameter = part.partition(" ")
    words = {"return": r"\b(return|yield)\b", "parameter": rf"\b{parameter}\b", "attribute": rf"\.{name}\b"}
    pattern = re.compile(words[kind] + (r"|\bReturns\b|:rtype" if kind == "return" else ""))
    span = range(len(lines)) if kind == "attribute" else range(first, last)
    hits = [number for number in span if pattern.search(lines[number])]
    around = 2 if "return" in part else 0
    for number in hits[:_MAX_HITS]:
        wanted.update(range(max(number - 1, 0), min(number + 1 + around, len(lines))))
    told: list[str] = []
    for number in sorted(wanted):
        if told and number - 1 not in wanted:
            told.append("    ...")
        told.append(lines[number])
    return told


def as_markdown(sample: list[Claimed]) -> str:
    """Write the sample for a person."""
    return "\n".join(
        f"### {number}. `{one.key}`\n\n`{one.type}` ({one.tier}, {one.confidence}) at {one.place or 'no place found'}\n\n"
        f"```python\n{one.source}\n```\n"
        for number, one in enumerate(sample, 1)
    )


def judged(sample: list[Claimed], verdicts: dict[str, dict[str, str]]) -> str:
    """Add up the verdicts by tier, and list what has none."""
    counts: dict[str, Counter[str]] = {tier.value: Counter() for tier in TIERS}
    open_ones: list[str] = []
    for one in sample:
        verdict = verdicts.get(one.key)
        if verdict is None or verdict["type"] != one.type or verdict["verdict"] not in VERDICTS:
            open_ones.append(f"- {one.key}: {one.type} ({one.tier})")
            counts[one.tier]["open"] += 1
        else:
            counts[one.tier][verdict["verdict"]] += 1
    rows = [
        "| tier | drawn | right | wrong | unclear | not judged | right of judged |",
        "|---|---|---|---|---|---|---|",
    ]
    for tier, some in counts.items():
        told = sum(some[one] for one in VERDICTS)
        share = f"{100 * some['right'] / told:.1f} %" if told else "-"
        cells = (tier, some.total(), *(some[one] for one in VERDICTS), some["open"], share)
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join([*rows, *(["", "Not judged:", *open_ones] if open_ones else [])])


def _exports(places: list[Path]) -> Iterator[LibraryDescriptor]:
    for place in places:
        for file in sorted(place.glob("*.json")) if place.is_dir() else [place]:
            yield decode(file.read_bytes(), LibraryDescriptor)


def main() -> None:
    """Draw, and write the sample or the sum of the verdicts to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exports", nargs="+", type=Path)
    parser.add_argument("--site-packages", type=Path, required=True)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=["markdown", "json"], default="markdown")
    parser.add_argument("--verdicts", type=Path)
    arguments = parser.parse_args()
    population = [one for library in _exports(arguments.exports) for one in claims(library)]
    sample = draw(population, count=arguments.count, seed=arguments.seed)
    if arguments.verdicts:
        print(judged(sample, tomllib.loads(arguments.verdicts.read_text())))
        return
    placed = [located(one, arguments.site_packages) for one in sample]
    text = as_markdown(placed) if arguments.format == "markdown" else json.dumps(msgspec.to_builtins(placed), indent=2)
    print(text)
    print(f"{len(sample)} of {len(population)} claims", file=sys.stderr)


if __name__ == "__main__":
    main()
