"""Five kinds of course before 2018: how the forecaster and the last twelve months do in each.

Example: python benchmarks/forecast_courses.py 2010 2017

The two years are the first and the last window. No month after December 2017 is read, whatever is
asked: what is chosen by this script is chosen without the windows on which it is reported. For each
course: the four scores as shares of those of the last twelve months, in how many windows each is
above 1, and how often the truth was above the median of the forecast, early and late in the window
(a median that sinks without reason is exceeded ever more often). Then the ratios to the best
benchmark of each window, the bound of tails that was tried (`--bounds`), and the counts on which
quiet countries rest.
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.data.training import DECADE, long_quiet
from tocsin.anticipate.evaluation.backtest import ratios, score_window
from tocsin.anticipate.evaluation.breakdown import METRICS, breakdown
from tocsin.anticipate.evaluation.courses import COURSES, courses
from tocsin.anticipate.evaluation.hindcast import origin_before
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.anticipate.models.record import tail
from tocsin.anticipate.models.registry import FORECASTER, REGISTRY
from tocsin.observe import example_files, read_table

LAST = date(2017, 12, 1)
REFERENCE = "last twelve months"
BOUNDS = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 1e9)


def main(first: int, last: int, *, bounds: bool = False) -> None:
    """Print the tables of the windows from the first to the last year."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = history_of(read_table(path).rows, "ged_sb").upto(LAST)
    years = range(first, min(last, LAST.year) + 1)
    models = {**BENCHMARKS, **{name: REGISTRY[name] for name in ("recency", "network", FORECASTER)}}
    rows = [
        _with_courses(score_window(history, name, model, year), history, year)
        for year in years
        for name, model in models.items()
    ]
    table = pl.concat(rows)
    with pl.Config(tbl_rows=200, tbl_cols=20, tbl_width_chars=180, float_precision=3):
        print(_by_course(table))
        _print_ratios(table)
        if bounds:
            for times in BOUNDS:
                tail.TIMES = times
                print(f"tails bounded at {times:g} times the record")
                again = [score_window(history, FORECASTER, _plain, year) for year in years]
                shown = table.filter("benchmark").drop("course", "early")
                _print_ratios(pl.concat([shown, *(one.select(shown.columns) for one in again)]))
        print(_quiet(history))


def _plain(history: Panel, horizon: int, draws: int) -> np.ndarray:
    """The forecaster under a name of this script, so that no kept hindcast is read for it."""
    return REGISTRY[FORECASTER](history, horizon, draws)


def _with_courses(rows: pl.DataFrame, history: Panel, year: int) -> pl.DataFrame:
    known = history.upto(origin_before(year))
    named = dict(zip(known.territories, courses(known.deaths).tolist(), strict=True))
    return rows.with_columns(
        pl.col("country").replace_strict(named).alias("course"),
        (pl.col("horizon") <= 8).alias("early"),
    )


def _by_course(table: pl.DataFrame) -> pl.DataFrame:
    """Shares of the reference's scores, and of truths above the median (ties count half)."""
    above = 1 - (pl.col("pit_low") < 0.5).cast(pl.Float64)
    whole = (pl.col("pit_high") <= 0.5).cast(pl.Float64)
    parts = table.with_columns(((above + (1 - whole)) / 2).alias("above"))
    found = parts.group_by("course", "model").agg(
        pl.len().alias("n"),
        pl.col(*METRICS).mean(),
        pl.col("above").filter("early").mean().alias("above early"),
        pl.col("above").filter(~pl.col("early")).mean().alias("above late"),
    )
    order = pl.col("course").replace_strict({name: i for i, name in enumerate(COURSES)})
    return (
        _shares(found, "course")
        .join(_windows_lost(table), on=["course", "model"])
        .sort(order, "model")
    )


def _shares(found: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """The scores of each model as shares of the reference's in the same group."""
    base = found.filter(pl.col("model") == REFERENCE).select(*keys, *METRICS)
    return (
        found.join(base, on=keys, suffix=" base")
        .with_columns(pl.col(name) / pl.col(f"{name} base") for name in METRICS)
        .drop(f"{name} base" for name in METRICS)
    )


def _windows_lost(table: pl.DataFrame) -> pl.DataFrame:
    """In how many windows a model's score is above the reference's, by course."""
    each = table.group_by("window", "course", "model").agg(pl.col(*METRICS).mean())
    lost = [(pl.col(name) > 1).sum().alias(f"{name} lost") for name in METRICS]
    return _shares(each, "window", "course").group_by("course", "model").agg(*lost)


def _print_ratios(table: pl.DataFrame) -> None:
    shares = ratios(breakdown(table))
    mean = [pl.col(m).mean().alias(f"{m} mean") for m in METRICS]
    worst = [pl.col(m).max().alias(f"{m} worst") for m in METRICS]
    print(shares.group_by("model", maintain_order=True).agg(*mean, *worst))


def _quiet(history: Panel) -> str:
    """What `tocsin.anticipate.models.record.quiet` takes from the record up to 2017."""
    deaths = history.deaths
    quiet, known = long_quiet(deaths), ~np.isnan(deaths)
    before = np.cumsum(np.nan_to_num(deaths), axis=1) > 0
    lines, logs = ["months ahead, chance of a death (none on record; none in ten years)"], []
    for h in (1, 3, 6, 9, 12, 14):
        here = (quiet & known)[:, DECADE - 1 : -h] & known[:, DECADE - 1 + h :]
        later, kind = deaths[:, DECADE - 1 + h :], before[:, DECADE - 1 : -h]
        none, some = later[here & ~kind], later[here & kind]
        lines.append(f"{h:>3}  {(none > 0).mean():.4f}  {(some > 0).mean():.4f}")
        logs.append(np.log1p(np.concatenate([none[none > 0], some[some > 0]])))
    all_logs = np.concatenate(logs)
    lines.append(f"log(1+deaths) of them: mean {all_logs.mean():.2f}, spread {all_logs.std():.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(asked or [2010, 2017]), bounds="--bounds" in sys.argv)
