"""Cases to learn from: a unit, a month, and how far ahead the outcome lies.

Most months of most units are quiet and alike, so few of them are kept, at more weight.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.data.panel import Matrix

Places = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FIRST = 24
"""Months of history before a month may teach."""
ENOUGH = 2000
"""Fewer cases than this teach nothing."""
DECADE = 120
"""Months without any death after which a unit counts as quiet."""


def cases(
    deaths: Matrix, ahead: Iterable[int], random: np.random.Generator, *, first: int, share: float
) -> tuple[Places, Places, Places]:
    """Unit, month and horizon of a share of all cases whose outcome is known, shapes (n,)."""
    n, width = deaths.shape
    parts = []
    for h in ahead:
        months = np.arange(first, width - h)
        unit, month = (grid.ravel() for grid in np.meshgrid(np.arange(n), months, indexing="ij"))
        here = ~np.isnan(deaths[unit, month]) & ~np.isnan(deaths[unit, month + h])
        here &= random.random(len(unit)) < share
        parts.append((unit[here], month[here], np.full(int(here.sum()), h)))
    unit, month, far = (np.concatenate(part) for part in zip(*parts, strict=True))
    return unit, month, far


def peaceful(deaths: Matrix) -> Bools:
    """True where ten years up to the month held no death at all, shape (N, T)."""
    past = np.concatenate([np.zeros((len(deaths), DECADE - 1)), np.nan_to_num(deaths)], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(past, DECADE, axis=1)
    return np.asarray(windows.max(-1) == 0)


def thinned(quiet: Bools, share: float, random: np.random.Generator) -> tuple[Bools, Matrix]:
    """Which cases are kept, shape (n,), and the weight of those that are: 1/share if quiet."""
    keep = ~quiet | (random.random(len(quiet)) < share)
    return keep, np.where(quiet, 1 / share, 1.0)[keep]
