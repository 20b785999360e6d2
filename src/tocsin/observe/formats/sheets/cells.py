"""What the sheets of any workbook hold, once they are open: rows of texts, told by column."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tocsin.errors import SourceRefused
from tocsin.observe.formats.file import File
from tocsin.observe.formats.limits import (
    MAX_PARTS,
    MAX_ROWS,
    MAX_SHEET,
    Meter,
    check_row,
    check_size,
)
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
    "Formulas without results were read as empty ({cells}): a program wrote them that "
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


class Sheet(NamedTuple):
    """A sheet that holds a table: its name, and how its rows are read.

    `read` is given the number of the row in which the header ends, and yields the number of each
    row that is not empty, the first being 0, with its texts by column, counted from 1.
    """

    name: str
    read: Callable[[int], Iterator[tuple[int, dict[int, str]]]]


class Book(NamedTuple):
    """A workbook: the name of its first sheet, and its sheets with tables, at least one."""

    first: str
    sheets: list[Sheet]


def stacked_rows(
    source: File,
    book: Book,
    meter: Meter,
    *,
    width: int,
    header: int,
    tell: Callable[[str], None],
) -> Iterator[Row]:
    """Read the rows of a sheet, and those of all others that have the same header, below it.

    An office often keeps a sheet for each month. A row that stands word for word in a sheet before
    its own is left out: books also end in a sheet of all others, or in a copy.

    Args:
        source: the workbook.
        book: the same, opened; its first table is read in any case.
        meter: counts what the file has unfolded to.
        width: number of columns; shorter rows are filled, longer ones are at fault.
        header: number of the row of the first sheet in which the header ends.
        tell: is given a sentence on each sheet beside the first.

    Yields:
        The rows below the headers that are not empty, numbered as if the sheets stood in one.

    Raises:
        SourceRefused: a sheet is damaged, or beyond the limits.
    """
    sheets = book.sheets
    if sheets[0].name != book.first:
        tell(f"It was read from the sheet '{sheets[0].name}', since the first holds no table.")
    title: list[str] = []
    above, before, fresh = 0, set[int](), set[int]()
    for sheet in sheets:
        at, order = _header_row(sheet, title) if title else (header, {})
        if at is None:
            other = f"The sheet '{sheet.name}' has other columns and was not read."
            tell(f"{other} Save it as a file of its own to read it.")
            continue
        last, left = 0, 0
        for number, found in _limit_rows(source, sheet.read(at), meter, above):
            last = number
            if number == at and not title:
                title = _title(found, width)
            if number <= at:
                continue
            cells = {order.get(column, column): text for column, text in found.items()}
            key = hash(tuple(sorted(cells.items()))) if len(sheets) > 1 else 0
            if key in before:
                left += 1
                continue
            fresh.add(key)
            yield table_row(above + number, cells, width)
        if sheet is not sheets[0]:
            less = f" (left out, as they stand in a sheet before it: {left:,} of its rows)"
            said = f"The sheet '{sheet.name}' has the same columns and was read, too"
            tell(f"{said}{less if left else ''}. Its first line counts as line {above + 1:,}.")
        title = title or [""]
        above += last + 1
        before |= fresh


def _limit_rows(
    source: File, rows: Iterator[tuple[int, dict[int, str]]], meter: Meter, above: int
) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows of a sheet, as long as all that was read keeps the limits."""
    for number, cells in rows:
        if above + number > MAX_ROWS:
            raise workbook_refusal(source, f"it has more than {MAX_ROWS:,} rows")
        size = sum(map(len, cells.values()))
        check_row(size, source.name)
        meter.add(decoded=size)
        yield number, cells


def _header_row(sheet: Sheet, title: list[str]) -> tuple[int | None, dict[int, int]]:
    """The number of the row that says what the first sheet's header says, among a sheet's first;
    and the place in the first sheet of each column that stands elsewhere here.
    """
    for number, cells in itertools.takewhile(lambda row: row[0] < LOOKED_AT, sheet.read(-1)):
        here = _title(cells, max(cells))
        if here == title:
            return number, {}
        if sorted(here) == sorted(title) and len(set(title)) == len(title):
            return number, {at: title.index(name) + 1 for at, name in enumerate(here, 1)}
    return None, {}


def _title(cells: dict[int, str], width: int) -> list[str]:
    found = [text.strip() for text in in_order(cells, width)]
    while found and not found[-1]:
        found.pop()
    return found


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
        raise workbook_refusal(source, "it unpacks to more than a workbook may")
    if any(part.compress_type not in PLAIN for part in parts):
        raise workbook_refusal(source, "it is packed in a way that no workbook is")
    return parts


def workbook_refusal(source: File, why: str) -> SourceRefused:
    """Make the error for a workbook that cannot be read."""
    return SourceRefused(
        f"The workbook cannot be read: {why}.",
        where=source.name,
        remedy="Save the sheet as CSV (UTF-8), and observe that.",
    )
