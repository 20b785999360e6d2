"""The regional model: how fast it is, and how many futures common random numbers save."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from tocsin.bench.plan.search import DEATHS
from tocsin.plan.compare import region_total, runs_by_name
from tocsin.plan.portfolios import SHIPPED
from tocsin.plan.region.levels import held_levels, weekly_levels
from tocsin.plan.region.outcomes import OUTCOMES, WEEKS
from tocsin.plan.region.parameters import BLOCK, PARAMETERS
from tocsin.plan.region.runs import Played, chunk_size, play_futures
from tocsin.plan.region.start import read_start
from tocsin.schema import TABLES, empty


def measure_region(
    *, futures: int = 8_192, on_done: Callable[[str], None] = lambda _words: None
) -> dict[str, Any]:
    """Play the shipped portfolios for ten years, and measure.

    Common random numbers save futures as far as what differs between futures is chance. What is
    left is what portfolios do through parameters that nobody knows, which differs from future to
    future in truth. Its mean is still found with fewer futures where each block of them is a Latin
    hypercube of the parameters. So three factors are given, each beside futures of which every
    portfolio has its own, drawn one by one: of common chance alone, with parameters drawn one by
    one and with each held at the middle of its prior; and of futures as a plan draws them.

    Args:
        futures: of each portfolio, at least two blocks of 256.
        on_done: is told what has been done.

    Returns:
        The seconds of the first chunk with its compilation, million territory-steps a second with
        one process thereafter, the peak of memory in GiB, and over all pairs of portfolios and
        outcomes that chance moves the median and the least of the factors by which fewer futures
        are needed for the same standard error of a difference; and the outcome and pair of the
        least.
    """
    forecasts = pl.DataFrame(
        {"gwno": list(DEATHS), "horizon": [1] * len(DEATHS), "mean": list(DEATHS.values())}
    )
    region = read_start({"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}, [*DEATHS])
    begun = region.begin(held_levels())
    plans = weekly_levels(SHIPPED, list(SHIPPED.portfolios.values()))
    size = chunk_size(len(DEATHS), len(plans))
    started = time.perf_counter()
    play_futures(np.arange(size), plans, begun, seed=1)
    first = time.perf_counter() - started
    on_done("Region: compiled")
    started = time.perf_counter()
    played = play_futures(np.arange(futures), plans, begun, seed=0)
    seconds = time.perf_counter() - started
    middle = np.array([[(one.low + one.high) / 2] for one in PARAMETERS], np.float32)
    held = play_futures(
        np.arange(futures), plans, begun, seed=0, values=np.repeat(middle, futures, axis=1)
    )
    steps = len(DEATHS) * len(plans) * futures * WEEKS
    return {
        "futures": futures,
        "million_territory_steps_a_second": steps / seconds / 1e6,
        "first_chunk_seconds": first,
        "peak_memory_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        **_saving(played, "common_chance", 1),
        **_saving(held, "common_chance_parameters_held", 1),
        **_saving(played, "common_chance_and_hypercubes", BLOCK),
    }


def _saving(played: Played, key: str, block: int) -> dict[str, Any]:
    """By which factor fewer futures are needed than if each portfolio had its own.

    The mean difference over a block of futures varies from block to block; so many futures times
    that variance is the variance that a single future would have if none knew of the others.
    """
    runs = runs_by_name(played, list(SHIPPED.portfolios))
    saved = {}
    for (one, a), (other, b) in combinations(runs.items(), 2):
        for outcome in OUTCOMES:
            mine, theirs = (region_total(outcome, run.totals[outcome]) for run in (a, b))
            means = (mine - theirs).reshape(-1, block).mean(axis=1)
            together = block * means.var(ddof=1)
            if together > 0:
                saved[f"{outcome}, {one} and {other}"] = (mine.var() + theirs.var()) / together
    least = min(saved, key=lambda name: saved[name])
    return {
        f"{key}_median": float(np.median(list(saved.values()))),
        f"{key}_least": float(saved[least]),
        f"{key}_least_of": least,
    }
