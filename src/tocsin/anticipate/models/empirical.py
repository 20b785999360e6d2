"""Draws from values that were seen: sorted, and evenly spread over their probabilities."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.panel import Matrix


def quantile_levels(draws: int) -> Matrix:
    """The probabilities at which draws are taken, shape (S,): the middles of equal parts."""
    return np.asarray((np.arange(draws) + 0.5) / draws)


def draw_equally(values: Matrix, draws: int) -> Matrix:
    """Sorted draws, shape (S,), of values each as likely; those not known are left out.

    >>> draw_equally(np.array([3.0, np.nan, 1.0]), 4).tolist()
    [1.0, 1.0, 3.0, 3.0]
    >>> draw_equally(np.array([np.nan]), 2).tolist()
    [0.0, 0.0]
    """
    known = np.sort(values[~np.isnan(values)])
    if not known.size:
        return np.zeros(draws)
    return np.asarray(known[(quantile_levels(draws) * known.size).astype(int)])


def draw_weighted(values: Matrix, weight: Matrix, draws: int) -> Matrix:
    """Sorted draws, shape (S,), of values as likely as their weights say.

    >>> draw_weighted(np.array([5.0, 2.0]), np.array([3.0, 1.0]), 4).tolist()
    [2.0, 5.0, 5.0, 5.0]
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    place = np.searchsorted(below / below[-1], quantile_levels(draws))
    return np.asarray(values[order][np.minimum(place, len(order) - 1)])
