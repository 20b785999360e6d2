"""A unit's own past as distributions: its months, each a little blurred, fading at several speeds.

The same war seldom costs the same twice, so a month with deaths stands for a lognormal of its
size (kernel dressing: Roulston and Smith 2003, Tellus 55A).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from tocsin.anticipate.data.panel import Matrix

BLUR = 0.4
"""Standard deviation of the dressing on the scale of log(1+deaths); from 0, 0.4 and 0.7."""
LIVES = np.array([1.0, 2, 4, 8, 24, 96])
"""Months in which the weight of a past month halves, one distribution for each."""


def fading(deaths: Matrix, counts: Matrix, *, since: int = 0) -> Matrix:
    """P(Y ≤ v) by own past, for each month from `since` on.

    Args:
        deaths: shape (N, T), NaN where unknown.
        counts: whole counts v, shape (V,).

    Returns:
        Shape (N, T - since, len(LIVES), V), of single precision. Without any month known: none.
    """
    width = deaths.shape[1]
    known = ~np.isnan(deaths)
    logs = np.log1p(np.where(known, deaths, 0.0))
    at, fade = np.log1p(counts + 0.5), 0.5 ** (1 / LIVES)
    found = np.ones((len(deaths), width - since, len(LIVES), len(counts)), dtype=np.float32)
    total = np.zeros((len(deaths), len(LIVES), len(counts)))
    weight = np.zeros((len(deaths), len(LIVES), 1))
    for t in range(width):
        here = norm.cdf((at - logs[:, t, None]) / BLUR)
        here = np.where(logs[:, t, None] > 0, np.where(counts == 0, 0.0, here), 1.0)
        seen = known[:, t, None]
        total = total * fade[:, None] + np.where(seen, here, 0.0)[:, None, :]
        weight = weight * fade[:, None] + seen[:, None]
        if t >= since:
            some = weight > 1e-200
            found[:, t - since] = np.where(some, total / np.where(some, weight, 1.0), 1.0)
    return found
