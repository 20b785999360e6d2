"""A rule's probabilities, corrected by how its earlier ones turned out.

Log-odds are shifted and stretched, by maximum likelihood on cases that were closed before the
year began (Cox 1958, Two further applications of a model for binary regression, Biometrika
45), with a prior that holds the correction at 'none' while there is little to learn from.
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.alerts.records.replay import DRAWS
from tocsin.anticipate.data.panel import Matrix

LEAST_EVENTS = 20
PRIOR_WEIGHT = 4.0
"""Precision of shift and of stretch around none: a standard deviation of a half."""
STEPS = 25
SMALL = 1e-9


def recalibrate(
    probability: Matrix, event: Matrix, years: np.ndarray, closed: np.ndarray
) -> Matrix:
    """Correct the probabilities of each year by how those of earlier years turned out.

    Nothing is corrected in a year before which fewer than `LEAST_EVENTS` events are known.

    Args:
        probability: probabilities of the event, shape (T, N), NaN where unknown.
        event: 1 where it came and 0 where not, shape (T, N), NaN where unknown.
        years: shape (T,), the year that each origin looks into.
        closed: shape (T,), the year in which the last month that it looks into ends. Only
            origins that were closed before a year began correct the probabilities of that year.

    Returns:
        Corrected probabilities, shape (T, N), NaN where they were.

    Source: Cox (1958), Two further applications of a model for binary regression, Biometrika 45.
    """
    found = probability.copy()
    for year in sorted(set(years.tolist())):
        past = closed < year
        known = ~np.isnan(probability[past]) & ~np.isnan(event[past])
        p, y = probability[past][known], event[past][known]
        if y.sum() >= LEAST_EVENTS:
            shift, stretch = _fit(_logit(p), y)
            now = years == year
            odds = shift + stretch * _logit(probability[now])
            found[now] = 1 / (1 + np.exp(-odds))
    return found


def _logit(p: Matrix) -> Matrix:
    # A probability of draws is never quite 0 or 1.
    sure = (p * DRAWS + 0.5) / (DRAWS + 1)
    return np.asarray(np.log(sure / (1 - sure)))


def _fit(x: Matrix, y: Matrix) -> tuple[float, float]:
    """Shift and stretch, by Newton's method with steps halved until they gain."""
    beta, none = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    design = np.stack([np.ones_like(x), x], axis=1)

    def loss(b: Matrix) -> float:
        odds = design @ b
        fit = np.logaddexp(0, odds).sum() - (y * odds).sum()
        return float(fit + PRIOR_WEIGHT / 2 * ((b - none) ** 2).sum())

    for _ in range(STEPS):
        fitted = 0.5 * (1 + np.tanh(design @ beta / 2))
        slope = design.T @ (y - fitted) - PRIOR_WEIGHT * (beta - none)
        bend = (design.T * (fitted * (1 - fitted))) @ design + PRIOR_WEIGHT * np.eye(2)
        move = np.linalg.solve(bend, slope)
        while loss(beta + move) > loss(beta) and np.abs(move).max() > SMALL:
            move = move / 2
        beta = beta + move
        if np.abs(move).max() <= SMALL:
            break
    return float(beta[0]), float(beta[1])
