"""Own history with fading weights, dressed: the last months, each a little blurred.

A step from conflictology (the last twelve months, equally likely): a month's weight halves
every `HALF_LIFE` months, and each month with deaths stands for a lognormal of its size, since
the same war seldom costs the same twice (kernel dressing: Roulston and Smith 2003, Tellus 55A).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models.empirical import draw_weighted, quantile_levels
from tocsin.anticipate.models.fading import BLUR
from tocsin.base.moved import old_parameters

HALF_LIFE = 4.0
"""Months. Chosen on the windows 2010 to 2017, from 4, 6, 9, 12 and 18."""
MONTHS = 120
"""Older months weigh less than a hundred-millionth."""
KERNEL = ndtri(quantile_levels(21)) * BLUR


@old_parameters(horizons="horizon")
def recency(history: Panel, horizon: int, draws: int) -> Matrix:
    """Forecast by a unit's own months, of which the older weigh less, each a little blurred.

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.

    Source: Roulston and Smith (2003), Tellus 55A, for the kernel dressing.
    """
    found = np.zeros((len(history.gwnos), draws))
    for i, row in enumerate(history.deaths[:, -MONTHS:]):
        known = np.flatnonzero(~np.isnan(row))
        if known.size:
            age = len(row) - 1 - known
            found[i] = _draw_dressed(row[known], 0.5 ** (age / HALF_LIFE), draws)
    return np.repeat(found[:, None, :], horizon, axis=1)


def _draw_dressed(deaths: Matrix, weight: Matrix, draws: int) -> Matrix:
    dressed = np.round(np.expm1(np.log1p(deaths)[:, None] + KERNEL))
    values = np.where(deaths[:, None] > 0, np.maximum(dressed, 1.0), 0.0).ravel()
    return draw_weighted(values, np.repeat(weight, len(KERNEL)), draws)
