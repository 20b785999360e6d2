"""Which of many portfolios are worth playing, by what those that were played lead one to expect.

Objectives in futures that are the same for all portfolios are smooth in the efforts, so that they
can be interpolated: by cubic radial basis functions with a linear part (Regis and Shoemaker 2007,
INFORMS Journal on Computing 19), as SciPy has them. Candidates are then chosen one by one, each
time the one that is expected to add most to the hypervolume of what is there and of those chosen
before it (pre-selection by a surrogate: Jin 2011, Swarm and Evolutionary Computation 1).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from tocsin.base.threads import on_one_thread
from tocsin.plan.exploration.search.task import Floats
from tocsin.plan.exploration.search.volume import box

LATEST = 2_000
"""So many portfolios, the last that were played, are interpolated; time grows with the cube."""
POINTS = 2**13
"""Places at which the hypervolume is looked at."""
SMALL = 1e-9
"""Directions in which efforts differ by no more than this are no directions."""


@on_one_thread
def expect(efforts: Floats, objectives: Floats, asked: Floats) -> Floats:
    """Interpolate the objectives of portfolios that have not been played.

    Args:
        efforts: portfolios that were played, all different, shape (P, L).
        objectives: theirs, shape (P, O).
        asked: portfolios, shape (C, L).

    Returns:
        Shape (C, O); at a portfolio that was played, what was found there.

    >>> line = np.array([[0.0, 0.5], [1.0, 0.5], [0.5, 0.5]])
    >>> expect(line, 2 * line[:, :1], np.array([[0.25, 0.5]])).round(6).tolist()
    [[0.5]]
    """
    from scipy.interpolate import RBFInterpolator

    efforts, objectives = efforts[-LATEST:], objectives[-LATEST:]
    middle, unit = efforts.mean(axis=0), np.ptp(objectives, axis=0)
    unit = np.where(unit > 0, unit, 1.0)
    # A lever that nobody may move, or levers tied to each other, leave no way to fit a linear part
    # in all levers; in the directions in which portfolios differ there is one.
    _, sizes, ways = np.linalg.svd(efforts - middle, full_matrices=False)
    ways = ways[sizes > SMALL].T
    if not ways.shape[1] or len(efforts) <= ways.shape[1] + 1:
        return np.repeat(objectives.mean(axis=0)[None], len(asked), axis=0)
    fitted = RBFInterpolator((efforts - middle) @ ways, objectives / unit, kernel="cubic")
    return np.asarray(fitted((asked - middle) @ ways) * unit)


def choose(expected: Floats, front: Floats, count: int) -> npt.NDArray[np.int64]:
    """Choose the candidates that are expected to add most to the hypervolume together.

    Args:
        expected: objectives of candidates, shape (C, O); less is better.
        front: of what is there already, shape (P, O).
        count: how many are chosen, at most C.

    Returns:
        Places of those chosen, the most welcome first, shape (count,). Of candidates that add the
        same the first counts, so that the choice hangs on counts and not on the last bits.
    """
    low, high = box(np.concatenate([front, expected]))
    open_ = _places(front.shape[1])
    open_ = open_[~_better((front - low) / (high - low), open_).any(axis=0)]
    better = _better((expected - low) / (high - low), open_)
    left, chosen = np.ones(len(open_), bool), np.zeros(count, np.int64)
    taken = np.zeros(len(expected), bool)
    for turn in range(count):
        adds = np.where(taken, -1, better[:, left].sum(axis=1))
        chosen[turn] = adds.argmax()
        taken[chosen[turn]] = True
        left &= ~better[chosen[turn]]
    return chosen


def _better(rows: Floats, places: Floats) -> npt.NDArray[np.bool_]:
    """Tell which rows are at least as good as which places in every way, (P, S)."""
    found = np.ones((len(rows), len(places)), bool)
    for column in range(rows.shape[1]):
        found &= rows[:, column, None] <= places[:, column]
    return found


@cache
def _places(objectives: int) -> Floats:
    from scipy.stats import qmc

    # Not those of the measure, so that nothing is fitted to the places that it looks at.
    drawn = qmc.Sobol(objectives, scramble=True, rng=np.random.default_rng(1)).random(POINTS)
    return np.asarray(drawn)
