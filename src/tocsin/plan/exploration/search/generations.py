"""Which portfolios are played next: the search, and those that it is measured against."""

from __future__ import annotations

import logging
from typing import Any, Literal

import numpy as np

from tocsin.errors import require
from tocsin.plan.exploration.archive import non_dominated
from tocsin.plan.exploration.search.surrogate import choose, expect
from tocsin.plan.exploration.search.task import Floats, Played, Task

Algorithm = Literal["surrogate", "nsga2", "random"]
POPULATION = 40
CANDIDATES = 10
"""For each portfolio that is played so many are made, of which it is the most welcome."""


def first_generation(task: Task, size: int, seed: int) -> Floats:
    """Make portfolios to start from: those declared, and sparse ones within all limits.

    A portfolio of a few levers is cheap, and whoever decides can explain it; even draws over
    thirteen levers hold none.

    Args:
        task: what is searched.
        size: how many.
        seed: start of random numbers.

    Returns:
        Shape (size, L).
    """
    rng = np.random.default_rng(seed)
    levers = len(task.bounds.names)
    share = rng.random((size, 1))
    some = rng.random((size, levers)) * (rng.random((size, levers)) < share)
    some[: len(task.declared)] = task.declared[:size]
    return task.bounds.repair(some)


def play_random(played: Played, evaluations: int, seed: int, tell: Any) -> None:
    """Portfolios drawn evenly over all efforts, until so many keep the limits."""
    rng, bounds = np.random.default_rng(seed), played.task.bounds
    for done in range(0, evaluations, POPULATION):
        some: list[Floats] = []
        while sum(map(len, some)) < POPULATION:
            drawn = rng.random((4_096, len(bounds.names)))
            # Without this, tight limits would leave next to nothing of an even draw.
            drawn *= rng.random((4_096, 1))
            some.append(drawn[bounds.within(drawn)])
        played(np.concatenate(some)[: min(POPULATION, evaluations - done)])
        if tell:
            tell(f"{done:,} of {evaluations:,} portfolios played", done / evaluations)


def evolve(played: Played, evaluations: int, seed: int, algorithm: Algorithm, tell: Any) -> None:
    """Let NSGA-II of pymoo ask, generation by generation, plainly or with a choice of candidates.

    Ours repairs what crosses a limit, begins with portfolios made for it, and has `CANDIDATES` made
    for each that is played. Plain NSGA-II is told which portfolios cross a limit once it has spent
    a play on them.

    Args:
        played: what has been played; more is played through it.
        evaluations: how many plays there are.
        seed: start of random numbers.
        algorithm: 'surrogate' or 'nsga2'.
        tell: is told what is being done; or None.
    """
    require("pymoo", extra="explore")
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.core.repair import Repair
    from pymoo.core.termination import NoTermination

    bounds, task, plain = played.task.bounds, played.task, algorithm == "nsga2"

    class Portfolios(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            size = len(bounds.names)
            super().__init__(
                n_var=size, n_obj=len(task.objectives), n_ieq_constr=int(plain), xl=0.0, xu=1.0
            )

        def _evaluate(self, x: Floats, out: dict[str, Any], *_: Any, **__: Any) -> None:
            out["F"] = played(x)
            if plain:
                out["G"] = np.where(bounds.within(x), 0.0, 1.0)[:, None]

    class Within(Repair):  # type: ignore[misc]
        def _do(self, _problem: Any, x: Floats, **_: Any) -> Floats:
            return bounds.repair(x)

    problem = Portfolios()
    if plain:
        asked = NSGA2(pop_size=POPULATION)
    else:
        start = first_generation(task, POPULATION, seed)
        asked = NSGA2(pop_size=POPULATION, sampling=start, repair=Within())
    asked.setup(problem, seed=seed, termination=NoTermination())
    while (done := asked.evaluator.n_eval) < evaluations:
        if tell:
            tell(f"{done:,} of {evaluations:,} portfolios played", done / evaluations)
        some = asked.ask()
        if not plain and done:
            some = _welcome(asked, some, played)
        asked.evaluator.eval(problem, some)
        asked.tell(infills=some)


def _welcome(asked: Any, some: Any, played: Played) -> Any:
    """Of many candidates, those that are expected to add most to what has been played."""
    from pymoo.core.population import Population

    more = [asked.infill().get("X") for _ in range(CANDIDATES - 1)]
    candidates = np.unique(np.concatenate([some.get("X"), *more]), axis=0)
    candidates = candidates[[one.tobytes() not in played.rows for one in candidates]]
    if len(candidates) <= POPULATION:
        return some
    efforts, objectives = played.table()
    expected = expect(efforts, objectives, candidates)
    # What a portfolio costs is known, and need not be guessed.
    expected[:, -1] = played.task.cost(candidates)
    front = objectives[non_dominated(objectives)]
    return Population.new(X=candidates[choose(expected, front, POPULATION)])
