"""The status quo starts at the whole forecast: its first year has the forecast's quantiles.

The model adds chance of its own (parameters, echoes, sizes of events) to the level at which it
starts. From the forecast's mean alone its first year would be as wide as that chance, whatever the
forecast says of its own doubt. So each future has a level of its own, chosen so that the deaths of
the first year, taken over all futures, are distributed in each territory as the forecast's draws.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

BY_NUMBER, BY_SIZE = 5, 4
"""Steps of the fixed point in the number of incidents, then in their size."""
STEP = 5.0
"""The factor by which a step changes a level at most, so that a quiet start does not leap."""
LEAST = 1e-3
"""Deaths a month below which a level is not lowered further: no territory is beyond all harm."""
WIDEST = 10.0
"""An incident has at most so many times as many deaths as elsewhere, or as few."""
HALF = 0.5
"""Deaths added to both sides of a ratio, since a count of nought says little of its rate."""

Floats = npt.NDArray[np.float32]


class Level(NamedTuple):
    """This is the level of violence of each future and territory, shapes (F, N)."""

    deaths: Floats
    """Deaths a month."""
    sizes: Floats
    """Deaths of an incident, where 1 is what all have in common."""


def calibrate_level(
    simulate_deaths: Callable[[Level], Floats],
    level: Floats,
    totals: npt.NDArray[np.float64],
    futures: int,
) -> Level:
    """Find a level of violence for each future and territory that gives the forecast's first year.

    Each future keeps its rank: the one with the most deaths under a common level gets the highest
    quantile of the forecast. Its level is then scaled by wanted over simulated deaths, round after
    round, in the same chance: first by the number of incidents, which leaps, then by their size
    alone, which does not (a fixed point, since deaths rise with both).

    Args:
        simulate_deaths: gives the deaths of the status quo over the months that `totals` are of,
            shape (F, N), with the same random numbers at every call.
        level: the forecast's mean deaths a month, shape (N,).
        totals: draws of the forecast's sum over the first months, shape (N, S).
        futures: the number of futures, F.

    Returns:
        The level of each future.
    """
    found = Level(
        np.tile(level.astype(np.float32), (futures, 1)), np.ones((futures, len(level)), np.float32)
    )
    shares = (np.arange(futures) + 0.5) / futures
    sorted_totals = np.quantile(totals, shares, axis=1)  # (F, N)
    wanted: npt.NDArray[np.float64] | None = None
    for turn in range(BY_NUMBER + BY_SIZE):
        seen = simulate_deaths(found).astype(np.float64)
        if wanted is None:
            ranks = seen.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
            wanted = np.take_along_axis(sorted_totals, ranks, axis=0)
        factor = np.clip((wanted + HALF) / (seen + HALF), 1 / STEP, STEP)
        deaths, sizes = found.deaths.astype(np.float64), found.sizes.astype(np.float64)
        if turn >= BY_NUMBER:
            # The number of incidents is deaths by size, and stays as it is.
            number, sizes = deaths / sizes, np.clip(sizes * factor, 1 / WIDEST, WIDEST)
            deaths = number * sizes
        else:
            # Down by half, in logarithms: what one large event made is not taken for a level.
            half = np.where(factor < 1, np.sqrt(factor), factor)
            deaths = np.maximum(deaths * half, LEAST)
        found = Level(deaths.astype(np.float32), sizes.astype(np.float32))
    return found
