"""From slices to the figures that are told: medians and best rounds, and ratios round by round."""

import statistics
from collections.abc import Callable, Sequence

import msgspec

from race.processes import Slice


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over the rounds."""

    median: float
    best: float


def figure(values: Sequence[float], *, is_more_better: bool = False) -> Figure:
    """Sum up at least one value."""
    return Figure(median=statistics.median(values), best=max(values) if is_more_better else min(values))


def ratio(
    ours: Sequence[Slice], others: Sequence[Slice], measure: Callable[[Slice], float], *, is_more_better: bool = False
) -> Figure:
    """Sum up the ratios of slices of the same round, so that a machine that slows down slows both.

    Raises:
        ValueError: there are not as many of the one as of the other.
    """
    pairs = zip(ours, others, strict=True)
    return figure([measure(one) / measure(other) for one, other in pairs], is_more_better=is_more_better)


def p50(one: Slice) -> float:
    return one.p50


def rate(one: Slice) -> float:
    """Operations a second."""
    return one.operations / one.wall


def cpu_per_call(one: Slice) -> float:
    """CPU seconds of client and server together for one call."""
    return (one.cpu + one.server_cpu) / one.calls


def server_cpu_per_call(one: Slice) -> float:
    return one.server_cpu / one.calls


def cost_per_operation(one: Slice) -> float:
    return one.p50 * one.calls / one.operations
