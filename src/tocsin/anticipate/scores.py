"""Proper scores of forecasts given as draws."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.panel import Matrix
from tocsin.errors import require


def crps(draws: Matrix, truth: Matrix) -> Matrix:
    """Continuous ranked probability score, in the unit of the truth; lower is better.

    Args:
        draws: shape (..., S).
        truth: shape (...); NaN where nothing was recorded.

    Returns:
        Shape (...), NaN where the truth is.

    Source: Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and
    estimation, JASA 102; computed by `scoringrules` on the empirical distribution.
    """
    scoringrules = require("scoringrules", extra="anticipate")
    known = ~np.isnan(truth)
    found = np.full(truth.shape, np.nan)
    if known.any():
        found[known] = scoringrules.crps_ensemble(truth[known], draws[known], estimator="qd")
    return found


def covered(draws: Matrix, truth: Matrix, *, level: float = 0.9) -> Matrix:
    """1 where the truth lies in the central interval, 0 where not, NaN where unknown.

    Counts are often zero, and an interval from 0 to 0 covers a zero: with many quiet
    territories the share covered lies above the level without any fault of the forecast.
    """
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=-1)
    inside = ((low <= truth) & (truth <= high)).astype(float)
    return np.where(np.isnan(truth), np.nan, inside)
