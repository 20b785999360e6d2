"""Search for portfolios that hold up: many objectives, within limits that nothing may cross.

What is searched is what we do: efforts on levers of ours. Objectives are the 90th percentiles over
futures of the paired difference to the status quo (regret from baseline, McPhail et al. 2018), one
for each outcome, and the cost. Candidates are made by NSGA-II (Deb, Pratap, Agarwal and Meyarivan
2002, IEEE Transactions on Evolutionary Computation 6) of pymoo (Blank and Deb 2020, IEEE Access 8);
of ten, the one is played that is expected to add most (`surrogate`). Around it stand a repair that
moves what crosses a limit towards the status quo, a start from declared and from sparse portfolios,
and an archive of everything that was looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tocsin.base.display.quantity import quantity
from tocsin.errors import UsageError
from tocsin.plan.exploration.archive import keep, meets_ceilings
from tocsin.plan.exploration.search.generations import POPULATION, Algorithm, evolve, play_random
from tocsin.plan.exploration.search.task import FIRST_FRESH, Found, Played, Task

FRESH = 1_000
"""Futures on which what was found is held to the ceilings."""


def search(
    task: Task,
    *,
    evaluations: int = 2_000,
    futures: int = 100,
    seed: int = 0,
    algorithm: Algorithm = "surrogate",
    work: Path | None = None,
    fresh: int = FRESH,
    tell: Callable[[str, float | None], None] | None = None,
) -> Found:
    """Search for portfolios that are good in many ways at once.

    Args:
        task: what is searched.
        evaluations: how many portfolios are played, in generations of `POPULATION`.
        futures: in how many futures each is played; the same for all (common random numbers).
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        algorithm: 'surrogate', or one of those that it is measured against: 'nsga2' (plain, with
            constraints) and 'random' (evenly over what limits allow).
        work: a folder in which what was played is kept; a search that was stopped goes on from
            there, and finds what it would have found.
        fresh: futures, seen by no search, on which ceilings are checked; 0: none.
        tell: is told what is being done, and what part of it is done.

    Returns:
        The portfolios that were kept.

    Raises:
        UsageError: fewer evaluations than one generation, or fewer than 2 futures.
        MissingExtra: the extra `explore` is not installed.
    """
    if evaluations < POPULATION or futures < 2:
        raise UsageError(
            f"{evaluations} evaluations in {futures} futures are too few.",
            remedy=f"Give at least {POPULATION} evaluations and 2 futures.",
        )
    key = f"{task.digest} {evaluations} {futures} {seed} {algorithm} {task.objectives}"
    played = Played(task, futures, work, hashlib.sha256(key.encode()).hexdigest()[:16])
    if not played.recall(evaluations):
        if algorithm == "random":
            play_random(played, evaluations, seed, tell)
        else:
            evolve(played, evaluations, seed, algorithm, tell)
    # The last generation may have gone a few beyond what was asked for.
    efforts, objectives = (rows[:evaluations] for rows in played.table())
    place = keep(efforts, objectives, task.bounds)
    if tell:
        tell(f"Holding {quantity(len(place), 'portfolio')} to the ceilings", None)
    ceilings = task.bounds.limits.simulated if fresh else {}
    numbers = np.arange(fresh, dtype=np.int64) + FIRST_FRESH
    fine, bounds = meets_ceilings(
        lambda some: task.play(some, numbers), efforts[place], task.bounds.today, ceilings
    )
    kept = place[fine]
    return Found(
        efforts[kept], objectives[kept], {name: by[fine] for name, by in bounds.items()},
        len(efforts), int((~fine).sum()),
    )  # fmt: skip
