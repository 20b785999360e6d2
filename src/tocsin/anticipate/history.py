"""A country-month file as a panel, for forecasting without a workspace.

Names are kept as they stand in the file, so that what is written can be joined to it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.anticipate.panel import Panel, add_months, months_between
from tocsin.errors import SourceRefused, UsageError

MAX_DEATHS = 10_000_000
"""No country-month holds more."""


def read_history(path: Path, target: str) -> Panel:
    """Read `country, month, TARGET` (plain or gzip CSV).

    Months that are not there are unknown, not zero. Numbers in place of Gleditsch-Ward's are
    the countries' places in alphabetical order.

    Raises:
        UsageError: no such file, or it has no column of that target.
        SourceRefused: a value is not a count, a month not a month, or a country-month stands
            twice; the message names the row (the header being 0) and the column.
    """
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise SourceRefused(f"Not a CSV file ({error}).", where=path.name) from error
    missing = [name for name in ("country", "month", target) if name not in frame.columns]
    if missing:
        raise UsageError(
            f"Columns are missing: {', '.join(missing)}.",
            where=path.name,
            remedy="Name another count column with --target.",
        )
    rows = frame.select("country", "month", target).with_row_index("row", offset=1)
    months = pl.col("month").str.slice(0, 7).str.to_date("%Y-%m", strict=False)
    typed = rows.with_columns(
        months.alias("first"), pl.col(target).cast(pl.Float64, strict=False).alias("deaths")
    ).filter(pl.col(target).is_not_null())
    _check(path, typed, "month", pl.col("first").is_null(), "not a month as 2021-10")
    absurd = (
        pl.col("deaths").is_null()
        | (pl.col("deaths") != pl.col("deaths").round())
        | ~pl.col("deaths").is_between(0, MAX_DEATHS)
    )
    _check(path, typed, target, absurd, "not a whole count of at least 0")
    _check(path, typed, "country", pl.col("country").is_null(), "empty")
    _check(path, typed, "month", pl.struct("country", "first").is_duplicated(), "there twice")
    if typed.is_empty():
        raise SourceRefused("There is no row.", where=path.name)
    return _panel(typed, target)


def _check(path: Path, typed: pl.DataFrame, column: str, broken: pl.Expr, what: str) -> None:
    bad = typed.filter(broken)
    if not bad.is_empty():
        raise SourceRefused(
            f"'{bad[column][0]}' is {what} ({bad.height} such rows).",
            where=f"{path.name}, row {bad['row'][0]}, column {column}",
            remedy="Mend the rows, or leave them out.",
        )


def _panel(typed: pl.DataFrame, target: str) -> Panel:
    names = sorted(typed["country"].unique().to_list())
    present: list[date] = typed["first"].unique().sort().to_list()
    first, count = present[0], months_between(present[0], present[-1]) + 1
    place = {name: i for i, name in enumerate(names)}
    deaths = np.full((len(names), count), np.nan)
    for name, month, value in typed.select("country", "first", "deaths").iter_rows():
        deaths[place[name], months_between(first, month)] = value
    months = tuple(add_months(first, step) for step in range(count))
    return Panel(tuple(range(1, len(names) + 1)), tuple(names), months, target, deaths)
