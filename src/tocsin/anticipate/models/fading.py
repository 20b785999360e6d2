"""A unit's own past as distributions: its months, each a little blurred, fading at several speeds.

The same war seldom costs the same twice, so a month with deaths stands for a lognormal of its
size (kernel dressing: Roulston and Smith 2003, Tellus 55A).

A month that towers over its year is seldom the new level: it is one battle, or it holds deaths of
which only the year is known, which stand in its last month. It tells that there is war, and little
of how great a war; so it is dressed widely, and half-way back to the year on the log scale.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from tocsin.anticipate.data.panel import Matrix

BLUR = 0.4
"""Standard deviation of the dressing on the scale of log(1+deaths); from 0, 0.4 and 0.7."""
LIVES = np.array([1.0, 2, 4, 8, 24, 96])
"""Months in which the weight of a past month halves, one distribution for each."""
YEAR, TOWERS, MANY = 12, 3.0, 300.0
"""A month of the last `YEAR` towers if it has more than `TOWERS` times their median and more than
`MANY` deaths. Chosen on origins before 2018, as is `WIDE` (docs/decisions/0129)."""
WIDE = 1.5
"""Standard deviation of the dressing of a month that towers, on the scale of log(1+deaths)."""
LEAST_WEIGHT = 1e-200
"""A past that weighs less is none: its months are too long ago to be told from nothing."""


def own_past(deaths: Matrix, counts: Matrix, *, since: int = 0) -> Matrix:
    """Compute P(Y ≤ v) by the unit's own past, for each month from `since` on.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        counts: whole counts v, shape (V,).
        since: the first month (column of `deaths`) for which it is computed.

    Returns:
        Probabilities of shape (N, T - since, len(LIVES), V), of single precision. Where no month is
        known yet they are those of no deaths.

    Source: Roulston and Smith (2003), Tellus 55A, for the kernel dressing.
    """
    width = deaths.shape[1]
    if since == width - 1:
        return latest_past(deaths, counts)[:, None]
    known = ~np.isnan(deaths)
    fade = 0.5 ** (1 / LIVES)
    found = np.ones((len(deaths), width - since, len(LIVES), len(counts)), dtype=np.float32)
    total = np.zeros((len(deaths), len(LIVES), len(counts)))
    weight = np.zeros((len(deaths), len(LIVES), 1))
    for t in range(width):
        here = known[:, t, None] * np.ones(len(counts))
        some = np.flatnonzero(np.nan_to_num(deaths[:, t]) > 0)
        here[some] = _blur(deaths[some, t], counts, BLUR)
        total = total * fade[:, None] + here[:, None, :]
        weight = weight * fade[:, None] + known[:, t, None, None]
        if t >= since:
            seen = weight > LEAST_WEIGHT
            found[:, t - since] = np.where(seen, total / np.where(seen, weight, 1.0), 1.0)
    return np.asarray(found)


def measure_towering(deaths: Matrix) -> tuple[Matrix, Matrix]:
    """Compute how far each month towers over the last year, and what it then stands for.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.

    Returns:
        Two arrays of shape (N, T): how many times as many deaths a month has as the least that
        towers, and 1 where it does not tower or is older than a year; and the geometric mean, in
        deaths a month, of the month and of the year's median, which is taken for 1 at least. The
        median is that of the months that are known.

    >>> over, level = measure_towering(np.array([[100.0] * 11 + [8100.0]]))
    >>> over[0, -2:].tolist(), level[0, -1:].tolist()
    ([1.0, 27.0], [900.0])
    """
    counts, year = np.nan_to_num(deaths), deaths[:, -YEAR:]
    year = np.where(np.isnan(year).all(axis=1, keepdims=True), 0.0, year)
    middle = np.maximum(np.nanmedian(year, axis=1, keepdims=True), 1.0)
    over = np.maximum(counts / np.maximum(TOWERS * middle, MANY), 1.0)
    over[:, :-YEAR] = 1.0
    return over, np.sqrt(counts * middle)


def latest_past(
    deaths: Matrix,
    counts: Matrix,
    *,
    lives: Matrix = LIVES,
    blur: float = BLUR,
    lowered: bool = False,
) -> Matrix:
    """Compute P(Y ≤ v) by the unit's own past, for the last month alone.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        counts: whole counts v, shape (V,).
        lives: months in which the weight of a past month halves, shape (L,).
        blur: standard deviation of the dressing on the scale of log(1+deaths).
        lowered: True if a month that towers (`measure_towering`) is to be lowered. One part in
            how far it towers then stands for the month itself, and the rest for what
            `measure_towering` says.

    Returns:
        Probabilities of shape (N, L, V), of single precision. Where no month is known they are
        those of no deaths.

    Source: Roulston and Smith (2003), Tellus 55A, for the kernel dressing.
    """
    age = np.arange(deaths.shape[1])[::-1]
    faded = 0.5 ** (age[:, None] / lives)
    found = np.ones((len(deaths), len(lives), len(counts)), dtype=np.float32)
    over, level = measure_towering(deaths)
    # The same few counts come again in many months and units: each is dressed once.
    each, place = np.unique(deaths, return_inverse=True)
    place, dressed = place.reshape(deaths.shape), _blur(np.maximum(each, 0.0), counts, blur)
    for i, row in enumerate(deaths):
        quiet, some = row == 0, row > 0
        weight = faded[quiet | some].sum(0)
        below = dressed[place[i, some]]
        high = np.flatnonzero(over[i, some] > 1)
        if lowered and len(high):
            itself = 1 / over[i, some][high, None]
            wide = _blur(level[i, some][high], counts, WIDE)
            below[high] = itself * below[high] + (1 - itself) * wide
        # Summed in a fixed order: of a product of matrices, the threads decide the last bit.
        total = faded[quiet].sum(0)[:, None] + np.einsum("tk,tv->kv", faded[some], below)
        seen = weight > LEAST_WEIGHT
        found[i, seen] = total[seen] / weight[seen, None]
    return np.asarray(found)


def _blur(deaths: Matrix, counts: Matrix, blur: float) -> Matrix:
    """P(Y ≤ v) of months with deaths, each a lognormal of its size, shape (n, V)."""
    below = ndtr((np.log1p(counts + 0.5) - np.log1p(deaths)[:, None]) / blur)
    return np.where(counts == 0, 0.0, below)
