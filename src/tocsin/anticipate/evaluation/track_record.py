"""The track record: how each model did on windows that it did not know.

As in the VIEWS prediction challenge, a window is a calendar year that is forecast from the
October before. A model sees nothing after that October.

These are scores of hindcasts. Forecasts that were issued are kept in the forecast ledger, and
`tocsin track` scores them (`tocsin.anticipate.forecast_ledger`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.data.panel import Matrix, Panel, add_months, months_between
from tocsin.anticipate.evaluation.hindcast import hindcast, origin_before
from tocsin.anticipate.evaluation.scores import crps, in_interval
from tocsin.anticipate.models.baselines import DEFAULT_SEED, Model
from tocsin.base.moved import old_parameters
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.anticipated.forecast import OWN_REGION

WINDOWS = 5
"""So many of the latest complete years are scored."""
DRAWS = 200
"""Draws a forecast in the record: enough for a mean CRPS, and quick."""
NESTED = "chosen on earlier windows"
"""The record of choosing itself: in each window, the model that was best in those before."""


@dataclass(frozen=True)
class ModelScores:
    """This holds the scores of one model in one window, each of shape (N units, H horizons).

    Scores are NaN where there is no truth. `crps` is in deaths, `crps_log` on the scale of log(1 +
    deaths); `covered` is 1 where the 90 % interval held the truth, else 0. `active`, of shape (N,),
    marks the units that had a death in the year before the origin, `own` those of the region that
    somebody looks after, if there are others beside them.
    """

    model: str
    window: int
    crps: Matrix
    crps_log: Matrix
    covered: Matrix
    active: Matrix
    own: npt.NDArray[np.bool_]


@old_parameters(horizons="horizon")
def track_record(
    history: Panel,
    models: Mapping[str, Model],
    horizon: int,
    *,
    seed: int = DEFAULT_SEED,
    own: Sequence[int] = (),
    progress: Callable[[str], None] | None = None,
) -> pl.DataFrame:
    """Score all models on the latest windows.

    Args:
        history: the counts that are known.
        models: models by their names.
        horizon: how many months after the origin are scored.
        seed: start of the models' random numbers.
        own: Gleditsch-Ward numbers of the region that somebody looks after, which has rows of its
            own; empty: none.
        progress: this function is called with a sentence that says what is being scored.

    Returns:
        The table `track_record`: a row for each model, window (and 'all'), horizon in months (0:
        all) and region ('all', 'recently in conflict': a death in the year before the origin, or
        `OWN_REGION` where that is not all).
        `chosen` marks the model with the lowest mean CRPS over all windows, in which each window
        weighs the same. The table is empty if the history holds no complete window.
    """
    tell = progress or (lambda _words: None)
    scored = list(_score_years(history, models, horizon, seed, own=tuple(own), say=tell))
    if not scored:
        return empty(TABLES["track_record"])
    best = _best(scored)
    scored += _pool_years(scored)
    rows = [row for one in scored for row in _rows(one, str(one.window))]
    for model in dict.fromkeys(one.model for one in scored):
        rows += _rows(_concatenate([one for one in scored if one.model == model]), "all")
    marks = {"target": history.target, "source": "scored out of sample"}
    frame = pl.DataFrame([row | marks | {"chosen": row["model"] == best} for row in rows])
    return conform(TABLES["track_record"], frame)


def windows(history: Panel) -> list[int]:
    """List the years that the track record scores: at most `WINDOWS`, the latest complete ones.

    Args:
        history: the months that are known.

    Returns:
        Calendar years in rising order, each with at least two years of history before its origin;
        an empty list if there is none.
    """
    first, last = history.months[0], history.months[-1]
    complete = last.year if last.month == 12 else last.year - 1
    return [
        year
        for year in range(complete - WINDOWS + 1, complete + 1)
        if months_between(first, origin_before(year)) >= 24
    ]


def record_lines(record: pl.DataFrame) -> list[str]:
    """Say in one line a model how it did over all years and units that were scored.

    How often intervals held is told beside of units that had a death in the year before: of the
    quiet ones nearly every interval is 0 to 0, and holds, so that the share of all says little.

    Args:
        record: the table `track_record`, with a row at least.

    Returns:
        A line for each model, in the order of the table.
    """
    years = sorted(set(record["window"].to_list()) - {"all"})
    whole = record.filter(pl.col("window") == "all", pl.col("horizon") == 0)
    return [
        f"record {years[0]} to {years[-1]}: {row['model']}: mean CRPS {row['crps']:.3g} deaths, "
        f"90% interval held {row['coverage']:.0%} of {row['n']:,} months of all units"
        + _held_at_war(whole.filter(model=row["model"], region="recently in conflict"))
        for row in whole.filter(region="all").iter_rows(named=True)
    ]


def _held_at_war(rows: pl.DataFrame) -> str:
    return "".join(
        f", {row['coverage']:.0%} of {row['n']:,} of those with a death in the year before"
        for row in rows.iter_rows(named=True)
    )


def _score_years(
    history: Panel,
    models: Mapping[str, Model],
    horizon: int,
    seed: int,
    *,
    own: tuple[int, ...],
    say: Callable[[str], None],
) -> Iterator[ModelScores]:
    for year in windows(history):
        say(f"scoring the forecasts of {year}")
        origin = origin_before(year)
        known = history.upto(origin)
        truth = _truth(history, known.gwnos, origin, horizon)
        if np.isnan(truth).all():
            continue
        active = np.nansum(known.deaths[:, -12:], axis=1) > 0
        mine = np.isin(known.gwnos, own)
        for name, model in models.items():
            draws = hindcast(known, name, model, horizon=horizon, draws=DRAWS, seed=seed)
            yield ModelScores(
                name,
                year,
                crps(draws, truth),
                crps(np.log1p(draws), np.log1p(truth)),
                in_interval(draws, truth),
                active,
                mine & ~mine.all(),
            )


def _truth(history: Panel, gwnos: tuple[int, ...], origin: date, horizon: int) -> Matrix:
    row = {gwno: i for i, gwno in enumerate(history.gwnos)}
    column = {month: t for t, month in enumerate(history.months)}
    found = np.full((len(gwnos), horizon), np.nan)
    for h in range(horizon):
        t = column.get(add_months(origin, h + 1))
        if t is not None:
            found[:, h] = history.deaths[[row[gwno] for gwno in gwnos], t]
    return found


def _best(scored: list[ModelScores]) -> str:
    """Lowest mean over windows of the ratio to the window's mean CRPS of all models."""
    years = sorted({one.window for one in scored})
    mean = {(one.model, one.window): float(np.nanmean(one.crps)) for one in scored}
    models = list(dict.fromkeys(one.model for one in scored))
    level = {year: float(np.mean([mean[m, year] for m in models])) for year in years}

    def relative(model: str) -> float:
        return sum(mean[model, year] / max(level[year], 1e-12) for year in years)

    return min(models, key=relative)


def _pool_years(scored: list[ModelScores]) -> list[ModelScores]:
    years = sorted({one.window for one in scored})
    found = []
    for year in years[1:]:
        name = _best([one for one in scored if one.window < year])
        one = next(one for one in scored if one.window == year and one.model == name)
        found.append(replace(one, model=NESTED))
    return found


def _concatenate(scored: list[ModelScores]) -> ModelScores:
    def join(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(one, name) for one in scored])

    names = ("crps", "crps_log", "covered", "active", "own")
    return ModelScores(scored[0].model, 0, *map(join, names))


def _rows(one: ModelScores, window: str) -> Iterator[dict[str, Any]]:
    every = np.ones(len(one.active), bool)
    regions = {"all": every, "recently in conflict": one.active, OWN_REGION: one.own}
    for region, units in regions.items():
        for horizon in range(one.crps.shape[1] + 1) if units.any() else ():
            part = slice(None) if horizon == 0 else slice(horizon - 1, horizon)
            values = one.crps[units][:, part]
            n = int((~np.isnan(values)).sum())
            if n:
                yield {
                    "model": one.model,
                    "window": window,
                    "horizon": horizon,
                    "region": region,
                    "n": n,
                    "crps": float(np.nanmean(values)),
                    "crps_log": float(np.nanmean(one.crps_log[units][:, part])),
                    "coverage": float(np.nanmean(one.covered[units][:, part])),
                }
