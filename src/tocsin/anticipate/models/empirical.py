"""Draws from values that were seen: sorted, and evenly spread over their probabilities."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.panel import Matrix


def quantile_levels(draws: int) -> Matrix:
    """Give the probabilities at which draws are taken: the middles of equal parts of 0 to 1.

    Args:
        draws: how many draws there are, S.

    Returns:
        Probabilities in rising order, shape (S,).
    """
    return np.asarray((np.arange(draws) + 0.5) / draws)


def draw_equally(values: Matrix, draws: int) -> Matrix:
    """Take sorted draws from values of which each is as likely as the others.

    Args:
        values: shape (n,); those that are NaN are left out.
        draws: how many draws are taken, S.

    Returns:
        Shape (S,), in the unit of the values; zeros if no value is known.

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
    """Take sorted draws from values that are as likely as their weights say.

    Args:
        values: shape (n,), without NaN.
        weight: the weights, shape (n,), at least 0 and not all 0.
        draws: how many draws are taken, S.

    Returns:
        Shape (S,), in the unit of the values.

    >>> draw_weighted(np.array([5.0, 2.0]), np.array([3.0, 1.0]), 4).tolist()
    [2.0, 5.0, 5.0, 5.0]
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    place = np.searchsorted(below / below[-1], quantile_levels(draws))
    return np.asarray(values[order][np.minimum(place, len(order) - 1)])
