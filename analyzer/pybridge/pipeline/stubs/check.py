"""In what stubs and sources disagree, as far as the text of both tells."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pybridge.codec import digest
from pybridge.compat import Library, judge
from pybridge.compat.rules.package.pb803_stub_disagrees import RULE as STUB_DISAGREES
from pybridge.model.drift import Advice, DriftReport, DriftSide, JudgedFinding, Level
from pybridge.model.finding import Bump, Finding, Verdict
from pybridge.model.names import ModuleName, split_symbol
from pybridge.pipeline.drift.accepted import left_over, match
from pybridge.pipeline.drift.levels import wanted_level
from pybridge.pipeline.drift.places import place_of
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides import Side
from pybridge.pipeline.stubs.overlays import has_overlays, overlay_findings
from pybridge.pipeline.stubs.sides import StubSides, stub_sides
from pybridge.protocols import Progress

RULE, NAME = STUB_DISAGREES.id, STUB_DISAGREES.name
_ONLY_SOURCE = frozenset({"PB102", "PB104", "PB501"})
_ONLY_STUB = frozenset({"PB101", "PB103", "PB502"})
_OTHERWISE = frozenset(
    {
        *(f"PB{number}" for number in (110, 201, 202, 203, 204, 205, 206, 207, 208, 210, 211, 212, 213)),
        *(f"PB{number}" for number in (301, 302, 303, 304, 305, 306, 307, 310)),
        *(f"PB{number}" for number in (401, 402, 403, 601, 603, 604, 605, 606)),
    }
)
"""What a stub can say wrongly. It cannot say what a body does (generators, decorators), and need not repeat
documentation, values and defaults."""


def check_stubs(
    request: AnalyzeRequest, stubs: Path | None, terms: Terms, places: Places, progress: Progress
) -> DriftReport:
    """Compare; the old side is the source, the new side the stub.

    Raises:
        BaselineMissing: no module has both.
        DistributionNotFound, SourceUnreadable: the library is not there, or cannot be read.
    """
    sides = stub_sides(request, stubs, has_overlays, places, progress)
    source = Library(sides.source.header, sides.source.modules)
    found = [*_disagreements(sides, source), *overlay_findings(source)]
    judged = tuple(_judged(one, sides, terms) for one in found)
    return DriftReport(
        old=_side(sides.source),
        new=_side(sides.stubs),
        profile=terms.profile,
        findings=judged,
        advice=Advice(required=Bump.NONE),
        remarks=tuple(left_over(terms.acceptances, found, terms.today)),
    )


def _disagreements(sides: StubSides, source: Library) -> Iterator[Finding]:
    for one in judge(source, Library(sides.stubs.header, sides.stubs.modules)):
        message = _message(one)
        if message is not None and _module(one) in sides.modules:
            yield msgspec.structs.replace(
                one,
                rule=RULE,
                name=NAME,
                verdict=STUB_DISAGREES.verdicts,
                part=one.part or one.name,
                message=message,
                requires=Bump.NONE,
                hint=None,
                fingerprint=digest([RULE, one.fingerprint]),
            )


def _message(one: Finding) -> str | None:
    if one.rule in _ONLY_SOURCE:
        return "the source has it, the stub has not"
    if one.rule in _ONLY_STUB:
        return "the stub has it, the source has not"
    if one.rule in _OTHERWISE and Verdict.UNKNOWN not in {one.verdict.source, one.verdict.typing}:
        return f"from source to stub: {one.message}"
    return None


def _module(one: Finding) -> ModuleName:
    return split_symbol(one.symbol)[0]


def _judged(one: Finding, sides: StubSides, terms: Terms) -> JudgedFinding:
    acceptance = match(terms.acceptances, one, terms.today)
    level = wanted_level(one, terms.settings) or Level.ERROR
    return JudgedFinding(
        finding=one,
        level=Level.ALLOWED if acceptance is not None else level,
        old=place_of(one.old_symbol, sides.source.source_map) if sides.source.source_map else None,
        new=place_of(one.new_symbol, sides.stubs.source_map) if sides.stubs.source_map else None,
        accepted=acceptance.reason if acceptance is not None else None,
    )


def _side(side: Side) -> DriftSide:
    return DriftSide(
        label=side.label,
        library=side.header.name,
        version=side.header.version,
        digest=side.digest,
        folder=side.folder,
        is_incomplete=side.is_incomplete,
    )
