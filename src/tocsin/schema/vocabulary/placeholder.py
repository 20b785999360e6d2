"""Placeholders: what files hold where a value is not known. One declared list for every reader.

Programs write an epoch for a missing time (1970-01-01 of Unix, 5138-11-16 of a JavaScript clock
that ran out, 1904 and 1899 of spreadsheets), R and pandas write `NA` and `nan`, coders of
events write -9 and -99, forms write `n/a`, people write a dash or 'unknown' in their language.
Whoever reads one of these as a value counts deaths that nobody counted, or dates a report to 1970.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from tocsin.schema.vocabulary.folding import TEXTS

SPELLED = frozenset(
    {"NSP", "nsp", "NA", "na", "NaN", "nan", "NAN", "ND", "nd", "UNK", "unk", "TBD", "tbd"}
)
"""Spelt exactly so, since 'Nan' and 'Na' are names of places."""
WORDS = frozenset(
    {
        "s/i", "ns/nr", "ne sait pas", "no sabe",
        "n/a", "#n/a", "n.a.", "n.a", "n/d", "n.d.", "n.c.", "s/d", "null", "none", "nat", "<na>",
        "#value!", "#ref!", "unknown", "not known", "unspecified", "not specified", "undisclosed",
        "not available", "not reported", "not applicable", "not stated", "no data", "no answer",
        "inconnu", "inconnue", "non connu", "non precise", "non renseigne", "non disponible",
        "sans objet", "desconocido", "desconocida", "no conocido", "sin datos", "no disponible",
        "no se sabe", "no aplica", "غير معروف", "غير معلوم", "لا يوجد",
    }
)  # fmt: skip
"""In any case, with or without accents (folded by `TEXTS`)."""
DASHES = frozenset("-–—?.*_…")
"""A cell of nothing but these says nothing."""
NUMBERS = frozenset({-9, -99, -999, -9999, -99999})
"""Codes for an unknown count, where a count cannot be negative."""
LONGEST = 20
"""No word or sign for what is not known has more characters, but dashes."""
PARTS = frozenset(("0", "00", "99", "-9", "-99", "x", "xx", "dd", "mm"))
"""What stands for an unknown day or month within a date, beside words and dashes."""
DAYS = frozenset(
    {
        date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1),
        date(1970, 1, 1), date(1980, 1, 6), date(5138, 11, 16), date(9999, 12, 31),
    }
)  # fmt: skip
"""Days from which clocks, spreadsheets and databases count, or at which they end."""
UNSURE_DAYS = frozenset({date(2000, 1, 1)})
"""Days at which clocks that were never set begin, but on which things did happen: not known where a
source does not say how precise its days are."""


def is_placeholder(text: str) -> bool:
    """Tell whether a cell says that its value is not known; an empty cell does.

    >>> [is_placeholder(cell) for cell in ("n/a", "NaN", "-", "Inconnu", "", "Nan", "0")]
    [True, True, True, True, True, False, False]
    """
    bare = text.strip()
    return not bare or (_says_nothing(bare) if len(bare) <= LONGEST else set(bare) <= DASHES)


# The cells of a table repeat themselves: a name, a code or a count stands in thousands of rows.
@lru_cache(maxsize=1 << 16)
def _says_nothing(bare: str) -> bool:
    return bare in SPELLED or set(bare) <= DASHES or TEXTS.fold(bare) in WORDS


_TOTAL = re.compile(
    r"(?:grand |sous |sub )?(?:total|totals|totaux|totales|subtotal|soustotal|sum|somme|suma)"
    r"(?: (?:general|generale|geral|all|tout|todo))?|(?:ال)?(?:مجموع|اجمالي)(?: .*)?"
)
_TOTAL_OF = re.compile(r"(?:grand |sous |sub )?(?:total|totaux|subtotal|soustotal) .{1,40}")


def is_total(cell: str, *, first: bool = False) -> bool:
    """Tell whether a cell says that its row sums up others, as the last row of a log does.

    Args:
        cell: a cell of a row, as it stands.
        first: the cell is the first of its row, or its id or its day; then 'Total of March' counts
            too, which elsewhere may be a name.

    Returns:
        True where it does, in four languages.

    >>> [is_total(cell) for cell in ("TOTAL", "Sous-total", "المجموع", "Total Energies", "3")]
    [True, True, True, False, False]
    >>> is_total("Total mars 2024", first=True)
    True
    """
    words = TEXTS.fold(re.sub(r"[\W_]+", " ", cell)).strip() if len(cell) <= 60 else ""
    return bool(_TOTAL.fullmatch(words) or (first and _TOTAL_OF.fullmatch(words)))


_SUM_OF_TIME = re.compile(
    r"(?:daily|weekly|monthly|quarterly|annual|yearly|cumulative|running|overall)"
    r" (?:totals?|sums?|tally|summary)(?: .*)?"
    r"|cumulative(?: (?:since|to|for|figures?|toll) .*)?|(?:year|month|total) to date|ytd"
    r"|(?:bilan|total|somme) (?:journalier|hebdomadaire|mensuel|trimestriel|annuel|cumule|du mois|"
    r"de la semaine|de l annee)e?(?: .*)?|cumul(?: (?:depuis|annuel|mensuel|du mois) ?.*)?"
    r"|(?:total|suma|balance|cifra) (?:diari|semanal|mensual|trimestral|anual|acumulad)[oa]?"
    r"(?: .*)?"
    r"|acumulad[oa](?: (?:desde|anual|mensual|do|del) ?.*)?|total acumulado(?: .*)?"
    r"|(?:ال)?(?:مجموع|حصيله|اجمالي) (?:ال)?(?:شهري|سنوي|تراكمي|اسبوعي)ه?(?: .*)?"
)


# A column of remarks says little else.
@lru_cache(maxsize=1 << 12)
def is_sum_of_time(cell: str) -> bool:
    """Tell whether a cell says that its row sums up a time, wherever in the row it stands.

    >>> [is_sum_of_time(one) for one in ("Monthly total", "Cumul depuis janvier", "Cumulative")]
    [True, True, True]
    >>> [is_sum_of_time(one) for one in ("Bilan provisoire", "Total Energies", "Total: 7 killed")]
    [False, False, False]
    """
    words = TEXTS.fold(re.sub(r"[\W_]+", " ", cell)).strip() if len(cell) <= 60 else ""
    return bool(_SUM_OF_TIME.fullmatch(words))


def is_unknown_part(text: str) -> bool:
    """Tell whether the day, the month or the year of a date says that it is not known.

    >>> [is_unknown_part(part) for part in ("00", "XX", "??", "-9", "9")]
    [True, True, True, True, False]
    """
    return is_placeholder(text) or text.strip().casefold() in PARTS


def is_placeholder_day(day: date, *, unsure: bool = False) -> bool:
    """Tell whether a day stands for one that is not known.

    Args:
        day: the day.
        unsure: the source does not say how precise its days are, so that `UNSURE_DAYS` count too.

    Returns:
        True where a program writes this day for a missing one.

    >>> is_placeholder_day(date(1970, 1, 1)), is_placeholder_day(date(2000, 1, 1))
    (True, False)
    """
    return day in DAYS or (unsure and day in UNSURE_DAYS)


def is_some_day(day: date) -> bool:
    """Tell whether a day is the first of January, which may mean 'some day of the year'.

    Sources that know only the year write it so. Only a source that says so, or a time of exactly
    midnight, tells it from New Year's Day.
    """
    return (day.month, day.day) == (1, 1)
