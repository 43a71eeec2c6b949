"""The rounds as the tables of docs/benchmarks-worker.md, between two markers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from race.contenders import CASES, CONTENDERS, Contender
from race.figures import cpu_per_call, figure, p50, rate, server_cpu_per_call
from race.goals import GOALS, Goal, ratio, reached
from race.processes import Slice

BEGIN, END = "<!-- benchmarks-worker:begin -->", "<!-- benchmarks-worker:end -->"
TITLES = {
    "echo": "one small value to and fro",
    "json": "the same as JSON",
    "eight": "the same by 8 clients at once",
    "batch": "100 of the same in a batch",
    "stream": "a stream of 10,000 items, one a message",
    "coalesced": "a stream of 128,000 items, 64 a message",
    "array": "an array of 10 MiB to and fro",
    "download": "a value of 1 GiB, down",
}


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, as kept in the file of ``--json``."""

    machine: str
    options: str
    """What was on in the worker."""
    rounds: int
    load: tuple[float, float]
    """Load of the machine before and after."""
    slices: dict[str, dict[str, list[Slice]]]


def written(page: str, table: str) -> str:
    """Put a table between the markers of a page, at its end when it has none."""
    head, found, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2] if found else "\n"
    start = head if found or not head else f"{head.rstrip()}\n\n"
    return f"{start}{BEGIN}\n\n{table}\n{END}{tail}"


def update(path: Path, session: Session) -> None:
    """Write the tables of a session into a page."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(written(page, "\n".join(lines(session))), encoding="utf-8")


def lines(session: Session) -> Iterator[str]:
    """Write all tables."""
    before, after = session.load
    yield f"Machine: {session.machine}. Rounds: {session.rounds}; load before and after: {before:.1f}, {after:.1f}."
    yield f"The worker: {session.options}."
    yield ""
    yield from _goals(session.slices)
    for case in CASES:
        yield from _case(case, session.slices)


def _goals(slices: Mapping[str, Mapping[str, Sequence[Slice]]]) -> Iterator[str]:
    rows = [_goal(goal, slices) for goal in GOALS]
    yield "### Ratios"
    yield ""
    yield from _rows(("worker / other", "goal", "median", "best round", "reached"), [row for row in rows if row])


def _goal(goal: Goal, slices: Mapping[str, Mapping[str, Sequence[Slice]]]) -> tuple[str, ...] | None:
    found = ratio(goal, slices)
    if found is None:
        return None
    bound = f"{_number(goal.bound)} or {'more' if goal.is_more_better else 'less'}"
    return (
        goal.title,
        bound,
        f"**{_number(found.median)}**",
        _number(found.best),
        "yes" if reached(goal, found) else "no",
    )


def _case(case: str, slices: Mapping[str, Mapping[str, Sequence[Slice]]]) -> Iterator[str]:
    rows = [_row(one, slices[one.name][case]) for one in CONTENDERS if slices.get(one.name, {}).get(case)]
    if not rows:
        return
    yield f"### {TITLES[case][:1].upper()}{TITLES[case][1:]}"
    yield ""
    head = (
        "",
        "p50 us",
        "best p50",
        "p99 us",
        "operations a second",
        "CPU us a call",
        "of it, server",
        "client's peak MiB",
    )
    yield from _rows(head, rows)


def _row(contender: Contender, slices: Sequence[Slice]) -> tuple[str, ...]:
    halves = figure([p50(one) for one in slices])
    return (
        contender.title,
        _micro(halves.median),
        _micro(halves.best),
        _micro(figure([one.p99 for one in slices]).median),
        f"{figure([rate(one) for one in slices]).median:,.0f}",
        _micro(figure([cpu_per_call(one) for one in slices]).best),
        _micro(figure([server_cpu_per_call(one) for one in slices]).best),
        f"{max(one.peak_bytes for one in slices) / 2**20:.0f}",
    )


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f}"


def _number(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
