"""Days as people write them: one parser for mappings and for linkage.

A text is read by a form that somebody declared, or in any usual way where nobody did; months may
stand in words of many languages, digits in any script. What is no day gives None: each stage says
in its own way what becomes of such a row.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from tocsin.schema.days.plain import plain_day
from tocsin.schema.vocabulary.calendars import (
    COUNTED,
    counted_day,
    month_names,
    month_numbers,
    number_months,
)
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.placeholder import is_unknown_part

Days = tuple[date, date]
"""The first and the last day that a text may mean."""
FIRST_YEAR, LAST_YEAR = 1800, 2200
"""A year outside is a slip of the pen. Stages may ask for less."""
SWAPPED = 31
"""Start and end that stand in the wrong order, no more than a month apart, were swapped."""
_TIME = re.compile(
    r",?[T ]+(?:(?:à|a|at|às|as|a las) )?"
    r"(?:\d{1,2}(?:[:.]| ?h ?)\d{2}(?::\d{2}(?:[.,]\d+)?)?|\d{1,2}(?= ?[ap]\.? ?m|h))"
    r"\s*(?:[ap]\.? ?m\.?|h(?:rs|ours|eures|oras)?\.?|min)?"
    r"\s*(?:[A-Z]{1,5})?(?:[+-]\d{1,2}(?::?\d{2})?)?(?: \([^()]*\))?$",
    re.IGNORECASE,
)
"""A time of day behind a day, with its zone: 14:30, 2:30 pm, 14h30, 14.30, T10:00+01, 10:00 EAT."""
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+|\d{4,6})?")
_MIXED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+ )?(\d{1,2})(?:st|nd|rd|th|er)? (?:de )?@ (?:del? )?(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"(?:[^\W\d]+ )?@ (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_MONTH_WORD = re.compile(r"@ (?:del? )?(\d{4})")
_PART = re.compile(r"-9{1,2}(?!\d)|n/a|\?+|--|[^\W_]+", re.IGNORECASE)
_RANGE = re.compile(
    r"\s+(?:to|until|till|-|au|al|à|a|e|y|et|and|bis|по|do|ila|hadi|sampai|s/d|الى|إلى)\s+"
    r"|/(?=\d{4}-)|\s*[–—]\s*|\.\."
)
_FROM = re.compile(
    r"(?:from|between|du|entre|del?|do|vom|с|з|من|mula|kuanzia|dari)\s+(?=\d)", re.IGNORECASE
)
"""What stands before the first of two days."""
_SHARED = re.compile(
    r"(\d{1,2})(?: ?[-–—&] ?| (?:to|and|au|et|al|y|a|e|по|hingga|sampai) )(\d{1,2})"
    r"((?: |/|\.|-)(?:[^\W\d].*|\d{1,2}[./-]\d{2,4}))"
)
"""Two days of one month, which is written once: 13-15 March 2024, 13-15/03/2024."""
_SHARED_BEHIND = re.compile(
    r"([^\W\d]{3,} )(\d{1,2})(?: ?[-–—&] ?| (?:to|and) )(\d{1,2})(,? \d{4})"
)
"""The same with the month first: March 13-15, 2024."""


_GLUED = re.compile(r"(\d{1,2})([^\W\d_]{3,9})(\d{4})")
"""Such as 05jan2021, as Stata writes a day."""
_WEEKDAY = re.compile(r"^(?:[^\W\d]+ ){1,2}(?=\d|m\d\d )")
_QUARTER = {"%Y": r"(?P<year>\d{4})", "%q": r"(?P<quarter>[1-4])"}

LONGEST = 200
"""Characters of a day in words, with spaces around it; what is longer is none."""


def read_days(
    text: str, form: str | None = None, *, day_first: bool = True, strict: bool = False
) -> Days | None:
    """Read the first and the last day that a text means.

    Args:
        text: a day, or where the form (or the text itself) knows no more, a month or a year; a
            time of day behind it is passed over. Two of these may stand as a range.
        form: one of strptime's formats, or several with ` | ` between them, of which the first
            that fits counts, where somebody declared how the column is written; `%B`
            and `%b` read names of months in many languages, `%q` a quarter, `%G-W%V` a week of ISO
            8601, and 'days since 1899-12-30' a number (`calendars.counted_day`). None reads any
            usual way.
        day_first: how `05/03/2016` is read without a form.
        strict: nothing but the form is read; else also a day by ISO 8601.

    Returns:
        The two days, which are one and the same for a single day; None where the text is not
        understood.

    >>> read_days("05/03/2016 14:30")[0], read_days("05/03/2016", "%m/%d/%Y")[0]
    (datetime.date(2016, 3, 5), datetime.date(2016, 5, 3))
    >>> read_days("3 de febrero de 2021") == read_days("3 شباط 2021") == read_days("2021-02-03")
    True
    >>> read_days("2016-02"), read_days("n/a")
    ((datetime.date(2016, 2, 1), datetime.date(2016, 2, 29)), None)
    """
    return _read_days(text, form, day_first, strict) if len(text) <= LONGEST else None


# A file tells the same days again and again: in a row for each country, or for each event of a day.
@lru_cache(maxsize=1 << 14)
def _read_days(text: str, form: str | None, day_first: bool, strict: bool) -> Days | None:
    text = plain_day(text)

    def single(part: str) -> Days | None:
        if form is None:
            return _usual(part, day_first)
        bare = _TIME.sub("", part)
        bare = bare.removesuffix(".0") if _PLAIN.fullmatch(bare) else bare
        tried = (_by_form(bare, one) for one in forms_of(form))
        if found := next((days for days in tried if days), None):
            return found
        # A day of Excel's own beside texts comes as ISO 8601, which means one day only.
        iso = _ISO_DAY.fullmatch(bare)
        return _one_day(*iso.groups()) if iso and not strict else None

    return single(text) or _read_range(text, single)


def _read_range(text: str, single: Callable[[str], Days | None]) -> Days | None:
    """The first and the last day of two that stand with a word or a dash between them."""
    text = _FROM.sub("", text, count=1)
    parts = _RANGE.split(text)
    if shared := _SHARED.fullmatch(text):
        parts = [shared[1] + shared[3], shared[2] + shared[3]]
    elif shared := _SHARED_BEHIND.fullmatch(text):
        parts = [f"{shared[1]}{shared[one]}{shared[4]}" for one in (2, 3)]
    first, last = map(single, map(str.strip, parts)) if len(parts) == 2 else (None, None)
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def forms_of(form: str) -> list[str]:
    """Divide a declaration of one or several forms of days into the single forms.

    Args:
        form: strptime's formats, with ` | ` between them.

    Returns:
        The formats, without spaces around them.

    >>> forms_of("%d/%m/%Y | %d %B %Y")
    ['%d/%m/%Y', '%d %B %Y']
    """
    return [one.strip() for one in form.split(" | ")]


def month_number(text: str) -> int | None:
    """Read a month that stands alone, as a number or by its name in many languages.

    Args:
        text: such as '3', '03', 'March', 'mars' or 'آذار'.

    Returns:
        1 to 12; None where the text is no month.

    >>> [month_number(text) for text in ("3", "Mars", "آذار", "13", "spring")]
    [3, 3, 3, None, None]
    """
    words = HEADINGS.fold(text)
    if words.isdecimal() and len(words) <= 2:
        return int(words) if 1 <= int(words) <= 12 else None
    return month_numbers().get(words)


def days_of(year: int, month: int = 0, day: int = 0) -> Days | None:
    """Make the first and the last day of a day, a month or a year.

    Args:
        year: the year.
        month: 1 to 12; 0 where it is not known, which widens the result to the whole year.
        day: 1 to 31; 0 where it is not known, which widens the result to the whole month.

    Returns:
        The two days; None where the calendar has no such day.

    >>> days_of(2024, 2)[1], days_of(2024, 13)
    (datetime.date(2024, 2, 29), None)
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= month <= 12:
        return None
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    last = calendar.monthrange(year, month)[1]
    if not day:
        return date(year, month, 1), date(year, month, last)
    if not 1 <= day <= last:
        return None
    return date(year, month, day), date(year, month, day)


def in_order(start: date, end: date) -> Days:
    """Put two days in order as a span, where the end may stand before the start.

    Up to `SWAPPED` days apart they are taken as swapped; further apart one of them is a slip of
    the pen, and the start is believed.

    Args:
        start: the day that is given as the first.
        end: the day that is given as the last.

    Returns:
        The first and the last day.

    >>> in_order(date(2024, 3, 5), date(2024, 3, 3))
    (datetime.date(2024, 3, 3), datetime.date(2024, 3, 5))
    >>> in_order(date(2024, 3, 5), date(2014, 3, 9))
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))
    """
    if start <= end:
        return start, end
    return (end, start) if (start - end).days <= SWAPPED else (start, start)


def known_days(text: str, form: str) -> Days | None:
    """Read the month or the year of a text whose day, or day and month, is not known.

    Unknown is a part that `placeholder.is_unknown_part` names, and a day that its month does not
    have (31 April).

    Args:
        text: a text that `read_days` does not understand.
        form: one of strptime's formats, with a sign between its parts.

    Returns:
        The first and the last day of the month or the year; None where even the year is not
        understood.

    >>> known_days("2024-03-00", "%Y-%m-%d"), known_days("??/??/2024", "%d/%m/%Y")[1]
    ((datetime.date(2024, 3, 1), datetime.date(2024, 3, 31)), datetime.date(2024, 12, 31))
    >>> known_days("2024-02-30", "%Y-%m-%d")[1], known_days("2024-13-01", "%Y-%m-%d")
    (datetime.date(2024, 2, 29), None)
    """
    if len(text) > LONGEST or "%d" not in form:
        return None
    parts, forms = _parts_of(text), re.findall(r"%\w", form)
    if len(parts) != len(forms) or "%d" not in forms:
        return None
    said = dict(zip(forms, parts, strict=True))
    lacking = {f for f, part in said.items() if is_unknown_part(part)}
    if said["%d"].isdecimal() and 29 <= int(said["%d"]) <= 31:
        lacking.add("%d")
    if not lacking & {"%d", "%m", "%B", "%b"} or lacking & {"%Y", "%y"}:
        return None
    if lacking & {"%m", "%B", "%b"}:
        lacking |= {"%d"}
    left = [f for f in forms if f not in lacking]
    return read_days(" ".join(said[f] for f in left), " ".join(left))


# Each text of a column is asked for by each form that does not fit.
@lru_cache(maxsize=1 << 12)
def _parts_of(text: str) -> tuple[str, ...]:
    return tuple(_PART.findall(_TIME.sub("", plain_day(text))))


def is_day_first(texts: Iterable[str]) -> bool:
    """Tell whether a column writes the day before the month.

    Args:
        texts: the cells of the column.

    Returns:
        What the first text with a number above 12 shows; True where no text decides.

    >>> is_day_first(["01/02/2016", "02/25/2016"])
    False
    """
    for text in texts:
        found = _MIXED.fullmatch(_TIME.sub("", plain_day(text)))
        if found and int(found[1]) > 12:
            return True
        if found and int(found[2]) > 12:
            return False
    return True


def form_fault(forms: str) -> str | None:
    """Say what is wrong with one or several forms of days.

    Args:
        forms: strptime's formats, with ` | ` between them.

    Returns:
        A sentence on the first fault; None where nothing is wrong.

    >>> form_fault("%d/%d/%Y")
    "The form '%d/%d/%Y' names a part of a day twice, or one that is not known."
    """
    return next((fault for one in forms_of(forms) if (fault := _fault(one))), None)


def _fault(form: str) -> str | None:
    if COUNTED.fullmatch(form):
        return None if counted_day("0", form) else f"'{form}' counts from a day that there is not."
    try:
        datetime.strptime("", _numeric(form.replace("%q", "1")))
    except (re.error, IndexError):
        return f"The form '{form}' names a part of a day twice, or one that is not known."
    except ValueError as error:
        if "bad directive" in str(error) or "stray %" in str(error):
            return f"The form '{form}' names a part of a day that is not known."
    if not {"%Y", "%y", "%G"} & set(re.findall("%.", form)):
        return f"The form '{form}' has no year (%Y)."
    return None


def _by_form(text: str, form: str) -> Days | None:
    if COUNTED.fullmatch(form):
        return _same(counted_day(text, form))
    if "%q" in form:
        return _quarter(text, form)
    if "%V" in form and "%u" not in form:
        monday = _by_form(f"{text} 1", f"{form} %u")
        # Python takes the week after a year's last one for the first of the next year.
        known = monday and str(monday[0].isocalendar().year) in text
        return (monday[0], monday[0] + timedelta(days=6)) if monday and known else None
    if "%B" in form or "%b" in form:
        if glued := _GLUED.fullmatch(text):
            text = " ".join(glued.groups())
        words = number_months(HEADINGS.fold(text.casefold()), "m{:02d}")
        words = re.sub(r" (?:de|del|ga|ng|ya|di|mwezi wa) ", " ", words)
        words = _WEEKDAY.sub("", words) if "%a" not in form.casefold() else words
        text, form = re.sub(r"\b(\d+)(?:st|nd|rd|th|er|ی|го)\b", r"\1", words), _numeric(form)
    try:
        found = datetime.strptime(text, form)
    except (ValueError, re.error):
        return None
    if any(part in form for part in ("%d", "%j", "%V")):
        return days_of(found.year, found.month, found.day)
    return days_of(found.year, found.month if "%m" in form else 0)


def _same(day: date | None) -> Days | None:
    return (day, day) if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _quarter(text: str, form: str) -> Days | None:
    parts = re.split(r"(%Y|%q)", form)
    found = re.fullmatch("".join(_QUARTER.get(part, re.escape(part)) for part in parts), text)
    if found is None or set(found.groupdict()) != {"year", "quarter"}:
        return None
    first, last = (days_of(int(found["year"]), 3 * int(found["quarter"]) - back) for back in (2, 0))
    return (first[0], last[1]) if first and last else None


def _usual(text: str, day_first: bool) -> Days | None:
    text = _TIME.sub("", text)
    if found := _ISO.fullmatch(text) or _PLAIN.fullmatch(text):
        return _one_day(found[1], found[2], found[3])
    if found := _MIXED.fullmatch(text):
        day, month = (found[1], found[2]) if day_first else (found[2], found[1])
        return _one_day(found[3], month, day)
    if found := _MONTH.fullmatch(text):
        return days_of(int(found[1]), int(found[2])) if int(found[2]) else None
    if found := _YEAR.fullmatch(text):
        return days_of(int(found[1]))
    return _in_words(text) if any(map(str.isalpha, text)) else None


def _in_words(text: str) -> Days | None:
    words = HEADINGS.fold(text.casefold())
    for name, number in month_names():
        if f" {name} " in f" {words} ":
            marked = f" {words} ".replace(f" {name} ", " @ ", 1).strip()
            if found := _DAY_FIRST.fullmatch(marked):
                return _one_day(found[2], str(number), found[1])
            if found := _MONTH_FIRST.fullmatch(marked):
                return _one_day(found[2], str(number), found[1])
            if found := _MONTH_WORD.fullmatch(marked):
                return days_of(int(found[1]), number)
            return None
    return None


def _one_day(year: str, month: str, day: str) -> Days | None:
    # Two digits of a year as POSIX reads them: 69 to 99 are the twentieth century's.
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 69 else 1900)
    return days_of(full, int(month), int(day)) if int(month) and int(day) else None


def _numeric(form: str) -> str:
    """A form with months in words as one with their numbers, its signs as single spaces.

    Before the number of a month stands an m, or 'March 5' would be the third of May.
    """
    if "%B" not in form and "%b" not in form:
        return form
    return re.sub(r"[^%\w]+", " ", form.replace("%B", " m%m ").replace("%b", " m%m ")).strip()
