"""Self-exciting models fitted by maximum likelihood, each territory leaning on the others.

Fitted twice: first alone, with a wide prior; then with the prior moved to the mean of the
territories (empirical Bayes), so that a territory with few incidents borrows its shape from
those with many. The background's level is each territory's own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.anticipate.alerts.stream.hawkes import Hawkes, expected_counts
from tocsin.anticipate.data.panel import Matrix

CENTRE = np.array([0.0, 0.0, -0.5, -0.5, np.log(3.0), np.log(0.5)])
SPREAD = np.array([0.3, 0.3, 1.5, 1.5, 0.7, 1.0])
"""Prior of season (two), log-odds of the fast and the slow kernel's share against the
background's, log of the fast half-life in days, log of dispersion less one. Assumptions, wide."""
CLOSER = 0.5
"""Of the spread, once the centre is the territories' own mean."""
LEVEL_SPREAD = 1.0


def fit(streams: Mapping[int, tuple[Matrix, Matrix]]) -> dict[int, Hawkes]:
    """Fit a self-exciting model to each territory, all of them together (empirical Bayes).

    Args:
        streams: for each Gleditsch-Ward number two arrays of shape (T,): incidents a day, and the
            days. Days are counted from any fixed first of January.

    Returns:
        A model for each territory, under the same numbers.

    Source: Ogata (1988), JASA 83, for the likelihood, here for counts a day.
    """
    alone = {gwno: _fit(*stream, CENTRE, SPREAD) for gwno, stream in streams.items()}
    if len(alone) > 1:
        weight = np.array([np.sqrt(1 + counts.sum()) for counts, _ in streams.values()])
        centre = np.average([one[1:] for one in alone.values()], axis=0, weights=weight)
        alone = {g: _fit(*stream, centre, CLOSER * SPREAD) for g, stream in streams.items()}
    return {gwno: _model(found) for gwno, found in alone.items()}


def _model(theta: Matrix) -> Hawkes:
    shares = np.exp(theta[3:5] - np.logaddexp(0, np.logaddexp(theta[3], theta[4])))
    return Hawkes(
        background=float(np.exp(theta[0])),
        season=(float(theta[1]), float(theta[2])),
        fast=float(shares[0]),
        slow=float(shares[1]),
        half_life=float(np.exp(theta[5])),
        dispersion=float(1 + np.exp(theta[6])),
    )


def _fit(counts: Matrix, days: Matrix, centre: Matrix, spread: Matrix) -> Matrix:
    from scipy.optimize import minimize

    level = np.log(max(float(counts.mean()), 1 / len(counts))) - 1.0
    middle = np.concatenate([[level], centre])
    width = np.concatenate([[LEVEL_SPREAD], spread])

    def loss(theta: Matrix) -> float:
        away = ((theta - middle) / width) ** 2
        return float(away.sum() / 2 - likelihood(_model(theta), counts, days))

    bounds = [(m - 6 * w, m + 6 * w) for m, w in zip(middle, width, strict=True)]
    found = minimize(loss, middle, method="L-BFGS-B", bounds=bounds, options={"maxiter": 100})
    return np.asarray(found.x)


def likelihood(model: Hawkes, counts: Matrix, days: Matrix) -> float:
    """Compute the log-likelihood of a stream, in which each day's count is given all days before.

    Args:
        model: the parameters of one territory.
        counts: incidents a day, shape (T,).
        days: the days, shape (T,), counted from any fixed first of January.

    Returns:
        The log-likelihood in nats, summed over days.
    """
    from scipy.special import gammaln, xlogy

    rate = np.maximum(expected_counts(model, counts, days), 1e-12)
    extra = max(model.dispersion - 1, 1e-6)
    size = rate / extra
    found = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1)
    found += xlogy(counts, extra / model.dispersion) - size * np.log(model.dispersion)
    return float(found.sum())
