"""A negative binomial whose mean borrows from the rings around a cell and from its country.

The mean is a sum of the readings of `around.levels`, each with a weight above zero; the size
grows with the mean, so that a quiet cell is almost surely zero and, where it is not, may be bad:
with sizes far below one the distribution is zero-inflated by itself. Weights and size are learnt
from all cells' past by penalised likelihood, drawn to what was set by reasoning; with little
history that is all there is. Forms of this kind: Held, Höhle and Hofmann (2005), A statistical
framework for the analysis of multivariate infectious disease surveillance counts, Statistical
Modelling 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.data.training import thin_quiet
from tocsin.anticipate.grid.around import past_levels
from tocsin.anticipate.models import empirical
from tocsin.anticipate.models.baselines import DEFAULT_SEED, stream_of
from tocsin.base.moved import old_parameters

WEIGHTS = 0.9 * np.array([0.25, 0.2, 0.15, 0.05, 0.1, 0.1, 0.03, 0.03, 0.02, 0.02, 0.02])
SIZE, GROWTH = 0.25, 0.3
"""Size at a mean of about one death, and the power by which it grows with the mean."""
PULL = 30.0
"""Penalty on each squared log distance from these, against which the likelihood speaks."""
LATEST = 120
"""Months of outcomes that teach."""
KEPT = 0.15
"""Share of the cases without any past deaths that are kept, at 1/0.15 the weight."""
FLOOR = 1e-5
LEAST, MOST, OFFSET = 0.01, 20.0, 0.02
"""Bounds of the size, and what keeps its power law away from a mean of zero."""
GROUPS = (range(1, 3), range(3, 6), range(6, 10), range(10, 15), range(15, 37))


@old_parameters(horizons="horizon")
def smoothed(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """Forecast cells by a negative binomial that borrows from the rings around and the country.

    Args:
        history: a panel from `grid_panel`, N cells.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a cell and month, S.
        seed: start of the random numbers that choose quiet training examples.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Source: Held, Höhle and Hofmann (2005), Statistical Modelling 5.
    """
    from scipy.stats import nbinom

    found = np.zeros((len(history.gwnos), horizon, draws))
    at = empirical.quantile_levels(draws)[None, :]
    for group, mean, size in _fit_groups(history, horizon, stream_of(seed)):
        quantiles = nbinom.ppf(at, size[:, None], (size / (size + mean))[:, None])
        for h in group:
            found[:, h - 1] = quantiles
    return found


def _fit_groups(
    history: Panel, horizon: int, stream: int
) -> Iterator[tuple[list[int], Matrix, Matrix]]:
    """For each group of horizons the mean and size of every cell."""
    read = past_levels(history)
    for span in GROUPS:
        group = [h for h in span if h <= horizon]
        if group:
            chosen = _learnt(history, read, group, stream)
            mean = read[:, -1] @ np.exp(chosen[:-2]) + FLOOR
            yield group, mean, _size(mean, chosen)


def _size(mean: Matrix, chosen: Matrix) -> Matrix:
    return np.asarray(np.clip(np.exp(chosen[-2]) * (mean + OFFSET) ** chosen[-1], LEAST, MOST))


def _learnt(history: Panel, read: Matrix, group: list[int], stream: int) -> Matrix:
    """Logs of the weights, log of the size, and its growth."""
    from scipy.optimize import minimize

    prior = np.concatenate([np.log(WEIGHTS), [np.log(SIZE), GROWTH]])
    x, y, weight = _cases(history, read, group, stream)
    if not len(y):
        return prior

    def cost(chosen: Matrix) -> tuple[float, Matrix]:
        chance, slope = _likelihood(chosen, x, y, weight)
        pull = chosen - prior
        return float(PULL * (pull**2).sum() - chance), 2 * PULL * pull - slope

    return np.asarray(minimize(cost, prior, jac=True, method="L-BFGS-B").x)


def _likelihood(chosen: Matrix, x: Matrix, y: Matrix, weight: Matrix) -> tuple[float, Matrix]:
    """Weighted log likelihood of the negative binomial, and its slope in what is chosen."""
    from scipy.special import gammaln, psi

    parts = x * np.exp(chosen[:-2])
    mean = parts.sum(1) + FLOOR
    size = _size(mean, chosen)
    both = size + mean
    ways: Any = gammaln(y + size) - gammaln(size) - gammaln(y + 1)
    chance = ways + size * np.log(size / both) + y * np.log(mean / both)
    by_size = psi(y + size) - psi(size) + np.log(size / both) + 1 - (y + size) / both
    # Where the size is at a bound it does not move.
    by_size = np.where((size > LEAST) & (size < MOST), by_size * size, 0.0)
    by_mean = y / mean - (y + size) / both + by_size * chosen[-1] / (mean + OFFSET)
    slope = np.concatenate(
        [
            (weight * by_mean) @ parts,
            [(weight * by_size).sum(), (weight * by_size * np.log(mean + OFFSET)).sum()],
        ]
    )
    return float((weight * chance).sum()), slope


def _cases(
    history: Panel, read: Matrix, group: list[int], stream: int
) -> tuple[Matrix, Matrix, Matrix]:
    deaths, width = history.deaths, history.deaths.shape[1]
    xs, ys = [np.zeros((0, read.shape[-1]))], [np.zeros(0)]
    for h in group:
        first = max(3, width - h - LATEST)
        if first + h >= width:
            continue  # The history is too short to show what came so many months later.
        before, after = deaths[:, first : width - h], deaths[:, first + h :]
        here = ~np.isnan(before) & ~np.isnan(after)
        xs.append(read[:, first : width - h][here])
        ys.append(after[here])
    x, y = np.concatenate(xs), np.concatenate(ys)
    quiet = (y == 0) & (x[:, 3] < 1e-3)
    keep, weight = thin_quiet(quiet, KEPT, np.random.default_rng(stream))
    return x[keep], y[keep], weight / len(group)
