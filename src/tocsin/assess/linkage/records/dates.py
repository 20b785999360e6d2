"""Days as linkage counts them, whole numbers since 1970; the texts are read by `schema.days`."""

from __future__ import annotations

from datetime import date, timedelta

from tocsin.schema.days import Days, days_of, is_day_first, read_days

EPOCH = date(1970, 1, 1)
day_first = is_day_first


def span(text: str, *, dmy: bool = True, form: str | None = None) -> tuple[int, int] | None:
    """First and last day that a text may mean, as days since 1970; none if unreadable.

    >>> span("2016-03-05"), span("05/03/2016 14:30"), span("5 March 2016"), span("n/a")
    ((16865, 16865), (16865, 16865), (16865, 16865), None)
    >>> span("2016-02")
    (16832, 16860)
    """
    return _numbers(read_days(text, form, day_first=dmy))


def one_day(year: int, month: int, day: int) -> tuple[int, int] | None:
    """A day; an unknown month or day (0) widens it to the year or the month."""
    return _numbers(days_of(year, month, day))


def iso(day: int) -> str:
    """The day as a text."""
    return (EPOCH + timedelta(days=day)).isoformat()


def _numbers(days: Days | None) -> tuple[int, int] | None:
    return days and ((days[0] - EPOCH).days, (days[1] - EPOCH).days)
