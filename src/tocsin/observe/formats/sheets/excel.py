"""The sheets of an Excel workbook (.xlsx) that hold one table, as texts, row by row.

Reads with openpyxl in its streaming mode, XML through defusedxml: entities are refused, and so
is a workbook that unpacks beyond the limits. Formulas are never computed; the value that the
workbook keeps for them is read.
"""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import partial
from typing import Any, NamedTuple

from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused, require
from tocsin.observe.formats.file import File
from tocsin.observe.formats.limits import (
    MAX_ELEMENTS,
    MAX_ROWS,
    MAX_WHOLE,
    Meter,
    bomb,
    check_columns,
)
from tocsin.observe.formats.records import Row
from tocsin.observe.formats.sheets.cells import (
    EMPTY_FORMULAS,
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
from tocsin.observe.formats.sheets.dress import what_looks_say
from tocsin.observe.formats.unpack import BLOCK

_ROW, _TEXT = (re.compile(rb"<(?:\w{1,40}:)?%s[\s/>]" % tag) for tag in (b"row", b"si"))
"""Where a row of a sheet begins, and where a shared text does."""


_MERGED = re.compile(
    rb"<(?:\w{1,40}:)?mergeCell\s[^<>]{0,200}?ref=.([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})\W"
)
"""A block of merged cells: its first column, its first row and its last."""
_NS = rb"(?:\w{1,40}:)?"
_EMPTY_FORMULA = re.compile(
    rb"<%bc\s(?![^<>]{0,200}t=.str)[^<>]{0,200}>\s{0,9}<%bf[^<>]{0,300}>[^<>]{0,8192}</%bf>\s{0,9}"
    rb"(?:<%bv\s{0,9}/>|<%bv></|</%bc>)" % ((_NS,) * 6)
)
"""A cell with a formula and no result. That of a text (`str`) may be an empty one."""


_HIDDEN = re.compile(
    rb"<(?:\w{1,40}:)?row\s(?=[^<>]{0,300}?hidden=.(?:1|true)\W)[^<>]{0,300}?r=.(\d{1,7})\W"
)
"""A row that is hidden, by hand or by a filter, with its number."""
HIDDEN = (
    "Rows are hidden ({rows:,}), by hand or by a filter; they were read like all others. If they "
    "are not to count, delete them."
)
VISIBLE = "visible"
"""What a sheet says of itself that is not hidden."""


class Merged(NamedTuple):
    """Cells of one column that are merged: the column and its rows, all counted from 1."""

    column: int
    first: int
    last: int


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
    with _tables(source) as tables:
        rows = _guard(source, tables[0].iter_rows(values_only=True))
        found = list(itertools.islice(rows, count))
        check_columns(max((max(row, default=0) for row in found), default=0), source.name)
        return [in_order(row, max(row, default=0)) for row in found]


def excel_rows(
    source: File,
    width: int,
    meter: Meter,
    header: int = 0,
    tell: Callable[[str], None] = lambda _note: None,
) -> Iterator[Row]:
    """Read the rows of the first sheet with a table after its header, and of those with the same.

    A text or a day in cells that are merged downwards stands in each of their rows. A number does
    not: nobody knows whether it counts each row, or all of them together.

    Args:
        source: the workbook.
        width: number of columns; shorter rows are filled, longer ones are at fault.
        meter: counts what the file has unfolded to.
        header: number of the row in which the header ends, the first row being 0.
        tell: is given a sentence if cells are merged downwards, if formulas have no results, and on
            each further sheet with a table: those with the same header are read, too.

    Yields:
        The rows that are not empty, numbered as they stand. The bytes of each are its cells
        written as a line of CSV.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl or defusedxml is not installed.
    """
    with _tables(source) as tables:
        every = tables[0].parent.worksheets[:MAX_SHEETS]
        for one in every:
            if one not in tables and one.sheet_state != VISIBLE and _holds_table(one):
                tell(f"The sheet '{one.title}' is hidden and was not read.")
        first = next((one for one in every if one.sheet_state == VISIBLE), every[0]).title
        sheets = [Sheet(one.title, partial(_rows, source, one, width, tell)) for one in tables]
        book = Book(first, sheets)
        yield from stacked_rows(source, book, meter, width=width, header=header, tell=tell)


def _rows(
    source: File, sheet: Any, width: int, tell: Callable[[str], None], header: int
) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows of a sheet that are not empty, with merged cells below the header filled."""
    merged, empty = list[Merged](), 0
    if header >= 0:
        merged, empty, hidden = _look(sheet.parent._archive, sheet._worksheet_path)
        if rows := sum(row > header + 1 for row in hidden):
            tell(HIDDEN.format(rows=rows))
        for note in what_looks_say(sheet.parent._archive, sheet._worksheet_path, header + 1):
            tell(note)
    if empty:
        tell(EMPTY_FORMULAS.format(cells=quantity(empty, "cell")))
    below = (one for one in merged if one.first > header + 1 and one.column <= width)
    fill = _Fill(list(below), tell)
    for number, found in enumerate(_guard(source, sheet.iter_rows(values_only=True))):
        # The library gives every row up to the last one, be they a thousand million.
        if number > MAX_ROWS:
            raise workbook_refusal(source, f"it has more than {MAX_ROWS:,} rows")
        if number > header and found:
            fill.fill(number + 1, found)
        if found:
            yield number, found


@contextmanager
def _tables(source: File) -> Iterator[list[Any]]:
    """The sheets that hold tables; at least one, be it empty."""
    openpyxl = require("openpyxl", extra="observe")
    require("defusedxml", extra="observe")
    with source.raw() as raw:
        # The library may fail in any way on a damaged file; each is a refusal.
        try:
            _within_limits(source)
            book = openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
            sheets = book.worksheets[:MAX_SHEETS]
            for one in sheets:
                one.reset_dimensions()
                # The library would fill a row with nothing up to its last cell.
                one._get_row = _fill_row
            found = [one for one in sheets if len(sheets) > 1 and _holds_table(one)]
            # What an office hides is often a copy, or the log of another year.
            shown = [one for one in found if one.sheet_state == VISIBLE]
            yield shown or found or [sheets[0]]
        except SourceRefused:
            raise
        except Exception as error:
            raise workbook_refusal(source, _why(error)) from error


def _holds_table(sheet: Any) -> bool:
    """Two of a sheet's first rows have two cells or more; a page of words on the data has none."""
    first = itertools.islice(sheet.iter_rows(values_only=True), LOOKED_AT)
    return sum(len(row or {}) > 1 for row in first) > 1


class _Fill:
    """Puts what stands in the first of merged cells into the others, row by row."""

    def __init__(self, merged: list[Merged], tell: Callable[[str], None]) -> None:
        self.open = sorted(merged, key=lambda one: -one.first)
        self.now: dict[int, tuple[int, str]] = {}
        if merged:
            tell(MERGED)

    def fill(self, row: int, found: dict[int, str]) -> None:
        """Fill a row's empty cells; rows come in order, those without any text may be left out."""
        while self.open and self.open[-1].first <= row:
            one = self.open.pop()
            text = found.get(one.column, "") if one.first == row else ""
            if text and not is_number(text):
                self.now[one.column] = one.last, text
        self.now = {at: (last, text) for at, (last, text) in self.now.items() if last >= row}
        for column, (_, text) in self.now.items():
            found.setdefault(column, text)


def _look(archive: zipfile.ZipFile, path: str) -> tuple[list[Merged], int, set[int]]:
    """The cells of a sheet that are merged downwards, which are listed after all its rows; how many
    formulas have no result; and the rows that are hidden.
    """
    rest, after, merged, empty, hidden = b"", False, list[Merged](), 0, set[int]()
    with archive.open(path) as content:
        while block := content.read(BLOCK):
            text = rest + block
            after = after or b"sheetData>" in text
            empty += len(_EMPTY_FORMULA.findall(text)) if b"f>" in text else 0
            hidden |= set(map(int, _HIDDEN.findall(text))) if b"hidden" in text else set()
            for column, first, last in _MERGED.findall(text) if after else ():
                if int(last) > int(first):
                    merged.append(Merged(_place(column), int(first), int(last)))
            # What a block is cut in is looked at with the next one, and only there.
            rest = text[text.rfind(b"<") :] if b"<" in text[-300:] else text[-300:]
    return merged, empty, hidden


def _place(letters: bytes) -> int:
    """The number of a column that a sheet calls by letters, A being 1."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _fill_row(row: list[dict[str, Any]], *_asked: Any) -> dict[int, str]:
    texts = {cell["column"]: _text(cell["value"]) for cell in row}
    last = max((column for column, text in texts.items() if text.strip()), default=0)
    return {column: text for column, text in texts.items() if text and column <= last}


def _guard(source: File, rows: Iterator[Any]) -> Iterator[dict[int, str]]:
    try:
        # The library gives an empty list for a row that is not there.
        yield from (row or {} for row in rows)
    except Exception as error:
        raise workbook_refusal(source, _why(error)) from error


def _why(error: BaseException) -> str:
    """What began it: the library wraps the first error in others."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}".removesuffix(".")


def _within_limits(source: File) -> None:
    with source.raw() as raw, zipfile.ZipFile(raw) as archive:
        parts = checked_parts(source, archive)
        held = sum(part.file_size for part in parts if "worksheets/" not in part.filename)
        if held > MAX_WHOLE:
            raise workbook_refusal(source, "it unpacks to more than a workbook may")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _count_elements(source, archive, part)


def _count_elements(source: File, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part of which the library would hold too many elements at once.

    It holds one row of a sheet, or one shared text, at a time; any other part it holds whole. An
    element takes a hundred times the memory of the four bytes that it can be written in.
    """
    shared = part.filename.endswith("sharedStrings.xml")
    start = _TEXT if shared else _ROW if "worksheets/" in part.filename else None
    count, rest = 0, b""
    with archive.open(part) as content:
        while block := content.read(BLOCK):
            # What a block is cut in is looked at with the next one.
            text = rest + block
            cut = text.rfind(b"<") if len(text) < 2 * BLOCK else len(text)
            text, rest = text[:cut], text[cut:]
            pieces = start.split(text) if start else [text]
            for at, piece in enumerate(pieces):
                count = piece.count(b"<") + (0 if at else count)
                if count > MAX_ELEMENTS:
                    raise bomb(source.name, f"{count:,} parts of one row", source.size)


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
