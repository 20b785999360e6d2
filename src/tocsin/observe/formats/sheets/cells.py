"""What a sheet of any workbook holds, once it is open: rows of texts, told by column."""

from __future__ import annotations

import csv
import io
import re
import zipfile

from tocsin.errors import SourceRefused
from tocsin.observe.formats.file import File
from tocsin.observe.formats.limits import MAX_PARTS, MAX_SHEET, check_size
from tocsin.observe.formats.records import Row, checked_row

LOOKED_AT = 12
"""Rows by which it is told whether a sheet holds a table."""
MAX_SHEETS = 50
"""Sheets that are looked at."""
MERGED = (
    "Cells are merged over several rows: a text or a day in them was read in each row, a number "
    "only in the first."
)
EMPTY_FORMULAS = (
    "Formulas without results were read as empty ({count:,} cells): a program wrote them that "
    "computes nothing. Open the workbook in Excel or LibreOffice, save it, and observe it again."
)
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the parts of a workbook are packed (ECMA-376, part 2; OpenDocument 1.3, part 2)."""
_NUMBER = re.compile(r"[+-]?[\d.,\s]+")


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number, which must not be read again in the cells below.

    Nobody knows whether a number in merged cells counts in each row, or in all of them together.
    """
    return bool(_NUMBER.fullmatch(text))


def in_order(found: dict[int, str], width: int) -> list[str]:
    """List the first cells of a row.

    Args:
        found: the texts by column, counted from 1; empty cells are left out.
        width: the last column that is listed.
    """
    return [found.get(column, "") for column in range(1, width + 1)]


def table_row(number: int, found: dict[int, str], width: int) -> Row:
    """Make a row of a table of the texts by column.

    Args:
        number: the number of the row in its sheet, the first being 0.
        found: the texts by column, counted from 1; there is at least one.
        width: number of columns; shorter rows are filled, longer ones are at fault.

    Returns:
        The row. Its bytes are its cells written as a line of CSV.
    """
    # A cell far to the right must not fill the gap before it.
    inside = in_order(found, min(max(found), width))
    beyond = [text for column, text in sorted(found.items()) if column > width]
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(inside + beyond)
    original = line.getvalue().encode("utf-8", "surrogatepass")
    cells = inside + [""] * (width - len(inside)) + beyond
    return checked_row(number, number + 1, original, cells, width)


def said_of_others(first: str, tables: list[str]) -> str:
    """Write a sentence where another sheet than the first is read, or where more hold tables.

    Args:
        first: the name of the workbook's first sheet.
        tables: the names of the sheets that hold tables; the first of them is read.

    Returns:
        The sentence; empty where there is nothing to say.
    """
    others = ", ".join(f"'{name}'" for name in tables[1:4])
    if len(tables) > 1:
        more = f" and {len(tables) - 4} more" if len(tables) > 4 else ""
        return (
            f"Only the sheet '{tables[0]}' was read; {others}{more} hold tables too. Save each as "
            "a file of its own to read it."
        )
    if tables and tables[0] != first:
        return f"It was read from the sheet '{tables[0]}', since the first holds no table."
    return ""


def checked_parts(source: File, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """List the parts of a workbook, if it keeps the limits on what it may unpack to.

    Args:
        source: the workbook.
        archive: the same, opened as a zip.

    Returns:
        The parts; none is unpacked yet.

    Raises:
        SourceRefused: there are too many, they are too large, or packed as in no workbook.
    """
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    check_size(total, source.size, source.name)
    if len(parts) > MAX_PARTS or total > MAX_SHEET:
        raise refused(source, "it unpacks to more than a workbook may")
    if any(part.compress_type not in PLAIN for part in parts):
        raise refused(source, "it is packed in a way that no workbook is")
    return parts


def refused(source: File, why: str) -> SourceRefused:
    """Make the error for a workbook that cannot be read."""
    return SourceRefused(
        f"The workbook cannot be read: {why}.",
        where=source.name,
        remedy="Save the sheet as CSV (UTF-8), and observe that.",
    )
