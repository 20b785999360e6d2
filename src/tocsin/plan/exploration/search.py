"""Search for portfolios that hold up: many objectives, within limits that nothing may cross.

What is searched is what we do: efforts on levers of ours. Objectives are the 90th percentiles over
futures of the paired difference to the status quo (regret from baseline, McPhail et al. 2018), one
for each outcome, and the cost. The algorithm is NSGA-III (Deb and Jain 2014, IEEE Transactions on
Evolutionary Computation 18) of pymoo (Blank and Deb 2020, IEEE Access 8), which looks for good ones
in directions that are spread evenly over all mixes of objectives. Around it stand a repair that
moves what crosses a limit towards the status quo, a start from declared and from sparse portfolios,
and an archive of everything that was looked at.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tocsin.base.atomic import write_bytes
from tocsin.errors import UsageError, require
from tocsin.plan.exploration.archive import Bounds, keep, meets_ceilings
from tocsin.plan.exploration.robustness import baseline_regret

Floats = npt.NDArray[np.float64]
Play = Callable[[Floats, npt.NDArray[np.int64]], Mapping[str, Floats]]
Algorithm = Literal["nsga3", "nsga2", "random"]
PERCENTILE = 90.0
"""Of the difference to the status quo over futures."""
POPULATION = 40
FRESH = 1_000
"""Futures on which what was found is held to the ceilings."""
COST = "cost"
"""The name of the objective that is not simulated."""


@dataclass(frozen=True)
class Task:
    """This is what is searched: levers, limits, and a model that plays."""

    play: Play
    """Gives each outcome by portfolio and future, (P, F), for efforts (P, L) and the numbers of
    futures, (F,). A future of one number is the same at every call."""
    outcomes: tuple[str, ...]
    """Outcomes that are objectives; less is better."""
    bounds: Bounds
    declared: Floats
    """Portfolios to start from, shape (D, L)."""
    digest: str
    """Changes with the model and the region, so that kept results of another are not used."""

    @property
    def objectives(self) -> tuple[str, ...]:
        """Return the names of the objectives, in the order of columns."""
        return (*self.outcomes, COST)


@dataclass(frozen=True)
class Found:
    """This is what a search found."""

    efforts: Floats
    """Portfolios that no other is better than, and that meet all limits and ceilings, (P, L)."""
    objectives: Floats
    """Their objectives, (P, O), in the outcomes' units and cost units a year."""
    bounds: Mapping[str, Floats] = field(default_factory=dict)
    """For each ceiling the upper bound of what lies above it, on fresh futures; at most 0."""
    looked_at: int = 0
    """How many portfolios were played."""
    dropped: int = 0
    """How many of the front were dropped, since they do not meet a ceiling on fresh futures."""


def search(
    task: Task,
    *,
    evaluations: int = 2_000,
    futures: int = 100,
    seed: int = 0,
    algorithm: Algorithm = "nsga3",
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
        algorithm: 'nsga3', or one of those that it is measured against: 'nsga2' (Deb et al.
            2002, with constraints) and 'random' (evenly over what limits allow).
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
    played = _Played(task, futures, work, hashlib.sha256(key.encode()).hexdigest()[:16])
    if algorithm == "random":
        _play_random(played, evaluations, seed, tell)
    else:
        _evolve(played, evaluations, seed, algorithm, tell)
    # The last generation may have gone a few beyond what was asked for.
    efforts, objectives = (rows[:evaluations] for rows in played.table())
    place = keep(efforts, objectives, task.bounds)
    if tell:
        tell(f"Holding {len(place)} portfolios to the ceilings", None)
    ceilings = task.bounds.limits.simulated if fresh else {}
    numbers = np.arange(fresh, dtype=np.int64) + 10**6
    fine, bounds = meets_ceilings(
        lambda some: task.play(some, numbers), efforts[place], task.bounds.today, ceilings
    )
    kept = place[fine]
    return Found(
        efforts[kept], objectives[kept], {name: by[fine] for name, by in bounds.items()},
        len(efforts), int((~fine).sum()),
    )  # fmt: skip


class _Played:
    """What has been played so far; each portfolio once, kept in a file where asked."""

    def __init__(self, task: Task, futures: int, work: Path | None, name: str) -> None:
        self.task, self.numbers = task, np.arange(futures, dtype=np.int64)
        self.path = work / f"search-{name}.npz" if work else None
        self.rows: dict[bytes, Floats] = {}
        self.order: list[Floats] = []
        self.old: dict[bytes, Floats] = {}
        self.base: Mapping[str, Floats] = {}
        if self.path is not None and self.path.exists():
            with np.load(self.path) as held:
                self.old = {
                    one.tobytes(): row
                    for one, row in zip(held["efforts"], held["objectives"], strict=True)
                }

    def __call__(self, efforts: Floats) -> Floats:
        """The objectives of portfolios, (P, O)."""
        efforts = np.ascontiguousarray(efforts, np.float64)
        keys = [one.tobytes() for one in efforts]
        new = [place for place, key in enumerate(keys) if key not in self.rows | self.old]
        if new:
            if not self.base:
                self.base = self.task.play(self.task.bounds.today[None], self.numbers)
            for place, row in zip(new, self._play(efforts[new]), strict=True):
                self.old[keys[place]] = row
        for place, key in enumerate(keys):
            if key not in self.rows:
                self.rows[key] = self.old[key]
                self.order.append(efforts[place])
        if new and self.path is not None:
            self._save()
        return np.stack([self.rows[key] for key in keys])

    def _play(self, efforts: Floats) -> Floats:
        seen = self.task.play(efforts, self.numbers)
        columns = [
            baseline_regret(seen[name], self.base[name][0], PERCENTILE)
            for name in self.task.outcomes
        ]
        bounds = self.task.bounds
        cost = efforts @ np.array([bounds.levers[name].cost for name in bounds.names])
        return np.column_stack([*columns, cost])

    def _save(self) -> None:
        assert self.path is not None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        efforts, objectives = self.table()
        held = io.BytesIO()
        np.savez(held, efforts=efforts, objectives=objectives)
        write_bytes(self.path, held.getvalue())

    def table(self) -> tuple[Floats, Floats]:
        """All portfolios and their objectives, in the order in which they were played."""
        efforts = np.array(self.order).reshape(len(self.order), -1)
        return efforts, np.array([self.rows[one.tobytes()] for one in self.order])


def _play_random(played: _Played, evaluations: int, seed: int, tell: Any) -> None:
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


def _evolve(played: _Played, evaluations: int, seed: int, algorithm: Algorithm, tell: Any) -> None:
    """Let an algorithm of pymoo ask, generation by generation."""
    require("pymoo", extra="explore")
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.core.callback import Callback
    from pymoo.core.problem import Problem
    from pymoo.core.repair import Repair
    from pymoo.optimize import minimize

    bounds, task = played.task.bounds, played.task
    plain = algorithm == "nsga2"

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

    class Told(Callback):  # type: ignore[misc]
        def notify(self, asked: Any) -> None:
            if tell:
                done = min(asked.evaluator.n_eval, evaluations)
                tell(f"{done:,} of {evaluations:,} portfolios played", done / evaluations)

    if plain:
        chosen = NSGA2(pop_size=POPULATION)
    else:
        start = first_generation(task, POPULATION, seed)
        chosen = NSGA3(
            _directions(len(task.objectives)), pop_size=POPULATION, sampling=start, repair=Within()
        )
    minimize(Portfolios(), chosen, ("n_eval", evaluations), seed=seed, callback=Told())


@cache
def _directions(objectives: int) -> Floats:
    """Mixes of objectives, spread evenly: points with the least energy of mutual repulsion."""
    from pymoo.util.ref_dirs import get_reference_directions

    # Their seed is no part of the search: all searches look in the same directions.
    found: Floats = get_reference_directions("energy", objectives, POPULATION, seed=1)
    return found


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


def compare_seeds(
    found: Mapping[str, Sequence[Floats]], *, points: int = 100_000
) -> dict[str, list[float]]:
    """Work out the hypervolume of each algorithm and seed in one box for all.

    Args:
        found: for each algorithm the objectives that it kept, a table a seed.
        points: as `hypervolume` takes them.

    Returns:
        For each algorithm a hypervolume a seed. The box reaches from the best to a tenth beyond
        the worst of what any of them kept.
    """
    every = np.concatenate([one for some in found.values() for one in some])
    low, high = every.min(axis=0), every.max(axis=0)
    # A tenth beyond the worst, so that what is best in one way alone counts for something.
    high = np.where(high > low, low + 1.1 * (high - low), low + 1.0)
    return {
        name: [hypervolume(one, low, high, points=points) for one in some]
        for name, some in found.items()
    }
