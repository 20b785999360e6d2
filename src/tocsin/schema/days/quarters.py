"""Quarters that stand in the header of a table, each above a column of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from tocsin.schema.days import month_number
from tocsin.schema.days.periods import LONGEST, told_apart
from tocsin.schema.vocabulary.folding import HEADINGS, plain_digits

_WORDS = frozenset((
    "q", "t", "qtr", "quarter", "trimestre", "trim", "quartal", "trimestri", "tri",
    "الربع", "ربع",
))  # fmt: skip
"""Words for a quarter, folded; the last two are Arabic."""
_THIRDS = "t"
"""It stands for a quarter in French and Spanish, and for a third of a year elsewhere."""
_SMALL = frozenset((
    "st", "nd", "rd", "th", "er", "re", "e", "eme", "ere", "o", "a", "de", "do", "du", "del", "of",
    "the", "year", "annee", "ano",
))  # fmt: skip
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "i first premier primer primero primeiro الاول الأول",
            "ii second deuxieme segundo الثاني",
            "iii third troisieme tercer tercero terceiro الثالث",
            "iv fourth quatrieme cuarto quarto الرابع",
        ),
        start=1,
    )
    for word in words.split()
}
_OLDEST, _NEWEST = 1900, 2100


def quarters_of(names: Sequence[str]) -> dict[str, date]:
    """Find the columns that each hold one quarter of one year.

    A quarter is told by Q or T, by a word or by its first and last month: 'Q1 2021', '2021T1',
    '1er trimestre 2021', '1T21', 'Jan-Mar 2021'. Years of an office ('FY21 Q1') are no such years.

    Args:
        names: the names of a table's columns.

    Returns:
        The name of each such column to the first day of its quarter, in the order of the names. It
        is empty where they are fewer than `periods.LEAST` or two are of one quarter.

    >>> quarters_of(["Pays", "T1 2024", "T2 2024", "T3 2024", "T4 2024"])["T2 2024"]
    datetime.date(2024, 4, 1)
    >>> quarters_of(["Country", "FY21 Q1", "FY21 Q2", "FY21 Q3"])
    {}
    """
    return told_apart({name: quarter_of(name) for name in names})


def quarter_names_of(names: Sequence[str]) -> dict[str, int]:
    """Find the columns that each hold one quarter, without a year: all four of them.

    Args:
        names: the names of a table's columns.

    Returns:
        The name of each such column to the number of its first month; empty where they are not
        the four quarters, each once.

    >>> quarter_names_of(["Country", "Year", "Q1", "Q2", "Q3", "Q4"])
    {'Q1': 1, 'Q2': 4, 'Q3': 7, 'Q4': 10}
    """
    found = {name: told[0] for name in names if (told := _read(name)) and told[1] is None}
    return found if sorted(found.values()) == [1, 4, 7, 10] else {}


def quarter_of(name: str) -> date | None:
    """Tell the first day of the quarter that a text names with its year.

    >>> quarter_of("2021-Q3")
    datetime.date(2021, 7, 1)
    """
    told = _read(name)
    return None if told is None or told[1] is None else date(told[1], told[0], 1)


def quarter_in(column: str, cell: str) -> tuple[int, int | None] | None:
    """Tell the quarter that a cell of a column names, whose heading may say that it is one.

    Args:
        column: the heading.
        cell: the cell.

    Returns:
        The number of its first month, and its year where the cell tells it; None for no quarter.

    >>> quarter_in("Trimestre", "2"), quarter_in("Period", "T2"), quarter_in("Period", "2")
    ((4, None), (4, None), None)
    """
    bare = cell.strip()
    if bare in ("1", "2", "3", "4") and names_quarters(column):
        return 3 * int(bare) - 2, None
    return _read(cell)


def names_quarters(column: str) -> bool:
    """Tell whether a heading says that quarters stand below it, and is not one quarter's own.

    >>> names_quarters("Trimestre"), names_quarters("Q1"), names_quarters("Period")
    (True, False, False)
    """
    return bool((_WORDS - {_THIRDS}) & set(_tokens(column))) and _read(column) is None


def may_be_thirds(names: Sequence[str]) -> bool:
    """Tell whether quarters are told by T alone and none of them is a fourth.

    >>> may_be_thirds(["T1 2021", "T2 2021", "T3 2021"])
    True
    """
    told = [(_read(name), _tokens(name)) for name in names]
    by_letter = all(_THIRDS in words for one, words in told if one)
    return by_letter and all(one[0] < 10 for one, _ in told if one)


def _read(name: str) -> tuple[int, int | None] | None:
    """The first month of a quarter, and its year where one stands there."""
    if len(name) > LONGEST:
        return None
    words = [one for one in _tokens(name) if one not in _SMALL]
    numbers = [one for one in words if one.isdigit()]
    named = [one for one in words if not one.isdigit() and one not in _ORDINALS]
    months = [one for one in map(month_number, named) if one]
    ordinals = [_ORDINALS[word] for word in words if word in _ORDINALS]
    kinds = [word for word in words if word in _WORDS]
    if len(words) != len(numbers) + len(months) + len(ordinals) + len(kinds):
        return None
    years = [one for one in numbers if len(one) in (2, 4)]
    ordinals += [int(one) for one in numbers if len(one) == 1]
    if len(years) > 1 or len(numbers) > len(years) + 1 or len(kinds) > 1 or len(ordinals) > 1:
        return None
    if len(ordinals) != len(kinds) or len(months) not in (0, 2) or not (months or kinds):
        return None
    first = months[0] if months else 3 * ordinals[0] - 2
    whole = not months or (months[1] == first + 2 and first % 3 == 1)
    if not whole or not 1 <= first <= 10 or (months and kinds and first != 3 * ordinals[0] - 2):
        return None
    year = int(years[0]) + (2000 if len(years[0]) == 2 else 0) if years else None
    sound = year is None or _OLDEST <= year <= _NEWEST
    return (first, year) if sound else None


def _tokens(name: str) -> list[str]:
    """Words and numbers of a name, in small letters without accents."""
    text = plain_digits(unicodedata.normalize("NFKC", name))
    return re.findall(r"[^\W\d_]+|\d+", HEADINGS.fold(text.casefold()))
