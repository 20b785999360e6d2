"""A country-month file as a panel, for forecasting without a workspace.

Names are kept as they stand in the file, so that what is written can be joined to it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Panel, add_months, months_between
from tocsin.errors import SourceRefused, UsageError

MAX_DEATHS = 10_000_000
"""No country-month holds more."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""A month outside is a slip of the pen, and would make a panel of empty centuries."""


def read_history(path: Path, target: str) -> Panel:
    """Read `country, month, TARGET` (plain or gzip CSV); other columns are not looked at.

    Months may be 2021-10 or 2021-10-01, counts 3 or 3.0; spaces around values do not matter.
    Months that are not there, and counts that are empty, are unknown, not zero. Numbers in
    place of Gleditsch-Ward's are the countries' places in alphabetical order.

    Raises:
        UsageError: no such file, or it has no column of that target.
        SourceRefused: a value is not a count, a month not a month, or a country-month stands
            twice; the message names the row (the header being 0) and the column.
    """
    frame = _read(path)
    missing = [name for name in ("country", "month", target) if name not in frame.columns]
    if missing:
        raise UsageError(
            f"Columns are missing: {', '.join(missing)}.",
            where=path.name,
            remedy=_remedy(frame.columns),
        )
    stripped = pl.col("country", "month", target).str.strip_chars()
    rows = frame.select(stripped.replace("", None)).with_row_index("row", offset=1)
    month = pl.col("month").str.extract(r"^(\d{4}-\d{2})(?:-\d{2})?$")
    typed = rows.with_columns(
        month.str.to_date("%Y-%m", strict=False).alias("first"),
        pl.col(target).cast(pl.Float64, strict=False).alias("deaths"),
    ).filter(pl.col(target).is_not_null())
    year = pl.col("first").dt.year()
    _check(path, typed, "month", pl.col("first").is_null(), "not a month as 2021-10")
    _check(path, typed, "month", ~year.is_between(FIRST_YEAR, LAST_YEAR), "no year of a series")
    absurd = (
        pl.col("deaths").is_null()
        | (pl.col("deaths") != pl.col("deaths").round())
        | ~pl.col("deaths").is_between(0, MAX_DEATHS)
    )
    what = f"not a whole count from 0 to {MAX_DEATHS:,}"
    _check(path, typed, target, absurd, what)
    _check(path, typed, "country", pl.col("country").is_null(), "empty")
    _check(path, typed, "month", pl.struct("country", "first").is_duplicated(), "there twice")
    if typed.is_empty():
        raise SourceRefused("There is no row.", where=path.name)
    return _panel(typed, target)


def month(text: str) -> date:
    """The first day of a month as people write it.

    Raises:
        UsageError: not a month as 2021-10.

    >>> month("2021-10")
    datetime.date(2021, 10, 1)
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError(f"'{text}' is not a month.", remedy="Write it as 2021-10.") from None


def read_until(path: Path, target: str, origin: str) -> Panel:
    """A file's history (`read_history`) as it was known at the end of the origin's month.

    Raises:
        UsageError: also, the origin is not a month as 2021-10, or not one of the history's.
        SourceRefused: as `read_history`.
    """
    history = read_history(path, target)
    last = month(origin)
    if not history.months[0] <= last <= history.months[-1]:
        raise UsageError(
            f"The file has {history.months[0]:%Y-%m} to {history.months[-1]:%Y-%m}, not {origin}.",
            where=path.name,
            remedy="Choose an origin within it.",
        )
    return history.upto(last)


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise SourceRefused(
            f"Not a CSV file ({str(error).splitlines()[0]}).",
            where=path.name,
            remedy="Save it as CSV with commas, in UTF-8.",
        ) from error
    return frame.rename({name: name.strip().lstrip("\ufeff") for name in frame.columns})


def _remedy(columns: list[str]) -> str:
    if len(columns) == 1 and (";" in columns[0] or "\t" in columns[0]):
        return "Separate the columns by commas."
    return f"Name another count column with --target; here are: {', '.join(columns[:20])}."


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
