"""Days that are counted from a first day or told by another calendar, and the names of months.

A number of days is what a spreadsheet or a database shows where a column lost its form, and nothing
in it says from which day it counts. A year such as 1399 is one of the Solar Hijri calendar (Iran,
Afghanistan) or of the Islamic one. Neither is guessed: a draft names the ways in which a column can
be read, and a person chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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

FURTHER = (
    (
        "январь|января|янв|січень|січня|ocak|januari|ינואר|בינואר|ጃንዩወሪ|ጃንዋሪ|ဇန်နဝါရီ"
        "|janairu|janaayo|ژانویه|جنوری|جنوري|जनवरी|জানুয়ারি|januar|gennaio|gen|janvye"
        "|کانوونی دووەم|کانوونی دووەمی|yanvar|იანვარი|հունվար|январ"
    ),
    (
        "февраль|февраля|фев|лютий|лютого|şubat|februari|פברואר|בפברואר|ፌብሩወሪ|ፌብሩዋሪ"
        "|ဖေဖော်ဝါရီ|fabrairu|febraayo|فوریه|فبروری|فروری|فبروري|फ़रवरी|फरवरी|फेब्रुअरी"
        "|ফেব্রুয়ারি|februar|febbraio|pebrero|fevriye|شوبات|شوباتی|fevral|თებერვალი"
    ),
    (
        "март|марта|мар|березень|березня|mart|machi|מרץ|מרס|במרץ|במרס|ማርች|မတ်|maret|maris"
        "|maarso|مارچ|मार्च|মার্চ|marz|maerz|marso|mas|ئازار|ئازاری|მარტი"
    ),
    (
        "апрель|апреля|апр|квітень|квітня|nisan|aprili|אפריל|באפריל|ኤፕሪል|ဧပြီ|afrilu"
        "|abriil|آوریل|اپریل|اپرېل|अप्रैल|अप्रिल|এপ্রিল|aprile|avril|april|აპრილი"
    ),
    (
        "май|мая|травень|травня|mayıs|mayis|mei|מאי|במאי|ሜይ|မေ|mayu|maajo|مه|مئی|مۍ|می|मई"
        "|मे|মে|maggio|me|ئایار|ئایاری|mayo|მაისი"
    ),
    (
        "июнь|июня|июн|червень|червня|haziran|juni|יוני|ביוני|ጁን|ဇွန်|yuni|juun|ژوئن|جون"
        "|जून|जुन|জুন|giugno|hunyo|jen|حوزەیران|حوزەیرانی|iyun|ივნისი"
    ),
    (
        "июль|июля|июл|липень|липня|temmuz|julai|juli|יולי|ביולי|ጁላይ|ဇူလိုင်|yuli|luulyo"
        "|ژوئیه|ژوییه|جولای|جولائی|जुलाई|জুলাই|luglio|hulyo|jiye|تەمموز|تەمموزی|تەمووز|iyul|ივლისი"
    ),
    (
        "август|августа|авг|серпень|серпня|ağustos|agosti|אוגוסט|באוגוסט|ኦገስት|ဩဂုတ်|သြဂုတ်"
        "|agustus|agusta|agoosto|اگست|اګست|अगस्त|अगस्ट|আগস্ট|ئاب|ئابی|avqust|აგვისტო"
    ),
    (
        "сентябрь|сентября|сен|сент|вересень|вересня|eylül|septemba|ספטמבר|בספטמבר|ሴፕቴምበር"
        "|စက်တင်ဘာ|satumba|sebtembar|سپتامبر|سپتمبر|ستمبر|سپټمبر|सितंबर|सितम्बर|सेप्टेम्बर"
        "|সেপ্টেম্বর|settembre|setyembre|septanm|ئەیلوول|ئەیلوولی|sentyabr|სექტემბერი"
    ),
    (
        "октябрь|октября|окт|жовтень|жовтня|ekim|oktoba|אוקטובר|באוקטובר|ኦክቶበር|အောက်တိုဘာ"
        "|oktober|oktoobar|اکتبر|اکتوبر|अक्टूबर|अक्तूबर|अक्टोबर|অক্টোবর|ottobre|oktubre"
        "|oktob|تشرینی یەکەم|تشرینی یەکەمی|oktyabr|ოქტომბერი"
    ),
    (
        "ноябрь|ноября|ноя|листопад|листопада|kasım|kasim|novemba|נובמבר|בנובמבר|ኖቬምበር"
        "|နိုဝင်ဘာ|nuwamba|nofembar|noofembar|نوامبر|नवंबर|नवम्बर|नोभेम्बर|নভেম্বর"
        "|nobyembre|novanm|تشرینی دووەم|تشرینی دووەمی|noyabr|ნოემბერი|نومبر"
    ),
    (
        "декабрь|декабря|дек|грудень|грудня|aralık|aralik|desemba|דצמבר|בדצמבר|ዲሴምበር"
        "|ဒီဇင်ဘာ|desember|disamba|desembar|دسامبر|دسمبر|ډسمبر|दिसंबर|दिसम्बर|डिसेम्बर"
        "|ডিসেম্বর|dezember|dicembre|disyembre|desanm|کانوونی یەکەم|کانوونی یەکەمی|dekabr|დეკემბერი"
    ),
)  # fmt: skip
"""The same in further languages of the field: Russian, Ukrainian, Turkish, Swahili, Hebrew,
Amharic, Burmese, Indonesian, Hausa, Somali, Persian, Dari, Pashto, Urdu, Hindi, Nepali, Bengali,
Filipino, Haitian Creole, Sorani, Azerbaijani, Georgian, German and Italian."""

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
_MONTHS_OF_OTHERS = {
    "the Ethiopian calendar": "መስከረም|ጥቅምት|ኅዳር|ህዳር|ታኅሣሥ|ታህሳስ|ጥር|የካቲት|መጋቢት|ሚያዝያ|ግንቦት|ሰኔ|ሐምሌ|ነሐሴ"
    "|ጳጉሜን|ጳጉሜ|meskerem|tikimt|hidar|tahsas|yekatit|megabit|miyazya|ginbot|sene|hamle|nehase",
    "the Solar Hijri calendar of Iran and Afghanistan": "فروردین"
    "|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر"
    "|آبان|آذر|دی|بهمن|اسفند|حمل|ثور|جوزا|سرطان|اسد|سنبله|میزان|عقرب|قوس|جدی|دلو|حوت",
    "the Bikram Sambat calendar of Nepal": "बैशाख"
    "|वैशाख|जेठ|असार|साउन|श्रावण|भदौ|असोज|कात्तिक|कार्तिक"
    "|मंसिर|पुष|पुस|माघ|फागुन|चैत|baisakh|jestha|asar|shrawan|bhadra|ashwin|mangsir|falgun|chaitra",
    "the Islamic calendar": "محرم|صفر|ربيع الاول|ربيع الاخر|ربيع الثاني|جمادي الاولي|جمادي الاخرة"
    "|جمادي الثانية|رجب|شعبان|رمضان|شوال|ذو القعدة|ذو الحجة|muharram|safar|rajab|shaban|ramadan"
    "|shawwal",
}
"""Calendars that are named and not converted, and their months."""
_OTHERS = (
    (1300, 1350, "the Islamic calendar"),
    (1351, 1500, "the Solar Hijri calendar of Iran and Afghanistan, or of the Islamic one"),
    (2070, 2099, "the Bikram Sambat calendar of Nepal"),
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
    """Say by which other calendar days seem to be told, from its months or an impossible year.

    Args:
        texts: cells of a column of days, or one of them.

    Returns:
        A whole sentence; empty where no name of a month and no year shows one. Years of the
        Ethiopian calendar, which are seven or eight behind, do not show.

    >>> other_calendar(["1399/10/16"])
    '1399 may be a year of the Solar Hijri calendar of Iran and Afghanistan, or of the Islamic one.'
    """
    for text in texts:
        words = f" {HEADINGS.fold(text)} "
        for name, month in _other_months():
            if f" {month} " in words:
                return f"'{month}' is a month of {name}."
        for year in _YEAR.findall(text):
            for first, last, name in _OTHERS:
                if first <= int(year) <= last:
                    return f"{int(year)} may be a year of {name}."
    return ""


_HEADINGS = {
    "the Ethiopian calendar": r"e c|ec|eth|ethiopian|ethiopien|ዓ ም|የኢትዮጵያ",
    "the Solar Hijri calendar of Iran and Afghanistan": r"shamsi|jalali|solar hijri|hijri shamsi"
    r"|persian|شمسي|هجري شمسي|جلالي|خورشيدي|ه ش|هش",
    "the Bikram Sambat calendar of Nepal": r"b s|bs|bikram|vikram|वि सं|बि सं|वि स|बि स",
    "the Islamic calendar": r"hijri|hijra|hijriyya|hegire|hegira|islamic|a h|ah|هجري|هجريه|الهجري"
    r"|الهجريه|ه ق|قمري",
    "the Buddhist calendar of Thailand": r"b e|be|buddhist|พ ศ|พศ",
}
"""What a heading calls each calendar, folded."""


def calendar_of_heading(name: str) -> str:
    """Say by which other calendar the days of a column are, where its heading tells it.

    Years of the Ethiopian calendar are seven or eight behind and read like any: 2016 is 2024.

    Args:
        name: the heading of a column of days.

    Returns:
        The calendar; empty where the heading names none, or the Gregorian.

    >>> calendar_of_heading("Date (E.C.)"), calendar_of_heading("Date (G.C.)")
    ('the Ethiopian calendar', '')
    """
    # Persian has letters of its own for two of Arabic's.
    words = f" {HEADINGS.fold(name.replace('ی', 'ي').replace('ک', 'ك'))} "
    for calendar, names in _HEADINGS.items():
        if any(f" {HEADINGS.fold(one)} " in words for one in names.split("|")):
            return calendar
    return ""


@cache
def _other_months() -> tuple[tuple[str, str], ...]:
    found = [
        (name, HEADINGS.fold(month))
        for name, months in _MONTHS_OF_OTHERS.items()
        for month in months.split("|")
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[1])))


@cache
def month_names() -> tuple[tuple[str, int], ...]:
    """List the names of months, folded, each with its number.

    The longest come first, so that one is not taken for a part of another.

    >>> month_numbers()["setembro"]
    9
    """
    found = [
        (HEADINGS.fold(name), number)
        for number, names in enumerate(map("|".join, zip(MONTHS, FURTHER, strict=True)), start=1)
        for name in names.split("|")
    ]
    return tuple(sorted(dict(found).items(), key=lambda pair: -len(pair[0])))


@cache
def month_numbers() -> Mapping[str, int]:
    """The number of each month by its folded name, of `month_names`."""
    return dict(month_names())


def number_months(words: str, form: str) -> str:
    """Put a number in the place of the first name of a month among folded words.

    >>> number_months("3 de marco de 2024", "m{:02d}")
    '3 de m03 de 2024'
    """
    if _first_words().isdisjoint(words.split()):
        return words
    for name, number in month_names():
        if f" {name} " in f" {words} ":
            return f" {words} ".replace(f" {name} ", f" {form.format(number)} ", 1).strip()
    return words


@cache
def _first_words() -> frozenset[str]:
    """The first word of each name of a month: a text without any of them names none."""
    return frozenset(name.split()[0] for name in month_numbers())
