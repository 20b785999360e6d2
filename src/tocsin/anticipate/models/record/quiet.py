"""Units without a death in ten years: how often one came after such months, and how many.

Nearly all of their months are alike, so there is nothing for a network to tell apart, and a network
that guesses there does harm: in the windows 1996 to 2017 the mean CRPS of quiet countries was a
tenth above that of the last twelve months, because of single countries that were given a chance of
a hundred thousand deaths. Counting them loses nothing (docs/decisions/0072), and
what one more quiet country tells is next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.data.training import DECADE, Bools, long_quiet
from tocsin.anticipate.models.mixture import GRID

CHANCE = ((0.0007, 0.00016), (0.003, 0.0004))
"""Chance of a death h months on is a + b h: where none is on record, and where one is, but none in
ten years. UCDP GED, state-based, 1990 to 2017 (`benchmarks/forecast_courses.py`)."""
LONGEST = 24
"""Months ahead from which on the chance no longer rises."""
LOG_MEAN, LOG_SPREAD = 3.1, 1.8
"""Of log(1+deaths) in such months with deaths, in the same record."""
PRIOR = 5.0
"""Months with deaths that these constants weigh, for how often; for how many deaths, twice that."""


@dataclass(frozen=True)
class QuietRecord:
    """This says what came after quiet months.

    `often` is how many times as often as `CHANCE` deaths came, for each of its two kinds, to the
    nearest power of two: closer than that no record of this length tells. `above` is the chance
    that more than v deaths come where any come, for v in `GRID`.
    """

    often: tuple[float, float]
    above: Matrix

    def below(self, horizon: int) -> Matrix:
        """Compute P(Y ≤ v) for each of the two kinds and each month ahead.

        Args:
            horizon: how many months ahead, H.

        Returns:
            Probabilities of shape (2, H, V), for v in `GRID`; first where no death is on record.
        """
        chance = _chance(horizon) * np.array(self.often)[:, None]
        return np.asarray(1 - np.minimum(chance, 1.0)[..., None] * self.above)


def quiet_units(deaths: Matrix) -> Bools:
    """Find the units that have had no death in the last ten years, as far as it is known.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.

    Returns:
        Shape (N,).
    """
    return np.asarray(~(np.nan_to_num(deaths[:, -DECADE:]) > 0).any(axis=1))


def learn_quiet(deaths: Matrix, horizon: int) -> QuietRecord:
    """Count what came after quiet months.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        horizon: the longest horizon in months, H.

    Returns:
        The record. Where there is little to count it is what `CHANCE` and its neighbours say.
    """
    quiet, known = long_quiet(deaths), ~np.isnan(deaths)
    before = np.cumsum(np.nan_to_num(deaths), axis=1) > 0
    expected, found, outcomes = np.full(2, PRIOR), np.full(2, PRIOR), [np.zeros(0)]
    chance = _chance(horizon)
    # Only months with ten years of history behind them: before that, none is known to be quiet.
    first = DECADE - 1
    for h in range(1, min(horizon, deaths.shape[1] - first - 1) + 1):
        later = deaths[:, first + h :]
        here = (quiet & known)[:, first:-h] & known[:, first + h :]
        for kind, of_kind in enumerate((~before, before)):
            came = later[here & of_kind[:, first:-h]]
            expected[kind] += len(came) * chance[kind, h - 1] / horizon
            found[kind] += (came > 0).sum() / horizon
            outcomes.append(came[came > 0])
    often = 2.0 ** np.round(np.log2(found / expected))
    came = np.sort(np.concatenate(outcomes))
    counted = (len(came) - np.searchsorted(came, GRID, "right")) / horizon
    guess = 1 - ndtr((np.log1p(GRID + 0.5) - LOG_MEAN) / LOG_SPREAD)
    above = (counted + 2 * PRIOR * guess / guess[0]) / (len(came) / horizon + 2 * PRIOR)
    return QuietRecord((float(often[0]), float(often[1])), above)


def _chance(horizon: int) -> Matrix:
    ahead = np.minimum(np.arange(1, horizon + 1), LONGEST)
    return np.array([first + slope * ahead for first, slope in CHANCE])
