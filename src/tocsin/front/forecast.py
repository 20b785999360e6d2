"""`tocsin.forecast`: counts by unit and month as draws, always beside their track record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.nearest import advice
from tocsin.errors import StageNotReady, UsageError, require
from tocsin.front.frames import table, whole
from tocsin.front.progress import Progress, teller
from tocsin.front.read import Read
from tocsin.front.result import Result
from tocsin.schema.frame import Frame, as_frame, need

if TYPE_CHECKING:
    import xarray

    from tocsin.anticipate.data.panel import Panel

History: TypeAlias = Frame | Read | str | Path
"""A table of counts, what `tocsin.read` gave, or the path of a table file."""
BASELINE = "last twelve months"
"""The simple forecast whose record stands beside the model's."""
TARGET = "ged_sb"
"""What is forecast where several counts are there and none is named."""
ABSENT = ("unknown", "zero")
"""What a month may be that a history does not have."""
SERIES = {"territory", "gwno", "month", "target", "deaths"}
"""The columns of the table `series`."""
LONGEST = 36
"""Months ahead that can be forecast."""
SHOWN = 36
"""Months of the past that a plot shows."""


@dataclass(frozen=True, repr=False)
class Forecast(Result):
    """This holds forecasts as draws, their summary, and the model's record on past years."""

    summary: pl.DataFrame
    """A row a unit and month: `country, month, horizon, mean, p05, p25, p50, p75, p95` (the
    quantiles), `p_any` (chance of at least 1) and `p_25` (of at least 25)."""
    record: pl.DataFrame
    """The table `track_record`: of the model and of the last twelve months, by test year
    (`window`) and month ahead (`horizon`); the first row is the model's over all. `crps` is the
    mean error in counts (less is better); `coverage` should be near 0.9."""
    left_out: pl.DataFrame
    """Units that are not forecast, since they have no count in the twelve months to the origin:
    `country`, and the `last` month that they have."""
    model: str
    """The model's name."""
    target: str
    """What is counted."""
    origin: date
    """First day of the last month that the forecast knew."""
    horizon: int
    """Months ahead."""
    seed: int
    """Start of all random numbers: the same seed and history give the same draws."""
    notes: tuple[str, ...]
    """What a reader must know, in whole sentences: of months that the history does not have, and of
    what stands in where there is too little to learn from."""
    _draws: pl.DataFrame
    _history: pl.DataFrame

    @property
    def draws(self) -> xarray.DataArray:
        """These are the draws as a labelled array `unit × month × draw`, in counts a month.

        Each draw is one course of events. Sums over months or units are right when they are taken
        draw by draw, for example `draws.sum("month").quantile([0.05, 0.95], "draw")`.

        Raises:
            MissingExtra: xarray is not installed (extra `anticipate`).
        """
        array = require("xarray", extra="anticipate")
        import numpy as np

        units = self._draws["territory"].unique(maintain_order=True).to_list()
        months = self._draws["month"].unique(maintain_order=True).to_numpy()
        values = np.array(self._draws["draws"].to_list())
        found: xarray.DataArray = array.DataArray(
            values.reshape(len(units), len(months), -1),
            dims=("unit", "month", "draw"),
            coords={"unit": units, "month": months.astype("datetime64[ns]")},
            name=self.target,
            attrs={"model": self.model, "origin": f"{self.origin:%Y-%m}", "seed": self.seed},
        )
        return found

    def plot(self, unit: str) -> Any:
        """Draw a fan chart of one unit: its latest counts, the median, and 50 % and 90 % intervals.

        Args:
            unit: the name of the unit.

        Returns:
            A Vega-Altair chart, which a notebook draws.

        Raises:
            UsageError: the unit is not forecast.
            MissingExtra: the extra `share` is not installed.
        """
        from tocsin.share.charts.risk import fan_layers

        units = self.summary["country"].unique(maintain_order=True).to_list()
        if unit not in units:
            raise UsageError(f"There is no forecast of '{unit}'.", remedy=advice(unit, units))
        past = self._history.filter(pl.col("country") == unit).tail(SHOWN)
        ahead = self.summary.filter(pl.col("country") == unit)
        return fan_layers({"history": past.to_dicts(), "forecast": ahead.to_dicts()})

    def _heading(self) -> str:
        from tocsin.anticipate.evaluation.track_record import record_lines

        units = self.summary["country"].n_unique()
        lines = [
            f"Forecast of {self.target} by {self.model}: {units} unit{'s' * (units != 1)}, "
            f"{quantity(self.horizon, 'month')} after {self.origin:%Y-%m}"
        ]
        lines += [f"  {line}" for line in record_lines(self.record)]
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])


def forecast(
    series: History,
    horizon: int = 14,
    model: str = "pool",
    *,
    target: str | None = None,
    origin: str | date | None = None,
    draws: int = 1000,
    seed: int = 20260101,
    absent: str = "unknown",
    progress: Progress = None,
) -> Forecast:
    """Forecast every unit of a table of counts, and score the model on years it did not know.

    Args:
        series: `country, month` and a column of counts (a whole number a month; a month that is
            not there is unknown, not zero); or the table `series`; or what `tocsin.read` gave.
        horizon: how many months after the origin are forecast, 1 to 36.
        model: a forecaster by name, tocsin's own or another package's (`tocsin plugins`). 'pool'
            has the best record (docs/methods/forecasts.md) and takes longest.
        target: the column of counts, or the target of `series`; default: `ged_sb` where it is
            there, else the only one.
        origin: the last month that may be known, as '2021-10', a date, or a period or time stamp
            of pandas; None: the last one there is.
        draws: how many draws each unit and month has, at least 10.
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        absent: what a month is that the table does not have: 'unknown', or 'zero', as in a table
            that was made by adding up events. `.notes` says when it matters.
        progress: True for a line on standard error, or a function that is given the words.

    Returns:
        `.summary` (a row for each unit and month, in counts a month), `.draws` (an array of
        xarray), `.record` (the scores), `.left_out` (units without a forecast), `.notes`
        (sentences that a reader of the forecast must know), `.plot(unit)` and more.

    Raises:
        UsageError: a column is missing (the error tells the nearest), no such model, target or
            origin, or a number out of its range.
        SourceRefused: a value is no month or no count, or a country-month stands twice.
        StageNotReady: no year can be scored: a forecast is not given without a record. Four
            complete years are enough.
        PluginFailed: a model of another package failed.
        MissingExtra: the extra `anticipate` is not installed.

    >>> import tocsin
    >>> months = pl.date_range(date(2018, 1, 1), date(2023, 12, 1), "1mo", eager=True)
    >>> counts = pl.DataFrame({"country": "Mali", "month": months, "deaths": range(72)})
    >>> ahead = tocsin.forecast(counts, horizon=3, model="zero-inflated", draws=100)
    >>> ahead.origin, ahead.summary["horizon"].to_list(), ahead.record["model"][0]
    (datetime.date(2023, 12, 1), [1, 2, 3], 'zero-inflated')
    """
    require("scipy", extra="anticipate")
    from tocsin.anticipate.data.absence import absence_notes, fill_absent
    from tocsin.anticipate.issue.forecast import forecast as issue
    from tocsin.anticipate.issue.forecast import left_out_units
    from tocsin.anticipate.models.pool import stand_in_notes
    from tocsin.anticipate.models.registry import FORECASTER, FORECASTERS

    tell = teller(progress)
    horizon = whole("horizon", horizon, 1, LONGEST)
    draws = whole("draws", draws, 10, 100_000)
    seed = whole("seed", seed, 0, 2**32 - 1)
    if callable(model):
        raise UsageError(
            "A forecaster is told by its name, and not given as a function.",
            where="model",
            remedy="Offer yours under a name, as docs/extend.md shows; `tocsin plugins` lists all.",
        )
    function = FORECASTERS.find(str(model))
    if absent not in ABSENT:
        raise UsageError(
            f"A month that is absent is no '{absent}'.",
            where="absent",
            remedy=f"Say one of: {', '.join(ABSENT)}.",
        )
    history = _panel(series, target)
    history = _upto(fill_absent(history) if absent == "zero" else history, origin)
    tell(f"Scoring {model} on years that it did not know")
    record = _record(history, {model: function}, horizon, seed)
    tell(
        f"Forecasting {quantity(int((~history.left_out()).sum()), 'unit')}, "
        f"{quantity(horizon, 'month')} ahead"
    )
    notes = absence_notes(history, target=history.target)
    if model == FORECASTER:
        notes += stand_in_notes(history, horizon, seed=seed)
    summary, table = issue(history, model, function, horizon=horizon, draws=draws, seed=seed)
    gone = pl.DataFrame(left_out_units(history), schema={"country": pl.String, "last": pl.Date},
                        orient="row")  # fmt: skip
    names = ("month", "horizon", "mean", "p05", "p25", "p50", "p75", "p95", "p_any", "p_25")
    return Forecast(
        summary=summary.select(pl.col("territory").alias("country"), *names),
        record=record,
        left_out=gone,
        model=model,
        target=history.target,
        origin=history.months[-1],
        horizon=horizon,
        seed=seed,
        notes=tuple(note.replace("--absent zero", "absent='zero'") for note in notes),
        _draws=table,
        _history=_counts(history),
    )


def _panel(series: History, target: str | None) -> Panel:
    """The history as a panel; a table `series` keeps its Gleditsch-Ward numbers."""
    from tocsin.anticipate.data.history import history_of
    from tocsin.anticipate.data.panel import panel

    name, lines = "series", None
    if isinstance(series, Read):
        series = series.series
    if isinstance(series, str | Path):
        from tocsin.observe import read_table

        file = read_table(series)
        frame, lines, name = file.sound(), file.lines, file.name
    else:
        frame = as_frame(series, name=name)
    if set(frame.columns) >= SERIES:
        whole = table("series", frame if "source" in frame.columns else _name_source(frame))
        wanted = _target(target, whole["target"].unique().sort().to_list(), "the series")
        return panel(whole.filter(pl.col("target") == wanted))
    _refuse_wide(frame, name)
    need(frame, ("country", "month"), name)
    others = [one for one in frame.columns if one not in ("country", "month")]
    if lines is None:
        others = [one for one in others if one == target or _is_count(frame[one])]
    return history_of(frame, _target(target, others, name), name=name, lines=lines)


def _refuse_wide(frame: pl.DataFrame, name: str) -> None:
    """Refuse a table in which each unit has a column of its own."""
    counts = [one for one in frame.columns if one != "month" and frame.schema[one].is_numeric()]
    if "country" not in frame.columns and len(frame.columns) - 1 == len(counts) > 1:
        raise UsageError(
            f"Each unit seems to have a column of its own: {', '.join(counts[:3])}.",
            where=name,
            remedy="Give a row a unit and month, in pandas by `df.melt('month', "
            "var_name='country', value_name='deaths')`, in Polars by `unpivot`.",
        )


def _is_count(column: pl.Series) -> bool:
    """Whether a column holds numbers, or texts of which most are numbers; a year is no count."""
    if column.name == "year" or column.dtype.is_numeric():
        return column.name != "year"
    told = column.drop_nulls() if column.dtype == pl.String else column.head(0)
    numbers = told.cast(pl.Float64, strict=False).is_not_null().sum() if len(told) else 0
    return numbers > len(told) / 2


def _target(target: str | None, there: list[str], where: str) -> str:
    if target is None:
        if TARGET in there or len(there) == 1:
            return TARGET if TARGET in there else there[0]
        if not there:
            raise UsageError(
                "There is no count.",
                where=where,
                remedy="Give a column of whole numbers beside 'country' and 'month', or name it: "
                "target='…'.",
            )
        raise UsageError(
            f"Which of {len(there)} counts is to be forecast?",
            where=where,
            remedy=f"Name it: target='…'. {advice('', there)}",
        )
    if target not in there:
        raise UsageError(f"There is no count '{target}'.", where=where,
                         remedy=advice(str(target), there))  # fmt: skip
    return target


def _upto(history: Panel, origin: Any) -> Panel:
    if origin is None:
        return history
    from tocsin.anticipate.data.history import month

    # A time stamp and a period of pandas have a year and a month, too.
    dated = hasattr(origin, "year") and hasattr(origin, "month")
    last = date(origin.year, origin.month, 1) if dated else month(str(origin))
    if not history.months[0] <= last <= history.months[-1]:
        raise UsageError(
            f"The series has {history.months[0]:%Y-%m} to {history.months[-1]:%Y-%m}, "
            f"not {last:%Y-%m}.",
            where="origin",
            remedy="Choose an origin within it.",
        )
    return history.upto(last)


def _record(history: Panel, models: dict[str, Any], horizon: int, seed: int) -> pl.DataFrame:
    from tocsin.anticipate.evaluation.track_record import track_record
    from tocsin.anticipate.models.baselines import MODELS

    scored = track_record(history, {BASELINE: MODELS[BASELINE]} | models, horizon, seed=seed)
    if scored.is_empty():
        raise StageNotReady(
            f"No year of {quantity(len(history.months), 'month')} can be scored.",
            where="series",
            remedy="Give at least four complete years: no forecast without a track record.",
        )
    mine = next(iter(models))
    return (
        scored.filter(pl.col("model").is_in([mine, BASELINE]))
        .with_columns((pl.col("model") == mine).alias("chosen"))
        .sort(
            pl.col("model") != mine, pl.col("region") != "all", pl.col("window") != "all",
            "window", "horizon",
        )
    )  # fmt: skip


def _counts(history: Panel) -> pl.DataFrame:
    frames = [
        pl.DataFrame({"month": history.months, "deaths": counts}).with_columns(
            pl.lit(name).alias("country")
        )
        for name, counts in zip(history.territories, history.deaths, strict=True)
    ]
    return pl.concat(frames).filter(pl.col("deaths").is_not_nan())


def _name_source(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit("given to tocsin.forecast").alias("source"))
