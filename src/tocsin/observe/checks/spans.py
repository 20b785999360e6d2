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
from tocsin.observe.checks.values import Refused, day, in_time, whole
from tocsin.schema.days import Days, known_days, read_days
from tocsin.schema.vocabulary.placeholder import is_placeholder

WEEK, MONTH = 7, 31
WORDED = "%d %B %Y | %B %d %Y"
"""Days with the month in words, which mean one day only, whatever the program and its language."""
MONTHLY = "%Y-%m | %m/%Y | %Y/%m | %B %Y | %Y"
"""Months and years; a month before a year and a slash can be nothing else."""
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
"""As English-language sources write them, whatever this machine's language."""


@dataclass(frozen=True)
class Span:
    """The first and the last day on which an event may have happened, and UCDP's date precision."""

    start: date
    end: date
    precision: int
    doubts: tuple[Doubt, ...] = ()
    """What in it is doubtful; the end may also stand before the start (`grading.grade`)."""

    def columns(self) -> dict[str, Any]:
        """Return the three columns of a report that hold the span, and what in them is doubtful.

        Returns:
            `date_start`, `date_end` and `date_prec`; also `date_doubts` where there are doubts.
        """
        found = {"date_start": self.start, "date_end": self.end, "date_prec": self.precision}
        return found | ({"date_doubts": self.doubts} if self.doubts else {})

    def to(self, last: Span) -> Span:
        """Return the span from the first day of this one to the last day of another.

        Args:
            last: the span that ends it.

        Returns:
            The span; its precision is the least exact of both spans' and of its own length's.
        """
        doubts = self.doubts + tuple(replace(one, column="date_end") for one in last.doubts)
        precision = max(self.precision, last.precision, between(self.start, last.end).precision)
        return Span(self.start, last.end, precision, doubts)


def between(start: date, end: date) -> Span:
    """Make a span between two days; its precision follows from its length.

    Args:
        start: the first day.
        end: the last day; one that stands before the first is put right by `grading.grade`.

    Returns:
        The span, with both days as given.

    >>> between(date(2024, 3, 1), date(2024, 3, 4)).precision
    2
    """
    days = abs((end - start).days) + 1
    precision = 1 if days == 1 else 2 if days < WEEK else 3 if days == WEEK else 4
    return Span(start, end, precision if days <= MONTH else 5)


def week_around(middle: date) -> Span:
    """Make the span of the seven days whose middle day a source gives."""
    return Span(middle - timedelta(days=3), middle + timedelta(days=3), 3)


def month_of(day: date) -> Span:
    """Make the span of the calendar month of a day.

    >>> month_of(date(2024, 2, 10)).end
    datetime.date(2024, 2, 29)
    """
    last = calendar.monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1), day.replace(day=last), 4)


def year_of(day: date) -> Span:
    """Make the span of the calendar year of a day."""
    return Span(date(day.year, 1, 1), date(day.year, 12, 31), 5)


UNKNOWN_DAY, UNKNOWN_PLACE = 2, 4
"""UCDP's precisions of a day and of a point of which the source does not say how exact they are."""


def precision(
    fields: Mapping[str, str], column: str, kept: str, *, high: int, unknown: int
) -> tuple[int, tuple[Doubt, ...]]:
    """Read how exact a day or a place is; the event stays where that is not known.

    Args:
        fields: the record by heading.
        column: the heading of the source's own precision.
        kept: the column of `reports` that it tells of, `date_prec` or `place_prec`.
        high: the least exact of the source's precisions; 1 is the most exact.
        unknown: UCDP's precision that is taken where the field is empty or says no such number.

    Returns:
        The source's precision, and no doubt; or 0, and the doubt.

    >>> precision({"date_prec": "3"}, "date_prec", "date_prec", high=5, unknown=2)
    (3, ())
    >>> precision({}, "date_prec", "date_prec", high=5, unknown=2)[1][0].reason
    "'date_prec' does not say how exact it is; 2 is taken."
    """
    try:
        return whole(fields, column, low=1, high=high), ()
    except Refused:
        reason = f"'{column}' does not say how exact it is; {unknown} is taken."
        rule = "date" if kept == "date_prec" else "point"
        said = fields.get(column, "")
        return 0, (Doubt(kept, said, str(unknown), rule, reason, column),)


def days(fields: Mapping[str, str], column: str) -> Span:
    """Read the day of a field, or the month or the year where no more is known.

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The span; it holds a doubt where a part of the date is not known.

    Raises:
        Refused: the field is empty or not there, or tells no year.
    """
    try:
        on = day(fields, column)
    except Refused as refusal:
        value = fields.get(column, "")
        if (at := read_days(value, "%Y-%m-%d") or read_days(value, WORDED)) and at[0] == at[1]:
            on = day({column: at[0].isoformat()}, column)
            return Span(on, on, 1)
        known = (
            known_days(value, "%Y-%m-%d")
            or known_days(value, "%d %B %Y")
            or read_days(value, MONTHLY)
        )
        if known is None and refusal.rule == "date" and value:
            reason = f"'{column}' is no day written as 2024-05-31, no month (2024-05), and no year."
            raise Refused("date", reason, column=column, value=value) from None
        if known is None:
            raise
        return vague(known, column, value)
    return Span(on, on, 1)


def vague(known: Days, column: str, value: str) -> Span:
    """Make the span of a date of which a part is not known, with the doubt that says so.

    Args:
        known: the first and the last day that it may mean.
        column: the heading.
        value: what stands there.

    Returns:
        The span, of precision 4 (a month) or 5 (a year).

    Raises:
        Refused: the year is out of all time.
    """
    start, end = in_time(known[0], column, value), known[1]
    what = "The day" if start.month == end.month else "The day and the month"
    reason = f"{what} in '{column}' cannot be told."
    found = between(start, end)
    precision = 4 if start.month == end.month else 5
    doubt = Doubt("date_start", value, f"{found.start} to {found.end}", "date", reason, column)
    return Span(start, end, precision, (doubt,))


def year_doubts(fields: Mapping[str, str], column: str, span: Span) -> dict[str, Any]:
    """Doubt a field that tells another year than the date.

    The date is kept, since it says more than the year.

    Args:
        fields: the record by heading.
        column: the heading of the year; an empty one tells nothing.
        span: the date.

    Returns:
        The doubt under the key `year_doubts`; nothing where the years agree or the field is empty.
    """
    value = fields.get(column, "")
    years = range(min(span.start.year, span.end.year), max(span.start.year, span.end.year) + 1)
    if is_placeholder(value) or value.removesuffix(".0") in map(str, years):
        return {}
    reason = f"'{column}' tells another year than the date, {span.start}."
    kept = str(span.start)
    return {"year_doubts": [Doubt("date_start", value, kept, "year", reason, column)]}
