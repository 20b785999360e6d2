"""Days that are counted from a first day or told by another calendar, and the names of months.

A number of days is what a spreadsheet or a database shows where a column lost its form, and nothing
in it says from which day it counts. A year such as 1399 is one of the Solar Hijri calendar (Iran,
Afghanistan) or of the Islamic one. Neither is guessed: a draft names the ways in which a column can
be read, and a person chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from tocsin.schema.vocabulary.folding import HEADINGS

MONTHS = (
    "january|jan|janvier|janv|enero|ene|janeiro|يناير|كانون الثاني|جانفي|i",
    "february|feb|fevrier|fevr|fev|febrero|fevereiro|فبراير|شباط|فيفري|ii",
    "march|mar|mars|marzo|marco|مارس|اذار|iii",
    "april|apr|avril|avr|abril|abr|ابريل|نيسان|افريل|iv",
    "may|mai|mayo|maio|مايو|ايار|ماي|v",
    "june|jun|juin|junio|junho|يونيو|حزيران|جوان|vi",
    "july|jul|juillet|juil|julio|julho|يوليو|تموز|جويلية|يوليوز|vii",
    "august|aug|aout|agosto|ago|اغسطس|اب|اوت|غشت|viii",
    "september|sep|sept|septembre|septiembre|setembro|setiembre|set|سبتمبر|ايلول|شتنبر|ix",
    "october|oct|octobre|octubre|outubro|out|اكتوبر|تشرين الاول|x",
    "november|nov|novembre|noviembre|novembro|نوفمبر|تشرين الثاني|نونبر|xi",
    "december|dec|decembre|diciembre|dic|dezembro|dez|ديسمبر|كانون الاول|دجنبر|xii",
)
"""Names of the months in English, French, Spanish, Portuguese and Arabic (of the Levant, the Gulf
and the Maghreb), without accents; Roman numerals."""

UNITS = {"days": 86_400_000, "seconds": 1_000, "milliseconds": 1}
"""Milliseconds of each unit in which days are counted."""
COUNTED = re.compile(rf"({'|'.join(UNITS)}) since (\d{{4}})-(\d\d)-(\d\d)")
"""How a form says that days are counted, as the Climate and Forecast conventions (4.4) write it."""
USUAL = (
    "days since 1899-12-30", "days since 1904-01-01", "seconds since 1970-01-01",
    "milliseconds since 1970-01-01",
)  # fmt: skip
"""Excel on Windows, Excel on a Mac of before 2011, Unix, JavaScript."""
FIRST, LAST = date(1980, 1, 1), date(2060, 1, 1)
"""A column of numbers may be one of days between these; a declared form has no such bound."""
_NUMBER = re.compile(r"-?\d{1,14}(?:\.\d{1,12})?")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_OTHERS = (
    (1300, 1350, "the Islamic calendar"),
    (1351, 1500, "the Solar Hijri calendar of Iran and Afghanistan, or of the Islamic one"),
    (2440, 2640, "the Buddhist calendar of Thailand"),
)
"""Years that no report can have, and the calendars that have them in our time."""


def counted_day(text: str, form: str) -> date | None:
    """Read a day that is a number of days, seconds or milliseconds since another.

    Args:
        text: the number; a fraction is the time of day.
        form: such as 'days since 1899-12-30'; a moment is taken in universal time.

    Returns:
        The day; None where the text is no number, or the calendar has no such day.

    >>> counted_day("44201", "days since 1899-12-30"), counted_day("44201.75", USUAL[0])
    (datetime.date(2021, 1, 5), datetime.date(2021, 1, 5))
    """
    told = COUNTED.fullmatch(form)
    if told is None or not _NUMBER.fullmatch(text):
        return None
    try:
        first = date(*(int(part) for part in told.groups()[1:]))
        return first + timedelta(days=float(text) * UNITS[told[1]] // UNITS["days"])
    except (ValueError, OverflowError):
        return None


def counted_forms(texts: Sequence[str]) -> list[str]:
    """List the usual forms by which all numbers of a column are days of our time.

    >>> counted_forms(["44201", "44310"]), counted_forms(["3", "12"])
    (['days since 1899-12-30', 'days since 1904-01-01'], [])
    """
    found = []
    for form in USUAL:
        days = [counted_day(text, form) for text in texts]
        if days and all(day is not None and FIRST <= day < LAST for day in days):
            found.append(form)
    return found


def other_calendar(texts: Iterable[str]) -> str:
    """Say by which other calendar days seem to be told, from a year that no report can have.

    Args:
        texts: cells of a column of days, or one of them.

    Returns:
        A whole sentence; empty where no year shows one. The Ethiopian calendar, whose years are
        seven or eight behind, does not show.

    >>> other_calendar(["1399/10/16"])
    '1399 may be a year of the Solar Hijri calendar of Iran and Afghanistan, or of the Islamic one.'
    """
    for text in texts:
        for year in _YEAR.findall(text):
            for first, last, name in _OTHERS:
                if first <= int(year) <= last:
                    return f"{int(year)} may be a year of {name}."
    return ""


@cache
def month_names() -> tuple[tuple[str, int], ...]:
    """List the names of months, folded, each with its number.

    The longest come first, so that one is not taken for a part of another.

    >>> dict(month_names())["setembro"]
    9
    """
    found = [
        (HEADINGS.fold(name), number)
        for number, names in enumerate(MONTHS, start=1)
        for name in names.split("|")
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def number_months(words: str, form: str) -> str:
    """Put a number in the place of the first name of a month among folded words.

    >>> number_months("3 de marco de 2024", "m{:02d}")
    '3 de m03 de 2024'
    """
    for name, number in month_names():
        if f" {name} " in f" {words} ":
            return f" {words} ".replace(f" {name} ", f" {form.format(number)} ", 1).strip()
    return words
