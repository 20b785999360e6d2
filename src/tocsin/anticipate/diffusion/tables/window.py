"""The window: from when to when cases were watched, and what of them lies within."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.tables.times import DAY_ZERO, YEARS, Clock, read_times
from tocsin.base.display.quantity import quantity
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema.days import read_days
from tocsin.schema.handmade import PERIODS


def find_window(
    read: pl.DataFrame,
    clock: Clock,
    start: float | str | None,
    end: float | str | None,
    remedy: str,
) -> tuple[float, float]:
    """Find the window that rows of cases span, or that is given.

    Args:
        read: `low, high, entry, exit, until`, null where nothing is told.
        clock: how their times are counted.
        start, end: as `read_cases` takes them.
        remedy: what to do where there is no time at all.

    Returns:
        The window's ends in units of the clock.

    Raises:
        StageNotReady: there is no time, or only one.
        UsageError: an end that is given is no time of the clock's kind.
    """
    values = np.concatenate(
        [read[name].drop_nulls().to_numpy() for name in ("low", "high", "entry", "exit", "until")]
    ).astype(np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        raise StageNotReady(
            "There is no first use in the table, so nothing can be learnt from it.",
            remedy=remedy,
        )
    first, last = float(values.min()), float(values.max())
    # Years since something began are no years of the calendar, and begin at 0 as months do.
    if not clock.dates and not (clock.unit == "year" and first >= YEARS[0]):
        first = min(first, 0.0)

    def read_bound(value: float | str | None, otherwise: float, name: str) -> float:
        if value is None:
            return otherwise
        time = read_bound_of(str(value), clock, last=name == "end")
        if np.isnan(time):
            raise UsageError(f"The window's {name} '{value}' is no time of the table's kind.")
        return time

    window = read_bound(start, first, "start"), read_bound(end, last, "end")
    if not window[0] < window[1]:
        raise StageNotReady(
            "The window holds one instant only: all first uses are at once, so there is no order "
            "to learn from.",
            remedy="Give the window with --start and --end.",
        )
    return window


def end_with_periods(one: pl.DataFrame) -> pl.DataFrame:
    """Let a first use of which several rows tell lie before the last of their periods is over.

    Args:
        one: a row for each organisation and class, with `low, high, until`, null where nothing is
            told; `until` is the last of all its rows.

    Returns:
        The rows; `until` is left where all of them tell one period.
    """
    is_one = (pl.col("low") == pl.col("high")).fill_null(False)
    return one.with_columns(
        high=pl.when(is_one).then("high").otherwise(pl.max_horizontal("high", "until")),
        until=pl.when(is_one).then("until"),
    )


def read_bound_of(text: str, clock: Clock, *, last: bool) -> float:
    """Read an end of the window; beside days a month, a quarter or a year is meant whole.

    Args:
        text: the end.
        clock: how times are counted.
        last: True for the window's end, which is that of a month or a year.

    Returns:
        A time in units of the clock; NaN where it is none.
    """
    time = float(read_times(pl.Series([text]), clock)[0])
    days = read_days(text) or read_days(text.upper(), PERIODS) if clock.dates else None
    if days is None or days[0] == days[1]:
        return time
    return float((days[last] - DAY_ZERO).days + last)


def cut_to_window(
    read: pl.DataFrame, window: tuple[float, float], notes: list[str]
) -> pl.DataFrame:
    """Cut cases to the window, and say what was doubtful.

    Args:
        read: `low, high, entry, exit, until`, null where nothing is told.
        window: its ends, of `find_window`.
        notes: takes a sentence for each kind of doubt.

    Returns:
        The cases that were there within the window, with `stays`: until when a user exposes others.
    """
    start, end = window
    late = read.filter(pl.col("low") > end).height
    if late:
        words = quantity(late, "first use lies", "first uses lie")
        notes.append(f"{words} after the window's end: not yet at that time.")
    odd = read.filter(pl.col("low") > pl.col("exit")).height
    if odd:
        words = quantity(odd, "first use lies", "first uses lie")
        notes.append(f"{words} after the exit; the exit was moved to the first use.")
    seen = (pl.col("low") <= end).fill_null(False)
    # A first use of which only its bounds are known lies before the exit, if it can.
    after = (pl.col("low") > pl.col("exit")).fill_null(False)
    read = read.with_columns(
        exit=pl.when(after).then("high").otherwise("exit"),
        high=pl.when(after).then("high").otherwise(pl.min_horizontal("high", "exit")),
        left=after,
    ).with_columns(
        low=pl.when(seen).then("low"),
        high=pl.when(seen).then(pl.col("high").clip(upper_bound=end)),
    )
    gone = pl.col("exit").fill_null(end).clip(upper_bound=end)
    read = read.with_columns(
        entry=pl.col("entry").fill_null(start).clip(lower_bound=start),
        exit=pl.max_horizontal(gone, pl.col("low").fill_null(-np.inf)),
    )
    absent = pl.col("exit") < pl.col("entry")
    beside = read.filter(absent).height
    if beside:
        notes.append(
            f"{quantity(int(beside), 'case was', 'cases were')} never there within the window "
            "and left out."
        )
    read = read.filter(~absent).with_columns(
        # Someone whose exit is the first use has left the risk, not the scene.
        stays=pl.when(
            pl.col("left")
            | (pl.col("exit") <= pl.col("low").fill_null(-np.inf))
            | (pl.col("exit") == pl.col("until")).fill_null(False)
        )
        .then(end)
        .otherwise("exit"),
        low=pl.when(pl.col("low").is_not_null()).then(pl.max_horizontal("low", "entry")),
        high=pl.when(pl.col("high").is_not_null()).then(pl.max_horizontal("high", "entry")),
    )
    until = pl.min_horizontal("until", "exit")
    read = read.with_columns(until=pl.when(pl.col("until").is_not_null()).then(until))
    times = pl.col("low", "high", "until").cast(pl.Float64).fill_null(np.nan)
    return read.drop("left").with_columns(times)
