"""A sheet to correct: the rows of a file that were refused, as the file has them.

It is made from the user's own file, read again, since a workspace keeps nothing of a row that its
reader does not use. The first sheet has the file's own columns and no other, so that it can be
observed as it is once the rows are corrected; the cells at fault are marked, with the reason.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import polars as pl

from tocsin.errors import SourceRefused, UsageError, require
from tocsin.observe.formats.records import Row
from tocsin.observe.formats.source import Source

MARK = "FFFFE08A"
"""A light yellow, behind the cells at fault."""
LONGEST = 32_767
"""Letters in a cell, by Excel's own limit."""


def correction_sheet(source: Source, refused: pl.DataFrame) -> bytes:
    """Write an Excel workbook (.xlsx) of the refused rows of a file, with a sheet that says why.

    Args:
        source: the file, as it was when it was read.
        refused: its rows of the table `quarantine`.

    Returns:
        The bytes of the workbook.

    Raises:
        UsageError: the file is not the one that was read, or holds no table with a header.
        MissingExtra: openpyxl is not installed.
    """
    if len(source.columns) < 2 or source.is_json:
        raise UsageError(
            "The file is no table with a header, so no sheet can be made of its rows.",
            where=source.name,
            remedy="Correct the file itself, and observe it again.",
        )
    openpyxl = require("openpyxl", extra="observe")
    book = openpyxl.Workbook()
    rows, why = book.active, book.create_sheet("Why")
    rows.title = "Correct here"
    rows.append([_cell(rows, name) for name in source.columns])
    why.append(["row here", "line in the file", "column", "rule", "reason"])
    reasons = {row["source_row"]: row for row in refused.sort("source_row").to_dicts()}
    for place, row in enumerate(_rows_of(source, set(reasons)), start=2):
        said = reasons[row.number]
        rows.append([_cell(rows, cell) for cell in row.cells])
        told = [said[name] or "" for name in ("column", "rule", "reason")]
        why.append([place, said["line"], *(_cell(why, text) for text in told)])
        _mark(rows, source.columns, place, said)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def check_same(source: Source, sha256: str) -> None:
    """Refuse a file that is not the one that was read, since its rows may stand elsewhere.

    Args:
        source: the file as it is now.
        sha256: the digest of the file as it was read, as 64 hexadecimal digits.

    Raises:
        SourceRefused: the digests differ.
    """
    if source.sha256 != sha256:
        raise SourceRefused(
            "The file has changed since it was read.",
            where=source.name,
            remedy="Observe it again, then ask for the sheet.",
        )


def _rows_of(source: Source, numbers: set[int]) -> Iterator[Row]:
    return (row for row in source.rows() if row.number in numbers)


def _cell(sheet: Any, text: str) -> Any:
    """A cell of text, never of a formula; signs that no workbook may hold are left out."""
    cells = require("openpyxl.cell.cell", extra="observe")
    cell = cells.WriteOnlyCell(sheet, cells.ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.data_type = "s"
    return cell


def _mark(rows: Any, columns: list[str], place: int, said: dict[str, Any]) -> None:
    """Colour the cell at fault and write the reason beside it; without one, the first cell."""
    comments = require("openpyxl.comments", extra="observe")
    styles = require("openpyxl.styles", extra="observe")
    named = [name.strip() for name in (said["column"] or "").split(",")]
    at = [number for number, name in enumerate(columns, 1) if name in named] or [1]
    for number in at:
        cell = rows.cell(row=place, column=number)
        cell.fill = styles.PatternFill("solid", fgColor=MARK)
        cell.comment = comments.Comment(f"Line {said['line']}: {said['reason']}"[:2_000], "tocsin")
