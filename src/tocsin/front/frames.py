"""A frame as one of the declared tables, or its refusal in plain words: what, where, remedy."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import polars as pl

from tocsin.base.nearest import advice
from tocsin.errors import TableInvalid, UsageError
from tocsin.schema import PROVENANCE, TABLES, columns, conform, empty
from tocsin.schema.frame import Frame, as_frame, need


def whole(name: str, value: object, least: int, most: int) -> int:
    """Take a whole number within bounds, also one of NumPy.

    Args:
        name: what the number is called in the call.
        value: what was given.
        least: the least that it may be.
        most: the most that it may be.

    Returns:
        The number, as one of Python.

    Raises:
        UsageError: it is no whole number, or out of the bounds.

    >>> whole("futures", 20, 2, 1_000_000)
    20
    """
    found = int(value) if isinstance(value, Integral) and not isinstance(value, bool) else None
    if found is None or not least <= found <= most:
        raise UsageError(
            f"{value!r} is no whole number from {least:,} to {most:,}.",
            where=name,
            remedy=f"Give {name} as such a number.",
        )
    return found


def table(name: str, frame: Frame, where: str = "") -> pl.DataFrame:
    """Take a frame as one of the declared tables, and check it by the table's rules.

    A column that may be empty may be left out; the marks that a workspace adds are dropped.

    Args:
        name: the name of the table, as in `tocsin.schema.TABLES`.
        frame: a frame of Polars or pandas, or any table with the Arrow interface.
        where: what the frame is called in errors; empty: the table's name.

    Returns:
        The table, with the declared columns and types.

    Raises:
        UsageError: a column is missing or not known; the error tells the nearest name.
        TableInvalid: a value breaks a rule of the table; the error tells column and row.

    >>> frame = pl.DataFrame({"territory": ["Mali"], "gwno": [432], "target": ["ged_sb"],
    ...                       "month": ["2021-10-01"], "deaths": [3], "source": ["mine"]})
    >>> table("series", frame)["month"].dtype
    Date
    """
    where, model = where or name, TABLES[name]
    given = as_frame(frame, name=where).drop(PROVENANCE, strict=False)
    declared, wanted = model.to_schema().columns, columns(model)
    needed = [column for column in wanted if not declared[column].nullable]
    need(given, needed, where, wanted)
    for column in given.columns:
        if column not in wanted:
            raise UsageError(
                f"The table '{name}' has no column '{column}'.",
                where=where,
                remedy=f"Leave it out, or rename it. {advice(column, wanted)}",
            )
    blank = empty(model)
    full = given.with_columns(
        pl.lit(None, dtype=blank.schema[column]).alias(column)
        for column in wanted
        if column not in given.columns
    ).select(wanted)
    typed = [_cast(full[column], blank.schema[column], where) for column in wanted]
    try:
        return conform(model, pl.DataFrame(typed))
    except TableInvalid as error:
        raise _refusal(error, where) from error


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn every column into text, as a file would hold it.

    Days become ISO 8601, and empty text becomes null.

    Args:
        frame: a frame with columns of any type.

    Returns:
        The same columns and rows, with null where there is nothing.

    >>> texts(pl.DataFrame({"n": [1.5, None], "s": ["", "a"]})).rows()
    [('1.5', None), (None, 'a')]
    """
    plain = frame.select(
        pl.col(name).dt.to_string("iso") if kind.is_temporal() else pl.col(name).cast(pl.String)
        for name, kind in frame.schema.items()
        if not kind.is_nested() and kind != pl.Binary
    )
    return plain.with_columns(pl.when(pl.all().str.strip_chars() != "").then(pl.all()).name.keep())


def _cast(column: pl.Series, kind: pl.DataType, where: str) -> pl.Series:
    if column.dtype == kind:
        return column
    try:
        if column.dtype == pl.String and kind == pl.Date:
            found = column.str.to_date("%Y-%m-%d", strict=False)
        else:
            found = column.cast(kind, strict=False)
    except pl.exceptions.PolarsError:
        found = pl.Series(column.name, [None] * len(column), dtype=kind)
    lost = (found.is_null() & column.is_not_null()).arg_true()
    if not len(lost) and kind.is_integer() and column.dtype.is_float():
        lost = (found.cast(pl.Float64) != column).fill_null(False).arg_true()
    if len(lost):
        row = int(lost[0])
        wanted = "a whole number" if kind.is_integer() else f"of the type {kind}"
        raise TableInvalid(
            f"{_quote(column[row])} is not {wanted} ({len(lost):,} such rows).",
            where=f"{where}, row {row}, column {column.name}",
            remedy="Mend the rows, or leave them out. Rows are counted from 0.",
        )
    return found


def _refusal(error: TableInvalid, where: str) -> TableInvalid:
    """The first broken rule in words, from what pandera says of all of them."""
    cases = getattr(error.__cause__, "failure_cases", None)
    if cases is None or not len(cases):
        return TableInvalid(error.what.splitlines()[0], where=where)
    first: Mapping[str, Any] = cases.row(0, named=True)
    rule, column, row = str(first.get("check")), first.get("column"), first.get("index")
    of_rows = isinstance(first.get("failure_case"), str | int | float) and column in TABLES
    value = "" if of_rows else f"{_quote(first.get('failure_case'))} "
    place = [where, f"row {row}" if row is not None else "", f"column {column}" if column else ""]
    return TableInvalid(
        f"{value}breaks the rule '{rule}' ({len(cases):,} breaches in all).",
        where=", ".join(part for part in place if part),
        remedy="Mend the rows, or leave them out. Rows are counted from 0.",
    )


def _quote(value: object) -> str:
    text = str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"
