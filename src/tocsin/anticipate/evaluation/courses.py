"""The course that a unit's deaths have taken, told by what is known at the origin alone.

In this order, the first that fits:

- *quiet*: less than one death a month in the last twelve;
- *lone peak*: the greatest month of the last 24 is one of the last twelve, at least five times the
  median of the 24 (or five deaths), and at most three of the 24 reach half of it;
- *surge*: the last three months are, on average, at least 1.5 times the last 36, and not below the
  last twelve;
- *fading*: the last three months are, on average, at most two thirds of the last twelve;
- *steady war*: every other unit.

Unlike the cases of `cases`, a course knows nothing of the outcome, so forecasters may be compared
and chosen by it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.data.panel import Matrix

COURSES = ("steady war", "surge", "lone peak", "fading", "quiet")
PEAK, FEW, RISE, FALL = 5.0, 3, 1.5, 2 / 3


def courses(deaths: Matrix) -> npt.NDArray[np.str_]:
    """Name the course of each unit, as the top of this module defines the courses.

    Args:
        deaths: deaths a month up to the origin, shape (N, T), NaN where unknown (taken for none).

    Returns:
        Shape (N,), words of `COURSES`.

    >>> courses(np.array([[20.0] * 36, [0.0] * 30 + [90.0] + [0.0] * 5])).tolist()
    ['steady war', 'lone peak']
    """
    counts = np.nan_to_num(deaths)
    year, two = counts[:, -12:], counts[:, -24:]
    season, level, long = (counts[:, -width:].mean(axis=1) for width in (3, 12, 36))
    peak = two.max(axis=1)
    lone = (year.max(axis=1) == peak) & (peak >= PEAK * np.maximum(np.median(two, axis=1), 1.0))
    lone &= (two >= peak[:, None] / 2).sum(axis=1) <= FEW
    surge = (season >= RISE * long) & (season >= level)
    choices = [level < 1, lone, surge, season <= FALL * level]
    return np.select(choices, ["quiet", "lone peak", "surge", "fading"], "steady war")
