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
from tocsin.anticipate.models.empirical import draw_equally, quantile_levels
from tocsin.base.moved import old_parameters

POOLED_MONTHS = 240
"""Months of all units from which the benchmark boot240 draws, as in the challenge."""


@old_parameters(horizons="horizon")
def zero(history: Panel, horizon: int, draws: int) -> Matrix:  # noqa: ARG001
    """Forecast exactly zero deaths, as one draw (a benchmark).

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S, which is not looked at.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, 1); the same for each month.

    Source: Hegre et al. (2025), The 2023/24 VIEWS Prediction challenge, Journal of Peace Research.
    """
    return np.zeros((len(history.gwnos), horizon, 1))


@old_parameters(horizons="horizon")
def last_month(history: Panel, horizon: int, draws: int) -> Matrix:
    """Forecast by a Poisson distribution with the last known month as its mean (a benchmark).

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.

    Source: Hegre et al. (2025), The 2023/24 VIEWS Prediction challenge, Journal of Peace Research.
    """
    from scipy.stats import poisson

    mean = np.nan_to_num(history.deaths[:, -1:])
    return np.repeat(poisson.ppf(quantile_levels(draws)[None, :], mean)[:, None], horizon, axis=1)


@old_parameters(horizons="horizon")
def last_twelve_exact(history: Panel, horizon: int, draws: int) -> Matrix:  # noqa: ARG001
    """Forecast by the last twelve months as twelve draws (conflictology, a benchmark).

    A unit with fewer known months gives twelve draws that hold each about equally often.

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S, which is not looked at.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, 12); the same for each month.

    Source: Hegre et al. (2025), The 2023/24 VIEWS Prediction challenge, Journal of Peace Research.
    """
    return last_twelve(history, horizon, 12)


@old_parameters(horizons="horizon")
def last_twelve_neighbours(history: Panel, horizon: int, draws: int) -> Matrix:
    """Forecast by the last twelve months of a unit and of its neighbours, each month as likely.

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.
    """
    return last_twelve_around(history, borders(history) > 0, horizon, draws)


def all_countries(history: Panel, horizon: int, draws: int) -> Matrix:
    """Forecast by the last 240 months of all units together, each as likely (boot240, a benchmark).

    The challenge draws them at random. Here they are taken evenly over their ranks, so that the
    score carries no error of sampling.

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each unit and month.

    Source: Hegre et al. (2025), The 2023/24 VIEWS Prediction challenge, Journal of Peace Research.
    """
    pooled = draw_equally(history.deaths[:, -POOLED_MONTHS:].ravel(), draws)
    return np.broadcast_to(pooled, (len(history.gwnos), horizon, draws)).copy()


@old_parameters(horizons="horizon")
def last_twelve_around(history: Panel, beside: np.ndarray, horizon: int, draws: int) -> Matrix:
    """Give the last twelve months of each unit and of those beside it, each as likely.

    Args:
        history: what is known, N units.
        beside: True where two units are beside each other, shape (N, N).
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.
    """
    year = history.deaths[:, -12:]
    found = np.zeros((len(year), draws))
    for i, near in enumerate(beside):
        found[i] = draw_equally(np.concatenate([year[i], year[near].ravel()]), draws)
    return np.repeat(found[:, None], horizon, axis=1)


BENCHMARKS: dict[str, Model] = {
    "exactly zero": zero,
    "last month (Poisson)": last_month,
    "last twelve months": last_twelve_exact,
    "last twelve, neighbours": last_twelve_neighbours,
    "all countries (boot240)": all_countries,
}
"""Each takes a panel, horizon and draws; it may give fewer draws than asked."""
