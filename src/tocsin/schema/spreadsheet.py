"""Tables that we write for people: as CSV, Excel or Parquet; a cell is data, never a formula."""

from __future__ import annotations

import io
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.base.atomic import check_target, replace
from tocsin.errors import UsageError, require

FORMS = (".csv", ".xlsx", ".parquet", ".pq", "")
"""Suffixes of tables that can be written; a name without one becomes Parquet."""
EXCEL_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
EXCEL_LETTERS = 32_767
"""Characters that a cell of Excel holds."""

NARROWEST, WIDEST = 8, 60
"""Characters across a column of a sheet."""
WIDTH_ROWS = 1_000
"""Rows by which the width of a column is chosen."""

_FORMULA = r"^[=@\t\r+\-]"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBER = r"^[+\-]?[0-9.,eE+\-]*$"


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text cells that a spreadsheet would run as formulas.

    It is to be called on every frame that is written as CSV (OWASP, CSV injection). Numbers with a
    sign stay as they are.

    Args:
        frame: any frame; only columns of type String change.

    Returns:
        A frame with the same columns and rows.

    >>> inert(pl.DataFrame({"a": ["=1+1", "-5", "-a", "Aleppo", None]}))["a"].to_list()
    ["'=1+1", '-5', "'-a", 'Aleppo', None]
    """
    texts = pl.col(pl.String)
    runs = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    return frame.with_columns(pl.when(runs).then(pl.lit("'") + texts).otherwise(texts).name.keep())


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as a CSV file that a spreadsheet can open without danger.

    Text that a spreadsheet would run as a formula gets an apostrophe before it (see `inert`).
    The file is written whole or not at all.

    Args:
        frame: the rows to write.
        path: the file to make or to replace; its folder must exist.

    Raises:
        UsageError: the path is no regular file, or its folder is not there or may not be
            written to.
    """
    with replace(path) as part:
        inert(frame).write_csv(part)


def check_table_target(path: Path) -> None:
    """Check that `write_table` could write here, before the table is computed.

    Args:
        path: the file to make or to replace.

    Raises:
        UsageError: the suffix is none of .csv, .xlsx and .parquet; or as
            `tocsin.base.atomic.replace`.
        MissingExtra: Excel is asked for and the extra `observe` is not installed.
    """
    if path.suffix.lower() not in FORMS:
        raise UsageError(
            f"'{path.suffix}' is no form in which a table can be written.",
            where=str(path),
            remedy="Name the file .csv, .xlsx or .parquet.",
        )
    if path.suffix.lower() == ".xlsx":
        require("openpyxl", extra="observe")
    check_target(path)


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame whole or not at all, in the form that the name's suffix says.

    In CSV and Excel a list stands as JSON in one cell, and bytes as text.

    Args:
        frame: the rows to write.
        path: .csv, .xlsx or .parquet; a name without a suffix becomes Parquet.

    Raises:
        UsageError: the suffix is another one; there are more rows than a sheet of Excel holds; or
            as `tocsin.base.atomic.replace`.
        MissingExtra: Excel is asked for and the extra `observe` is not installed.
    """
    check_table_target(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_csv(_flat(frame), path)
    elif suffix == ".xlsx":
        _write_excel(_flat(frame), path)
    else:
        with replace(path) as part:
            frame.write_parquet(part)


def _width(column: pl.Series) -> int:
    """As many characters as a column's cells need, within what a screen has room for."""
    seen = column.head(WIDTH_ROWS).cast(pl.String, strict=False).str.len_chars().max()
    longest = seen if isinstance(seen, int) else 0
    return min(max(longest, len(column.name), NARROWEST) + 2, WIDEST)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with lists as JSON and bytes as text."""
    changed = []
    for name, kind in frame.schema.items():
        if kind.is_nested():
            texts = [
                None if value is None else json.dumps(_as_list(value), ensure_ascii=False)
                for value in frame[name]
            ]
            changed.append(pl.Series(name, texts, dtype=pl.String))
        elif kind == pl.Binary:
            texts = [
                None if value is None else value.decode("utf-8", errors="backslashreplace")
                for value in frame[name]
            ]
            changed.append(pl.Series(name, texts, dtype=pl.String))
    return frame.with_columns(changed)


def _as_list(value: Any) -> Any:
    return value.to_list() if isinstance(value, pl.Series) else value


def _write_excel(frame: pl.DataFrame, path: Path) -> None:
    if frame.height > EXCEL_ROWS:
        raise UsageError(
            f"A sheet of Excel holds {EXCEL_ROWS:,} rows; there are {frame.height:,}.",
            where=str(path),
            remedy="Name the file .csv or .parquet, or ask for fewer draws.",
        )
    openpyxl = require("openpyxl", extra="observe")
    cell = require("openpyxl.cell", extra="observe").WriteOnlyCell
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    # People read such a sheet on a screen: the header stays, and long texts take several lines.
    sheet.freeze_panes = "A2"
    letter = require("openpyxl.utils", extra="observe").get_column_letter
    several = require("openpyxl.styles", extra="observe").Alignment(wrap_text=True, vertical="top")
    for number, column in enumerate(frame.columns, 1):
        sheet.column_dimensions[letter(number)].width = _width(frame[column])

    def show(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = cell(sheet, value=_UNPRINTABLE.sub("\ufffd", value)[:EXCEL_LETTERS])
        # Without its kind a text that begins with '=' would be a formula.
        text.data_type = "s"
        if len(value) > WIDEST:
            text.alignment = several
        return text

    # The library writes each row to the disk at once, so the disk may be full from here on.
    with replace(path) as part:
        try:
            sheet.append([show(name) for name in frame.columns])
            for row in frame.iter_rows():
                sheet.append([show(value) for value in row])
            # A package that cannot be closed on a full disk tells so by a traceback, when it goes.
            packed = io.BytesIO()
            book.save(packed)
            part.write_bytes(packed.getbuffer())
        except BaseException:
            # Left open, the library would end with a second error, which nobody could catch.
            with suppress(Exception):
                sheet.close()
            raise
