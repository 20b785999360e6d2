"""What stands in a cell beside a day: names of weekdays, marks, an apostrophe, a letter of a zone.

They say nothing that the day does not, and are taken away before it is read.
"""

from __future__ import annotations

import re
from functools import cache

from tocsin.schema.vocabulary.calendars import month_numbers
from tocsin.schema.vocabulary.folding import HEADINGS, plain_digits, without_unseen

WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
    "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom segunda terca "
    "quarta quinta sexta feira seg ter qua qui sex montag dienstag mittwoch donnerstag freitag "
    "samstag sonntag lunedi martedi mercoledi giovedi venerdi sabato domenica الاثنين الإثنين "
    "الثلاثاء الاربعاء الخميس الجمعة السبت الاحد يوم понедельник вторник среда четверг пятница "
    "суббота воскресенье пн вт ср чт пт сб вс понеділок середа четвер пятниця субота неділя "
    "pazartesi salı sali çarşamba perşembe cuma cumartesi pazar jumatatu jumanne jumatano "
    "alhamisi ijumaa jumamosi jumapili senin selasa rabu kamis jumat sabtu minggu lendi madi "
    "mekredi jedi vandredi samdi dimanch دوشنبه شنبه یکشنبه چهارشنبه پنجشنبه جمعه ראשון שני שלישי "
    "רביעי חמישי שישי שבת יום"
)
"""Names of weekdays in the languages whose months are read, and how some cut them short."""
_GROUP = re.compile(r"(\d{2})(\d{4})\s?([A-Z])\s?([A-Z]{3})\s?(\d{4}|\d{2})(?!\d)", re.IGNORECASE)
"""A date-time group: 201430C JAN 24 is the 20th, 14:30, zone C."""
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?")
_BEFORE = re.compile(r"^[(\[]?((?:[^\W\d_]+[.\-]?\s?){1,2})[)\]]?[,،.]?\s+(?=\d|[^\W\d_]+\s\d)")
_BEHIND = re.compile(r"(?<=\d)[,،]?\s+[(\[]?([^\W\d_]+(?:-[^\W\d_]+)?)\.?[)\]]?$")
_DAY_AND_WORD = re.compile(r"\d{1,2}(?:er)? [^\W\d]{3,}")
_YEARS = re.compile(r"(?<=\d)\s?(?:г|р|года|году|року|год|рік|yılı|წ)\.?$")
"""'Of the year', as Russian, Ukrainian and Georgian write behind it."""
_DASHES = str.maketrans("\u2010\u2212", "--")
_DASHED = re.compile(r"\d+–\d+–\d+")


def plain_day(text: str) -> str:
    """Write a day with the digits, signs and spaces of ASCII, and without what does not show.

    Programs put marks of direction around a day, a dash that does not break between its parts, and
    an apostrophe before a text; people put the weekday beside it.

    >>> plain_day("\\u200e13\\u201103\\u20112024\\u200e"), plain_day("mar. 5 mars 2024")
    ('13-03-2024', '5 mars 2024')
    >>> plain_day("201430C JAN 24"), plain_day("'5/3/2024"), plain_day("5 марта 2024 г.")
    ('20 JAN 24', '5/3/2024', '5 марта 2024')
    """
    text = text.strip().removeprefix("'")
    if not text.isascii():
        text = plain_digits(without_unseen(text)).translate(_DASHES).strip()
        text = text.replace("–", "-") if _DASHED.fullmatch(text) else text
    if text.isdecimal() or not any(map(str.isalpha, text)):
        return text
    if group := _GROUP.fullmatch(text):
        return f"{group[1]} {group[4]} {group[5]}"
    return _YEARS.sub("", _without_weekday(text))


def _without_weekday(text: str) -> str:
    before = _BEFORE.match(text)
    if before and all(map(_is_weekday, re.split(r"[\s\-]+", before[1].strip()))):
        rest = text[before.end() :].strip()
        # 'mar' is Tuesday before '5 mars 2024', and March before '5, 2024'.
        if HEADINGS.fold(before[1]) not in month_numbers() or _DAY_AND_WORD.match(rest):
            text = rest
    behind = _BEHIND.search(text)
    return text[: behind.start()] if behind and _is_weekday(behind[1]) else text


def _is_weekday(word: str) -> bool:
    return HEADINGS.fold(word) in _weekdays()


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(map(HEADINGS.fold, WEEKDAYS.split()))
