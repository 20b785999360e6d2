"""The search for portfolios beside random search and plain NSGA-II, and what is never archived.

All play the same model in the same futures, as many portfolios each, and each is credited with the
archive of all that it looked at; so what is compared is where they look.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.bench.kept import run_seeds
from tocsin.plan.exploration.archive import Bounds, keep, meets_ceilings, sign_test
from tocsin.plan.exploration.region import search_task
from tocsin.plan.exploration.search import (
    Algorithm,
    Floats,
    Found,
    Task,
    compare_seeds,
    search,
)
from tocsin.plan.portfolios import SHIPPED
from tocsin.schema import TABLES, empty

ALGORITHMS: tuple[Algorithm, ...] = ("surrogate", "nsga2", "random")
"""Ours is the first."""
DEATHS = {620: 4.0, 630: 9.0, 640: 15.0, 645: 60.0, 651: 8.0, 652: 90.0, 660: 3.0, 666: 12.0}
"""A region for the measure: deaths a month by Gleditsch-Ward number. Made up, near the Levant."""
CHUNK = 100_000
OFFERED = 1_000
"""Portfolios that are held to a simulated ceiling at once."""


@cache
def bench_task() -> Task:
    """Prepare the search that is measured: shipped levers and limits in a made-up region."""
    forecasts = pl.DataFrame(
        {"gwno": list(DEATHS), "horizon": [1] * len(DEATHS), "mean": list(DEATHS.values())}
    )
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}
    return search_task(tables, list(DEATHS), SHIPPED)


def measure_search(
    *,
    evaluations: int = 2_000,
    futures: int = 100,
    seeds: int = 10,
    fresh: int = 1_000,
    work: Path | None = None,
    on_done: Callable[[str], None] = lambda _words: None,
    workers: int = 1,
) -> dict[str, Any]:
    """Compare the search with random search and plain NSGA-II, seed by seed.

    Args:
        evaluations: portfolios that each plays.
        futures: in which each is played.
        seeds: how many searches of each.
        fresh: futures on which what the first seed archived is held to its ceilings.
        work: a folder in which what was played is kept, so that a stopped measure goes on.
        on_done: is told what has been done.
        workers: processes, each with a search at a time.

    Returns:
        Hypervolumes (median, least and most over seeds), in how many seeds the search is ahead,
        and the sign tests; how many portfolios of the first seed are archived and how many are
        dropped for a ceiling, with the greatest upper bound beyond each ceiling among those
        archived; and on futures that even the archive had not seen, of how many the bound did not
        show again that they meet all ceilings, and of how many the mean lay beyond one.
    """
    found = _search_each(
        evaluations=evaluations, futures=futures, seeds=seeds, work=work, on_done=on_done,
        workers=workers,
    )  # fmt: skip
    volumes = compare_seeds(
        {name: [one.objectives for one in some] for name, some in found.items()}
    )
    ours = volumes[ALGORITHMS[0]]
    told: dict[str, Any] = {"evaluations": evaluations, "futures": futures, "seeds": seeds}
    for name in ALGORITHMS:
        told[f"hypervolume_{name}"] = float(np.median(volumes[name]))
        told[f"hypervolume_{name}_least"] = min(volumes[name])
        told[f"hypervolume_{name}_most"] = max(volumes[name])
    for name in ALGORITHMS[1:]:
        leads = sum(one > other for one, other in zip(ours, volumes[name], strict=True))
        told[f"ahead_of_{name}"] = leads
        told[f"sign_test_{name}"] = sign_test(ours, volumes[name])
    on_done("Search: holding what was archived to its ceilings")
    return told | _hold(bench_task(), found[ALGORITHMS[0]][0].efforts, fresh)


def _search_each(
    *,
    evaluations: int,
    futures: int,
    seeds: int,
    work: Path | None,
    on_done: Callable[[str], None],
    workers: int,
) -> dict[str, list[Found]]:
    """Search once for each algorithm and seed."""
    each = [(seed, name) for seed in range(seeds) for name in ALGORITHMS]
    kept = None
    if work is not None:
        kept = work / f"found-{evaluations}-{futures}-{bench_task().digest[:12]}.jsonl"
    rows = run_seeds(
        partial(_search, evaluations, futures, work, each), range(len(each)), kept,
        lambda place: on_done(f"Search: {each[place][1]}, seed {each[place][0] + 1} of {seeds}"),
        workers,
    )  # fmt: skip
    found: dict[str, list[Found]] = {name: [] for name in ALGORITHMS}
    for (_, name), row in zip(each, rows, strict=True):
        found[name].append(Found(np.array(row["efforts"]), np.array(row["objectives"])))
    return found


def _search(
    evaluations: int,
    futures: int,
    work: Path | None,
    each: list[tuple[int, Algorithm]],
    place: int,
) -> dict[str, Any]:
    """Search once, and give what was found as lists."""
    seed, name = each[place]
    found = search(
        bench_task(), evaluations=evaluations, futures=futures, seed=seed, algorithm=name,
        work=work, fresh=0,
    )  # fmt: skip
    return {"efforts": found.efforts.tolist(), "objectives": found.objectives.tolist()}


def _hold(task: Task, front: Floats, fresh: int) -> dict[str, Any]:
    """Hold a front to its ceilings as an archive is, and what passes once more in other futures."""
    ceilings = task.bounds.limits.simulated
    numbers = np.arange(fresh, dtype=np.int64) + 10**6
    fine, bounds = meets_ceilings(
        lambda some: task.play(some, numbers), front, task.bounds.today, ceilings
    )
    told: dict[str, Any] = {"archived": int(fine.sum()), "dropped": int((~fine).sum())}
    for name, by in bounds.items():
        told[f"archived_greatest_bound_{name}"] = float(by[fine].max()) if fine.any() else None
    return told | _on_other_futures(task, front[fine], fresh)


def _on_other_futures(task: Task, efforts: Floats, fresh: int) -> dict[str, Any]:
    """Hold an archive to its ceilings once more, in futures that played no part in it.

    That the bound does not lie below the ceiling again shows no crossing: a portfolio that is just
    within it may be shown once and not twice. A mean beyond the ceiling would speak of one.
    """
    if not len(efforts):
        return {"archived_not_shown_again": 0, "archived_mean_beyond": 0}
    numbers = np.arange(fresh, dtype=np.int64) + 10**7
    ceilings = task.bounds.limits.simulated
    seen = task.play(efforts, numbers)
    base = task.play(task.bounds.today[None], numbers)
    beyond = np.zeros(len(efforts), bool)
    for outcome, multiple in ceilings.items():
        beyond |= seen[outcome].mean(axis=1) > multiple * base[outcome].mean()

    fine, _ = meets_ceilings(
        lambda some: seen if some is efforts else base, efforts, task.bounds.today, ceilings
    )
    return {
        "archived_not_shown_again": int((~fine).sum()),
        "archived_mean_beyond": int(beyond.sum()),
    }


def measure_limits(*, portfolios: int = 1_000_000, seed: int = 0) -> dict[str, int]:
    """Offer an archive portfolios that cross static limits, and look the best in every way.

    Args:
        portfolios: how many, each beyond at least one limit.
        seed: start of random numbers.

    Returns:
        How many were offered, and how many were archived.
    """
    bounds: Bounds = bench_task().bounds
    rng = np.random.default_rng(seed)
    offered = archived = 0
    while offered < portfolios:
        some = rng.uniform(-0.2, 1.2, (CHUNK, len(bounds.names)))
        # Half of them lie between none and full effort, so that only other limits are crossed.
        some[: CHUNK // 2] = some[: CHUNK // 2].clip(0.0, 1.0)
        some = some[~bounds.within(some)][: portfolios - offered]
        looks = -rng.random((len(some), 3))
        archived += len(keep(some, looks, bounds))
        offered += len(some)
    return {"offered": offered, "archived": archived}


def measure_ceilings(
    *,
    portfolios: int = 10_000,
    fresh: int = 100,
    seed: int = 0,
    kept: Path | None = None,
    on_done: Callable[[str], None] = lambda _words: None,
    workers: int = 1,
) -> dict[str, int]:
    """Offer portfolios that cross a simulated ceiling, and count those that pass.

    The ceiling is a quarter of the deaths under the status quo, which portfolios of force alone
    cross whatever happens.

    Args:
        portfolios: how many.
        fresh: futures in which each is played.
        seed: start of random numbers.
        kept: a file in which each thousand's result is kept, so that a stopped measure goes on.
        on_done: is told what has been done.
        workers: processes.

    Returns:
        How many were offered, and how many passed.
    """
    rows = run_seeds(
        partial(_offer, portfolios, fresh, seed), range(-(-portfolios // OFFERED)), kept,
        lambda thousand: on_done(f"Offered {min((thousand + 1) * OFFERED, portfolios):,}"),
        workers,
    )  # fmt: skip
    return {"offered": portfolios, "passed": sum(row["passed"] for row in rows)}


def _offer(portfolios: int, fresh: int, seed: int, thousand: int) -> dict[str, Any]:
    """Count those of one thousand that pass."""
    task = bench_task()
    numbers = np.arange(fresh, dtype=np.int64) + 10**6
    count = min(OFFERED, portfolios - thousand * OFFERED)
    some = np.zeros((count, len(task.bounds.names)))
    efforts = np.random.default_rng([seed, thousand]).random(count)
    some[:, task.bounds.names.index("targeted-enforcement")] = efforts
    fine, _ = meets_ceilings(
        lambda one: task.play(one, numbers), some, task.bounds.today, {"deaths": 0.25}
    )
    return {"passed": int(fine.sum())}
