"""A country-month table as a panel, for forecasting without a workspace.

Names are kept as they stand in the table, so that what is written can be joined to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Panel, add_months, months_between
from tocsin.base.moved import read_path
from tocsin.errors import SourceRefused, UsageError
from tocsin.schema.frame import as_frame
from tocsin.schema.mapping.cells import are_points_thousands, plain_count
from tocsin.schema.vocabulary.placeholder import NUMBERS, is_placeholder

MAX_DEATHS = 10_000_000
"""No country-month holds more."""
MONTH = r"^(?:(\d{4})-(\d{2})(?:-\d{2})?|(\d{4})(\d{2})(?:\d{2})?(?:\.0)?)$"
"""A month or a day, with hyphens or as a number of six or eight digits."""
MEND = "Mend the rows, or leave them out."
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""A month outside is a slip of the pen, and would make a panel of empty centuries."""


def history_of(
    table: Any, target: str, *, name: str = "the history", lines: pl.Series | None = None
) -> Panel:
    """Read a table of the columns `country, month, TARGET` as a panel.

    Other columns are not looked at. Months may be days, or written as 2021-10, 2021-10-01, 202110
    or 20211001; counts may be numbers, or texts as 3 or 3.0; spaces around texts do not matter.
    Months that are not there, and counts that are empty or a placeholder (NA, -99), are unknown,
    not zero (see `absence.fill_absent`). In place of Gleditsch-Ward numbers the panel holds the
    countries' places in alphabetical order.

    Args:
        table: a frame of Polars or pandas, or any table with the Arrow interface; the `rows` of
            `tocsin.observe.read_table`.
        target: the column of counts.
        name: what the table is called in errors, such as the file's name.
        lines: for each row its line in the file, for errors; else rows are counted from 1.

    Returns:
        The panel of all countries and months.

    Raises:
        UsageError: this is no table, or it has no column of that target.
        SourceRefused: a value is not a count, a month not a month, or a country-month stands
            twice; the message names the row or line, and the column.
    """
    frame = as_frame(table, name=name)
    missing = [one for one in ("country", "month", target) if one not in frame.columns]
    if missing:
        raise UsageError(
            f"Columns are missing: {', '.join(missing)}.",
            where=name,
            remedy="Name another count column with --target; here are: "
            f"{', '.join(frame.columns[:20])}.",
        )
    _refuse_evenings(frame["month"], name)
    _refuse_parts(frame, name)
    rows = pl.DataFrame(
        {
            "place": pl.int_range(1, frame.height + 1, eager=True) if lines is None else lines,
            "country": _texts(frame, "country", name),
            "month": _texts(frame, "month", name),
            "count": _drop_placeholders(_texts(frame, target, name)),
        }
    )
    told = pl.col("month").str.extract_groups(MONTH)
    typed = rows.with_columns(
        (told.struct[0].fill_null(told.struct[2]) + "-" + told.struct[1].fill_null(told.struct[3]))
        .str.to_date("%Y-%m", strict=False)
        .alias("first"),
        pl.col("count").cast(pl.Float64, strict=False).alias("deaths"),
    ).filter(pl.col("count").is_not_null())
    check = _Check(typed, name, "row" if lines is None else "line", target)
    year = pl.col("first").dt.year()
    check(
        "month",
        pl.col("first").is_null(),
        "not a month as 2021-10",
        "Write months as 2021-10 or 202110, or give days. A number of months or days since a "
        "beginning is not guessed at. Mend the rows, or leave them out.",
    )
    check("month", ~year.is_between(FIRST_YEAR, LAST_YEAR), "no year of a series")
    absurd = (
        pl.col("deaths").is_null()
        | (pl.col("deaths") != pl.col("deaths").round())
        | ~pl.col("deaths").is_between(0, MAX_DEATHS)
    )
    check("count", absurd, f"not a whole count from 0 to {MAX_DEATHS:,}")
    check("country", pl.col("country").is_null(), "empty")
    twice = f"Give one row a country and month: add up '{target}' over the rows of each."
    check("month", pl.struct("country", "first").is_duplicated(), "there twice", twice)
    if typed.is_empty():
        what = f"No row has a count in '{target}'." if rows.height else "There is no row."
        raise SourceRefused(what, where=name)
    return _panel(typed, target)


def month(text: str) -> date:
    """Read a month as people write it.

    Args:
        text: a month as 2021-10.

    Returns:
        The first day of the month.

    Raises:
        UsageError: the text is not a month as 2021-10.

    >>> month("2021-10")
    datetime.date(2021, 10, 1)
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError(f"'{text}' is not a month.", remedy="Write it as 2021-10.") from None


def history_until(history: Any, target: str, origin: str) -> Panel:
    """Give a history as it was known at the end of the origin's month.

    Args:
        history: a table or a panel, as `as_history` takes it.
        target: the column of counts.
        origin: the last month that may be known, as 2021-10.

    Returns:
        The panel up to the origin, without units that were not yet seen then.

    Raises:
        UsageError: the origin is not a month as 2021-10, or not one of the history's; or the table
            has no such columns.
        SourceRefused: a value is not a count or not a month, as for `history_of`.
    """
    known = as_history(history, target)
    last = month(origin)
    if not known.months[0] <= last <= known.months[-1]:
        raise UsageError(
            f"The file has {known.months[0]:%Y-%m} to {known.months[-1]:%Y-%m}, not {origin}.",
            where=history.name if isinstance(history, Path) else "",
            remedy="Choose an origin within it.",
        )
    return known.upto(last)


def as_history(history: Any, target: str) -> Panel:
    """Take a history in any of its forms, and give it as a panel.

    Args:
        history: a panel; or a table, as `history_of` takes it; or, for one release more, the path
            of a file.
        target: the column of counts in a table or file.

    Returns:
        The panel. One that is given already is given back as it is.

    Raises:
        UsageError: the table has no such columns.
        SourceRefused: a value is not a count, or not a month.
    """
    if isinstance(history, Panel):
        return history
    if isinstance(history, str | Path):
        table = read_path(Path(history), "tocsin.anticipate.data.history.history_of")
        return history_of(table.sound(), target, name=table.name, lines=table.lines)
    return history_of(history, target)


def _drop_placeholders(counts: pl.Series) -> pl.Series:
    """The counts without placeholders (`tocsin.schema.vocabulary.placeholder`), and without signs

    that separate thousands.
    """
    told = counts.unique().drop_nulls().to_list()
    # Numbers of a program all have a point, or none has.
    pointed = are_points_thousands(told) and any(map(str.isdecimal, told))
    sign = "," if pointed else "."
    plain = {text: bare for text in told if (bare := plain_count(text, sign)) != text}
    counts, told = counts.replace(plain) if plain else counts, [plain.get(one, one) for one in told]
    codes = {f"{number}{end}" for number in NUMBERS for end in ("", ".0")}
    nothing = [text for text in told if is_placeholder(text) or text in codes]
    return pl.select(pl.when(counts.is_in(nothing)).then(None).otherwise(counts)).to_series()


def _texts(frame: pl.DataFrame, column: str, name: str) -> pl.Series:
    """A column as texts without outer spaces, days as ISO 8601, null where empty."""
    values = frame[column]
    try:
        if isinstance(values.dtype, pl.Datetime):
            values = values.dt.date()
        found = values.cast(pl.String).str.strip_chars()
    except pl.exceptions.PolarsError as error:
        raise UsageError(
            f"The column holds {values.dtype}, which is no text, number or day.",
            where=f"{name}, column {column}",
        ) from error
    return found.to_frame().select(pl.col(column).replace("", None)).to_series()


@dataclass(frozen=True)
class _Check:
    """Refuse rows that are broken, naming the first one's place."""

    rows: pl.DataFrame
    name: str
    place: str
    target: str

    def __call__(self, column: str, broken: pl.Expr, what: str, remedy: str = MEND) -> None:
        bad = self.rows.filter(broken)
        if not bad.is_empty():
            called = self.target if column == "count" else column
            raise SourceRefused(
                f"'{bad[column][0]}' is {what} ({bad.height} such rows).",
                where=f"{self.name}, {self.place} {bad['place'][0]}, column {called}",
                remedy=remedy,
            )


def _refuse_evenings(months: pl.Series, name: str) -> None:
    """Refuse times of which each is the evening before a month, in whole quarters of an hour.

    They are midnights of another time zone, and each would count for the month before.
    """
    if not isinstance(months.dtype, pl.Datetime) or months.is_null().all():
        return
    told, second = months.drop_nulls(), 1_000_000
    of_day = (told - told.dt.truncate("1d")).dt.total_microseconds()
    evening = (of_day >= 12 * 3600 * second) & (of_day % (900 * second) == 0)
    if (evening & (told.dt.date() == told.dt.month_end().dt.date())).all():
        raise SourceRefused(
            f"Every month begins in the evening before it: {told[0]}.",
            where=f"{name}, column month",
            remedy="These are midnights of another time zone. Convert them to it, in pandas by "
            "`df['month'].dt.tz_convert('Asia/Damascus')`, or give days or texts as 2021-10. If "
            "the last days of months are meant, give them without a time.",
        )


def _refuse_parts(frame: pl.DataFrame, name: str) -> None:
    """Refuse months that are told by their numbers 1 to 12, beside a column of years."""
    months = frame["month"].cast(pl.Float64, strict=False).drop_nulls()
    if "year" in frame.columns and len(months) and months.is_between(1, 12).all():
        raise SourceRefused(
            "'month' holds the numbers 1 to 12, and 'year' stands beside it.",
            where=name,
            remedy="Make one column of both, as 2021-10 or 202110 (100 times the year, and the "
            "month).",
        )


def _panel(typed: pl.DataFrame, target: str) -> Panel:
    names = sorted(typed["country"].unique().to_list())
    present: list[date] = typed["first"].unique().sort().to_list()
    first, count = present[0], months_between(present[0], present[-1]) + 1
    place = {name: i for i, name in enumerate(names)}
    deaths = np.full((len(names), count), np.nan)
    for name, month, value in typed.select("country", "first", "deaths").iter_rows():
        deaths[place[name], months_between(first, month)] = value
    months = tuple(add_months(first, step) for step in range(count))
    return Panel(tuple(range(1, len(names) + 1)), tuple(names), months, target, deaths)
