"""Measured: the regional model's first three years on origins that it was not fitted to.

At the end of a year the world's countries are forecast from what was known then, the model begins
there as it does in a plan, and its status quo is played for three years. Year 1 is the forecast's
by construction; years 2 and 3 are the model's own. Origins before 2018 are there to choose by, the
later ones to report.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.alerts.records.replay import PastForecast, replay
from tocsin.anticipate.data.panel import Panel, panel
from tocsin.anticipate.evaluation.scores import crps, in_interval
from tocsin.anticipate.models.registry import FORECASTER
from tocsin.base.compiled import jax_for
from tocsin.bench.kept import Row, run_seeds
from tocsin.observe import example_files, observe
from tocsin.plan.calibration.simulate import code_digest
from tocsin.plan.portfolios import SHIPPED, STATUS_QUO
from tocsin.plan.posterior import Posterior
from tocsin.plan.region.calibrate import Level, by_year, calibrate_level, draw_later
from tocsin.plan.region.levels import held_levels, weekly_levels
from tocsin.plan.region.model import Model
from tocsin.plan.region.outcomes import YEAR
from tocsin.plan.region.parameters import draw
from tocsin.plan.region.runs import play_futures
from tocsin.plan.region.start import Start, first_year, read_start
from tocsin.schema import TABLES, empty
from tocsin.schema.step import Tell, say_nothing

Floats = npt.NDArray[np.float64]
YEARS = 3
WAR = 25.0
"""Deaths in the year before an origin from which a territory counts as one at war (UCDP)."""
CHOICE = (2008, 2010, 2012, 2014)
"""The last known years of the origins to choose by; their third year is 2017 at the latest."""
REPORT = (2017, 2018, 2019)
"""Those of the origins to report."""
TARGET = "ged_sb"
FIRST_YEAR = (0.1, 0.5, 0.9, 0.99)
"""Quantiles of the forecast that the status quo's first year is to have."""
NEAR = 0.1
"""A quantile may differ by so large a part of the forecast's, or by Monte Carlo error."""
TWO_SIDED = 1.96
"""Standard errors within which 95 % of a share of futures lie."""


def measure_years(
    *,
    choice: tuple[int, ...] = CHOICE,
    report: tuple[int, ...] = REPORT,
    futures: int = 256,
    posterior: Posterior | None = None,
    work: Path | None = None,
    tell: Tell = say_nothing,
) -> dict[str, Any]:
    """Score years 1, 2 and 3 of the model beside the forecast and naive peers.

    Args:
        choice: last known years of origins before 2018.
        report: last known years of later origins.
        futures: of the model.
        posterior: what the model's calibrated parameters are drawn from; None: their priors.
        work: a folder in which the scores of an origin are kept.
        tell: is told which origin is done.

    Returns:
        Under `GROUP.PEER.YEAR.SCORE`, where the group is `choice` or `report`: the mean CRPS of
        deaths a year (`crps`) and of log(1 + deaths) (`crps_log`), and the coverage of 50 and 90 %
        intervals, over all countries and, with `_at_war`, over those with 25 deaths or more in the
        year before; `GROUP.territories` and `GROUP.at_war`, how many there were; and under
        `GROUP.first_year.QUANTILE` the share of countries in which that of the first year is the
        forecast's (`first_year_near`).
    """
    history = world()

    def one(year: int) -> Row:
        return score_origin(history, year, futures=futures, posterior=posterior)

    depends = f"{code_digest()} {futures} {posterior.text() if posterior else ''}"
    name = f"years-{sha256(depends.encode()).hexdigest()[:16]}.jsonl"
    done = run_seeds(
        one,
        [*choice, *report],
        None if work is None else work / name,
        on_done=lambda year: tell(f"Scored from {year}", None),
    )
    by_year = dict(zip([*choice, *report], done, strict=True))
    return {
        f"{group}.{name}": value
        for group, years in (("choice", choice), ("report", report))
        if years
        for name, value in average_scores([by_year[year] for year in years]).items()
    }


def world() -> Panel:
    """Read the example's deaths by country and month, of all countries."""
    path = next(one for one in example_files() if one.name.startswith(TARGET))
    return panel(observe([path])["series"].filter(pl.col("target") == TARGET))


def score_origin(
    history: Panel, year: int, *, futures: int, posterior: Posterior | None = None
) -> Row:
    """Score all peers from the end of one year.

    Args:
        history: deaths by country and month, beyond the origin too.
        year: the last year that is known.
        futures: of the model.
        posterior: what calibrated parameters are drawn from.

    Returns:
        Means of scores over territories under `PEER.YEAR.SCORE`, and how many there were.
    """
    origin = date(year, 12, 1)
    (past,) = replay(history, lambda _year: FORECASTER, [origin], horizon=12, seed=1)
    start, totals = start_at(past)
    rows = [history.gwnos.index(gwno) for gwno in start.gwnos]
    column = history.months.index(origin) + 1
    before = yearly(history.deaths[rows][:, column % 12 : column])
    truth = yearly(history.deaths[rows][:, column : column + 12 * YEARS])
    played = play_years(start, totals, futures=futures, posterior=posterior)
    peers: dict[str, list[Floats]] = {
        "model": played,
        "forecast carried on": [totals] * YEARS,
        "last year": [before[:, -1:]] * YEARS,
        "climatology": [before] * YEARS,
    }
    near = first_year_near(played[0], totals).mean(axis=1)
    found: Row = {
        f"first_year.{share}": float(part) for share, part in zip(FIRST_YEAR, near, strict=True)
    }
    war = before[:, -1] >= WAR
    for peer, drawn in peers.items():
        for ahead in range(truth.shape[1]):
            scores = _scores(drawn[ahead], truth[:, ahead])
            for name, values in scores.items():
                found[f"{peer}.{ahead + 1}.{name}"] = float(np.nanmean(values))
                found[f"{peer}.{ahead + 1}.{name}_at_war"] = float(np.nanmean(values[war]))
    return found | {"territories": len(rows), "at_war": int(war.sum())}


def start_at(past: PastForecast, gwnos: Collection[int] = ()) -> tuple[Start, Floats]:
    """Begin the model at a past forecast, as a plan does.

    Args:
        past: a forecast of twelve months.
        gwnos: of the region's territories; none: of all that have a forecast.

    Returns:
        The start, with N territories, and draws of the forecast's sum over the year, (N, S).
    """
    known, draws = past.known, past.draws
    asked = set(gwnos or known.gwnos)
    there = [i for i, g in enumerate(known.gwnos) if g in asked and not np.isnan(draws[i]).any()]
    months = [date(past.origin.year + 1, month, 1) for month in range(1, 13)]
    rows = [(known.gwnos[i], month, at) for i in there for at, month in enumerate(months)]
    drawn = pl.DataFrame(
        {
            "gwno": [row[0] for row in rows],
            "month": [row[1] for row in rows],
            "draws": [draws[i, at].tolist() for i in there for at in range(12)],
        }
    )
    means = pl.DataFrame(
        {
            "gwno": [row[0] for row in rows],
            "horizon": [row[2] + 1 for row in rows],
            "mean": [float(draws[i, at].mean()) for i in there for at in range(12)],
        }
    )
    series = pl.DataFrame(
        {
            "gwno": np.repeat([known.gwnos[i] for i in there], len(known.months)),
            "month": list(known.months) * len(there),
            "target": TARGET,
            "deaths": known.deaths[there].ravel(),
        }
    ).filter(pl.col("deaths").is_not_nan())
    tables: Mapping[str, pl.DataFrame] = {
        "forecasts": means, "forecast_draws": drawn, "series": series,
        "adoption": empty(TABLES["adoption"]),
    }  # fmt: skip
    start = read_start(tables, [known.gwnos[i] for i in there])
    found = first_year(tables, start)
    assert found is not None
    return start, found[0]


def play_years(
    start: Start, totals: Floats, *, futures: int, posterior: Posterior | None = None,
    years: int = YEARS,
) -> list[Floats]:  # fmt: skip
    """Play the status quo for some years from a start that gives the forecast's first year.

    Args:
        start: of N territories.
        totals: draws of the forecast's sum over the first year, (N, S).
        futures: how many, F.
        posterior: what calibrated parameters are drawn from; None: their priors.
        years: how many, three at least.

    Returns:
        Deaths of each year, shape (N, F).
    """
    jax_for("plan")
    numbers, model = np.arange(futures), Model(paths="region")
    plans = weekly_levels(SHIPPED, [SHIPPED.portfolios[STATUS_QUO]], weeks=years * YEAR)
    values = np.asarray(draw(1, numbers, model.parameters, posterior=posterior))

    def deaths(level: Level, count: int) -> Any:
        begun = start.begin(held_levels(), level)
        played = play_futures(
            numbers, plans, begun, seed=1, values=values, weeks=min(count, years) * YEAR,
            model=model,
            shown=futures,
        )  # fmt: skip
        assert played.quarters is not None
        return by_year(played.quarters, 0)[:count]

    later = draw_later(start.record, (totals, 12), values, model, seed=1)
    level = calibrate_level(deaths, start.level, totals, futures, later)
    return [one.T.astype(np.float64) for one in deaths(level, years)]


def first_year_near(played: Floats, totals: Floats) -> npt.NDArray[np.bool_]:
    """Tell in which territories the status quo's first year has the forecast's quantiles.

    A quantile is near where it lies within a tenth of the forecast's, or where chance in the number
    of futures explains the rest: between the forecast's quantiles at the two ends of the 95 %
    interval that so many futures have for its share (David and Nagaraja 2003, Order Statistics,
    section 7.1).

    Args:
        played: deaths of the first year, (N, F).
        totals: draws of the forecast's sum over that year, (N, S).

    Returns:
        For each of `FIRST_YEAR` and each territory whether it is near, (4, N).
    """
    shares = np.array(FIRST_YEAR)
    error = TWO_SIDED * np.sqrt(shares * (1 - shares) / played.shape[1])
    ends = (np.clip(shares + side * error, 0, 1) for side in (-1, 1))
    low, high = (np.quantile(totals, end, axis=1) for end in ends)
    wanted, got = (np.quantile(one, shares, axis=1) for one in (totals, played))
    return np.asarray(
        (np.abs(got - wanted) <= NEAR * wanted) | ((low <= got) & (got <= high)), np.bool_
    )


def average_scores(rows: list[Row]) -> dict[str, Any]:
    """Average the scores of origins, each with the same weight.

    Args:
        rows: from `score_origin`.

    Returns:
        The means under the same names.
    """
    return {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}


def yearly(months: Floats) -> Floats:
    """Sum up whole years.

    Args:
        months: of N units, (N, M).

    Returns:
        Shape (N, M // 12); nan where a month of a year is unknown.
    """
    whole = months.shape[1] // 12
    return np.asarray(months[:, : whole * 12].reshape(len(months), whole, 12).sum(2))


def _scores(drawn: Floats, truth: Floats) -> dict[str, Floats]:
    """CRPS and coverage by territory; nan where no year of a territory is known.

    Years that are unknown, since the state is younger, take the median of those that are known.
    """
    known = np.asarray(~np.isnan(drawn).all(axis=1))
    filled, truth = np.where(known[:, None], drawn, 0.0), np.where(known, truth, np.nan)
    filled = np.where(np.isnan(filled), np.nanmedian(filled, axis=1, keepdims=True), filled)
    return {
        "crps": crps(filled, truth),
        "crps_log": crps(np.log1p(filled), np.log1p(truth)),
        "coverage_50": in_interval(filled, truth, level=0.5),
        "coverage_90": in_interval(filled, truth, level=0.9),
    }
