"""Backtest under the rules of the 2023/24 VIEWS prediction challenge, at country and month.

For a test year Y a model knows the months to October of Y-1 and forecasts January to December
of Y. Scores: CRPS; CRPS of log(1+deaths); IGN, the log score over the challenge's bins with
add-one smoothing; MIS, the mean interval score of the 90 % interval (Gneiting and Raftery 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Matrix, Panel, add_months, months_between
from tocsin.anticipate.evaluation.breakdown import METRICS, breakdown
from tocsin.anticipate.evaluation.cases import cases
from tocsin.anticipate.evaluation.hindcast import hindcast, origin_before
from tocsin.anticipate.evaluation.scores import (
    EDGES,
    crps,
    ignorance,
    in_interval,
    interval_score,
    pit,
)
from tocsin.anticipate.models.baselines import DEFAULT_SEED, Model
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.errors import TocsinError
from tocsin.schema.geography.prio_grid import square
from tocsin.schema.geography.region import NOWHERE, region
from tocsin.schema.geography.territory import resolve

__all__ = ["BENCHMARKS", "EDGES", "METRICS", "backtest", "ignorance", "interval_score", "ratios"]

FIRST_AHEAD, LAST_AHEAD = 3, 14


def score_window(
    history: Panel,
    name: str,
    model: Model,
    year: int,
    *,
    draws: int = 1000,
    benchmark: bool | None = None,
    cells: bool = False,
    seed: int = DEFAULT_SEED,
) -> pl.DataFrame:
    """Score one model on one window: each country and month that has a recorded count.

    Countries that first appear after the origin are not forecast, and not scored.

    Args:
        history: all counts, those of the window too; the model sees none after the origin.
        name, model: the name of the model, and the model itself.
        year: the calendar year that is the window.
        draws: how many draws each country and month has.
        benchmark: what the column `benchmark` says; None: whether `BENCHMARKS` has the name.
        cells: True if the units are cells; then each row also has its `priogrid_gid`, and a
            `block`, the square of four by four cells around it in its country.
        seed: start of the random numbers of the model.

    Returns:
        A row for each country and month, with the columns `window, model, benchmark, country,
        region, month, horizon` (in months), `case`, `truth` and `mean` (in deaths), the scores
        `crps`, `crps_log`, `ign` (bits) and `mis` (lower is better), `covered` (1 if the 90 %
        interval holds the truth), and `pit_low` and `pit_high`, the two ends of the PIT.
    """
    origin = origin_before(year)
    known = history.upto(origin)
    first = months_between(history.months[0], add_months(origin, FIRST_AHEAD))
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    units = [place[gwno] for gwno in known.gwnos]
    truth = history.deaths[units, first : first + LAST_AHEAD - FIRST_AHEAD + 1]
    said = hindcast(known, name, model, horizon=LAST_AHEAD, draws=draws, seed=seed)
    found = said[:, FIRST_AHEAD - 1 :][:, : truth.shape[1]]
    n, width = truth.shape
    months = [add_months(origin, FIRST_AHEAD + h) for h in range(width)]
    regions = {country: _region(country) for country in known.territories}
    where = {}
    if cells:
        numbers = np.repeat(np.array(known.gwnos), width)
        squares = zip(numbers.tolist(), np.repeat(known.territories, width), strict=True)
        where = {"priogrid_gid": numbers, "block": [f"{c} {square(g)}" for g, c in squares]}
    return (
        pl.DataFrame(
            {
                **where,
                "country": np.repeat(known.territories, width),
                "month": months * n,
                "horizon": np.tile(np.arange(FIRST_AHEAD, FIRST_AHEAD + width), n),
                "case": cases(known.deaths[:, -12:], truth).ravel(),
                "truth": truth.ravel(),
                "mean": found.mean(-1).ravel(),
                **{key: value.ravel() for key, value in _scores(found, truth, draws).items()},
            }
        )
        .filter(pl.col("truth").is_not_nan())
        .select(
            pl.lit(year).alias("window"),
            pl.lit(name).alias("model"),
            pl.lit(name in BENCHMARKS if benchmark is None else benchmark).alias("benchmark"),
            "country",
            pl.col("country").replace_strict(regions, return_dtype=pl.String).alias("region"),
            pl.all().exclude("country"),
        )
    )


def backtest(
    history: Panel,
    models: Mapping[str, Model],
    years: Sequence[int],
    *,
    draws: int = 1000,
    on_window: Callable[[int], None] | None = None,
) -> pl.DataFrame:
    """Score models and the benchmarks, one after the other, in this process.

    Args:
        history: all counts; no model sees a count after the origin of its window.
        models: models by their names.
        years: the calendar years that are the windows.
        draws: how many draws each country and month has.
        on_window: this function is called with each year when the year is done.

    Returns:
        Columns `window, model, benchmark, n, crps, crps_log, ign, mis, coverage,
        pit_coverage`; scores are means over countries and months.
    """
    rows = []
    for year in years:
        for name, model in {**BENCHMARKS, **models}.items():
            rows.append(score_window(history, name, model, year, draws=draws))
        if on_window:
            on_window(year)
    return breakdown(pl.concat(rows))


def ratios(scored: pl.DataFrame) -> pl.DataFrame:
    """Divide the scores of each model by those of the best benchmark; below 1 is better.

    Args:
        scored: mean scores, as `backtest` gives them.

    Returns:
        A row for each window and model that is no benchmark: `window, model, coverage`, and `crps,
        crps_log, ign, mis`, each divided by the lowest of all benchmarks in that window.
    """
    best = scored.filter("benchmark").group_by("window").agg(pl.col(*METRICS).min())
    joined = scored.filter(~pl.col("benchmark")).join(best, on="window", suffix="_best")
    return joined.select(
        "window", "model", "coverage", *[pl.col(m) / pl.col(f"{m}_best") for m in METRICS]
    ).sort("model", "window")


def _scores(found: Matrix, truth: Matrix, draws: int) -> dict[str, Matrix]:
    """CRPS and PIT of the distribution as it is; IGN and MIS of as many draws as asked."""
    size = found.shape[-1]
    even = found
    if size < draws:
        even = np.sort(found, axis=-1)[..., (np.arange(draws) * size) // draws]
    low, high = pit(found, truth)
    return {
        "crps": crps(found, truth),
        "crps_log": crps(np.log1p(found), np.log1p(truth)),
        "ign": ignorance(even, truth),
        "mis": interval_score(even, truth),
        "covered": in_interval(even, truth),
        "pit_low": low,
        "pit_high": high,
    }


def _region(country: str) -> str:
    try:
        return region(resolve(country).gwno)
    except TocsinError:
        return NOWHERE
