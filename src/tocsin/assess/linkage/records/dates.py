"""Days out of the many ways in which files write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier enero janv ene", "feb february fevrier febrero fev",
            "mar march mars marzo", "apr april avril abril avr abr", "may mai mayo",
            "jun june juin junio", "jul july juillet julio juil",
            "aug august aout agosto ago", "sep sept september septembre septiembre",
            "oct october octobre octubre", "nov november novembre noviembre",
            "dec december decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = (
    r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?"
    r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+|\d{4,6})?")
MIXED = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
WORDY = re.compile(
    rf"(?:[a-z]+,? )?(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]+([a-z]+)\.?,?[-/. ]+"
    rf"(\d{{4}}|\d{{2}}){_TIME}",
    re.I,
)
AMERICAN = re.compile(
    rf"(?:[a-z]+,? )?([a-z]+)\.?[-/. ]+(\d{{1,2}})(?:st|nd|rd|th)?,?[-/. ]+(\d{{4}}){_TIME}", re.I
)
MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
YEAR = re.compile(r"(\d{4})(?:\.0+)?")
RANGE = re.compile(r"\s+(?:to|until|–|-|au|a|bis)\s+|/(?=\d{4}-)|\s*–\s*|\.\.")


def day_first(texts: Iterable[str]) -> bool:
    """Whether a column writes the day before the month; true where nothing decides."""
    for text in texts:
        found = MIXED.fullmatch(text.strip())
        if found and int(found[1]) > 12:
            return True
        if found and int(found[2]) > 12:
            return False
    return True


def span(text: str, *, dmy: bool = True) -> tuple[int, int] | None:
    """First and last day that a text may mean, as days since 1970; none if unreadable.

    >>> span("2016-03-05"), span("05/03/2016 14:30"), span("5 March 2016"), span("n/a")
    ((16865, 16865), (16865, 16865), (16865, 16865), None)
    >>> span("2016-02")
    (16832, 16860)
    """
    text = text.strip()
    one = _single(text, dmy)
    if one is not None:
        return one
    parts = RANGE.split(text)
    if len(parts) == 2:
        first, last = _single(parts[0].strip(), dmy), _single(parts[1].strip(), dmy)
        if first and last and first[0] <= last[1]:
            return first[0], last[1]
    return None


def _single(text: str, dmy: bool) -> tuple[int, int] | None:  # noqa: PLR0911
    if found := ISO.fullmatch(text) or PLAIN.fullmatch(text):
        return _one_day(int(found[1]), int(found[2]), int(found[3]))
    if found := MIXED.fullmatch(text):
        day, month = (int(found[1]), int(found[2])) if dmy else (int(found[2]), int(found[1]))
        return _one_day(_year(found[3]), month, day)
    if found := WORDY.fullmatch(text):
        return _one_day(_year(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := AMERICAN.fullmatch(text):
        return _one_day(int(found[3]), MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := MONTH.fullmatch(text):
        return month_span(int(found[1]), int(found[2]))
    if found := YEAR.fullmatch(text):
        return year_span(int(found[1]))
    return None


def month_span(year: int, month: int) -> tuple[int, int] | None:
    """First and last day of a month."""
    first = _one_day(year, month, 1)
    after = _one_day(year + month // 12, month % 12 + 1, 1)
    return (first[0], after[0] - 1) if first and after else None


def year_span(year: int) -> tuple[int, int] | None:
    """First and last day of a year."""
    first, last = _one_day(year, 1, 1), _one_day(year, 12, 31)
    return (first[0], last[0]) if first and last else None


def one_day(year: int, month: int, day: int) -> tuple[int, int] | None:
    """A day; an unknown month or day (0) widens it to the year or the month."""
    if not month:
        return year_span(year)
    return _one_day(year, month, day) if day else month_span(year, month)


def _one_day(year: int, month: int, day: int) -> tuple[int, int] | None:
    if not 1800 <= year <= 2200:
        return None
    try:
        number = (date(year, month, day) - EPOCH).days
    except ValueError:
        return None
    return number, number


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def iso(day: int) -> str:
    """The day as a text."""
    return (EPOCH + timedelta(days=day)).isoformat()
