"""The first sheet of an Excel workbook (.xlsx) as a table of texts, row by row.

Reads with openpyxl in its streaming mode, XML through defusedxml: entities are refused, and so
is a workbook that unpacks beyond the limits. Formulas are never computed; the value that the
workbook keeps for them is read.
"""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from tocsin.errors import SourceRefused, require
from tocsin.observe.formats.file import File
from tocsin.observe.formats.records import Row, checked_row
from tocsin.observe.formats.unpack import check_size

MAX_PARTS = 10_000
"""Files within a workbook."""
MAX_SHEET = 8 * 2**30
"""Unpacked bytes of all of them; the largest export of a source known to us has one."""
MAX_WHOLE = 512 * 2**20
"""Unpacked bytes of a part that the library must hold whole (shared texts, styles)."""
MAX_ROWS = 2**20
"""Excel's own limit. A row that says it stands beyond is a trap: the gap would be filled."""


def excel_head(source: File, count: int) -> list[list[str]]:
    """Read the texts of the first rows, without empty cells at their ends.

    Args:
        source: the workbook.
        count: how many rows to read.

    Returns:
        The texts of the first sheet's first rows, a list each; empty rows are empty lists.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl or defusedxml is not installed.
    """
    with _rows(source) as rows:
        return [_trimmed(_texts(values)) for values in itertools.islice(rows, count)]


def excel_rows(source: File, width: int, header: int = 0) -> Iterator[Row]:
    """Read the rows of the first sheet after its header.

    Args:
        source: the workbook.
        width: number of columns; shorter rows are filled, longer ones are at fault.
        header: number of the row in which the header ends, the first row being 0.

    Yields:
        The rows that are not empty, numbered as they stand. The bytes of each are its cells
        written as a line of CSV.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl or defusedxml is not installed.
    """
    with _rows(source) as rows:
        for number, values in enumerate(rows):
            if number > MAX_ROWS:
                raise _refused(source, f"it has more than {MAX_ROWS:,} rows")
            cells = _trimmed(_texts(values))
            if number > header and cells:
                original = _line(cells)
                cells += [""] * (width - len(cells))
                yield checked_row(number, number + 1, original, cells, width)


@contextmanager
def _rows(source: File) -> Iterator[Iterator[tuple[Any, ...]]]:
    openpyxl = require("openpyxl", extra="observe")
    require("defusedxml", extra="observe")
    with source.raw() as raw:
        _within_limits(source)
        # The library may fail in any way on a damaged file; each is a refusal.
        try:
            book = openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield _guarded(source, sheet.iter_rows(values_only=True))
        except SourceRefused:
            raise
        except Exception as error:
            raise _refused(source, _why(error)) from error


def _guarded(source: File, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    try:
        yield from rows
    except Exception as error:
        raise _refused(source, _why(error)) from error


def _why(error: BaseException) -> str:
    """What began it: the library wraps the first error in others."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}".removesuffix(".")


def _within_limits(source: File) -> None:
    with source.raw() as raw, zipfile.ZipFile(raw) as archive:
        parts = archive.infolist()
    sizes = {part.filename: part.file_size for part in parts}
    check_size(sum(sizes.values()), source.size, source.name)
    held = sum(size for name, size in sizes.items() if "worksheets/" not in name)
    if len(parts) > MAX_PARTS or sum(sizes.values()) > MAX_SHEET or held > MAX_WHOLE:
        raise _refused(source, "it unpacks to more than a workbook may")


def _texts(values: tuple[Any, ...]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    """A cell as text: whole numbers without a point, days as ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _line(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "surrogatepass")


def _refused(source: File, why: str) -> SourceRefused:
    return SourceRefused(
        f"The Excel file cannot be read: {why}.",
        where=source.name,
        remedy="Save the sheet as CSV (UTF-8), and observe that.",
    )
