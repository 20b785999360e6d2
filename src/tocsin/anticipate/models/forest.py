"""A distributional forest: what came after months like this one, in all units and years.

Extremely randomised trees (Geurts, Ernst and Wehenkel 2006) split on the log count and on
whether there was any; the months that share leaves with a case, weighted as in quantile
regression forests (Meinshausen 2006), are its analogues. Their outcomes, relative to the level
of their own unit, are carried over to the level of the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.anticipate.data.features import features
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.data.training import (
    ENOUGH,
    FIRST,
    Places,
    draw_examples,
    long_quiet,
    thin_quiet,
)
from tocsin.anticipate.models.baselines import DEFAULT_SEED, negative_binomial, stream_of
from tocsin.anticipate.models.empirical import draw_weighted
from tocsin.base.moved import old_parameters
from tocsin.errors import require

TREES, LEAF, SHARE = 60, 20, 0.35
QUIET = 0.3
"""Share of months without any violence in ten years that are kept, at 1/0.3 the weight."""


@dataclass(frozen=True)
class ForestRules:
    """These are the rules by which a forest is taught; each default is the constant of that name.

    `first` is the first month (column) that may be an example, and `enough` the number of examples
    below which no forest is made.
    """

    first: int = FIRST
    enough: int = ENOUGH
    most: int | None = None
    """No more cases than so many teach a horizon; None: all."""


@dataclass(frozen=True)
class _Examples:
    """Training examples: unit, month, horizon and weight of each, shapes (n,)."""

    unit: Places
    month: Places
    horizon: Places
    weight: Matrix


@old_parameters(horizons="horizon")
def forest(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """Sorted draws of shape (N, H, S), as each model of `baselines` gives.

    The forecast comes from a distributional forest: it is what followed months like this one.
    Horizons with too few training examples are left to the negative binomial.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: how many draws each unit and month has, S.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Raises:
        MissingExtra: scikit-learn is not installed.

    Source: Meinshausen (2006), Quantile regression forests, JMLR 7; Geurts, Ernst and Wehenkel
    (2006), Extremely randomized trees, Machine Learning 63.
    """
    found = negative_binomial(history, horizon, draws)
    ordered, rows = history.order_units()
    known, scale = features(ordered)
    for grove in fit_forests(ordered, known, scale, horizon, seed=seed):
        for h in grove.horizons:
            found[rows, h - 1] = grove.draws(h, known[:, -1], scale[:, -1], draws)
    return found


@old_parameters(horizons="horizon")
def fit_forests(
    history: Panel,
    known: Matrix,
    scale: Matrix,
    horizon: int,
    rules: ForestRules | None = None,
    *,
    seed: int = DEFAULT_SEED,
) -> Iterator[HorizonForest]:
    """Fit a forest for each group of horizons that has enough cases to learn from.

    Args:
        history: the counts that are known, N units and T months.
        known, scale: the features, shape (N, T, F), and the levels in deaths a month, shape (N, T),
            as `features` gives them.
        horizon: the longest horizon in months.
        rules: how the forests are taught; None: the defaults.
        seed: start of all random numbers.

    Yields:
        The forests, by rising horizons.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    rules = rules or ForestRules()
    random = np.random.default_rng(stream_of(seed))
    for group in _groups(horizon):
        found = _examples(history, group, random, rules)
        if len(found.unit) >= rules.enough:
            yield _grow(history, known, scale, (group, found), stream_of(seed))


def _groups(horizon: int) -> list[list[int]]:
    """Horizons that share a forest: 1 and 2, then three by three."""
    ends = [range(1, 3), *(range(first, first + 3) for first in range(3, horizon + 1, 3))]
    return [[h for h in group if h <= horizon] for group in ends]


def _examples(
    history: Panel, group: list[int], random: np.random.Generator, rules: ForestRules
) -> _Examples:
    deaths = history.deaths
    unit, month, horizon = draw_examples(deaths, group, random, first=rules.first, share=SHARE)
    quiet = long_quiet(deaths)[unit, month]
    share = QUIET
    if rules.most is not None and quiet.any():
        share = min(QUIET, max(rules.most - int((~quiet).sum()), 1) / int(quiet.sum()))
    keep, weight = thin_quiet(quiet, share, random)
    return _Examples(unit[keep], month[keep], horizon[keep], weight)


def _grow(
    history: Panel,
    known: Matrix,
    scale: Matrix,
    taught: tuple[list[int], _Examples],
    stream: int,
) -> HorizonForest:
    group, found = taught
    ensemble = require("sklearn.ensemble", extra="anticipate")
    outcome = history.deaths[found.unit, found.month + found.horizon]
    x = np.column_stack([known[found.unit, found.month], found.horizon]).astype(np.float32)
    y = np.column_stack([np.log1p(outcome), (outcome > 0) * 2.0])
    model = ensemble.ExtraTreesRegressor(
        TREES, min_samples_leaf=LEAF, max_features=0.35, n_jobs=-1, random_state=stream
    ).fit(x, y, sample_weight=found.weight)
    relative = np.log1p(outcome) - np.log1p(scale[found.unit, found.month])
    return HorizonForest(group, model, _Leaves(model.apply(x), found.weight), outcome, relative)


@dataclass(frozen=True)
class HorizonForest:
    """This is one forest for some horizons, with its cases in their leaves.

    `outcome` holds the deaths that came after each case, and `relative` their log(1 + deaths) less
    that of the unit's level, each of shape (cases,).
    """

    horizons: list[int]
    model: Any
    leaves: _Leaves
    outcome: Matrix
    relative: Matrix

    def draws(self, horizon: int, known: Matrix, scale: Matrix, draws: int) -> Matrix:
        """Forecast units of given features at one horizon.

        Args:
            horizon: how many months ahead, one of `horizons`.
            known: the features of n units, shape (n, F).
            scale: their levels in deaths a month, shape (n,).
            draws: how many draws each unit has, S.

        Returns:
            Sorted draws, in deaths a month, of shape (n, S).
        """
        n = len(known)
        at = self.model.apply(np.column_stack([known, np.full(n, horizon)]).astype(np.float32))
        values = np.zeros((n, draws))
        alike: dict[tuple[bytes, float], int] = {}
        for i in range(n):
            # Many quiet units are one to the forest.
            twin = alike.setdefault((at[i].tobytes(), float(scale[i])), i)
            values[i] = self._one(at[i], scale[i], draws) if twin == i else values[twin]
        return values

    def _one(self, at: Places, scale: float, draws: int) -> Matrix:
        alike, weight = self.leaves.analogues(at)
        moved = np.expm1(self.relative[alike] + np.log1p(scale))
        moved = np.where(self.outcome[alike] > 0, np.maximum(np.round(moved), 1.0), 0.0)
        return draw_weighted(moved, weight, draws)


class _Leaves:
    """Which cases share which leaf, for finding the analogues of one case at once."""

    def __init__(self, leaves: Places, weight: Matrix) -> None:
        self.weight = weight
        self.order = np.argsort(leaves, axis=0, kind="stable")
        self.sorted = np.take_along_axis(leaves, self.order, axis=0)

    def analogues(self, at: Places) -> tuple[Places, Matrix]:
        """Cases that share a leaf with one at these leaves, and their weights (sum 1)."""
        total = np.zeros(len(self.weight))
        for tree, leaf in enumerate(at):
            column = self.sorted[:, tree]
            first, last = np.searchsorted(column, leaf), np.searchsorted(column, leaf, "right")
            rows = self.order[first:last, tree]
            total[rows] += self.weight[rows] / self.weight[rows].sum() / len(at)
        found = np.flatnonzero(total)
        return found, total[found]
