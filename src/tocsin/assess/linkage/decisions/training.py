"""Training the linkage model without labels: chance from moved calendars, matches from EM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions import model
from tocsin.assess.linkage.decisions.chance import Chance
from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, arrays

SHIFTS = (29, -33, 37, -41, 47, -53)
"""Days by which dates are moved to see what chance alone pairs."""
TAUGHT = 2_000_000
"""Candidate pairs from which training looks at some regions only, so that no rival is missing."""


def train_weights(
    rows: pl.DataFrame,
    columns: pl.DataFrame,
    levels: Sequence[Comparison],
    pairs: Pairs,
    source: np.ndarray,
    *,
    gammas: Mapping[str, np.ndarray],
    narrow: float = 1.0,
    trust: Mapping[str, float] = model.TRUST,
) -> tuple[Weights, np.ndarray, np.ndarray]:
    """Train the model without labels.

    u (how often chance agrees) comes from moved calendars, the prior from counting, and m (how
    often one event's reports agree) from expectation maximisation (Winkler 1988).

    Args:
        rows: n records.
        columns: their columns, from `comparison_columns`.
        levels: the comparisons.
        pairs: P candidate pairs.
        source: shape (n,), the number of each record's source.
        gammas: comparison to the level of each pair, shape (P,).
        narrow: the factor on the windows with which the candidates were found.
        trust: how far the bits of comparisons are believed.

    Returns:
        The weights; for each pair the bits of its surroundings, shape (P,); and the bits of
        coverage by source and source, shape (sources, sources), for a report of the first.
    """
    values = arrays(columns)
    chance = Chance.empty(levels, rows.height, int(source.max()) + 1)
    shifts, thin = (SHIFTS, 1) if rows.height < blocking.MANY else (SHIFTS[:2], 4)
    for shift in shifts:
        moved = blocking.candidates(rows, shift=shift, narrow=narrow, thin=thin)
        chance.add(values, levels, moved, source, shift, thin=thin)
    some = rows.filter(blocking.in_sample(pl.col("row"), thin))
    near = blocking.candidates(some, within=True, narrow=narrow)
    chance.add_within(values, levels[0], near)
    u = chance.u()
    context = chance.traffic(pairs, source) + chance.locality(pairs, gammas, u)
    by_chance = float(chance.expected.sum()) / 2 / chance.calendars
    matches = max(len(pairs) - by_chance, 0.02 * len(pairs), 1.0)
    prior = float(np.clip(matches / max(len(pairs), 1), 1e-6, 0.99))
    m = {one.name: tuple(x.m for x in one.levels) for one in levels}
    start = Weights(round(prior, 9), m, u, trust)
    taught = choose_training_reports(regions(values), pairs)
    lessons = pairs
    if not taught.all():
        mine = np.flatnonzero(taught[pairs.left])
        lessons = Pairs(pairs.left[mine], pairs.right[mine])
        gammas = {name: gamma[mine] for name, gamma in gammas.items()}
    weights, coverage = model.train(
        gammas,
        levels,
        lessons,
        source,
        np.bincount(source[taught], minlength=int(source.max()) + 1).astype(float),
        context if lessons is pairs else context[mine],
        start,
    )
    return weights, context, coverage


def regions(values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Number the region, some 150 km wide, in which each report lies.

    Args:
        values: columns `north` (kilometres) and `lon` (degrees) of n reports.

    Returns:
        Shape (n,), whole numbers.
    """
    north, east = np.floor(values["north"] / 150), np.floor(values["lon"] / 1.5)
    return np.asarray((north * 1000 + east).astype(np.int64))


def choose_training_reports(region: np.ndarray, pairs: Pairs) -> np.ndarray:
    """Choose the reports to train on: all, or, where pairs are too many, those of some regions.

    Whole regions are taken, so that no rival of a pair is missing.

    Args:
        region: shape (n,), the number of each report's region.
        pairs: the candidate pairs.

    Returns:
        Shape (n,), whether each report is trained on.
    """
    if len(pairs) <= TAUGHT:
        return np.ones(len(region), dtype=bool)
    names, number = np.unique(region, return_inverse=True)
    count = np.bincount(number[pairs.left], minlength=len(names))
    order = np.argsort(blocking.scatter(names), kind="stable")
    enough = int(np.searchsorted(np.cumsum(count[order]), TAUGHT)) + 1
    return np.isin(number, order[:enough])
