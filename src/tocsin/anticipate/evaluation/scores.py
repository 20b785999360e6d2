"""Proper scores of forecasts given as draws, and how well their probabilities hold."""

from __future__ import annotations

import itertools

import numpy as np

from tocsin.anticipate.data.panel import Matrix
from tocsin.errors import require

EDGES = np.array([0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5])
"""Lower edges of the challenge's bins."""


def crps(draws: Matrix, truth: Matrix) -> Matrix:
    """Compute the continuous ranked probability score, in the unit of the truth; lower is better.

    Args:
        draws: the forecast as S draws, shape (..., S).
        truth: the count that came, shape (...); NaN where nothing was recorded.

    Returns:
        Shape (...), NaN where the truth is.

    Source: Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation,
    JASA 102; computed by `scoringrules` on the empirical distribution.
    """
    scoringrules = require("scoringrules", extra="anticipate")
    known = ~np.isnan(truth)
    found = np.full(truth.shape, np.nan)
    if known.any():
        found[known] = scoringrules.crps_ensemble(truth[known], draws[known], estimator="qd")
    return found


def ignorance(draws: Matrix, truth: Matrix) -> Matrix:
    """Compute the logarithmic score (IGN) in bits over the bins of the challenge; lower is better.

    The probability of a bin is its number of draws plus one, over the sum of that for all bins,
    so that a bin without a draw has no infinite score.

    Args:
        draws: the forecast as S draws, in deaths, shape (..., S).
        truth: the deaths that came, shape (...); NaN where nothing was recorded.

    Returns:
        Shape (...), NaN where the truth is.

    Source: Hegre et al. (2025), The 2023/24 VIEWS Prediction challenge, Journal of Peace Research;
    the bins are `EDGES`.
    """
    size = draws.shape[-1]
    bins = np.searchsorted(EDGES, draws, side="right") - 1
    own = np.searchsorted(EDGES, np.nan_to_num(truth), side="right") - 1
    hits = (bins == own[..., None]).sum(-1)
    return np.where(np.isnan(truth), np.nan, -np.log2((hits + 1) / (size + len(EDGES))))


def interval_score(draws: Matrix, truth: Matrix, *, level: float = 0.9) -> Matrix:
    """Compute the interval score (MIS): the interval's width, and a penalty for a truth outside.

    The penalty is 2 / (1 - level) times the distance between the truth and the interval. The
    score is in deaths; lower is better.

    Args:
        draws: the forecast as S draws, in deaths, shape (..., S).
        truth: the deaths that came, shape (...); NaN where nothing was recorded.
        level: probability of the central interval, between 0 and 1.

    Returns:
        Shape (...), NaN where the truth is.

    Source: Gneiting and Raftery (2007), JASA 102, section 6.2.
    """
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=-1)
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return np.asarray(high - low + outside / tail)


def in_interval(draws: Matrix, truth: Matrix, *, level: float = 0.9) -> Matrix:
    """Tell whether the truth lies in the central closed interval of the draws.

    Counts are often zero, and an interval from 0 to 0 covers a zero: with many quiet
    territories the share covered lies above the level without any fault of the forecast.
    `pit_in_interval` takes that into account.

    Args:
        draws: the forecast as S draws, shape (..., S).
        truth: the counts that came, shape (...), in the same unit; NaN where unknown.
        level: probability of the interval, between 0 and 1.

    Returns:
        1 where the interval holds the truth and 0 where not, NaN where it is unknown, shape (...).
    """
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=-1)
    inside = ((low <= truth) & (truth <= high)).astype(float)
    return np.where(np.isnan(truth), np.nan, inside)


def pit(draws: Matrix, truth: Matrix) -> tuple[Matrix, Matrix]:
    """Compute the two ends of the probability integral transform (PIT) of a count.

    They are the share of draws below the truth, and the share that is not above it.

    The probability integral transform of a count is not one number but an interval as wide as
    the chance of that very count; a calibrated forecast spreads it evenly over 0 to 1.

    Args:
        draws: the forecast as S draws, shape (..., S).
        truth: the counts that came, shape (...), in the same unit; NaN where nothing was recorded.

    Returns:
        Two arrays of shape (...), between 0 and 1; NaN where the truth is.

    Source: Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics
    65.
    """
    unknown = np.isnan(truth)
    below = np.where(unknown, np.nan, (draws < truth[..., None]).mean(-1))
    upto = np.where(unknown, np.nan, (draws <= truth[..., None]).mean(-1))
    return below, upto


def pit_in_interval(below: Matrix, upto: Matrix, *, level: float = 0.9) -> Matrix:
    """Compute the chance that a PIT between `below` and `upto` lies in the central interval.

    The PIT is drawn evenly between its two ends. The mean of the result is the coverage that a
    calibrated forecast of counts has: exactly the level, however many zeros there are. It is the
    mean over all such random draws, so that none is needed.

    Args:
        below, upto: the two ends of the PIT, as `pit` gives them; shape (...).
        level: probability of the central interval, between 0 and 1.

    Returns:
        Shape (...), between 0 and 1; NaN where the ends are.

    Source: Czado, Gneiting and Held (2009), as for `pit`.
    """
    tail = (1 - level) / 2
    return _within(below, upto, tail, 1 - tail)


def pit_histogram(below: Matrix, upto: Matrix, *, bins: int = 10) -> Matrix:
    """Compute the histogram of the PIT of counts; a calibrated forecast has equal bars.

    Args:
        below, upto: the two ends of the PIT, as `pit` gives them; shape (...).
        bins: how many bins of equal width divide 0 to 1.

    Returns:
        The share of the PIT in each bin, shape (bins,); NaN if no truth is known.

    Source: Czado, Gneiting and Held (2009), as for `pit`.
    """
    known = ~np.isnan(below)
    edges = np.linspace(0, 1, bins + 1)
    parts = [
        _within(below[known], upto[known], low, high) for low, high in itertools.pairwise(edges)
    ]
    return np.array([part.mean() if part.size else np.nan for part in parts])


def _within(below: Matrix, upto: Matrix, low: float, high: float) -> Matrix:
    width = upto - below
    inside = np.clip(np.minimum(upto, high) - np.maximum(below, low), 0, None)
    point = ((below >= low) & ((below < high) | (high == 1.0))).astype(float)
    found = np.where(width > 0, inside / np.where(width > 0, width, 1.0), point)
    return np.where(np.isnan(below), np.nan, found)
