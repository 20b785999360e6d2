"""The months of the year: how much more or less is recorded in January than in May.

Winters stop wars in the mountains, rains elsewhere, and what is recorded follows the calendar too:
deaths of which only the year is known stand in December. The oldest way to tell it is taken, ratios
to a moving average (Persons 1919, Indices of business conditions, Review of Economic Statistics 1),
on the log scale: of each month, how far it is from the mean of the year around it. A unit's own
months of the year are drawn towards those of all units, since twenty years tell little.
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.panel import Matrix

YEAR, YEARS = 12, 20
"""Months of the latest so many years tell of the season."""
LEAST, FARTHEST = 0.5, 1.5
"""Years with less than so many deaths a month (geometric mean) tell nothing, and a month that is
farther from its year than this, on the log scale, tells no more than one that is so far."""
COMMON, ALL = 40.0, 60.0
"""A unit's own season counts for as much as that of all once it has `COMMON` years, and that of
all as much as none at all at `ALL` months."""


def measure_seasons(deaths: Matrix, month: int) -> Matrix:
    """Compute how far each month of the year is from the mean of the year, on the log scale.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown (taken for none).
        month: the month of the year of the last column, 1 to 12.

    Returns:
        Shape (N, 12), January to December, of log(1 + deaths a month); each row has the mean 0. All
        is 0 where less than two years are known.

    Source: Persons (1919), Indices of business conditions, Review of Economic Statistics 1.

    >>> years = np.tile([30.0] * 11 + [300.0], (100, 10))
    >>> found = measure_seasons(years, 12)
    >>> int(found[0].argmax()), bool(found[0, 11] > 1)
    (11, True)
    """
    latest = deaths[:, -YEAR * (YEARS + 1) :]
    width = latest.shape[1]
    if width <= 2 * YEAR:
        return np.zeros((len(deaths), YEAR))
    logs = np.log1p(np.nan_to_num(latest))
    around = _year_around(logs)
    half, inner = YEAR // 2, around.shape[1]
    told = (around > np.log1p(LEAST)) & (_year_around(np.isnan(latest).astype(float)) == 0)
    off = np.clip(logs[:, half : half + inner] - around, -FARTHEST, FARTHEST) * told
    place = (month - width + half + np.arange(inner)) % YEAR
    one = np.equal.outer(place, np.arange(YEAR)).astype(float)
    total = np.einsum("nt,tm->nm", off, one)
    known = np.einsum("nt,tm->nm", told.astype(float), one)
    # Summed in the order of size, so that the order of units decides no bit.
    every = np.sort(total, axis=0).sum(axis=0) / (known.sum(axis=0) + ALL)
    own = total / np.maximum(known, 1.0)
    found = every + (own - every) * known / (known + COMMON)
    return np.asarray(found - found.mean(axis=1, keepdims=True))


def _year_around(values: Matrix) -> Matrix:
    """Means over the year around each month but the first and the last six, shape (N, T - 12).

    Of thirteen months the two at the ends count half: twelve have none in their middle.
    """
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    year = (sums[:, YEAR:] - sums[:, :-YEAR]) / YEAR
    return np.asarray((year[:, :-1] + year[:, 1:]) / 2)


def seasons_ahead(deaths: Matrix, month: int, horizon: int, *, life: float) -> Matrix:
    """Compute by how much the season lifts each month ahead over the months just past.

    What is forecast from the latest months holds their season already; so it is taken off.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        month: the month of the year of the last column, 1 to 12.
        horizon: how many months ahead, H.
        life: months in which the weight of a past month halves in the forecast.

    Returns:
        Shape (N, H), on the log scale: 0.1 says a tenth more deaths than without a season.
    """
    year = measure_seasons(deaths, month)
    age = np.arange(2 * YEAR)
    weight = 0.5 ** (age / life)
    held = np.einsum("na,a->n", year[:, (month - 1 - age) % YEAR], weight / weight.sum())
    return np.asarray(year[:, (month + np.arange(horizon)) % YEAR] - held[:, None])
