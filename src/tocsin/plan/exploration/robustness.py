"""How robust a portfolio is: regret, satisficing and percentiles over futures.

The definitions are those collected by McPhail, Maier, Kwakkel, Giuliani, Castelletti and Westra
(2018), Robustness metrics: how are they calculated, when should they be used and why do they give
different results?, Earth's Future 6. Less of each outcome is better here, so a best value is the
smallest, and regret is what a portfolio has more than the best.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def regret(values: Floats) -> Floats:
    """Work out regret: what is lost against the portfolio that is best in the same future.

    Args:
        values: an outcome by portfolio and future, shape (P, F); less is better.

    Returns:
        Regret, at least 0, of the same shape (Savage 1951).

    Raises:
        ValueError: a value is no number; one would poison the regret of all portfolios.

    >>> regret(np.array([[4.0, 1.0], [3.0, 5.0]])).tolist()
    [[1.0, 0.0], [0.0, 4.0]]
    """
    values = _check(values)
    return np.asarray(values - values.min(axis=0))


def greatest_regret(values: Floats, percentile: float = 100.0) -> Floats:
    """Give each portfolio's greatest regret over futures, or a percentile of it.

    Args:
        values: an outcome by portfolio and future, shape (P, F); less is better.
        percentile: 100 for minimax regret (Savage 1951), 90 for 90th-percentile minimax regret.

    Returns:
        Shape (P,), in the outcome's unit; the robust portfolio is the one with the least.
    """
    return np.asarray(np.percentile(regret(values), percentile, axis=1))


def baseline_regret(values: Floats, baseline: Floats, percentile: float = 90.0) -> Floats:
    """Give the percentile of the difference to a baseline, future by future.

    Args:
        values: an outcome by portfolio and future, shape (P, F); less is better.
        baseline: the outcome of the baseline, such as the status quo, in the same futures, (F,).
        percentile: of the differences over futures.

    Returns:
        Shape (P,); under 0 where the portfolio does better in that share of futures (Kasprzyk,
        Nataraj, Reed and Lempert 2013, Environmental Modelling & Software 42, measure 'regret
        from baseline').
    """
    return np.asarray(np.percentile(_check(values) - _check(baseline[None]), percentile, axis=1))


def satisficing(values: Floats, threshold: float) -> Floats:
    """Give the share of futures in which an outcome is good enough (Starr's domain criterion).

    Args:
        values: an outcome by portfolio and future, shape (P, F); less is better.
        threshold: what is just good enough.

    Returns:
        Shape (P,), from 0 to 1 (Starr 1963; Schneller and Sphicas 1983).
    """
    return np.asarray((_check(values) <= threshold).mean(axis=1))


def percentile_outcome(values: Floats, percentile: float = 90.0) -> Floats:
    """Give the outcome that is not exceeded in a share of futures.

    Args:
        values: an outcome by portfolio and future, shape (P, F); less is better.
        percentile: 90 leaves the worst tenth out; 100 is the worst case (minimax, Wald 1950).

    Returns:
        Shape (P,), in the outcome's unit.
    """
    return np.asarray(np.percentile(_check(values), percentile, axis=1))


def _check(values: Floats) -> Floats:
    values = np.asarray(values, np.float64)
    if values.ndim != 2 or not np.isfinite(values).all():
        raise ValueError("outcomes by portfolio and future are meant, shape (P, F), all of them "
                         "numbers")  # fmt: skip
    return values
