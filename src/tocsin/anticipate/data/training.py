"""Training examples of models that learn: a unit, a month, and the horizon of the outcome.

Most months of most units are quiet and alike, so few of them are kept, at more weight.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.data.panel import Matrix
from tocsin.base.moved import old_parameters

Places = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FIRST = 24
"""Months of history before the first month that is an example."""
ENOUGH = 2000
"""With fewer examples than this no model is fitted."""
DECADE = 120
"""Months without any death after which a unit counts as quiet."""


@old_parameters(ahead="horizons")
def draw_examples(
    deaths: Matrix,
    horizons: Iterable[int],
    random: np.random.Generator,
    *,
    first: int,
    share: float,
) -> tuple[Places, Places, Places]:
    """Draw training examples at random from all whose month and outcome are known.

    Args:
        deaths: shape (N, T), NaN where unknown.
        horizons: how many months after the month of an example its outcome may lie.
        random: source of random numbers; it is moved on.
        first: column before which no month is an example.
        share: probability with which an example is drawn, from 0 to 1.

    Returns:
        Unit (row), month (column) and horizon (in months) of each example, each of shape (n,).
    """
    n, width = deaths.shape
    parts = []
    for h in horizons:
        months = np.arange(first, width - h)
        unit, month = (grid.ravel() for grid in np.meshgrid(np.arange(n), months, indexing="ij"))
        here = ~np.isnan(deaths[unit, month]) & ~np.isnan(deaths[unit, month + h])
        here &= random.random(len(unit)) < share
        parts.append((unit[here], month[here], np.full(int(here.sum()), h)))
    unit, month, far = (np.concatenate(part) for part in zip(*parts, strict=True))
    return unit, month, far


def long_quiet(deaths: Matrix) -> Bools:
    """Find out which units have been without any death for ten years, month by month.

    Args:
        deaths: shape (N, T); a month that is unknown counts as one without deaths.

    Returns:
        Shape (N, T), True where none of the `DECADE` months up to the month has a death.
    """
    past = np.concatenate([np.zeros((len(deaths), DECADE - 1)), np.nan_to_num(deaths)], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(past, DECADE, axis=1)
    return np.asarray(windows.max(-1) == 0)


def thin_quiet(quiet: Bools, share: float, random: np.random.Generator) -> tuple[Bools, Matrix]:
    """Keep only a share of the quiet examples, and give those more weight.

    The sum of the weights stays, in expectation, the number of all examples.

    Args:
        quiet: which examples are quiet, shape (n,).
        share: probability with which a quiet example is kept, above 0 to 1.
        random: source of random numbers; it is moved on.

    Returns:
        Which examples are kept, shape (n,); and the weight of those that are kept, in their
        order: 1/share for a quiet one, 1 for the others.
    """
    keep = ~quiet | (random.random(len(quiet)) < share)
    return keep, np.where(quiet, 1 / share, 1.0)[keep]
