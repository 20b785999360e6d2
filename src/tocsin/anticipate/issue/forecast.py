"""Forecasts as draws, and their summary."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.data.panel import REPORTING_MONTHS, Matrix, Panel, add_months
from tocsin.anticipate.models.baselines import Model, predict
from tocsin.base.moved import old_parameters
from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, conform

PERSISTENCE = 0.5
"""Correlation of the ranks of any two months of one course. On the origins 1995 to 2017 it has the
least CRPS of totals over twelve months (of 0.5, 0.6 and 0.7: docs/decisions/0119)."""
QUARTER, QUARTERS, GROWTH = 3, 200, 2.0
"""Of any three months in a row, one draw in `QUARTERS` may have more deaths than any three months
on record, and none more than `GROWTH` times as many. A record with fewer quarters with deaths
bounds nothing."""


@old_parameters(horizons="horizon")
def forecast(
    history: Panel, name: str, model: Model, *, horizon: int, draws: int, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Forecast each month from the next one to the horizon, of every unit that is not left out.

    Args:
        history: the counts that are known, N units.
        name, model: the name of the model, and the model itself.
        horizon: how many months after the last known one are forecast.
        draws: how many draws each unit and month has. They are the model's quantiles, in an order
            that ties months together, so that a draw is one course of events and sums of months are
            wide.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        The tables `forecasts` (summaries) and `forecast_draws` (draws), in deaths a month.

    Raises:
        StageNotReady: no unit has a count in the latest months.
    """
    if history.left_out().all():
        raise StageNotReady(
            f"No unit has a count in the {REPORTING_MONTHS} months to {history.months[-1]:%Y-%m}.",
            remedy="Choose an origin that counts lead up to.",
        )
    found = predict(model, history, horizon, draws, seed=seed)
    greatest = _greatest_quarter(history.deaths)
    summaries, tables = [], []
    for i in np.flatnonzero(~history.left_out()):
        order = _courses(_random_of(history.deaths[i], seed), horizon, draws)
        courses = _within_record(np.take_along_axis(found[i], order, axis=1), greatest)
        each = _summaries(courses)
        for h in range(horizon):
            shared = {
                "territory": history.territories[i],
                "gwno": history.gwnos[i],
                "target": history.target,
                "origin": history.months[-1],
                "month": add_months(history.months[-1], h + 1),
                "model": name,
                "source": f"forecast by {name}",
            }
            tables.append(shared | {"draws": courses[h]})
            summaries.append(shared | {"horizon": h + 1} | each[h])
    return (
        conform(TABLES["forecasts"], pl.DataFrame(summaries)),
        conform(TABLES["forecast_draws"], pl.DataFrame(tables)),
    )


def left_out_units(history: Panel) -> list[tuple[str, date]]:
    """List the units that a forecast leaves out (`Panel.left_out`).

    Args:
        history: the counts that are known.

    Returns:
        The name of each such unit, and its last month with a count.
    """
    return [
        (history.territories[i], history.months[np.flatnonzero(~np.isnan(history.deaths[i]))[-1]])
        for i in np.flatnonzero(history.left_out())
    ]


def _random_of(deaths: Matrix, seed: int) -> np.random.Generator:
    """Random numbers of one unit, told by its counts: neither its name nor its place matters.

    Units whose counts are the same in every month share them, as they share the forecast.
    """
    digest = hashlib.sha256(np.ascontiguousarray(deaths).tobytes()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest, dtype=np.uint32).tolist()])


def _courses(random: np.random.Generator, horizon: int, draws: int) -> npt.NDArray[np.int64]:
    """Ranks of each draw in each month, shape (H, S), by a Gaussian copula over months."""
    common = random.standard_normal((1, draws))
    own = random.standard_normal((horizon, draws))
    latent = np.sqrt(PERSISTENCE) * common + np.sqrt(1 - PERSISTENCE) * own
    ranks = np.empty(latent.shape, dtype=np.int64)
    np.put_along_axis(ranks, np.argsort(latent, axis=1), np.arange(draws)[None], axis=1)
    return ranks


def _greatest_quarter(deaths: Matrix) -> float:
    """The most deaths that any unit had in three months, or infinity where the record is short."""
    if deaths.shape[1] < QUARTER:
        return np.inf
    counts = np.nan_to_num(deaths)
    totals = np.lib.stride_tricks.sliding_window_view(counts, QUARTER, axis=1).sum(-1)
    return float(totals.max()) if (totals > 0).sum() >= QUARTER * QUARTERS else np.inf


def _within_record(courses: Matrix, greatest: float) -> Matrix:
    """Courses, shape (H, S), of which those shrink that have more deaths than the record supports.

    A month that was the greatest on record may come again, and seldom three times in a row. Above
    the greatest three months on record the chance falls as one over the size, as that of months
    does (`tocsin.anticipate.models.record.tail`).
    """
    width = min(QUARTER, len(courses))
    totals = np.lib.stride_tricks.sliding_window_view(courses, width, axis=0).sum(-1)
    if totals.max() <= greatest:
        return courses
    rank = np.argsort(np.argsort(-totals, axis=1, kind="stable"), axis=1)
    above = (rank + 0.5) / courses.shape[1]
    most = greatest * np.clip(1 / (QUARTERS * above), 1.0, GROWTH)
    share = np.ones_like(courses)
    for at, row in enumerate(most / np.maximum(totals, 1.0)):
        share[at : at + width] = np.minimum(share[at : at + width], row)
    return np.where(share < 1, np.floor(courses * share), courses)


def _summaries(courses: Matrix) -> list[dict[str, float]]:
    """The mean, quantiles and chances of each month of courses, shape (H, S)."""
    names = ("mean", "p05", "p25", "p50", "p75", "p95", "p_any", "p_25")
    each = [
        courses.mean(axis=1),
        *np.quantile(courses, [0.05, 0.25, 0.5, 0.75, 0.95], axis=1),
        (courses >= 1).mean(axis=1),
        (courses >= 25).mean(axis=1),
    ]
    return [dict(zip(names, row, strict=True)) for row in np.stack(each, axis=1).tolist()]
