"""Spans of days: what a source that gives a date and a precision says of when it happened.

The precision is UCDP's (Sundberg and Melander 2013): 1 the day is known, 2 within two to six
days, 3 within a week, 4 within a month, 5 within more than a month.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.values import Refused, day, in_time
from tocsin.schema.days import Days, known_days, read_days
from tocsin.schema.vocabulary.placeholder import is_placeholder

WEEK, MONTH = 7, 31
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
"""As English-language sources write them, whatever this machine's language."""


@dataclass(frozen=True)
class Span:
    """The first and the last day on which it may have happened, and UCDP's precision."""

    start: date
    end: date
    precision: int
    doubts: tuple[Doubt, ...] = ()
    """What in it is doubtful; the end may also stand before the start (`doubt.graded`)."""

    def columns(self) -> dict[str, Any]:
        """The three columns of a report, and what in them is doubtful."""
        found = {"date_start": self.start, "date_end": self.end, "date_prec": self.precision}
        return found | ({"date_doubts": self.doubts} if self.doubts else {})

    def to(self, last: Span) -> Span:
        """The span from the first day of this one to the last day of another."""
        doubts = self.doubts + tuple(replace(one, column="date_end") for one in last.doubts)
        precision = max(self.precision, last.precision, between(self.start, last.end).precision)
        return Span(self.start, last.end, precision, doubts)


def between(start: date, end: date) -> Span:
    """A span between two days; its precision follows from its length.

    Args:
        start: the first day.
        end: the last day; one that stands before the first is put right by `doubt.graded`.

    >>> between(date(2024, 3, 1), date(2024, 3, 4)).precision
    2
    """
    days = abs((end - start).days) + 1
    precision = 1 if days == 1 else 2 if days < WEEK else 3 if days == WEEK else 4
    return Span(start, end, precision if days <= MONTH else 5)


def week_around(middle: date) -> Span:
    """The seven days whose middle a source gives."""
    return Span(middle - timedelta(days=3), middle + timedelta(days=3), 3)


def month_of(day: date) -> Span:
    """The calendar month of a day.

    >>> month_of(date(2024, 2, 10)).end
    datetime.date(2024, 2, 29)
    """
    last = calendar.monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1), day.replace(day=last), 4)


def year_of(day: date) -> Span:
    """The calendar year of a day."""
    return Span(date(day.year, 1, 1), date(day.year, 12, 31), 5)


def days(fields: Mapping[str, str], column: str) -> Span:
    """The day of a field, as `values.day` reads it, or the month or year where no more is known.

    Args:
        fields: the record by heading.
        column: the heading.

    Raises:
        Refused: the field is empty or not there, or tells no year.
    """
    try:
        on = day(fields, column)
    except Refused:
        value = fields.get(column, "")
        if at := read_days(value, "%Y-%m-%d"):
            on = day({column: at[0].isoformat()}, column)
            return Span(on, on, 1)
        known = known_days(value, "%Y-%m-%d") or read_days(value, "%Y-%m") or read_days(value, "%Y")
        if known is None:
            raise
        return vague(known, column, value)
    return Span(on, on, 1)


def vague(known: Days, column: str, value: str) -> Span:
    """The span of a date of which a part is not known, with the doubt that says so.

    Args:
        known: the first and the last day that it may mean.
        column: the heading.
        value: what stands there.

    Raises:
        Refused: the year is out of all time.
    """
    start, end = (in_time(one, column, value) for one in known)
    what = "The day" if start.month == end.month else "The day and the month"
    reason = f"{what} in '{column}' cannot be told."
    found = between(start, end)
    precision = 4 if start.month == end.month else 5
    doubt = Doubt("date_start", value, f"{found.start} to {found.end}", "date", reason, column)
    return Span(start, end, precision, (doubt,))


def year_doubts(fields: Mapping[str, str], column: str, span: Span) -> dict[str, Any]:
    """The doubt of a field that tells another year than the date, under its key in a row.

    The date is kept, since it says more than the year.

    Args:
        fields: the record by heading.
        column: the heading of the year; an empty one tells nothing.
        span: the date.
    """
    value = fields.get(column, "")
    years = range(min(span.start.year, span.end.year), max(span.start.year, span.end.year) + 1)
    if is_placeholder(value) or value.removesuffix(".0") in map(str, years):
        return {}
    reason = f"'{column}' tells another year than the date, {span.start}."
    kept = str(span.start)
    return {"year_doubts": [Doubt("date_start", value, kept, "year", reason, column)]}
