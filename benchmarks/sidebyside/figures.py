"""From the runs' costs to the figures that are told: medians, extremes, and ratios pair by pair."""

import statistics
from collections.abc import Callable, Sequence

import msgspec

from sidebyside.measure import Cost


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over several runs."""

    median: float
    lowest: float
    highest: float


def spread(values: Sequence[float]) -> Spread:
    """Sum up at least one value."""
    return Spread(median=statistics.median(values), lowest=min(values), highest=max(values))


def ratios(ours: Sequence[float], peers: Sequence[float]) -> Spread:
    """Sum up the ratios of runs that were neighbours in time, so that a machine that slows down slows both.

    Raises:
        ValueError: there are not as many of the one as of the other.
    """
    return spread([one / other for one, other in zip(ours, peers, strict=True)])


MEASURES: dict[str, Callable[[Cost], float]] = {
    "cpu": lambda cost: cost.cpu_seconds,
    "wall": lambda cost: cost.wall_seconds,
    "largest": lambda cost: cost.largest_bytes / 1e6,
    "tree": lambda cost: cost.tree_bytes / 1e6,
}
"""Seconds and megabytes (10^6 bytes) of a run."""


def summed(ours: Sequence[Cost], peers: Sequence[Cost]) -> dict[str, dict[str, Spread]]:
    """Return, by measure, our spread and the ratio to the peer's run of the same round."""
    found: dict[str, dict[str, Spread]] = {}
    for name, measure in MEASURES.items():
        mine, theirs = [measure(one) for one in ours], [measure(one) for one in peers]
        found[name] = {"value": spread(mine), "ratio": ratios(mine, theirs)}
    return found
