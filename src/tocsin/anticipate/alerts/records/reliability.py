"""Reliability diagrams: how often it came when the forecast said so.

With consistency intervals: where the frequencies of a forecast that is right would lie
(Bröcker and Smith 2007, Increasing the reliability of reliability diagrams, Weather and
Forecasting 22). Windows that overlap are not independent, so a surrogate uses one random
number a territory and stretch of months, which makes the intervals as wide as they should be.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tocsin.anticipate.data.panel import Matrix

EDGES = np.array([0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
SURROGATES = 200


def reliability(
    probability: Matrix, event: Matrix, *, stretch: int, seed: int
) -> list[dict[str, Any]]:
    """Compute the points of a reliability diagram, with consistency intervals.

    A consistency interval says where a point would lie if the forecasts were calibrated.

    Args:
        probability, event: what was forecast (0 to 1) and what came (0 or 1), shape (T, N), NaN
            where unknown.
        stretch: how many origins one after the other share their months ahead.
        seed: start of the surrogates' random numbers.

    Returns:
        A row for each bin of probability: `low` and `high` (its ends), `n` (cases), `forecast`
        (mean probability), `frequency` (how often the event came), and `consistent_low` and
        `consistent_high` (5 % and 95 % of the surrogates' frequencies).

    Source: Bröcker and Smith (2007), Increasing the reliability of reliability diagrams, Weather
    and Forecasting 22.
    """
    known = ~np.isnan(probability) & ~np.isnan(event)
    if not known.any():
        return []
    p, y = probability[known], event[known]
    bins = np.clip(np.searchsorted(EDGES, p, side="right") - 1, 0, len(EDGES) - 2)
    size = np.bincount(bins, minlength=len(EDGES) - 1)
    times, units = np.nonzero(known)
    cell = units * (int(times.max()) // stretch + 1) + times // stretch
    random = np.random.default_rng(seed)
    surrogate = np.empty((SURROGATES, len(size)))
    for i in range(SURROGATES):
        came = random.random(int(cell.max()) + 1)[cell] < p
        surrogate[i] = np.bincount(bins, came, minlength=len(size)) / np.maximum(size, 1)
    low, high = np.quantile(surrogate, [0.05, 0.95], axis=0)
    total, hits = np.bincount(bins, p, len(size)), np.bincount(bins, y, len(size))
    return [
        {
            "low": float(EDGES[b]),
            "high": float(EDGES[b + 1]),
            "n": int(size[b]),
            "forecast": float(total[b] / size[b]),
            "frequency": float(hits[b] / size[b]),
            "consistent_low": float(low[b]),
            "consistent_high": float(high[b]),
        }
        for b in np.flatnonzero(size)
    ]
