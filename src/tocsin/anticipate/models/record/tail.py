"""How far a tail may reach: by what came after comparable months in all units.

The score by which the networks learn hardly sees a chance of one in a hundred of far too many
deaths, and a mean is ruined by it. So the chance of more than v deaths may be at most `TIMES` the
share of comparable months that more than v followed. Above the greatest month on record it is at
most one in the number of comparable months, and falls off as one over the size, as the tails of
wars nearly do (Cederman 2003, Modeling the size of wars, American Political Science Review 97).
Nothing is above twice that month.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.data.training import FIRST, long_quiet
from tocsin.anticipate.models.mixture import GRID

TIMES = 10.0
"""Chosen on windows before 2018, from 1, 2, 3, 5 and 10 (docs/decisions/0072)."""
YEAR = 12
BAND = np.log(2.0)
"""Months are comparable whose greatest month of the last year is within a factor of two."""
LEAST = 200
"""Where fewer months than so many are within it, so many of the nearest on each side are taken."""
GROWTH = 2.0
"""Times the greatest month of the record that nothing is above."""


@dataclass(frozen=True)
class Record:
    """This holds what followed past months, in the order of how bad the year before them was.

    `worst` is log(1 + the greatest month of the last year) of each case, and `outcome` the deaths
    that came, each of shape (n,). Each month is a case once for each of `horizon` months ahead.
    """

    worst: Matrix
    outcome: Matrix
    horizon: int

    def above(self, deaths: Matrix) -> Matrix:
        """Compute the greatest chance that more than v deaths may be given, for each unit.

        Args:
            deaths: deaths a month, shape (N, T), NaN where unknown.

        Returns:
            Shape (N, V), for v in `GRID`; 1 where the record says nothing.
        """
        now = np.log1p(np.nan_to_num(deaths[:, -YEAR:]).max(axis=1))
        known = self._known
        for value in np.unique(now):
            if value not in known:
                known[value] = self._above(value)
        return np.stack([known[value] for value in now])

    @cached_property
    def _known(self) -> dict[float, Matrix]:
        """What `above` found before: a unit's greatest month stays so for months of a replay."""
        return {}

    def _above(self, worst: float) -> Matrix:
        quiet = int(np.searchsorted(self.worst, 0.0, "right"))
        if worst == 0:
            first, last = 0, quiet
        else:
            first, last = np.searchsorted(self.worst, [worst - BAND, worst + BAND])
            least = LEAST * self.horizon
            if last - max(first, quiet) < least:
                middle = int(np.searchsorted(self.worst, worst))
                first, last = middle - least, min(middle + least, len(self.worst))
            first = max(first, quiet)
        size = last - first
        if size <= 0:
            return np.ones(len(GRID))
        moved = np.log1p(self.outcome[first:last]) + (worst - self.worst[first:last])
        share = 1 - np.searchsorted(np.sort(moved), np.log1p(GRID + 0.5)) / size
        once = self.horizon / (size + self.horizon)
        greatest = max(float(self.outcome.max()), float(np.expm1(worst)))
        most = np.minimum(TIMES * (share + once), 1.0)
        beyond = once * greatest / np.maximum(GRID, 1.0)
        most = np.where(greatest <= GRID, np.minimum(most, beyond), most)
        return np.where(GROWTH * greatest <= GRID, 0.0, most)


def past_outcomes(deaths: Matrix, horizon: int) -> Record:
    """Gather what followed each past month, of units that were not quiet for ten years.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        horizon: the longest horizon in months.

    Returns:
        The record; it does not depend on the order of the units.
    """
    known, counts = ~np.isnan(deaths), np.nan_to_num(deaths)
    padded = np.concatenate([np.zeros((len(deaths), YEAR - 1)), counts], axis=1)
    worst = np.lib.stride_tricks.sliding_window_view(padded, YEAR, axis=1).max(-1)
    usable = known & ~long_quiet(deaths)
    parts = [(np.zeros(0), np.zeros(0))]
    for h in range(1, min(horizon, deaths.shape[1] - FIRST - 1) + 1):
        here = usable[:, FIRST:-h] & known[:, FIRST + h :]
        parts.append((worst[:, FIRST:-h][here], counts[:, FIRST + h :][here]))
    before, after = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((after, before))
    return Record(np.log1p(before[order]), after[order], horizon)
