"""The challenge's benchmarks: what a forecast must beat to be worth its words.

Some are distributions of few values (zero is one, conflictology is twelve); they are given
as these values, each as likely as the others, and not as a thousand draws from them, so that
their scores carry no error of sampling.
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.features import borders
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models.baselines import Model, last_twelve
from tocsin.anticipate.models.empirical import equally_likely, levels


def zero(history: Panel, horizons: int, draws: int) -> Matrix:  # noqa: ARG001
    """Exactly zero, as one draw."""
    return np.zeros((len(history.gwnos), horizons, 1))


def last_month(history: Panel, horizons: int, draws: int) -> Matrix:
    """Poisson with the last observed month as its mean."""
    from scipy.stats import poisson

    mean = np.nan_to_num(history.deaths[:, -1:])
    return np.repeat(poisson.ppf(levels(draws)[None, :], mean)[:, None], horizons, axis=1)


def twelve(history: Panel, horizons: int, draws: int) -> Matrix:  # noqa: ARG001
    """Conflictology: the last twelve months as twelve draws.

    A unit with fewer known months gives twelve draws that hold each about equally often.
    """
    return last_twelve(history, horizons, 12)


def with_neighbours(history: Panel, horizons: int, draws: int) -> Matrix:
    """The last twelve months of a unit and of its neighbours, each as likely as the others."""
    return year_around(history, borders(history) > 0, horizons, draws)


def year_around(history: Panel, beside: np.ndarray, horizons: int, draws: int) -> Matrix:
    """The last twelve months of each unit and of those beside it, each as likely.

    Args:
        beside: True where two units are beside each other, shape (N, N).
    """
    year = history.deaths[:, -12:]
    found = np.zeros((len(year), draws))
    for i, near in enumerate(beside):
        found[i] = equally_likely(np.concatenate([year[i], year[near].ravel()]), draws)
    return np.repeat(found[:, None], horizons, axis=1)


BENCHMARKS: dict[str, Model] = {
    "exactly zero": zero,
    "last month (Poisson)": last_month,
    "last twelve months": twelve,
    "last twelve, neighbours": with_neighbours,
}
"""Each takes a panel, horizons and draws; it may give fewer draws than asked."""
