"""The outcomes as the tables of docs/benchmarks.md, between two markers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sidebyside.accuracy import MEASURES, Score
from sidebyside.figures import Spread
from sidebyside.rounds import COLD, FIRST, WARM, Outcome

BEGIN, END = "<!-- benchmarks:begin -->", "<!-- benchmarks:end -->"
_EDITS = ("body", "docstring", "signature")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, as kept in the file of ``--json``; libraries that are measured again replace their older self."""

    machine: str
    peer: str
    outcomes: dict[str, Outcome]
    scores: dict[str, Score]


def written(page: str, table: str) -> str:
    """Put a table between the markers of a page, at its end when it has none."""
    head, found, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2] if found else "\n"
    start = head if found or not head else f"{head.rstrip()}\n\n"
    return f"{start}{BEGIN}\n\n{table}\n{END}{tail}"


def update(path: Path, session: Session, order: Sequence[str]) -> None:
    """Write the tables of a session into a page."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(written(page, "\n".join(lines(session, order))), encoding="utf-8")


def lines(session: Session, order: Sequence[str]) -> Iterator[str]:
    """Write all tables; libraries in the order of the corpus."""
    outcomes = [session.outcomes[name] for name in order if name in session.outcomes]
    yield f"Machine: {session.machine}. Peer: {session.peer}."
    yield ""
    yield from _costs(outcomes)
    yield from _again(outcomes)
    yield from _runs(outcomes)
    told = [f"- {one.library}: {note}." for one in outcomes for note in one.notes]
    if told:
        yield from (*told, "")
    yield from _accuracy({name: session.scores[name] for name in order if name in session.scores})


def _costs(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "### First analysis of a library"
    yield ""
    head = ("library", "peer CPU s", "PyBridge CPU s", "CPU ratio", "... nothing cached", "wall ratio")
    yield from _rows(
        (*head, "peer MB", "PyBridge MB, largest", "ratio", "PyBridge MB, all"),
        (
            (
                one.library,
                _span(one.peer["cpu"]),
                _span(one.modes[COLD].value["cpu"]),
                f"**{_span(one.modes[COLD].ratio['cpu'])}**",
                _number(one.modes[FIRST].ratio["cpu"].median),
                _number(one.modes[COLD].ratio["wall"].median),
                f"{one.peer['largest'].median:.0f}",
                f"{one.modes[COLD].value['largest'].median:.0f}",
                f"**{_number(one.modes[COLD].ratio['largest'].median)}**",
                f"{one.modes[COLD].value['tree'].median:.0f}",
            )
            for one in outcomes
        ),
    )


def _again(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "### The same library again"
    yield ""
    modes = (WARM, *_EDITS)
    cells = [
        (
            one.library,
            *(_again_cell(one, mode) for mode in modes),
            _number(one.modes[WARM].value["wall"].lowest),
            one.edited or "-",
        )
        for one in outcomes
    ]
    head = (
        "library",
        "nothing changed",
        "a body",
        "a docstring",
        "a signature",
        "nothing changed, wall s at best",
        "edited",
    )
    yield from _rows(head, cells)


def _again_cell(one: Outcome, mode: str) -> str:
    if mode not in one.modes:
        return "-"
    figures = one.modes[mode]
    return f"{_number(figures.value['cpu'].median)} s, **{_number(figures.ratio['cpu'].median)}**"


def _runs(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "### What was read and written"
    yield ""
    head = ("library", "version", "files", "source MB", "modules: peer, PyBridge", "JSON MB: peer, PyBridge")
    yield from _rows(
        (*head, "rounds", "load before, after"),
        (
            (
                one.library,
                one.version,
                str(one.files),
                f"{one.source_bytes / 1e6:.1f}",
                f"{one.modules[1]}, {one.modules[0]}",
                f"{one.size_bytes[1] / 1e6:.1f}, {one.size_bytes[0] / 1e6:.1f}",
                str(one.runs),
                f"{one.load[0]:.1f}, {one.load[1]:.1f}",
            )
            for one in outcomes
        ),
    )


def _accuracy(scores: Mapping[str, Score]) -> Iterator[str]:
    if not scores:
        return
    yield "### Accuracy of the same descriptions"
    yield ""
    rows = [(name, *(_pair(score, measure) for score in scores.values())) for name, measure in MEASURES.items()]
    yield from _rows(("peer, PyBridge, in %", *scores), rows)


def _pair(score: Score, measure: str) -> str:
    return f"{_share(score.peers.get(measure))}, **{_share(score.ours.get(measure))}**"


def _share(counted: tuple[int, int] | None) -> str:
    return f"{100 * counted[0] / counted[1]:.1f}" if counted and counted[1] else "-"


def _span(spread: Spread) -> str:
    return f"{_number(spread.median)} ({_number(spread.lowest)}-{_number(spread.highest)})"


def _number(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
