"""How much a set of portfolios is better than: the hypervolume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tocsin.plan.exploration.search.task import Floats


def hypervolume(objectives: Floats, low: Floats, high: Floats, *, points: int = 100_000) -> float:
    """Estimate the share of a box that portfolios are better than (the hypervolume).

    Args:
        objectives: shape (P, O); less is better.
        low, high: the best and the worst corner of the box, shape (O,).
        points: how many points of the box are looked at, always the same (a Sobol sequence).

    Returns:
        From 0 to 1, with an error of less than 0.005 (half of 1 / sqrt(points), and less).
    """
    from scipy.stats import qmc

    count = 2 ** int(np.log2(points))
    drawn = qmc.Sobol(objectives.shape[1], scramble=True, rng=np.random.default_rng(0)).random(
        count
    )
    unit = (objectives - low) / (high - low)
    open_ = np.ones(count, bool)
    for row in unit[np.argsort(unit.sum(axis=1))]:
        rest = np.flatnonzero(open_)
        open_[rest[(drawn[rest] >= row).all(axis=1)]] = False
    return float(1 - open_.mean())


def box(objectives: Floats) -> tuple[Floats, Floats]:
    """Give the box in which portfolios are compared.

    Args:
        objectives: of all of them, shape (P, O); less is better.

    Returns:
        Its best corner and its worst one, (O,) each: a tenth beyond the worst, so that what is
        best in one way alone counts for something.
    """
    low, high = objectives.min(axis=0), objectives.max(axis=0)
    return low, np.where(high > low, low + 1.1 * (high - low), low + 1.0)


def compare_seeds(
    found: Mapping[str, Sequence[Floats]], *, points: int = 100_000
) -> dict[str, list[float]]:
    """Work out the hypervolume of each algorithm and seed in one box for all.

    Args:
        found: for each algorithm the objectives that it kept, a table a seed.
        points: as `hypervolume` takes them.

    Returns:
        For each algorithm a hypervolume a seed, all in the box of what any of them kept.
    """
    low, high = box(np.concatenate([one for some in found.values() for one in some]))
    return {
        name: [hypervolume(one, low, high, points=points) for one in some]
        for name, some in found.items()
    }
