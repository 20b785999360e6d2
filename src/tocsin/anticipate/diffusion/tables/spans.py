"""From when to when ties hold: their times in the clock of the first uses."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import YEARS, Clock, Floats, read_times

YEAR = r"^(1[89]\d\d|2[01]\d\d)(?:\.0+)?$"
DAY = 10
"""Letters of a day (2014-03-31); a moment with its hour has more."""


def read_span(column: pl.Series, cases: Cases, *, last: bool) -> Floats:
    """Read the times at which ties begin, or end, in the clock by which first uses are counted.

    Beside first uses by day, a year stands for its first day, or its last; beside first uses by
    year, a day stands for its part of the year. What ends on a day or in a year ends at its end.

    Args:
        column: times as text, numbers or dates, m rows.
        cases: the first uses.
        last: True for the times at which ties end.

    Returns:
        Times in units of the clock, shape (m,); NaN where there is none or it cannot be read.
    """
    times = read_times(column, cases.clock)
    text = column.cast(pl.String).str.strip_chars()
    if cases.clock.dates:
        day = text.str.extract(YEAR) + ("-12-31" if last else "-01-01")
        times = np.where(np.isnan(times), read_times(day, cases.clock), times)
        # Columns of days that the house itself made count to the day's beginning.
        told = (text.str.len_chars() <= DAY).fill_null(False).to_numpy()
        return times + (told & last & (not column.dtype.is_temporal()))
    if _counts_years(cases):
        if last and _are_whole(times):
            times = times + 1.0
        days = read_times(column, Clock(True, 1.0, "day")) + float(last)
        times = np.where(np.isnan(times), _part_of_year(days), times)
    return times


def hold_whole_periods(
    start: Floats, end: Floats, cases: Cases, notes: list[str]
) -> tuple[Floats, Floats]:
    """Let ties that are told by period hold during all of it, where first uses are told so, too.

    A period of first uses ends with its time: those of 2014 lie before 2014.0 of the clock. A tie
    from 2014 to 2014 would else hold for an instant, at which nobody is exposed.

    Args:
        start, end: from when to when ties hold, infinite where nothing is told, shape (m,).
        cases: the first uses.
        notes: takes a sentence where this is done.

    Returns:
        The times within the periods of the first uses, each of shape (m,).
    """
    told = np.concatenate([start, end])
    told = told[np.isfinite(told)]
    if cases.clock.dates or not len(told) or not _are_whole(cases.high):
        return start, end
    period, years = cases.period, _counts_years(cases)
    if not period and (years or (start == end).any()):
        period = 1.0
    if not period or not (years or _are_whole(told)):
        return start, end
    words = f"{period:.4g} {cases.clock.unit}{'' if period == 1 else 's'}"
    notes.append(
        f"Ties hold during all of the periods ({words}) in which they begin and end, as first uses "
        "lie within theirs."
    )
    return start - period, end - (1.0 if years else 0.0)


def _counts_years(cases: Cases) -> bool:
    """Tell whether times are years of the calendar."""
    return not cases.clock.dates and cases.clock.unit == "year" and cases.start >= YEARS[0]


def _are_whole(times: Floats) -> bool:
    told = times[np.isfinite(times)]
    return len(told) > 0 and not (told % 1.0).any()


def _part_of_year(days: Floats) -> Floats:
    """Days since 1970 as years with decimals; NaN stays."""
    known = np.isfinite(days)
    told = days[known]
    whole = np.floor(told).astype("datetime64[D]")
    year = whole.astype("datetime64[Y]")
    first, following = (one.astype("datetime64[D]") for one in (year, year + 1))
    passed = (whole - first).astype(np.float64) + (told - np.floor(told))
    found = np.full(len(days), np.nan)
    found[known] = (
        1970.0 + year.astype(np.float64) + passed / (following - first).astype(np.float64)
    )
    return found
