"""Times as they are written in tables: numbers, or days of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.errors import SourceRefused
from tocsin.schema.handmade import Handmade

Floats = npt.NDArray[np.float64]

DAY_ZERO = date(1970, 1, 1)
DAYS_A_MONTH = 365.2425 / 12
DATE_FORMS = ("%Y-%m-%d", "%Y-%m", "%Y/%m/%d")
ENDLESS = (
    *("inf", "+inf", "-inf", "infinity", "-infinity", "∞", "+∞", "-∞"),
    *("never", "not yet", "jamais", "pas encore", "nunca", "todavía no", "أبدا", "لم يحدث"),
)
"""How tables write a time that never comes; beside times nobody means a day by these."""
YEARS = (1800.0, 2200.0)
"""Numbers that all lie between these are years."""
FIRSTS = 5
"""Times of which all are first days of months that stand for these months. Of so many days one in
twenty million times all are by chance."""
LENGTHS = (12, 3, 1)
"""Months of the periods that first days of months may stand for, the longest first."""


@dataclass(frozen=True)
class Clock:
    """This says how the times of a table are counted.

    Args:
        dates: True if the table holds days, which are counted from 1970-01-01.
        month: how many units of time a month has.
        unit: the name of the unit.
    """

    dates: bool
    month: float
    unit: str

    def write(self, time: float) -> str:
        """Write a time as the table would write it: a day as ISO 8601, or a number.

        Args:
            time: a time in units of the clock.
        """
        if self.dates:
            return (DAY_ZERO + timedelta(days=float(np.floor(time)))).isoformat()
        return f"{time:.6g}"


UNITS = {"day": DAYS_A_MONTH, "week": DAYS_A_MONTH / 7, "month": 1.0, "year": 1 / 12}


def find_clock(columns: list[pl.Series], unit: str | None = None) -> Clock:
    """Find out whether times are numbers or days, and how long a month is.

    Args:
        columns: the columns of times, which hold text, numbers or dates.
        unit: 'day', 'week', 'month' or 'year'; None: days for dates, years for numbers between 1800
            and 2200, and months for other numbers.

    Returns:
        The clock by which these times are counted.

    Raises:
        SourceRefused: numbers and dates are mixed.
    """
    numbers, days = [], 0
    for column in columns:
        if column.dtype.is_temporal():
            days += int(column.count())
            continue
        number = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
        numbers += number.filter(number.is_finite()).to_list()
        days += int(_days(column).filter(number.is_null()).count())
    # A column of bare years also reads as numbers, so dates win only where they are the rule.
    if days and len(numbers) > days:
        days = 0
    elif days and numbers:
        raise SourceRefused(
            f"{days} times are dates and {len(numbers)} are numbers.",
            remedy="Write all times as dates (2021-05-17), or all as numbers.",
        )
    if days:
        return Clock(True, DAYS_A_MONTH, "day")
    found = unit or ("year" if numbers and _are_years(numbers) else "month")
    return Clock(False, UNITS[found], found)


def read_times(column: pl.Series, clock: Clock) -> Floats:
    """Turn a column of times into numbers.

    Args:
        column: times as text, numbers or dates, n rows.
        clock: how the times are counted.

    Returns:
        Times in units of the clock, shape (n,); NaN where there is none or it cannot be read.
    """
    if not clock.dates:
        read = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
        times = read.fill_null(np.nan).to_numpy().astype(np.float64)
        return np.where(np.isfinite(times), times, np.nan)
    days = _days(column).cast(pl.Float64).fill_null(np.nan)
    return np.asarray(days.to_numpy(), dtype=np.float64)


def find_ends(made: Handmade, clock: Clock) -> Floats:
    """Find when the periods end by which first uses are told beside days.

    A spreadsheet writes March 2019 as the first of March. So where all times are first days of
    months, and there are at least `FIRSTS`, they stand for these months; for quarters or years,
    where all are first days of such.

    Args:
        made: the table of adoptions, with the last days of the periods of its column `time`.
        clock: how its times are counted.

    Returns:
        Times in units of the clock, shape (n,); NaN where a time is told otherwise.
    """
    nothing = np.full(made.rows.height, np.nan)
    lasts = made.lasts.get("time")
    if lasts is None or not clock.dates:
        return nothing
    if lasts.drop_nulls().len():
        return read_times(lasts, clock) + 1.0
    told = made.rows["time"].str.strip_chars()
    days = told.filter(pl.Series(np.isfinite(read_times(told, clock))))
    firsts = days.str.to_date("%Y-%m-%d", strict=False)
    several = len(firsts) >= FIRSTS and firsts.n_unique() > 1
    if not several or firsts.null_count() or (firsts.dt.day() != 1).any():
        return nothing
    length = next(one for one in LENGTHS if ((firsts.dt.month() - 1) % one == 0).all())
    ends = told.str.to_date("%Y-%m-%d", strict=False).dt.offset_by(f"{length}mo")
    return np.asarray(ends.to_physical().cast(pl.Float64).fill_null(np.nan).to_numpy())


def empty(column: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell which entries of a column hold nothing.

    A missing time can so be told from one that cannot be read.

    Args:
        column: any column, n rows.

    Returns:
        True where the entry is null, blank, or a word for nothing such as 'NA' or 'none', or where
        it is `is_endless`, shape (n,).
    """
    text = column.cast(pl.String).str.strip_chars().fill_null("")
    blank = text.str.to_lowercase().is_in(["", "na", "nan", "none", "null"])
    return np.asarray(blank.to_numpy(), dtype=bool) | is_endless(column)


def is_endless(column: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell which entries of a column stand for a time that never comes, or that never was.

    Args:
        column: any column, n rows.

    Returns:
        True where the entry is one of `ENDLESS`, in any case, shape (n,).
    """
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    return np.asarray(text.is_in(ENDLESS).fill_null(False).to_numpy(), dtype=bool)


def _are_years(numbers: list[float]) -> bool:
    return YEARS[0] <= min(numbers) and max(numbers) <= YEARS[1]


def _days(column: pl.Series) -> pl.Series:
    """Days since 1970, with the part of the day where a moment tells its hour."""
    if column.dtype.is_temporal():
        if column.dtype == pl.Datetime:
            return column.dt.epoch("us") / (86400 * 1e6)
        return column.cast(pl.Date).to_physical()
    text = column.cast(pl.String).str.strip_chars()
    found = pl.Series(column.name, [None] * len(column), dtype=pl.Date)
    for form in DATE_FORMS:
        # A month stands for its first day.
        whole = text + "-01" if form == "%Y-%m" else text
        as_day = "%Y-%m-%d" if form == "%Y-%m" else form
        wrong = whole.str.len_chars() != 10
        read = whole.set(wrong, None).str.to_date(as_day, strict=False)
        found = found.fill_null(read)
    days = found.to_physical().cast(pl.Float64)
    longer = text.filter((text.str.len_chars() > 10).fill_null(False)).unique()
    moments = {one: day for one in longer if (day := _moment(one)) is not None}
    if not moments:
        return days
    return days.fill_null(text.replace_strict(moments, default=None, return_dtype=pl.Float64))


def _moment(text: str) -> float | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    told = told.replace(tzinfo=told.tzinfo or UTC)
    return (told - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)
