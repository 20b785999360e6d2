"""Spans of days: what a source that gives a date and a precision says of when it happened.

The precision is UCDP's (Sundberg and Melander 2013): 1 the day is known, 2 within two to six
days, 3 within a week, 4 within a month, 5 within more than a month.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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

    def columns(self) -> dict[str, Any]:
        """The three columns of a report."""
        return {"date_start": self.start, "date_end": self.end, "date_prec": self.precision}


def between(start: date, end: date) -> Span:
    """A span between two days; its precision follows from its length.

    Args:
        start: the first day.
        end: the last day, not before the first.

    >>> between(date(2024, 3, 1), date(2024, 3, 4)).precision
    2
    """
    days = (end - start).days + 1
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
