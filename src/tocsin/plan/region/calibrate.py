"""The status quo starts at the whole forecast: its first year has the forecast's quantiles.

The model adds chance of its own (parameters, echoes, noise of counts) to the level at which it
starts. From the forecast's mean alone its first year would be as wide as that chance, whatever the
forecast says of its own doubt. So each future has a level of its own, chosen so that the deaths of
the first year, taken over all futures, are distributed in each territory as the forecast's draws.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

ROUNDS = 8
"""Steps of the fixed point; the quantiles move by less than a per cent after six."""
STEP = 4.0
"""The factor by which a step changes a level at most, so that a quiet start does not leap."""
LEAST = 1e-3
"""Deaths a month below which a level is not lowered further: no territory is beyond all harm."""
HALF = 0.5
"""Deaths added to both sides of a ratio, since a count of nought says little of its rate."""

Level = npt.NDArray[np.float32]


def calibrate_level(
    simulate_deaths: Callable[[Level], npt.NDArray[np.float32]],
    level: Level,
    totals: npt.NDArray[np.float64],
    futures: int,
) -> Level:
    """Find a level of violence for each future and territory that gives the forecast's first year.

    Each future keeps its rank: the one with the most deaths under a common level gets the highest
    quantile of the forecast. Its level is then scaled by wanted over simulated deaths, round after
    round, in the same chance (a fixed point, since deaths rise with the level).

    Args:
        simulate_deaths: gives the deaths of the status quo over the months that `totals` are of,
            shape (F, N), for levels of shape (F, N), with the same random numbers at every call.
        level: the forecast's mean deaths a month, shape (N,).
        totals: draws of the forecast's sum over the first months, shape (N, S).
        futures: the number of futures, F.

    Returns:
        Deaths a month, shape (F, N).
    """
    found = np.tile(level.astype(np.float32), (futures, 1))
    shares = (np.arange(futures) + 0.5) / futures
    sorted_totals = np.quantile(totals, shares, axis=1)  # (F, N)
    wanted: npt.NDArray[np.float64] | None = None
    for _ in range(ROUNDS):
        seen = simulate_deaths(found).astype(np.float64)
        if wanted is None:
            ranks = seen.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
            wanted = np.take_along_axis(sorted_totals, ranks, axis=0)
        factor = np.clip((wanted + HALF) / (seen + HALF), 1 / STEP, STEP)
        found = np.maximum(found * factor, LEAST).astype(np.float32)
    return found
