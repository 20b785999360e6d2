"""Days as people write them, by a named format; months also in words of four languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import cache

from tocsin.observe.checks.spans import Span, month_of, year_of
from tocsin.observe.checks.values import Refused
from tocsin.schema.vocabulary.folding import HEADINGS

FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d/%m/%y", "%m/%d/%y", "%d %B %Y", "%B %d %Y", "%d-%B-%Y", "%Y-%m", "%m/%Y", "%B %Y", "%Y",
)  # fmt: skip
"""What a draft tries, the likeliest first. A mapping may name any other of strptime's forms."""

MONTHS = (
    "january|jan|janvier|janv|enero|ene|يناير|كانون الثاني",
    "february|feb|fevrier|fevr|febrero|فبراير|شباط",
    "march|mar|mars|marzo|مارس|اذار",
    "april|apr|avril|avr|abril|abr|ابريل|نيسان",
    "may|mai|mayo|مايو|ايار",
    "june|jun|juin|junio|يونيو|حزيران",
    "july|jul|juillet|juil|julio|يوليو|تموز",
    "august|aug|aout|agosto|ago|اغسطس|اب",
    "september|sep|sept|septembre|septiembre|سبتمبر|ايلول",
    "october|oct|octobre|octubre|اكتوبر|تشرين الاول",
    "november|nov|novembre|noviembre|نوفمبر|تشرين الثاني",
    "december|dec|decembre|diciembre|dic|ديسمبر|كانون الاول",
)
"""Names of the months in English, French, Spanish and Arabic, without accents."""

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?$")


def span(value: str, form: str, column: str = "date") -> Span:
    """The days that a text means: one, or those of a month or a year.

    Args:
        value: the text, in digits of any script; a time of day after it is passed over.
        form: one of strptime's formats. `%B` reads names of months in four languages.
        column: for the refusal.

    Raises:
        Refused: the text is not of that form, or out of all time.

    >>> span("3 février 2021", "%d %B %Y").start
    datetime.date(2021, 2, 3)
    >>> span("02/2021", "%m/%Y").end, span("2021", "%Y").precision
    (datetime.date(2021, 2, 28), 5)
    """
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in value.strip())
    text = _TIME.sub("", "".join(digits))
    if "%B" in form or "%b" in form:
        text, form = _numbered(text), _plain(form)
    try:
        found = datetime.strptime(text, form).date()
    except ValueError:
        reason = f"'{column}' is not a day written as {form}."
        raise Refused("date", reason, column=column, value=value) from None
    if not 1946 <= found.year <= 2100:
        raise Refused("date", f"'{column}' is out of all time.", column=column, value=value)
    if "%d" in form or "%j" in form:
        return Span(found, found, 1)
    return month_of(found) if "%m" in form else year_of(found)


def _numbered(text: str) -> str:
    """Words and numbers of a day with a single space between, the month as a number."""
    words = HEADINGS.fold(text)
    for spelling, number in _months():
        if f" {spelling} " in f" {words} ":
            words = f" {words} ".replace(f" {spelling} ", f" {number:02d} ", 1).strip()
            break
    return re.sub(r"\b(\d+)(?:st|nd|rd|th|er)\b", r"\1", re.sub(r" (?:de|del) ", " ", words))


def _plain(form: str) -> str:
    return re.sub(r"[^%\w]+", " ", form.replace("%B", "%m").replace("%b", "%m")).strip()


@cache
def _months() -> tuple[tuple[str, int], ...]:
    """Spellings, the longest first, so that a name is not taken for a part of another."""
    found = [
        (HEADINGS.fold(spelling), number)
        for number, spellings in enumerate(MONTHS, start=1)
        for spelling in spellings.split("|")
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))
