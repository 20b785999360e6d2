"""Forecasts from past origins, made again now from what was known then, for alert rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.evaluation.hindcast import hindcast
from tocsin.anticipate.issue.forecast import _courses
from tocsin.anticipate.models.baselines import MODELS, Model
from tocsin.anticipate.models.registry import FORECASTER, REGISTRY
from tocsin.base.moved import old_parameters

DRAWS = 400
"""Draws a replayed forecast: a probability is known to a quarter of a per cent."""
QUICK = {*MODELS, FORECASTER}
"""Models that take moments an origin: the forecaster's networks are fitted once a year."""
HEAVY_STEP = 3
"""Months between origins where another model is among them."""


@dataclass(frozen=True)
class PastForecast:
    """This is a forecast from a past origin, made from what was known then.

    `draws`, of shape (N, H, S), is in deaths a month; each draw is one course of events over the
    months, and NaN for a unit that is left out.
    """

    origin: date
    model: str
    known: Panel
    draws: Matrix


def best_before(track: pl.DataFrame) -> Callable[[int], str]:
    """Find, for each year, the model that had the best record in the years before it.

    Args:
        track: the table `track_record`.

    Returns:
        A function of a year that gives the name of a model. It is the one of the lowest mean over
        earlier windows of the CRPS divided by the window's mean; in the first years, where nothing
        is scored yet, it is the best of the first window.
    """
    each = track.filter(
        pl.col("window") != "all",
        pl.col("horizon") == 0,
        pl.col("region") == "all",
        pl.col("model").is_in(list(REGISTRY)),
    ).with_columns(
        pl.col("window").cast(pl.Int32),
        (pl.col("crps") / pl.col("crps").mean().over("window").clip(1e-12)).alias("relative"),
    )
    first = each["window"].min()

    def choose(year: int) -> str:
        earlier = each.filter(pl.col("window") < year)
        if earlier.is_empty():
            earlier = each.filter(pl.col("window") == first)
        ranked = earlier.group_by("model").agg(pl.col("relative").mean()).sort("relative", "model")
        return str(ranked["model"][0])

    return choose


def origins(history: Panel, first_year: int, models: set[str]) -> list[date]:
    """Choose the origins from which forecasts are replayed.

    Args:
        history: the months that are known.
        first_year: the first year that is looked into; its December before is the first origin.
        models: names of the models that will be needed.

    Returns:
        First days of months, rising, up to the last one known: every month if all the models are
        quick (`QUICK`), else every third.
    """
    step = 1 if models <= QUICK else HEAVY_STEP
    months = [month for month in history.months if month >= date(first_year - 1, 12, 1)]
    return months[::-1][::step][::-1]


@old_parameters(horizons="horizon", remember=None)
def replay(
    history: Panel,
    choose: Callable[[int], str],
    when: list[date],
    *,
    horizon: int,
    seed: int,
) -> Iterator[PastForecast]:
    """Forecast again from each past origin, from what was known then.

    Args:
        history: all counts, N units.
        choose: function of a year that gives the name of the model whose record was best before it.
        when: the origins, as `origins` gives them.
        horizon: how many months after an origin are forecast.
        seed: start of all random numbers; the same seed gives the same bits.

    Yields:
        One forecast for each origin, with `DRAWS` draws for each unit and month.
    """
    order = _courses(np.random.default_rng(seed), horizon, DRAWS)
    for origin in when:
        name = choose(origin.year)
        known = history.upto(origin)
        model: Model = REGISTRY[name]
        found = hindcast(known, name, model, horizon=horizon, draws=DRAWS, seed=seed)
        gone = known.left_out()
        draws = np.take_along_axis(found, np.broadcast_to(order[None], found.shape), axis=2)
        yield PastForecast(origin, name, known, np.where(gone[:, None, None], np.nan, draws))
