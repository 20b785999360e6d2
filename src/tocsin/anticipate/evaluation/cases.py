"""What became of a country-month, against the year before the origin.

With b the mean of the months known in the twelve to the origin and y the deaths recorded:

- *quiet*: no death in the twelve months, and y is 0;
- *onset*: no death in the twelve months, and y is above 0;
- *escalation*: b above 0, y at least twice b, and at least 5 deaths above it;
- *de-escalation*: b above 0, y at most half of b, and at least 5 deaths below it;
- *stable*: every other month of a country that was not quiet.

Cases are told by the outcome. A forecast that always cries war does well on onsets, so scores
by case explain a score, and do not choose between forecasts (Lerch et al. 2017, Forecaster's
dilemma, Statistical Science 32).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.data.panel import Matrix

CASES = ("onset", "escalation", "stable", "de-escalation", "quiet")
FACTOR = 2.0
LEAST = 5.0
"""Deaths a month by which a level must have changed, so that 1 after 0.4 is no escalation."""


def cases(past: Matrix, truth: Matrix) -> npt.NDArray[np.str_]:
    """Name the case of each country and month, as the top of this module defines the cases.

    Args:
        past: deaths in the twelve months to the origin, shape (N, 12), NaN where unknown.
        truth: deaths in the months of the window, shape (N, H), NaN where unknown.

    Returns:
        Shape (N, H), words of `CASES`; 'unknown' where the truth is NaN.

    >>> cases(np.full((1, 12), 10.0), np.array([[10.0, 30.0, 2.0]])).tolist()
    [['stable', 'escalation', 'de-escalation']]
    """
    months = np.maximum((~np.isnan(past)).sum(axis=1), 1)
    level = (np.nansum(past, axis=1) / months)[:, None]
    was = level > 0
    with np.errstate(invalid="ignore"):
        up = (truth >= FACTOR * level) & (truth >= level + LEAST)
        down = (truth <= level / FACTOR) & (truth <= level - LEAST)
        some = truth > 0
    choices = [np.isnan(truth), ~was & some, ~was & ~some, was & up, was & down]
    names = ["unknown", "onset", "quiet", "escalation", "de-escalation"]
    return np.select([np.broadcast_to(c, truth.shape) for c in choices], names, "stable")
