"""The forecaster replayed: what it would have said at past origins, knowing nothing later."""

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

DRAWS = 400
"""Draws a replayed forecast: a probability is known to a quarter of a per cent."""
QUICK = {*MODELS, FORECASTER}
"""Models that take moments an origin: the forecaster's networks are fitted once a year."""
HEAVY_STEP = 3
"""Months between origins where another model is among them."""


@dataclass(frozen=True)
class PastForecast:
    """What was forecast at one origin: draws of shape (N, H, S), each draw one course."""

    origin: date
    model: str
    known: Panel
    draws: Matrix


def best_before(track: pl.DataFrame) -> Callable[[int], str]:
    """The model that had the best record in the years before a year.

    Args:
        track: the table `track_record`.

    Returns:
        Year to model name, by the lowest mean over earlier windows of CRPS relative to the
        window's mean; in the first years, where nothing is scored yet, by the first window.
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
    """From December before the first year to the last month; thinned if a model is heavy."""
    step = 1 if models <= QUICK else HEAVY_STEP
    months = [month for month in history.months if month >= date(first_year - 1, 12, 1)]
    return months[::-1][::step][::-1]


def replay(
    history: Panel,
    choose: Callable[[int], str],
    when: list[date],
    *,
    horizon: int,
    seed: int,
) -> Iterator[PastForecast]:
    """Forecast from each origin with what was known then.

    Args:
        choose: year to the name of the model whose record was best before it.
        when: origins.
        horizon: months ahead.
        seed: start of all random numbers.
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
