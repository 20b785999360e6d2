"""Records of a text table with their original bytes, so that nothing is lost in reading.

Follows RFC 4180, and where a file does not: a quote that never closes spoils one line, not
the rest of the file. Lines come and go one by one; a file of any length fits.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tocsin.errors import SourceRefused
from tocsin.observe.formats.characters import hostile, mend_encoding, strip_directions, trim
from tocsin.observe.formats.limits import BATCH_BYTES, BATCH_CELLS, MAX_LINES, MAX_RECORD

SEPARATORS = ",;\t|"
"""What may separate columns; the one that stands most often in the header does."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: its number (the file's first row is 0), its bytes, its fields or fault.

    The fields of a text table, a sheet or a Parquet file are texts without outer spaces;
    those of other containers (a JSON object) are what the container holds. `line` is where
    the record begins, as an editor or a spreadsheet counts (the header is in line 1); 0 where
    a container has no lines. `mended` holds heading, text as it stands, and text as it was meant,
    for each field whose letters a program had mangled (`characters.mend_encoding`).
    """

    number: int
    original: bytes
    fields: dict[str, Any]
    fault: tuple[str, str] | None = None
    line: int = 0
    mended: tuple[tuple[str, str, str], ...] = ()

    @property
    def sheet_line(self) -> int | None:
        """Return the row of a spreadsheet in which the record stands; None where there are no
        rows.

        A spreadsheet shows a record in one row, however many lines of text it runs over.
        """
        return self.number + 1 if self.line else None


class Row(NamedTuple):
    """One row of a table, before its columns have names.

    `number` counts the rows of the file (the first, mostly the header, is 0), `line` is where it
    begins in the file (the first line is 1). The cells are the texts as they stand, outer spaces
    included. A row at fault (rule and reason) has the cells that could be told apart, perhaps too
    many or too few: each user of a table decides whether such a row may count.
    """

    number: int
    line: int
    original: bytes
    cells: list[str]
    fault: tuple[str, str] | None = None

    def record(self, header: Sequence[str]) -> Record:
        """Put the row under the names of its columns.

        Args:
            header: the names, as many as the row has cells.

        Returns:
            The record, its texts without outer spaces; it has no fields if the row is at fault.
        """
        if self.fault:
            return Record(self.number, self.original, {}, self.fault, self.line)
        cells = dict(zip(header, self.cells, strict=True))
        return record_of_texts(self.number, self.original, cells, self.line)


def record_of_texts(
    number: int, original: bytes, cells: Mapping[str, str], line: int = 0
) -> Record:
    """Make a record of texts: without outer spaces, and mangled letters as they were meant.

    Args:
        number: the number of the record in its file.
        original: its bytes.
        cells: the texts as they stand, by column.
        line: the line in which it begins; 0 where a file has no lines.

    Returns:
        The record.
    """
    if original.isascii():
        return Record(number, original, {n: cell.strip() for n, cell in cells.items()}, None, line)
    fields = {name: trim(cell) for name, cell in cells.items()}
    # A mangled letter may end in a space, so that letters come before spaces.
    meant = {name: trim(mend_encoding(cell)) for name, cell in cells.items()}
    mended = tuple(
        (name, stood, meant[name]) for name, stood in fields.items() if stood != meant[name]
    )
    return Record(number, original, meant, None, line, mended)


def lines(blocks: Iterable[bytes], *, name: str) -> Iterator[bytes]:
    """Cut blocks of bytes into lines, wherever the blocks begin and end.

    Args:
        blocks: the bytes of a text, in order.
        name: the file's name, for errors.

    Yields:
        The lines with their ends, in order.

    Raises:
        SourceRefused: one line is longer than `MAX_RECORD`.
    """
    rest = b""
    for block in blocks:
        parts = (rest + block).splitlines(keepends=True)
        # A carriage return at the end of a block may be the first half of a line's end.
        rest = parts.pop() if parts and not parts[-1].endswith(b"\n") else b""
        if len(rest) > MAX_RECORD:
            raise SourceRefused(
                f"One line is longer than {MAX_RECORD:,} bytes.",
                where=name,
                remedy="This is not a table of records; see docs/sources for what can be read.",
            )
        yield from parts
    yield from rest.splitlines(keepends=True)


def join_lines(
    found: Iterable[bytes], fits: Callable[[bytes], bool] = lambda _joined: True
) -> Iterator[tuple[bytes, bool]]:
    """Join the lines of one record where a quoted field holds line ends.

    Args:
        found: lines with their ends.
        fits: tells whether joined lines are a record. Lines are joined only if they are; else the
            quote of the first was a stray, and the others must not be lost with it.

    Yields:
        The bytes of a record, and whether every quote in it was closed.
    """
    source, ahead = iter(found), deque[bytes]()

    def more() -> bool:
        line = next(source, None)
        if line is not None:
            ahead.append(line)
        return line is not None

    while ahead or more():
        end, quotes, size = 0, ahead[0].count(b'"'), len(ahead[0])
        while quotes % 2 and end < MAX_LINES and (end + 1 < len(ahead) or more()):
            end += 1
            quotes += ahead[end].count(b'"')
            size += len(ahead[end])
            if size > MAX_RECORD:
                break
        whole = b"".join(itertools.islice(ahead, end + 1))
        if quotes % 2 or (end and not fits(whole)):
            yield ahead.popleft(), False
        else:
            yield whole, True
            for _ in range(end + 1):
                ahead.popleft()


def text_rows(
    found: Iterable[bytes],
    width: int,
    separator: str,
    first: tuple[int, int] = (0, 1),
    *,
    unnamed: int = 0,
    header: int = 0,
) -> Iterator[Row]:
    """Parse lines into the rows after the header; blank lines are passed over, but counted.

    A separator at the end of every row, or of the header only, is no column: empty cells beyond the
    header are left out, and those under empty names at its end may be missing.

    Args:
        found: the lines, the header among them.
        width: number of columns.
        separator: what separates them.
        first: number and line of the first of the lines.
        unnamed: how many columns at the end have no name.
        header: number of the row in which the header ends; the rows up to it are left out.

    Yields:
        The rows, numbered as they stand. A row that cannot be read, or has too many or too few
        cells, is at fault.
    """

    def fits(whole: bytes) -> bool:
        try:
            parsed = _parse(whole.decode("utf-8", "replace"), separator)
        except csv.Error:
            return False
        return len(parsed) == 1 and len(_fit_width(parsed[0], width, unnamed)) == width

    number, line = first
    for original, closed in join_lines(found, fits):
        if number > header and original.strip(_NOTHING):
            row = _row(number, line, original, closed=closed, separator=separator, width=width)
            cells = _fit_width(row.cells, width, unnamed)
            if number == header + 1 and _is_rule(cells):
                # A line of dashes that Markdown and databases print below a header.
                number, line = number + 1, line + 1
                continue
            fault = row.fault or (None if len(cells) == width else _ragged_words(len(cells), width))
            yield row._replace(cells=cells, fault=fault)
        number += 1
        line += 1 if not closed or b'"' not in original else len(original.splitlines())


def checked_row(number: int, line: int, original: bytes, cells: list[str], width: int) -> Row:
    """Make a row of cells that a container has told apart; hostile characters are its fault.

    Args:
        number: the row's number, the header being 0.
        line: where it begins in the file, the header being in line 1.
        original: its bytes.
        cells: its texts.
        width: how many cells it should have.

    Returns:
        The row, with a fault where the number of its cells is wrong or a cell is hostile.
    """
    fault, cells = None, [strip_directions(cell) for cell in cells]
    if len(cells) != width:
        fault = _ragged_words(len(cells), width)
    elif any(found := hostile(cell) for cell in cells if cell):
        fault = ("characters", str(found))
    return Row(number, line, original, cells, fault)


def some_records(records: Iterator[Record], most: int) -> list[Record]:
    """Take the next records, fewer of them where they are wide.

    Args:
        records: the records that are left.
        most: the most that are taken.

    Returns:
        The records, of about `BATCH_CELLS` fields and `BATCH_BYTES` at most; none at the end.
    """
    found, cells, size = list[Record](), 0, 0
    for record in records:
        found.append(record)
        cells += len(record.fields)
        size += len(record.original)
        if len(found) == most or cells > BATCH_CELLS or size > BATCH_BYTES:
            break
    return found


def text_record(number: int, original: bytes, header: Sequence[str], cells: list[str]) -> Record:
    """Make a record of cells that a source has told apart; hostile characters are its fault.

    Args:
        number: the record's number, the header being 0.
        original: its bytes.
        header: the names of the columns.
        cells: its texts.

    Returns:
        The record, without fields if it is at fault.
    """
    return checked_row(number, 0, original, cells, len(header)).record(header)


def _fit_width(cells: list[str], width: int, unnamed: int) -> list[str]:
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    lacking = width - len(cells)
    return [*cells, *[""] * lacking] if 0 < lacking <= unnamed else cells


_RULE = re.compile(r"\s*[:+]?-{3,}[:+]?\s*|\s*")


def _is_rule(cells: Sequence[str]) -> bool:
    return any("---" in cell for cell in cells) and all(map(_RULE.fullmatch, cells))


_NOTHING = b" \t\r\n\v\f\0\x1a"
"""A line of nothing but these is none: some programs end a text by zeros, or by U+001A."""


def _row(
    number: int, line: int, original: bytes, *, closed: bool, separator: str, width: int
) -> Row:
    text, fault = _decode(original)
    escapes = _parse_escapes(text, separator, width)
    stray = b'"' in original and not closed and _is_stray(original, separator, width)
    if not (closed or stray or escapes):
        fault = "quote", "A quote is opened and never closed."
    if b'"' not in original:
        cells = text.rstrip("\r\n").split(separator)
    else:
        try:
            parsed = escapes or _parse(text, separator)
        except csv.Error as error:
            return Row(number, line, original, [text], fault or ("ragged", f"Not a row: {error}."))
        if len(parsed) != 1:
            lengths = " and ".join(str(len(cells)) for cells in parsed)
            fault = fault or ("ragged", f"{lengths} fields where one row is expected.")
        cells = parsed[0] if parsed else []
    return Row(number, line, original, cells, fault)


def _decode(original: bytes) -> tuple[str, tuple[str, str] | None]:
    try:
        text, fault = original.decode("utf-8"), None
    except UnicodeDecodeError as error:
        fault = "encoding", f"Byte {error.start} is not UTF-8; the encoding is unknown."
        # No byte is lost by this decoding, so that an identifier comes out as it went in.
        text = original.decode("latin-1")
    text = strip_directions(text)
    if not fault and "\x00" in text:
        fault = "encoding", "The record holds a null character."
    if not fault and (found := hostile(text)):
        fault = "characters", found
    return text, fault


def _parse(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _is_stray(original: bytes, separator: str, width: int) -> bool:
    """Is a quote that nobody closes a part of a cell, as in 5" for five inches?"""
    return _is_whole(original.decode("utf-8", "replace"), separator, width)


def _is_whole(text: str, separator: str, width: int) -> bool:
    told = io.StringIO(text, newline="")
    try:
        parsed = list(csv.reader(told, delimiter=separator, strict=True))
    except csv.Error:
        return False
    return len(parsed) == 1 and len(parsed[0]) == width


def _parse_escapes(text: str, separator: str, width: int) -> list[list[str]] | None:
    """The cells of a row whose quotes have a stroke before them, as R and MySQL write them.

    A stroke before a quote may also be the last sign of a text. Where the row is whole by the
    usual rule, that a quote within a text is doubled, the usual rule holds.
    """
    if '\\"' not in text or _is_whole(text, separator, width):
        return None
    told = io.StringIO(text, newline="")
    try:
        parsed = list(
            csv.reader(told, delimiter=separator, escapechar="\\", doublequote=False, strict=True)
        )
    except csv.Error:
        return None
    return parsed if len(parsed) == 1 and len(parsed[0]) == width else None


def _ragged_words(cells: int, width: int) -> tuple[str, str]:
    return "ragged", f"{cells} fields where the header has {width}."
