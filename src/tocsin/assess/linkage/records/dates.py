"""Days as linkage counts them, whole numbers since 1970; the texts are read by `schema.days`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from tocsin.schema.days import SWAPPED, Days, days_of, is_day_first, read_days
from tocsin.schema.vocabulary.calendars import USUAL, counted_forms

EPOCH = date(1970, 1, 1)
day_first = is_day_first


def span(text: str, *, dmy: bool = True, form: str | None = None) -> tuple[int, int] | None:
    """Read the first and the last day that a text may mean, as days since 1970.

    Args:
        text: as `tocsin.schema.days.read_days` takes it.
        dmy: whether the day stands before the month, where nothing else tells.
        form: one of strptime's formats, where somebody declared it.

    Returns:
        Two whole numbers; None where the text cannot be read.

    >>> span("2016-03-05"), span("05/03/2016 14:30"), span("5 March 2016"), span("n/a")
    ((16865, 16865), (16865, 16865), (16865, 16865), None)
    >>> span("2016-02")
    (16832, 16860)
    >>> span("2016-W10")
    (16867, 16873)
    """
    found = read_days(text, form, day_first=dmy)
    if found is None and form is None and (week := _WEEK.fullmatch(text.strip())):
        found = read_days(f"{week[1]}-W{int(week[2]):02d}", "%G-W%V")
    return _numbers(found)


_WEEK = re.compile(r"(\d{4})[- ]?[Ww](\d{1,2})")
"""A week by ISO 8601, from Monday to Sunday."""


def counted(texts: Sequence[str]) -> str | None:
    """Tell how a spreadsheet counts the days of a column that lost their form.

    Args:
        texts: the cells of the column that are not empty.

    Returns:
        The form of Excel on Windows; None where the cells are no such numbers. Excel on a Mac of
        before 2011 counted four years otherwise, which a mapping can say.

    >>> counted(["44651", "44350"]), counted(["20220305"])
    ('days since 1899-12-30', None)
    """
    found = all(_SERIAL.fullmatch(one) for one in texts) and counted_forms(texts)
    return USUAL[0] if found and USUAL[0] in found else None


_SERIAL = re.compile(r"[2-5]\d{4}(?:\.\d+)?")


def one_day(year: int, month: int, day: int) -> tuple[int, int] | None:
    """Return a day as first and last day since 1970; an unknown month or day (0) widens it.

    Args:
        year: the year.
        month: 1 to 12, or 0, which gives the whole year.
        day: 1 to 31, or 0, which gives the whole month.

    Returns:
        Two whole numbers; None where the calendar has no such day.
    """
    return _numbers(days_of(year, month, day))


def in_order(
    first: pl.Series, last: pl.Series, ends: tuple[pl.Series, pl.Series]
) -> tuple[pl.Series, pl.Series]:
    """First and last days, where a column tells the ends; by `schema.days.in_order`.

    Args:
        first: first day of each start; null where none is told.
        last: last day of each start.
        ends: first and last day of each end.

    >>> one = pl.Series([100], dtype=pl.Int32)
    >>> [column[0] for column in in_order(one, one, (one - 2, one - 2))]
    [98, 100]
    >>> [column[0] for column in in_order(one, one, (one - 99, one - 99))]
    [100, 100]
    """
    frame = pl.DataFrame({"a": first, "b": last, "c": ends[0], "d": ends[1]})
    before = pl.col("d") < pl.col("a")
    swapped = before & (pl.col("a") - pl.col("d") <= SWAPPED)
    found = frame.select(
        pl.when(swapped).then("c").otherwise(pl.col("a").fill_null(pl.col("c"))).alias("a"),
        pl.when(before | pl.col("d").is_null()).then("b").otherwise("d").alias("b"),
    )
    return found["a"], found["b"]


def iso(day: int) -> str:
    """Write a day, given as days since 1970, by ISO 8601."""
    return (EPOCH + timedelta(days=day)).isoformat()


def _numbers(days: Days | None) -> tuple[int, int] | None:
    return days and ((days[0] - EPOCH).days, (days[1] - EPOCH).days)
