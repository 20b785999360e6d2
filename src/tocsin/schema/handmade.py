"""Tables that people keep in a spreadsheet: headings in their language, numbers as they write them.

What a heading or a number was taken for is said, and a number that can be read in two ways is
refused, by row: a comma that means a thousand here and a decimal there makes answers wrong by a
factor of a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.schema.days import Days, is_day_first, read_days
from tocsin.schema.days.points import dotted_months, dotted_quarter
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.placeholder import is_placeholder

_SPACES = "[ \u00a0\u2009\u202f'’]"
_GROUPS = rf"[1-9]\d{{0,2}}(?:{_SPACES}\d{{3}})+|\d+"
COMMA = re.compile(rf"[+-]?(?:{_GROUPS}|[1-9]\d{{0,2}}(?:\.\d{{3}})+)(?:,\d+)?")
"""A number of a table in which a comma separates decimals."""
POINT = re.compile(rf"[+-]?(?:{_GROUPS}|[1-9]\d{{0,2}}(?:,\d{{3}})+)(?:\.\d+)?")
"""A number of a table in which a point does."""


NUMBER = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}(?:\d{2})?|\d{4}\.\d{1,2}\.\d{1,2}", re.ASCII)
"""A day with points, which is no number though it has nothing but digits and points."""
ALIKE = 0.75
"""Headings that are alike by so much (`difflib`) and as long to a letter may be meant the same."""
_QUARTERS = (
    form.replace("Q", letter).replace("-", sign)
    for letter in "QT"
    for sign in ("-", "", " ", "/", ".")
    for form in ("%Y-Q%q", "Q%q-%Y")
)
PERIODS = " | ".join(
    [*_QUARTERS, "%qQ%Y", "%qT%Y", "%qQ %Y", "%qT %Y", "%G-W%V", "%GW%V", "%YM%m", "%Y-M%m",
     "%m/%Y", "%m-%Y"]
)  # fmt: skip
"""Quarters (with T in French and Spanish), weeks (ISO 8601) and months as tables write them, in
capitals."""
DOUBLE = re.compile(r"(\d{4})[/-](\d\d)")
"""A month, or a year of an office or a season that ends in the next one."""
UNTIL = ("to", "exit")
"""Columns of times at which something ends, where a year means its last day."""


@dataclass(frozen=True)
class Handmade:
    """This is a table under the house's own names, and what was taken for granted in reading it.

    Args:
        rows: the table.
        assumed: what was taken for granted, in sentences.
        lasts: for each column of days that was asked for the last days of its cells, as ISO 8601;
            null where a cell is no month, quarter, week or year, but a day.
    """

    rows: pl.DataFrame
    assumed: tuple[str, ...]
    lasts: Mapping[str, pl.Series] = field(default_factory=dict)


def read_handmade(
    table: pl.DataFrame,
    headings: Mapping[str, Sequence[str]],
    *,
    numbers: Iterable[str],
    days: Iterable[str] = (),
    whole: Iterable[str] = (),
    where: str,
) -> Handmade:
    """Give a table's columns their names, and its numbers and days one form.

    Args:
        table: texts, as a file holds them; a column of numbers stays as it is.
        headings: for each column its other names, in any language and spelling; what stands in
            brackets in a heading, such as a unit, does not count.
        numbers: the columns that hold numbers.
        days: the columns that hold days in any usual form, or else numbers; a month or a year
            stands for its first day, in the columns `UNTIL` for its last.
        whole: those of them whose periods are wanted whole: their last days are in `lasts`.
        where: what the table is called in errors.

    Returns:
        The table. Cells that are no numbers or days stay as they are, to be refused by whoever
        reads them; a day is written as ISO 8601, and one that is said not to be known is empty.

    Raises:
        SourceRefused: two headings mean the same, decimals have a comma in one cell and a point in
            another, or a number can be read in two ways; the row is named.

    >>> read_handmade(
    ...     pl.DataFrame({"Capacité": ["12,5", "1 200"]}), {"capacity": ["capacité"]},
    ...     numbers=["capacity"], where="ways",
    ... ).rows["capacity"].to_list()
    ['12.5', '1200']
    """
    named, said = _name_columns(table, headings, where)
    columns = [name for name in numbers if named.schema.get(name) == pl.String]
    sign = _decimal_sign(named, columns, where)
    if sign == ",":
        said.append(f"Decimals have a comma in {where}.")
    for name in columns:
        cells = [
            _number(cell, sign, f"{where}, row {row}, column {name}")
            for row, cell in enumerate(named[name].to_list(), 2)
        ]
        named = named.with_columns(pl.Series(name, cells, dtype=pl.String))
    lasts: dict[str, pl.Series] = {}
    if told := [name for name in days if named.schema.get(name) == pl.String]:
        lasts = {name: named[name] for name in told if name in set(whole)}
        named = _with_days(named, told, where, said, lasts)
    return Handmade(named, tuple(said), lasts)


def refuse_misspelt(columns: Sequence[str], names: Sequence[str], where: str) -> None:
    """Refuse a table in which a column is missing and another is called nearly the same.

    A column that may be missing would else be taken for missing, and its numbers for nothing.

    Args:
        columns: of the table, under the house's names where they are known.
        names: the columns that may be in it.
        where: what the table is called in errors.

    Raises:
        SourceRefused: names the column that is missing, and the one that may be meant.

    >>> refuse_misspelt(["source", "note"], ["source", "cost"], "ways")
    >>> refuse_misspelt(["source", "cots"], ["source", "cost"], "ways")
    Traceback (most recent call last):
    ...
    tocsin.errors.SourceRefused: ways, line 1: There is no column 'cost', but one called ...
    """
    others = [one for one in columns if one not in names]
    for name in names:
        near = [one for one in others if abs(len(one.strip()) - len(name)) <= 1]
        found = get_close_matches(name, near, n=1, cutoff=ALIKE)
        if name not in columns and found:
            raise SourceRefused(
                f"There is no column '{name}', but one called '{found[0]}'.",
                where=f"{where}, line 1", remedy=f"Call it '{name}', or take it out.",
            )  # fmt: skip


def refuse_missing(
    columns: Sequence[str], needed: Sequence[str], where: str, *, remedy: str | None = None
) -> None:
    """Refuse a table that lacks a column.

    Args:
        columns: of the table, under the house's names where they are known.
        needed: the columns without which it cannot be read.
        where: what the table is called in errors.
        remedy: what to do; None: names the columns that are needed.

    Raises:
        SourceRefused: names the first column that is missing.

    >>> refuse_missing(["source", "note"], ["source"], "ways")
    >>> refuse_missing(["source", "note"], ["source", "target"], "ways")
    Traceback (most recent call last):
    ...
    tocsin.errors.SourceRefused: ways: There is no column 'target'. ...
    """
    missing = [name for name in needed if name not in columns]
    if missing:
        raise SourceRefused(
            f"There is no column '{missing[0]}'.", where=where,
            remedy=f"The columns are: {', '.join(needed)}." if remedy is None else remedy,
        )  # fmt: skip


def _with_days(
    table: pl.DataFrame,
    columns: Sequence[str],
    where: str,
    said: list[str],
    lasts: dict[str, pl.Series],
) -> pl.DataFrame:
    """The table with days as ISO 8601, all of its columns read by one order of day and month.

    Columns of `lasts` are replaced there by the last days of their cells' periods.
    """
    cells = {text for name in columns for text in table[name].drop_nulls().unique()}
    texts = {text: text.strip() for text in cells if not is_placeholder(text)}
    words = {one for one in texts.values() if DOTTED.fullmatch(one) or not NUMBER.fullmatch(one)}
    _refuse_double_years(words, where)
    day_first = is_day_first(words)
    read = {
        one: read_days(one, day_first=day_first) or read_days(one.upper(), PERIODS) for one in words
    }
    bare = sorted(set(texts.values()) - words)
    months = dotted_months((one for one in bare if "." in one), sure=any(read.values()))
    others = (one for one in bare if one not in months)
    if months and (any(read.values()) or all(read_days(one) for one in others)):
        read |= {one: read_days(month) for one, month in months.items()}
        words |= months.keys()
        said.append(f"Times of {where} such as '{min(months)}' are months.")
    elif (quarter := dotted_quarter(bare)) is not None:
        said.append(
            f"Times of {where} such as '{quarter}' are taken for parts of years. If they are "
            f"quarters, write {quarter[:4]}-Q{quarter[-1]}."
        )
    if any(read.values()):
        # Beside days a bare number is a year; where nothing is a day, it may be of any clock.
        read |= {one: read_days(one) for one in texts.values() if one not in words}
    swapped = (one for one in sorted(words) if _other(one, day_first) not in (None, read[one]))
    if (either := next(swapped, None)) is not None:
        order = "the day first" if day_first else "the month first"
        said.append(f"Days of {where} such as '{either}' were read with {order}.")
    # Where all are months, each of them stands for itself.
    spans = {days[0] != days[1] for days in read.values() if days}
    first = set(columns) - set(lasts)
    if first and (spans == {True, False} or (True in spans and first & set(UNTIL))):
        said.append(
            f"Periods such as months and years of {where} stand for their first day, in "
            f"{' and '.join(UNTIL)} for their last{_but(lasts)}."
        )
    ends = {text: days[1].isoformat() for text, one in texts.items()
            if (days := read.get(one)) and days[0] != days[1]}  # fmt: skip
    for name, told in lasts.items():
        lasts[name] = told.replace_strict(ends, default=None, return_dtype=pl.String)
    for name in columns:
        last = name in UNTIL
        new = {text: days[last].isoformat() if (days := read.get(one)) else one
               for text, one in texts.items()}  # fmt: skip
        column = pl.col(name).replace_strict(new, default=None, return_dtype=pl.String)
        table = table.with_columns(column)
    return table


def _but(whole: Iterable[str]) -> str:
    """What is said of columns whose periods are taken whole."""
    return "".join(f", but in {name}, where they are taken whole" for name in whole)


def _refuse_double_years(words: Iterable[str], where: str) -> None:
    """Refuse years such as 2004/05 and 2005/06, which would each be read as a month, or not at all.

    A table of months has others than the one whose number follows the year's.
    """
    double = [DOUBLE.fullmatch(one) for one in sorted(words)]
    told = [one for one in double if one and (int(one[1]) + 1) % 100 == int(one[2])]
    if len(told) > 2 and len(told) == len(double):
        raise SourceRefused(
            f"'{told[0][0]}' may be a month or a year that ends in the next one, and so may all "
            "others.", where=where,
            remedy=f"Write {told[0][1]} for the year, or {told[0][1]}-{told[0][2]}-01.",
        )  # fmt: skip


def _other(text: str, day_first: bool) -> Days | None:
    return read_days(text, day_first=not day_first)


def _name_columns(
    table: pl.DataFrame, headings: Mapping[str, Sequence[str]], where: str
) -> tuple[pl.DataFrame, list[str]]:
    """The table with the names of the house, and a sentence where a heading is not one of them."""
    known = {HEADINGS.fold(one): name for name in headings for one in (name, *headings[name])}
    found: dict[str, str] = {}
    for column in table.columns:
        name = known.get(HEADINGS.fold(re.sub(r"[(\[].*?[)\]]", "", column)))
        if name is None or (name in table.columns and name != column):
            continue
        if name in found.values():
            first = next(one for one, other in found.items() if other == name)
            raise SourceRefused(
                f"'{first}' and '{column}' both mean {name}.", where=where,
                remedy=f"Call one of them {name}.",
            )  # fmt: skip
        found[column] = name
    other = [f"'{column}' as {name}" for column, name in found.items() if column != name]
    said = [f"Headings of {where} were read: {', '.join(other)}."] if other else []
    return table.rename(found), said


def _decimal_sign(table: pl.DataFrame, columns: Sequence[str], where: str) -> str:
    """Tell by which sign decimals are separated, as far as a cell shows it; else nothing."""
    seen: dict[str, str] = {}
    for name in columns:
        for row, cell in enumerate(table[name].to_list(), 2):
            text = "" if cell is None else str(cell).strip()
            comma, point = (one.fullmatch(text) is not None for one in (COMMA, POINT))
            if comma != point:
                seen.setdefault("," if comma else ".", f"'{text}' (row {row}, column {name})")
    if len(seen) == 2:
        raise SourceRefused(
            f"Decimals have a comma in {seen[',']} and a point in {seen['.']}.", where=where,
            remedy="Write all numbers in one way.",
        )  # fmt: skip
    return next(iter(seen), "")


def _number(cell: object, sign: str, where: str) -> str | None:
    """A number with a point, and nothing between thousands."""
    if cell is None:
        return None
    text = str(cell).strip()
    if not (COMMA if sign == "," else POINT).fullmatch(text):
        return text
    if "," in text and not sign:
        raise SourceRefused(
            f"'{text}' can be read in two ways: no other number of the table shows whether a comma "
            "separates thousands or decimals.", where=where,
            remedy=f"Write {text.replace(',', '')} or {text.replace(',', '.')}.",
        )  # fmt: skip
    text = re.sub(_SPACES, "", text)
    return text.replace(".", "").replace(",", ".") if sign == "," else text.replace(",", "")
