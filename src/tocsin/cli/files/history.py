"""A country-month file as `forecast` and `backtest` take it: read by observe, checked by name."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from tocsin.errors import SourceRefused, UsageError

if TYPE_CHECKING:
    from tocsin.anticipate.data.panel import Panel


class Absent(StrEnum):
    """This says what a month is that a file does not have: unknown, or zero."""

    UNKNOWN = "unknown"
    ZERO = "zero"


AbsentOption = Annotated[
    Absent,
    typer.Option(
        "--absent", help="What a month is that the file does not have: unknown, or zero deaths."
    ),
]


DEFAULT = "ged_sb"
"""What is counted where nothing is named and the file has it: UCDP's state-based deaths."""
TargetOption = Annotated[
    str | None,
    typer.Option(
        help="The column of counts; ged_sb, or else the only one, if none is named. "
        "With --grid: ged_sb, ged_ns, ged_os, ged_total."
    ),
]
HEADINGS: dict[str, tuple[str, ...]] = {
    "country": ("pays", "país", "iso3", "territory", "country name", "country code"),
    "month": ("mois", "mes", "date", "period", "week", "month start"),
    "year": ("année", "año"),
}
"""What the columns of a history are called elsewhere."""


def read_history(path: Path, target: str | None, absent: Absent = Absent.UNKNOWN) -> Panel:
    """Read any table file (`tocsin.observe.read_table`) as a history of one target.

    What was taken for granted is told on standard error.

    Args:
        path: the file: a row a country and month; or a column for each month.
        target: the column of counts; None: `DEFAULT`, or else the only column of numbers.
        absent: what a month is that the file does not have.

    Returns:
        The panel of all countries and months.

    Raises:
        UsageError: there is no such file or column.
        SourceRefused: a row cannot be read or holds a wrong value; the error names its line.
    """
    from tocsin.anticipate.data.absence import fill_absent
    from tocsin.anticipate.data.history import history_of
    from tocsin.observe import read_table
    from tocsin.schema.handmade import read_handmade

    table = read_table(path)
    rows = table.sound().with_columns(table.lines.alias(LINE))
    made = read_handmade(rows, HEADINGS, numbers=(), where=table.name)
    rows, said = _by_month(made.rows, table.name)
    written = rows["month"].str.strip_chars()
    if not written.str.contains(r"^\d{4}-\d\d(-\d\d)?$").fill_null(True).all():
        dated = read_handmade(rows, {"month": ()}, numbers=(), days=["month"], where=table.name)
        rows, said = dated.rows, [*said, *dated.assumed]
    if "country" not in rows.columns:
        raise UsageError(
            "There is no column of countries.", where=table.name,
            remedy="Call the column of countries, or of any other units, 'country'. Here are: "
            f"{', '.join(table.rows.columns[:20])}.",
        )  # fmt: skip
    if target is None:
        target = _only_count(rows, table.name)
        if target != DEFAULT:
            said = [*said, f"'{target}' of {table.name} is forecast, its only column of numbers."]
    _check_months(rows, table.name)
    for note in (*table.notes, *made.assumed, *said):
        typer.echo(note, err=True)
    found = history_of(rows, target, name=table.name, lines=rows[LINE])
    return fill_absent(found) if absent is Absent.ZERO else found


LINE = "line of the file"


def _by_month(rows: pl.DataFrame, where: str) -> tuple[pl.DataFrame, list[str]]:
    """A row a month: of a column for each month, or of a year and the number of a month."""
    wide = [one for one in rows.columns if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", one.strip())]
    if "month" not in rows.columns and len(wide) > 1:
        long = rows.unpivot(wide, index=[one for one in rows.columns if one not in wide],
                            variable_name="month", value_name="count")  # fmt: skip
        return long, [f"{where} has a column for each month; its cells were read as counts."]
    if {"year", "month"} <= set(rows.columns):
        number = pl.col("month").str.strip_chars().str.to_integer(strict=False)
        if rows.select((number.is_between(1, 12) | pl.col("month").is_null()).all()).item():
            both = pl.col("year").str.strip_chars() + "-" + number.cast(pl.String).str.zfill(2)
            return rows.with_columns(both.alias("month")), []
    if "month" not in rows.columns:
        raise UsageError(
            "There is no column of months.", where=where,
            remedy="Give a row a country and month, the month as 2021-10 in a column 'month'; sums "
            f"of years cannot be divided. Here are: {', '.join(rows.columns[:-1][:20])}.",
        )  # fmt: skip
    return rows, []


def _check_months(rows: pl.DataFrame, where: str) -> None:
    """Refuse rows of days or weeks: a week that two months share can be divided by nobody here."""
    month = pl.col("month").str.strip_chars()
    several = rows.group_by("country", month.str.head(7).alias("in")).agg(month.n_unique())
    weeks = rows.select(month.str.contains(r"(?i)^\d{4}-?W\d").any()).item()
    if weeks or (several["month"] > 1).any():
        raise SourceRefused(
            "The rows are of days or weeks, not of months.", where=where,
            remedy="Add the counts up by month first, with the month as 2021-10.",
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
