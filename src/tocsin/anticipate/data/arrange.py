"""A country-month table as its owner keeps it: other headings, other forms of months, wide tables.

`history.history_of` takes a table of `country, month` and a count; this makes one of what is kept.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from tocsin.errors import SourceRefused, UsageError
from tocsin.schema.days import month_number
from tocsin.schema.days.periods import months_of
from tocsin.schema.handmade import read_handmade

DEFAULT = "ged_sb"
"""What is counted where nothing is named and the table has it: UCDP's state-based deaths."""
HEADINGS: dict[str, tuple[str, ...]] = {
    "country": ("pays", "país", "iso3", "isoab", "territory", "country name", "country code"),
    "month": ("mois", "mes", "date", "period", "week", "month start"),
    "year": ("année", "año"),
}
"""What the columns of a history are called elsewhere."""
UNITS = (
    "province", "region", "région", "región", "admin1", "admin 1", "district", "governorate",
    "gouvernorat", "department", "département", "departamento", "wilaya", "state", "county",
    "oblast",
)  # fmt: skip
"""What the column of units is called where a table is of parts of one country."""
VIEWS = "month_id"
"""The column of months in tables of VIEWS."""
LINE = "line of the file"


class Arranged(NamedTuple):
    """A table that `history.history_of` takes: its rows, the count, their lines, and what was said.

    Attributes:
        rows: the columns `country`, `month`, the count and any others.
        target: the column of counts.
        lines: the line of each row.
        said: what was taken for granted, in sentences.
    """

    rows: pl.DataFrame
    target: str
    lines: pl.Series
    said: list[str]


def arrange(
    rows: pl.DataFrame, target: str | None, *, lines: pl.Series, name: str = "the history"
) -> Arranged:
    """Make a row a country and month of a table as its owner keeps it.

    Args:
        rows: a row a country and month, or a column for each month; every value is a text.
        target: the column of counts; None: `DEFAULT`, or else the only column of numbers.
        lines: for each row its line in the file.
        name: what the table is called in errors, such as the file's name.

    Returns:
        The table, for `history.history_of`.

    Raises:
        UsageError: there is no column of countries or months, or no single one of counts.
        SourceRefused: rows are of days or weeks, or of parts of a country beside its name, or two
            columns may be that of the units.

    >>> made = arrange(
    ...     pl.DataFrame({"Pays": ["Mali"], "2020-01": ["2"], "2020-02": ["3"]}),
    ...     None, lines=pl.Series([2]),
    ... )
    >>> made.target, made.rows["month"].to_list(), made.lines.to_list()
    ('count', ['2020-01', '2020-02'], [2, 2])
    """
    made = read_handmade(rows.with_columns(lines.alias(LINE)), HEADINGS, numbers=(), where=name)
    found, said = _by_month(made.rows, name)
    written = found["month"].str.strip_chars()
    weeks = bool(written.str.contains(r"(?i)^\d{4}-?W\d").any())
    if not written.str.contains(r"^\d{4}-\d\d(-\d\d)?$").fill_null(True).all():
        dated = read_handmade(found, {"month": ()}, numbers=(), days=["month"], where=name)
        found, said = dated.rows, [*said, *dated.assumed]
    if "country" not in found.columns:
        parts = read_handmade(found, {"country": UNITS}, numbers=(), where=name)
        found, said = parts.rows, [*said, *parts.assumed]
    if "country" not in found.columns:
        raise UsageError(
            "There is no column of countries.", where=name,
            remedy="Call the column of countries, or of any other units, 'country'. Here are: "
            f"{', '.join(rows.columns[:20])}.",
        )  # fmt: skip
    if target is None:
        target = _only_count(found, name)
        if target != DEFAULT:
            said = [*said, f"'{target}' of {name} is forecast, its only column of numbers."]
    _check_months(found, name, weeks=weeks)
    _check_parts(found, name)
    return Arranged(found.drop(LINE), target, found[LINE], [*made.assumed, *said])


def _by_month(rows: pl.DataFrame, where: str) -> tuple[pl.DataFrame, list[str]]:
    """A row a month: of a column for each month, or of a year and the number of a month."""
    wide = {one: first.isoformat()[:7] for one, first in months_of(rows.columns).items()} or {
        one: one for one in rows.columns if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", one.strip())
    }
    if "month" not in rows.columns and len(wide) > 1:
        long = rows.unpivot([*wide], index=[one for one in rows.columns if one not in wide],
                            variable_name="month", value_name="count")  # fmt: skip
        long = long.with_columns(pl.col("month").replace(wide))
        return long, [f"{where} has a column for each month; its cells were read as counts."]
    if {"year", "month"} <= set(rows.columns):
        told = rows["month"].drop_nulls().unique().to_list()
        numbers = {text: month_number(text.strip()) for text in told}
        if None not in numbers.values():
            padded = {text: f"{number:02d}" for text, number in numbers.items()}
            number = pl.col("month").replace_strict(padded, return_dtype=pl.String)
            both = pl.col("year").str.strip_chars() + "-" + number
            return rows.with_columns(both.alias("month")), []
    if "month" not in rows.columns and VIEWS in rows.columns:
        count = pl.col(VIEWS).str.strip_chars().str.to_integer(strict=False) - 1
        year, month = (1980 + count // 12).cast(pl.String), (count % 12 + 1).cast(pl.String)
        both = pl.concat_str(year, month.str.zfill(2), separator="-")
        said = f"'{VIEWS}' of {where} counts months from January 1980, as VIEWS does."
        return rows.with_columns(both.alias("month")).drop(VIEWS), [said]
    if "month" not in rows.columns:
        raise UsageError(
            "There is no column of months.", where=where,
            remedy="Give a row a country and month, the month as 2021-10 in a column 'month'; sums "
            f"of years cannot be divided. Here are: {', '.join(rows.columns[:-1][:20])}.",
        )  # fmt: skip
    return rows, []


def _check_months(rows: pl.DataFrame, where: str, *, weeks: bool) -> None:
    """Refuse rows of days or weeks: a week that two months share can be divided by nobody here."""
    month = pl.col("month").str.strip_chars()
    several = rows.group_by("country", month.str.head(7).alias("in")).agg(month.n_unique())
    if weeks or (several["month"] > 1).any():
        raise SourceRefused(
            "The rows are of days or weeks, not of months.", where=where,
            remedy="Add the counts up by month first, with the month as 2021-10.",
        )  # fmt: skip


def _check_parts(rows: pl.DataFrame, where: str) -> None:
    """Refuse a country with a row for each of its parts, where a column tells them apart."""
    month = ("country", "month")
    if not rows.select(pl.struct(month).is_duplicated().any()).item():
        return
    for part in (one for one in rows.columns if one.strip().casefold() in UNITS):
        if not rows.select(pl.struct(*month, part).is_duplicated().any()).item():
            raise SourceRefused(
                f"A country has several rows a month, one for each '{part}'.", where=where,
                remedy=f"To forecast each {part}, leave the column 'country' out; to forecast "
                "countries, add the counts up by country and month first.",
            )  # fmt: skip


def _only_count(rows: pl.DataFrame, where: str) -> str:
    """The column of counts that is meant where none is named."""
    if DEFAULT in rows.columns:
        return DEFAULT
    others = [one for one in rows.columns if one not in (LINE, *HEADINGS)]
    numbers = [one for one in others if _is_numeric(rows[one])]
    if len(numbers) == 1:
        return numbers[0]
    raise UsageError(
        f"Which of {len(numbers)} columns of numbers is to be forecast?"
        if numbers else "There is no column of numbers.", where=where,
        remedy=f"Name it with --target; here are: {', '.join(numbers or others)}.",
    )  # fmt: skip


def _is_numeric(column: pl.Series) -> bool:
    """Most of what stands in it is a number; the rest is refused by line where it is none."""
    told = column.drop_nulls().str.strip_chars().filter(column.drop_nulls().str.strip_chars() != "")
    return 2 * told.cast(pl.Float64, strict=False).is_not_null().sum() > len(told)
