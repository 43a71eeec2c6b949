"""What is compared with what, and the bound that was set for it."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from race import figures
from race.contenders import MESSAGES, UNIT
from race.figures import Figure
from race.processes import Slice

Slices = Mapping[str, Mapping[str, Sequence[Slice]]]
"""By contender, by case: one slice a round."""
OURS = "worker"


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """One ratio: a case of the worker to a case of another, or of its own."""

    title: str
    case: str
    against: tuple[str, str]
    """A contender and a case."""
    measure: Callable[[Slice], float]
    bound: float
    is_more_better: bool = False


GOALS = (
    Goal(title="one call, p50 / bare gRPC", case="echo", against=(MESSAGES, "echo"), measure=figures.p50, bound=1.25),
    Goal(title="the same / bare gRPC of bytes", case="echo", against=(UNIT, "echo"), measure=figures.p50, bound=1.25),
    Goal(
        title="8 clients, calls a second / bare gRPC",
        case="eight",
        against=(MESSAGES, "eight"),
        measure=figures.rate,
        bound=0.85,
        is_more_better=True,
    ),
    Goal(
        title="an operation of a batch of 100 / a call of its own",
        case="batch",
        against=(OURS, "echo"),
        measure=figures.cost_per_operation,
        bound=1 / 50,
    ),
    Goal(
        title="stream of single items, items a second / bare gRPC",
        case="stream",
        against=(MESSAGES, "stream"),
        measure=figures.rate,
        bound=0.85,
        is_more_better=True,
    ),
    Goal(
        title="stream of 64 items a chunk, items a second / single items",
        case="coalesced",
        against=(OURS, "stream"),
        measure=figures.rate,
        bound=30,
        is_more_better=True,
    ),
    Goal(
        title="array of 10 MiB to and fro, p50 / bare gRPC",
        case="array",
        against=(UNIT, "array"),
        measure=figures.p50,
        bound=1.5,
    ),
    Goal(
        title="1 GiB that is kept, down, time / one bare message",
        case="download",
        against=(UNIT, "download"),
        measure=figures.p50,
        bound=0.35,
    ),
    Goal(
        title="one call, p50 / RPyC by reference",
        case="echo",
        against=("rpyc", "echo"),
        measure=figures.p50,
        bound=0.15,
    ),
    Goal(
        title="one call, p50 / FastAPI and httpx",
        case="echo",
        against=("fastapi", "echo"),
        measure=figures.p50,
        bound=0.5,
    ),
    Goal(title="one call, p50 / Ray Serve", case="echo", against=("ray", "echo"), measure=figures.p50, bound=0.15),
)


def reached(goal: Goal, found: Figure) -> bool:
    """Whether the median over the rounds is within the bound."""
    return found.median >= goal.bound if goal.is_more_better else found.median <= goal.bound


def ratio(goal: Goal, slices: Slices) -> Figure | None:
    """Return a goal's ratio over the rounds. None: a side of it was not measured."""
    ours = slices.get(OURS, {}).get(goal.case)
    contender, case = goal.against
    others = slices.get(contender, {}).get(case)
    if not ours or not others:
        return None
    return figures.ratio(ours, others, goal.measure, is_more_better=goal.is_more_better)
