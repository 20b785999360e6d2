"""A distribution of counts: quiet or not, and if not, logistic curves on the log scale.

P(Y ≤ v) = p + (1 - p) Σ w_j (G_j(v) - G_j(0)) / (1 - G_j(0)), where G_j is the logistic
distribution of log(1 + v + ½) with location m_j and scale s_j. All of it is closed form, so
the ranked probability score (Epstein 1969; the CRPS on a grid) can be differentiated.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, softmax

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.models.empirical import quantile_levels

CURVES = 2
OUTPUTS = 1 + 3 * CURVES
"""Numbers that a network gives for one case: the logit of p, weights, places and scales."""
NARROWEST = 0.1
HALF = float(np.log1p(0.5))

GRID = np.unique(np.round(np.concatenate([np.arange(9), 2 ** np.arange(3.25, 17.3, 0.25)]))).astype(
    np.float64
)
"""Counts at which the distribution is written down; between them it is interpolated."""


def cumulative(outputs: Matrix, level: Matrix, counts: Matrix) -> Matrix:
    """Compute P(Y ≤ v) for each case and count.

    Args:
        outputs: the numbers that the network gives for each case, shape (n, OUTPUTS).
        level: log(1 + recent deaths), to which the places of the curves are relative, shape (n,).
        counts: whole counts v in rising order, shape (k,).

    Returns:
        Probabilities of shape (n, k), which do not fall along the counts.
    """
    quiet = expit(outputs[:, :1])
    weight = softmax(outputs[:, 1 : 1 + CURVES], axis=1)
    place = level[:, None] + outputs[:, 1 + CURVES : 1 + 2 * CURVES]
    scale = NARROWEST + np.logaddexp(0.0, outputs[:, 1 + 2 * CURVES :] + 0.5)
    at = np.log1p(counts + 0.5)
    none = expit((HALF - place) / scale)
    some = np.zeros((len(outputs), len(counts)))
    for j in range(CURVES):
        below = expit((at - place[:, j, None]) / scale[:, j, None])
        room = weight[:, j, None] / (1 - none[:, j, None] + 1e-6)
        some += room * (below - none[:, j, None])
    return np.asarray(quiet + (1 - quiet) * np.clip(some, 0.0, 1.0))


def multiply_counts(below: Matrix, logs: Matrix) -> Matrix:
    """Multiply the counts of distributions, where there are some, and the odds that there are some.

    Between the counts of `GRID`, probability is spread evenly over log(1 + count).

    Args:
        below: P(Y ≤ v) for v in `GRID`, shape (N, H, V).
        logs: the logarithm of the factor, shape (N, H); 0 changes nothing.

    Returns:
        P(Y ≤ v) of the same shape.
    """
    some = np.clip(1 - below[..., :1], 0.0, 1.0)
    within = np.clip((below - below[..., :1]) / np.maximum(some, 1e-12), 0.0, 1.0)
    factor = np.exp(logs)[..., None]
    raised = some * factor / (1 - some + some * factor)
    at, steps = np.log1p(np.maximum((GRID + 0.5) / factor - 0.5, 0.0)), np.log1p(GRID)
    moved = np.empty_like(below)
    for place in np.ndindex(*logs.shape):
        moved[place] = np.interp(at[place], steps, within[place])
    moved[..., 0] = 0.0
    return np.asarray(1 - raised + raised * moved)


def quantiles(below: Matrix, draws: int) -> Matrix:
    """Compute sorted whole counts from distributions that are given on `GRID`.

    Within a cell of the grid, probability is spread evenly over log(1 + count).

    Args:
        below: P(Y ≤ v) at each of the K counts of `GRID`, shape (n, K).
        draws: how many counts each distribution gives, S.

    Returns:
        Counts in rising order, shape (n, S).
    """
    at = quantile_levels(draws)
    logs = np.log1p(GRID)
    found = np.zeros((len(below), draws))
    for i, row in enumerate(np.maximum.accumulate(below, axis=1)):
        cell = np.minimum(np.searchsorted(row, at), len(GRID) - 1)
        before = np.where(cell > 0, row[cell - 1], 0.0)
        share = np.clip((at - before) / np.maximum(row[cell] - before, 1e-9), 0.0, 1.0)
        start = np.where(cell > 0, logs[cell - 1], 0.0)
        found[i] = np.round(np.expm1(start + (logs[cell] - start) * share))
        # Up to 8 the grid holds each count, so there is nothing to spread.
        found[i] = np.where(cell <= 8, GRID[cell], found[i])
    return found
