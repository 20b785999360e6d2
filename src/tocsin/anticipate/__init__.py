"""anticipate: forecast deaths by country and month as draws, each with its track record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.anticipate.data.arrange import DEFAULT
from tocsin.anticipate.data.target import choose_target, refuse_missing
from tocsin.base import cache
from tocsin.base.display.quantity import quantity
from tocsin.base.moved import old_parameters
from tocsin.errors import StageNotReady, UsageError, require
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given, Settled, Step, Tables
from tocsin.schema.tables.assessed.incident import with_counts

if TYPE_CHECKING:
    from tocsin.anticipate.data.panel import Panel
    from tocsin.anticipate.grid import CellMonths

__all__ = [
    "STEP",
    "anticipate",
    "backtest_cells",
    "backtest_table",
    "explain_table",
    "forecast_table",
    "left_out_countries",
]


@old_parameters(horizons="horizon")
def anticipate(
    series: pl.DataFrame,
    *,
    horizon: int,
    draws: int,
    seed: int,
    model: str | None = None,
    region: Sequence[int] = (),
    progress: Callable[[str], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Forecast with the model of the best record: the forecaster or a simple baseline.

    Args:
        series: the table `series`, of one target.
        horizon: how many months after the last known one are forecast.
        draws: how many draws each forecast has.
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        model: name of the model that forecasts; None: the one of the best record, among the
            forecaster and the simple baselines.
        region: Gleditsch-Ward numbers of territories whose track record is also told apart.
        progress: this function is called with a sentence that says what is being done.

    Returns:
        The tables `forecasts`, `forecast_draws` and `track_record`.

    Raises:
        StageNotReady: the series has no row or several targets, or its history is too short to be
            scored. A forecast without a track record is not given.
        MissingExtra: the extra `anticipate` is not installed.
    """
    require("scipy", extra="anticipate")
    from tocsin.anticipate.data.panel import panel
    from tocsin.anticipate.evaluation.track_record import track_record
    from tocsin.anticipate.issue.forecast import forecast
    from tocsin.anticipate.models.baselines import MODELS
    from tocsin.anticipate.models.registry import FORECASTER, find_model

    history = panel(series)
    name = model or FORECASTER
    models = {**MODELS, name: find_model(name)}
    scored = track_record(history, models, horizon, seed=seed, own=region, progress=progress)
    if scored.is_empty():
        raise StageNotReady(
            f"No year of {quantity(len(history.months), 'month')} can be scored.",
            remedy="Observe at least four complete years: no forecast without a track record.",
        )
    best = model or scored.filter("chosen")["model"][0]
    if progress:
        progress(f"forecasting by {best}")
    forecasts, table = forecast(
        history, best, models[best], horizon=horizon, draws=draws, seed=seed
    )
    return {"forecasts": forecasts, "forecast_draws": table, "track_record": scored}


def forecast_table(
    path: Any,
    *,
    origin: str,
    horizon: int,
    draws: int,
    seed: int,
    target: str,
    model: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> pl.DataFrame:
    """Forecast a country-month table, without a workspace.

    Args:
        path: a table `country, month, TARGET` (`data.history.history_of`), or a panel made of
            one; for a release also the path of a file.
        origin: last month that may be known, as 2021-10; later rows are not looked at.
        horizon: how many months are forecast, counted from the month after the origin.
        draws: how many draws each country and month has.
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        target: the column of counts.
        model: name of a model, tocsin's own or another package's; None: the forecaster.
        progress: this function is called with a sentence that says what is being done.

    Returns:
        The columns are `country`, `month` (as 2021-11), `draw` (from 0) and `outcome` (whole
        deaths). There is a row for each draw of every country that has a count in the twelve months
        to the origin. `left_out_countries` tells which countries are left out.

    Raises:
        UsageError: there is no such file, target, origin or model.
        SourceRefused: a value in the file is not a count or a month.
        PluginFailed: a model of another package failed.
        StageNotReady: no country has a count in the year before the origin.
        MissingExtra: the extra `anticipate` is not installed.
    """
    require("scipy", extra="anticipate")
    from tocsin.anticipate.data.history import history_until
    from tocsin.anticipate.issue.forecast import forecast
    from tocsin.anticipate.models.registry import FORECASTER, find_model

    known = history_until(path, target, origin)
    name = model or FORECASTER
    found = find_model(name)
    if progress:
        many = int((~known.left_out()).sum())
        progress(f"forecasting {quantity(many, 'country', 'countries')} by {name}")
    _, table = forecast(known, name, found, horizon=horizon, draws=draws, seed=seed)
    return (
        table.select(
            pl.col("territory").alias("country"),
            pl.col("month").dt.strftime("%Y-%m"),
            pl.int_ranges(0, draws).cast(pl.List(pl.Int32)).alias("draw"),
            pl.col("draws").alias("outcome"),
        )
        .sort("country", "month")
        .explode("draw", "outcome")
    )


def left_out_countries(path: Any, *, origin: str, target: str) -> pl.DataFrame:
    """List the countries that `forecast_table` leaves out.

    They had a count once, but none in the twelve months to the origin.

    Args:
        path: a table or a panel, as `forecast_table` takes it.
        origin: the last month that may be known, as 2021-10.
        target: the column of counts.

    Returns:
        A row for each such country, with the columns `country` and `last`, the last month with a
        count (as 2021-10).

    Raises:
        UsageError: there is no such file, target or origin.
        SourceRefused: a value in the table is not a count or a month.
    """
    from tocsin.anticipate.data.history import history_until
    from tocsin.anticipate.issue.forecast import left_out_units

    gone = left_out_units(history_until(path, target, origin))
    rows = [(country, f"{last:%Y-%m}") for country, last in gone]
    return pl.DataFrame(rows, schema={"country": pl.String, "last": pl.String}, orient="row")


def backtest_table(
    path: Any,
    *,
    years: Sequence[int],
    draws: int,
    target: str,
    models: Sequence[str] = (),
    workers: int = 0,
    work: Path | None = None,
    on_done: Callable[[int, str, bool], None] | None = None,
) -> pl.DataFrame:
    """Score models and benchmarks on a country-month table, year by year.

    Args:
        path: a table `country, month, TARGET` (`data.history.history_of`), or a panel made of
            one; for a release also the path of a file.
        years: the test years; each is forecast from the October before it.
        draws: how many draws each country and month has.
        target: the column of counts.
        models: names of models; if there is none, all models are scored.
        workers, work, on_done: number of processes, folder of results, and what is told of each
            result, as `tocsin.anticipate.evaluation.runner.run_backtest` takes them.

    Returns:
        A row for each window, model, country and month, with the columns that
        `evaluation.backtest.score_window` gives. `breakdown`, `pits` and `differences` summarise
        these rows.

    Raises:
        UsageError: there is no such file, target or model, or the file does not hold one of the
            years.
        MissingExtra: the extra `anticipate` is not installed.
    """
    require("sklearn", extra="anticipate")
    from tocsin.anticipate.data.history import as_history
    from tocsin.anticipate.evaluation.runner import run_backtest
    from tocsin.anticipate.models.benchmarks import BENCHMARKS
    from tocsin.anticipate.models.registry import REGISTRY

    history = as_history(path, target)
    _check_years(history, years, "the history")
    chosen = list(models) or [name for name in REGISTRY if name not in BENCHMARKS]
    return run_backtest(
        history, chosen, years, draws=draws, workers=workers, work=work, on_done=on_done
    )


@old_parameters(ahead="horizon")
def explain_table(
    path: Any,
    *,
    country: str,
    origin: str,
    horizon: int = 3,
    draws: int = 1000,
    target: str = DEFAULT,
    model: str | None = None,
    seed: int = 20260101,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Say what moved the forecast of a country of a country-month table.

    Args:
        path, origin, target: the table, the last month that may be known, and the column of counts,
            as `forecast_table` takes them.
        country: the country's name, as it stands in the file.
        horizon: how many months after the origin the month lies that is explained.
        draws: how many draws each forecast has.
        model: name of a model; None: the one that `forecast_table` takes.
        seed: start of the model's random numbers.
        progress: this function is called with a sentence that says what is being done.

    Returns:
        A dict with the keys that `tocsin.anticipate.issue.explain.explain` gives, and `model`, the
        name of the model.

    Raises:
        UsageError: there is no such file, target, origin, country or model.
        SourceRefused: a value in the file is not a count or a month.
        MissingExtra: the extra `anticipate` is not installed.
    """
    require("scipy", extra="anticipate")
    from tocsin.anticipate.data.history import history_until
    from tocsin.anticipate.issue.explain import explain
    from tocsin.anticipate.models.registry import FORECASTER, find_model

    known = history_until(path, target, origin)
    name = model or FORECASTER
    found = explain(
        known,
        country,
        find_model(name),
        horizon=horizon,
        draws=draws,
        seed=seed,
        progress=progress,
    )
    return {"model": name} | found


def backtest_cells(
    cells: CellMonths,
    *,
    years: Sequence[int],
    draws: int,
    models: Sequence[str] = (),
    workers: int = 0,
    work: Path | None = None,
    on_done: Callable[[int, str, bool], None] | None = None,
) -> pl.DataFrame:
    """Score models and benchmarks of cells, as `backtest_table` does those of countries.

    Args:
        cells: deaths by cell and month.
        years: the test years; each is forecast from the October before it.
        draws: how many draws each cell and month has.
        models: names of models of cells; if there is none, all are scored.
        workers, work, on_done: number of processes, folder of results, and what is told of each
            result, as `backtest_table` takes them.

    Returns:
        A row for each window, model, cell and month, as `backtest_table` gives it, with two more
        columns: `priogrid_gid`, and `block`, the square of 4 by 4 cells whose rows are resampled
        together.

    Raises:
        UsageError: there is no such model, or the events do not hold one of the years.
        MissingExtra: the extra `anticipate` is not installed.
    """
    require("sklearn", extra="anticipate")
    from tocsin.anticipate.evaluation.runner import run_backtest
    from tocsin.anticipate.grid import grid_panel
    from tocsin.anticipate.grid.models import REGISTRY

    history = grid_panel(cells)
    _check_years(history, years, "the events")
    names = list(models) or list(REGISTRY)
    asked: dict[str, Any] = {"draws": draws, "workers": workers, "work": work}
    return run_backtest(history, names, years, on_done=on_done, cells=True, **asked)


def _check_years(history: Panel, years: Sequence[int], name: str) -> None:
    held = (history.months[0].year + 3, history.months[-1].year)
    if not years or not held[0] <= years[0] <= years[-1] <= held[1]:
        asked = f"{years[0]} to {years[-1]}" if years else "None"
        raise UsageError(
            f"{asked} cannot be tested: years from {held[0]} to {held[1]} can be tested here.",
            where=name,
            remedy="Name years of these: --from and --to, or `years`.",
        )


def _anticipate(tables: Tables, given: Given) -> Tables:
    """Forecasts, and the rows of the ledger that keep what is said now."""
    from tocsin.anticipate.forecast_ledger.entries import ledger_entries

    settings = given.settings
    held = with_counts(tables["series"], tables["incident_series"])
    series = held.filter(pl.col("target") == settings.target)
    if series.is_empty():
        refuse_missing(held, settings.target)
    made = _remember_forecasts(series, given)
    rows = ledger_entries(
        made["forecast_draws"], held, issue=given.run_id, issued_at=given.started_at
    )
    return {**made, "forecast_ledger": rows}


def _settle(tables: Tables, settings: Settings) -> Settled | None:
    """The series that is forecast, where the settings name none that is there."""
    if settings.target != DEFAULT:
        return None
    held = with_counts(tables["series"], tables["incident_series"])
    chosen = choose_target(held, settings.target, settings.region.gwnos)
    return None if chosen is None else Settled("target", chosen.target, chosen.why)


def _remember_forecasts(series: pl.DataFrame, given: Given) -> dict[str, pl.DataFrame]:
    """Forecasts of a series that the cache keeps under all that decides them, or made now."""
    from tocsin.anticipate.models.registry import FORECASTER

    settings = given.settings
    asked: dict[str, Any] = {
        "horizon": settings.horizon,
        "draws": settings.draws,
        "seed": settings.seed,
        "region": settings.region.gwnos,
    }
    key = asked | {
        "series": hashlib.sha256(series.write_csv().encode()).hexdigest(),
        "model": FORECASTER,
        "code": cache.code(Path(__file__).parents[1]),
    }

    def compute() -> dict[str, pl.DataFrame]:
        return anticipate(series, **asked, progress=lambda words: given.tell(words, None))

    return cache.remember_tables("steps", key, compute)


STEP = Step(
    name="anticipate",
    room="anticipate",
    function=_anticipate,
    reads=("series", "incident_series"),
    writes=("forecasts", "forecast_draws", "track_record", "forecast_ledger"),
    settings=("target", "horizon", "draws", "region.gwnos"),
    seeded=True,
    ahead=True,
    settle=_settle,
)
