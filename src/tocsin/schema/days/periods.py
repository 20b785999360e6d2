"""Months and years that stand in the header of a table, each above a column of its own."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from tocsin.schema.days import month_number
from tocsin.schema.vocabulary.folding import plain_digits, without_unseen

LEAST = 3
"""So few columns of months or years may stand there by chance."""
LONGEST = 40
"""Letters in the name of such a column."""
_SIGNS = r"[\s._/,'’-]*"
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?(?:\.0+)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[\s._/-]?(0[1-9]|1[0-2])|[\s._-]?[mM](0?[1-9]|1[0-2]))")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[\s._/-](\d{4})")
_WORD_FIRST = re.compile(rf"([^\W\d_][^\d]*?){_SIGNS}(\d{{4}}|\d\d)")
_WORD_LAST = re.compile(rf"(\d{{4}}){_SIGNS}([^\W\d_][^\d]*)")
_YEAR = re.compile(r"(\d{4})(?:\s*\[YR\1\])?")
_OLDEST, _NEWEST = 1900, 2100
Period = TypeVar("Period", bound=Hashable)


def months_of(names: Sequence[str]) -> dict[str, date]:
    """Find the columns that each hold one month of one year.

    A year of two digits is one only where at least three months have names, so that 'Jan-05,
    Jan-12, Jan-19' are not taken for months.

    Args:
        names: the names of a table's columns.

    Returns:
        The name of each such column to the first day of its month, in the order of the names. It is
        empty where they are fewer than `LEAST`, or where two are of one month or one is of a day
        within a month: then the columns are of something else.

    >>> months_of(["Pays", "janv. 2024", "févr. 2024", "mars 2024"])["mars 2024"]
    datetime.date(2024, 3, 1)
    >>> months_of(["Country", "Jan-05", "Jan-12", "Jan-19"])
    {}
    """
    found, words = dict[str, date](), set[int]()
    for name in names:
        told = _month(name)
        if told is None:
            if _ISO.fullmatch(_plain(name)):
                return {}
            continue
        year, month, short = told
        if short:
            words.add(month)
            year += 2000
        if name in found or not _OLDEST <= year <= _NEWEST:
            return {}
        found[name] = date(year, month, 1)
    sure = not words or len(words) >= LEAST
    return told_apart(found) if sure else {}


def month_names_of(names: Sequence[str]) -> dict[str, int]:
    """Find the columns that each hold one month, told by its name and without a year.

    Args:
        names: the names of a table's columns.

    Returns:
        The name of each such column to the number of its month; empty where they are fewer than
        `LEAST`, or where one month stands twice.

    >>> month_names_of(["Country", "Year", "Jan", "Feb", "March"])
    {'Jan': 1, 'Feb': 2, 'March': 3}
    """
    plain = {name: _plain(name).strip(" .") for name in names if len(name) <= LONGEST}
    told = {
        name: month_number(text) for name, text in plain.items() if text and not text[0].isdigit()
    }
    return told_apart(told)


def month_after(first: date, after: int) -> date:
    """Give the first day of the month that comes so many months after another.

    Args:
        first: a day of a month.
        after: how many months later.

    Returns:
        The first day of that month.

    >>> month_after(date(2022, 12, 1), 3)
    datetime.date(2023, 3, 1)
    """
    year, month = divmod(first.year * 12 + first.month - 1 + after, 12)
    return date(year, month + 1, 1)


def told_apart(told: Mapping[str, Period | None]) -> dict[str, Period]:
    """Keep the columns of which each holds a period of its own.

    Args:
        told: the name of each column to its period; None for those that hold none.

    Returns:
        Those that hold one, in their order; empty where they are fewer than `LEAST` or two hold
        the same.

    >>> told_apart({"a": 1, "b": 2, "c": None, "d": 3}), told_apart({"a": 1, "b": 2, "c": 2})
    ({'a': 1, 'b': 2, 'd': 3}, {})
    """
    found = {name: period for name, period in told.items() if period is not None}
    distinct = len(set(found.values())) == len(found)
    return found if len(found) >= LEAST and distinct else {}


def years_of(names: Sequence[str]) -> dict[str, int]:
    """Find the columns that each hold one year.

    Args:
        names: the names of a table's columns.

    Returns:
        The name of each such column to its year; empty where they are fewer than `LEAST`.

    >>> years_of(["Country Name", "Country Code", "2019", "2020", "2021 [YR2021]"])
    {'2019': 2019, '2020': 2020, '2021 [YR2021]': 2021}
    """
    told = {name: _YEAR.fullmatch(_plain(name)) for name in names if len(name) <= LONGEST}
    found = {name: int(one[1]) for name, one in told.items() if one}
    sound = all(_OLDEST <= year <= _NEWEST for year in found.values())
    return found if len(found) >= LEAST and sound and len(set(found.values())) == len(found) else {}


def _plain(name: str) -> str:
    """A name with the digits of ASCII. 'Mar' stays, which is also a weekday of Spanish."""
    return plain_digits(without_unseen(name)).strip()


def _month(name: str) -> tuple[int, int, bool] | None:
    """Year, month, and whether the year has two digits; None where a name is no month."""
    if len(name) > LONGEST:
        return None
    text = _plain(name)
    if iso := _ISO.fullmatch(text):
        return _whole_month(*map(int, iso.groups()))
    if one := _YEAR_FIRST.fullmatch(text):
        return int(one[1]), int(one[2] or one[3]), False
    if one := _MONTH_FIRST.fullmatch(text):
        return int(one[2]), int(one[1]), False
    if one := _WORD_FIRST.fullmatch(text):
        word, year = one[1], one[2]
    elif one := _WORD_LAST.fullmatch(text):
        word, year = one[2], one[1]
    else:
        return None
    number = month_number(word.strip(" ."))
    return None if number is None else (int(year), number, len(year) == 2)


def _whole_month(year: int, month: int, day: int) -> tuple[int, int, bool] | None:
    """A month that is told by its first or its last day."""
    try:
        told = date(year, month, day)
    except ValueError:
        return None
    whole = told.day == 1 or (told + timedelta(1)).day == 1
    return (year, month, False) if whole else None
