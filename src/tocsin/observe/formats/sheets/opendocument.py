"""The sheet of an OpenDocument spreadsheet (.ods) that holds a table, as texts, row by row.

OASIS, Open Document Format for Office Applications 1.3, part 3, chapters 9 and 19. The XML is read
through defusedxml, and only the row in hand is held. A row or a cell can say that it stands there
a million times: it counts as what it unfolds to, and is unfolded only within the limits. Formulas
are never computed, and comments on cells are not read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from tocsin.errors import TocsinError, require
from tocsin.observe.formats.file import File
from tocsin.observe.formats.limits import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_ROWS,
    Meter,
    bomb,
    check_columns,
    check_row,
)
from tocsin.observe.formats.records import Row
from tocsin.observe.formats.sheets.cells import (
    LOOKED_AT,
    MAX_SHEETS,
    MERGED,
    Book,
    Sheet,
    checked_parts,
    in_order,
    is_number,
    stacked_rows,
    workbook_refusal,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OFFICE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)
_ROW, _CELL = f"{_TABLE}table-row", f"{_TABLE}table-cell"
_COVERED = f"{_TABLE}covered-table-cell"
_MIDNIGHT = re.compile(r"T00:00:00(\.0*)?$")
_SPACES = 1000
"""Spaces that stand for themselves; more of them in one place are a trap."""


class _Stated(NamedTuple):
    """A row as a workbook states it: where, how often, its texts, and which cells reach down."""

    sheet: int
    name: str
    number: int
    times: int
    cells: dict[int, str]
    spans: dict[int, int]
    """Columns whose cell is merged with those below, and over how many rows."""


def opendocument_head(source: File, count: int) -> list[list[str]]:
    """Read the texts of the first rows, without empty cells at their ends.

    Args:
        source: the workbook.
        count: how many rows to read.

    Returns:
        The texts of the first rows of the sheet that is read; empty rows are empty lists.

    Raises:
        SourceRefused: the workbook is damaged, protected, or beyond the limits.
        MissingExtra: defusedxml is not installed.
    """
    sheet, _ = _choose_sheet(source)[1][0]
    found: list[list[str]] = []
    for row in _rows_of(source, sheet):
        cells = in_order(row.cells, max(row.cells, default=0))
        found += [cells] * min(row.times, count - len(found))
        if len(found) == count:
            break
    return found


def opendocument_rows(
    source: File,
    width: int,
    meter: Meter,
    header: int = 0,
    tell: Callable[[str], None] = lambda _note: None,
) -> Iterator[Row]:
    """Read the rows of a sheet after its header, as `excel_rows` reads those of Excel.

    Args:
        source: the workbook.
        width: number of columns; shorter rows are filled, longer ones are at fault.
        meter: counts what the file has unfolded to.
        header: number of the row in which the header ends, the first row being 0.
        tell: is given a sentence if cells are merged downwards, and on each further sheet with a
            table: those with the same header are read, too.

    Yields:
        The rows that are not empty, numbered as they stand.

    Raises:
        SourceRefused: the workbook is damaged, protected, or beyond the limits.
        MissingExtra: defusedxml is not installed.
    """
    first, tables = _choose_sheet(source)
    sheets = [Sheet(name, partial(_filled_rows, source, at, tell)) for at, name in tables]
    book = Book(first, sheets)
    yield from stacked_rows(source, book, meter, width=width, header=header, tell=tell)


def _filled_rows(
    source: File, sheet: int, tell: Callable[[str], None], header: int
) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows of a sheet that are not empty, with merged cells below the header filled."""
    below: dict[int, tuple[int, str]] = {}
    for row in _rows_of(source, sheet):
        if not row.cells:
            continue
        if row.number + row.times - 1 > MAX_ROWS:
            raise workbook_refusal(source, f"it has more than {MAX_ROWS:,} rows")
        if row.spans and row.number > header >= 0:
            tell(MERGED)
        for number in range(row.number, row.number + row.times):
            cells = dict(row.cells)
            if number > header:
                below = {at: one for at, one in below.items() if one[0] >= number}
                for column, (_, text) in below.items():
                    cells.setdefault(column, text)
                below |= {
                    column: (number + rows - 1, row.cells[column])
                    for column, rows in row.spans.items()
                    if not is_number(row.cells[column])
                }
            yield number, cells


def _choose_sheet(source: File) -> tuple[str, list[tuple[int, str]]]:
    """The first sheet's name, and the sheets with tables by number and name, at least one."""
    return _choose(_ByContent(source))


class _ByContent:
    """A file that is the same as another of the same bytes, so that it is looked through once."""

    def __init__(self, source: File) -> None:
        self.source = source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and self.source.sha256 == other.source.sha256

    def __hash__(self) -> int:
        return hash(self.source.sha256)


@lru_cache(maxsize=4)
def _choose(file: _ByContent) -> tuple[str, list[tuple[int, str]]]:
    names, wide = list[str](), list[int]()
    for row in _rows_as_stated(file.source):
        if row.sheet == MAX_SHEETS:
            break
        if row.sheet == len(names):
            names.append(row.name)
            wide.append(0)
        if row.number < LOOKED_AT and len(row.cells) > 1:
            wide[-1] += min(row.times, LOOKED_AT - row.number)
    if not names:
        raise workbook_refusal(file.source, "it has no sheet")
    # A page of words on the data has no two rows of two cells.
    tables = [at for at, rows in enumerate(wide) if rows > 1] if len(names) > 1 else []
    return names[0], [(at, names[at]) for at in tables or [0]]


def _rows_of(source: File, sheet: int) -> Iterator[_Stated]:
    for row in _rows_as_stated(source):
        if row.sheet == sheet:
            yield row
        elif row.sheet > sheet:
            return


def _rows_as_stated(source: File) -> Iterator[_Stated]:
    """Every row of every sheet, in their order, as it is stated."""
    sheet, name, number, inside, held = -1, "", 0, 0, 0
    above: list[Element] = []
    for begins, element in _elements(source):
        if begins:
            above.append(element)
            held += 1
            if len(above) > MAX_DEPTH or held > MAX_ELEMENTS:
                raise bomb(source.name, f"{held:,} parts of one row", source.size)
            inside += element.tag == _ROW
            if element.tag == f"{_TABLE}table" and not inside:
                sheet, name, number = sheet + 1, element.get(f"{_TABLE}name", ""), 0
            continue
        above.pop()
        inside -= element.tag == _ROW
        if inside:
            continue
        if element.tag == _ROW and sheet >= 0:
            times = _count(element, f"{_TABLE}number-rows-repeated")
            yield _Stated(sheet, name, number, times, *_cells(element, source.name))
            number += times
        # What has been read is let go, or the whole document would be held.
        element.clear()
        if above:
            above[-1].remove(element)
        held = len(above)


def _elements(source: File) -> Iterator[tuple[bool, Element]]:
    """The elements of the document, each when it begins and when it ends."""
    trees = require("defusedxml.ElementTree", extra="observe")
    with _explained(source), source.raw() as raw, zipfile.ZipFile(raw) as archive:
        checked_parts(source, archive)
        with archive.open("content.xml") as content:
            for event, element in trees.iterparse(content, ("start", "end"), forbid_dtd=True):
                yield event == "start", element


@contextmanager
def _explained(source: File) -> Iterator[None]:
    try:
        yield
    except TocsinError:
        raise
    # The libraries may fail in any way on a damaged file; each is a refusal.
    except Exception as error:
        why = f"{type(error).__name__}: {error}".removesuffix(".")
        raise workbook_refusal(
            source, f"it is damaged, or protected by a password ({why})"
        ) from error


def _cells(row: Element, where: str) -> tuple[dict[int, str], dict[int, int]]:
    """The texts of a row by column, counted from 1, and over how many rows some are merged."""
    found, spans, column, size = dict[int, str](), dict[int, int](), 1, 0
    for cell in row:
        if cell.tag not in (_CELL, _COVERED):
            continue
        times = _count(cell, f"{_TABLE}number-columns-repeated")
        text = _text(cell) if cell.tag == _CELL else ""
        if text.strip():
            check_columns(column + times - 1, where)
            size += times * len(text)
            check_row(size, where)
            found |= dict.fromkeys(range(column, column + times), text)
            if (rows := _count(cell, f"{_TABLE}number-rows-spanned")) > 1:
                spans[column] = rows
        column += times
    return found, spans


def _text(cell: Element) -> str:
    """A cell as text: whole numbers without a point, days as ISO 8601."""
    kind = cell.get(f"{_OFFICE}value-type", "string")
    if kind in ("float", "percentage", "currency"):
        told = cell.get(f"{_OFFICE}value", "")
        try:
            value = float(told)
        except ValueError:
            return told
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else told
    if kind == "date":
        return _MIDNIGHT.sub("", cell.get(f"{_OFFICE}date-value", ""))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value", "").upper()
    shown = ("".join(_paragraph_text(one)) for one in cell if one.tag == f"{_TEXT}p")
    return cell.get(f"{_OFFICE}string-value") or "\n".join(shown)


def _paragraph_text(paragraph: Element) -> Iterator[str]:
    """The text of a paragraph; spaces, tabs and ends of lines are elements of their own."""
    yield paragraph.text or ""
    for one in paragraph:
        if one.tag == f"{_TEXT}s":
            yield " " * min(_count(one, f"{_TEXT}c"), _SPACES)
        elif one.tag == f"{_TEXT}tab":
            yield "\t"
        elif one.tag == f"{_TEXT}line-break":
            yield "\n"
        elif one.tag != f"{_OFFICE}annotation":
            yield from _paragraph_text(one)
        yield one.tail or ""


def _count(element: Element, name: str) -> int:
    """A number of times, at least 1; what is no number counts once."""
    told = element.get(name, "1")
    return max(int(told), 1) if told.isdecimal() and len(told) < 12 else 1
