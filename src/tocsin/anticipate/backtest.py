"""Backtest under the rules of the 2023/24 VIEWS prediction challenge, at country and month.

For a test year Y a model knows the months to October of Y-1 and forecasts January to December
of Y. Scores: CRPS; CRPS of log(1+deaths); IGN, the log score over the challenge's bins with
add-one smoothing; MIS, the mean interval score of the 90 % interval (Gneiting and Raftery 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.baselines import Model, last_twelve
from tocsin.anticipate.features import borders
from tocsin.anticipate.panel import Matrix, Panel, add_months, months_between
from tocsin.anticipate.scores import covered, crps

EDGES = np.array([0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5])
"""Lower edges of the challenge's bins."""
FIRST_AHEAD, LAST_AHEAD = 3, 14
METRICS = ("crps", "crps_log", "ign", "mis")


def zero(history: Panel, horizons: int, draws: int) -> Matrix:
    """Exactly zero."""
    return np.zeros((len(history.gwnos), horizons, draws))


def last_month(history: Panel, horizons: int, draws: int) -> Matrix:
    """Poisson with the last observed month as its mean."""
    from scipy.stats import poisson

    mean = np.nan_to_num(history.deaths[:, -1:])
    levels = (np.arange(draws) + 0.5)[None, :] / draws
    return np.repeat(poisson.ppf(levels, mean)[:, None], horizons, axis=1)


def with_neighbours(history: Panel, horizons: int, draws: int) -> Matrix:
    """The last twelve months of a unit and of its neighbours, each as likely as the others."""
    border, year = borders(history), history.deaths[:, -12:]
    levels = (np.arange(draws) + 0.5) / draws
    found = np.zeros((len(year), draws))
    for i in range(len(year)):
        pool = np.concatenate([year[i], year[border[i] > 0].ravel()])
        pool = np.sort(pool[~np.isnan(pool)])
        if pool.size:
            found[i] = pool[(levels * pool.size).astype(int)]
    return np.repeat(found[:, None], horizons, axis=1)


BENCHMARKS: dict[str, Model] = {
    "exactly zero": zero,
    "last month (Poisson)": last_month,
    "last twelve months": last_twelve,
    "last twelve, neighbours": with_neighbours,
}


def backtest(
    history: Panel,
    models: Mapping[str, Model],
    years: Sequence[int],
    *,
    draws: int = 1000,
    on_window: Callable[[int], None] | None = None,
) -> pl.DataFrame:
    """Score models and benchmarks.

    Returns:
        Columns `window, model, benchmark, n, crps, crps_log, ign, mis, coverage`; scores are
        means over countries and months.
    """
    rows = []
    for year in years:
        origin = date(year - 1, 10, 1)
        known = history.upto(origin)
        first = months_between(history.months[0], add_months(origin, FIRST_AHEAD))
        units = [history.gwnos.index(gwno) for gwno in known.gwnos]
        truth = history.deaths[units, first : first + LAST_AHEAD - FIRST_AHEAD + 1]
        for name, model in {**BENCHMARKS, **models}.items():
            found = model(known, LAST_AHEAD, draws)[:, FIRST_AHEAD - 1 :]
            scores = _scores(found[:, : truth.shape[1]], truth)
            rows.append({"window": year, "model": name, "benchmark": name in BENCHMARKS} | scores)
        if on_window:
            on_window(year)
    return pl.DataFrame(rows)


def ratios(scored: pl.DataFrame) -> pl.DataFrame:
    """Each model's scores as a share of the best benchmark's of that window and score."""
    best = scored.filter("benchmark").group_by("window").agg(pl.col(*METRICS).min())
    joined = scored.filter(~pl.col("benchmark")).join(best, on="window", suffix="_best")
    return joined.select(
        "window", "model", "coverage", *[pl.col(m) / pl.col(f"{m}_best") for m in METRICS]
    ).sort("model", "window")


def ignorance(draws: Matrix, truth: Matrix) -> Matrix:
    """Log score in bits over the challenge's bins, each bin's count of draws plus one."""
    size = draws.shape[-1]
    bins = np.searchsorted(EDGES, draws, side="right") - 1
    own = np.searchsorted(EDGES, np.nan_to_num(truth), side="right") - 1
    hits = (bins == own[..., None]).sum(-1)
    return np.where(np.isnan(truth), np.nan, -np.log2((hits + 1) / (size + len(EDGES))))


def interval_score(draws: Matrix, truth: Matrix, *, level: float = 0.9) -> Matrix:
    """Width of the interval, and 2/(1-level) times how far the truth lies outside."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=-1)
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return np.asarray(high - low + outside / tail)


def _scores(draws: Matrix, truth: Matrix) -> dict[str, float]:
    return {
        "n": int((~np.isnan(truth)).sum()),
        "crps": float(np.nanmean(crps(draws, truth))),
        "crps_log": float(np.nanmean(crps(np.log1p(draws), np.log1p(truth)))),
        "ign": float(np.nanmean(ignorance(draws, truth))),
        "mis": float(np.nanmean(interval_score(draws, truth))),
        "coverage": float(np.nanmean(covered(draws, truth))),
    }
