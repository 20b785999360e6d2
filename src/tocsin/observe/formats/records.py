"""Records of a text table with their original bytes, so that nothing is lost in reading.

Follows RFC 4180, and where a file does not: a quote that never closes spoils one line, not
the rest of the file. Lines come and go one by one; a file of any length fits.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tocsin.errors import SourceRefused
from tocsin.observe.formats.characters import hostile

MAX_LINES = 200
"""A quoted field may run over so many lines; beyond, the quote was never closed."""
MAX_RECORD = 16 * 2**20
"""Bytes of one record; what is longer is no table of records."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number (the header is 0), its bytes, and its fields or its fault.

    The fields of a text table, a sheet or a Parquet file are texts without outer spaces;
    those of other containers (a JSON object) are what the container holds.
    """

    number: int
    original: bytes
    fields: dict[str, Any]
    fault: tuple[str, str] | None = None


def lines(blocks: Iterable[bytes], *, name: str) -> Iterator[bytes]:
    """Lines with their ends, of blocks cut anywhere.

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


def joined(
    found: Iterable[bytes], fits: Callable[[bytes], bool] = lambda _joined: True
) -> Iterator[tuple[bytes, bool]]:
    """Lines of one record joined where a quoted field holds line ends; and whether it closed.

    Args:
        found: lines.
        fits: is this a record? Lines are joined only if it is; else the quote of the first
            was a stray, and the others must not be lost with it.
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


def header_of(line: bytes) -> tuple[list[str], str]:
    """The column names in the first line of a text table, and what separates them.

    Returns:
        An empty list where the line is not a header of distinct names.
    """
    text = line.decode("utf-8", "replace").lstrip("\ufeff")
    delimiter = max(",;\t", key=text.count)
    try:
        found = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return [], delimiter
    names = [name.strip() for name in found]
    bad = len(names) < 2 or len(set(names)) < len(names) or hostile(text)
    return [] if bad else names, delimiter


def table_records(found: Iterable[bytes], header: list[str], delimiter: str) -> Iterator[Record]:
    """The records of lines, after the header; blank lines are passed over, and counted."""

    def fits(whole: bytes) -> bool:
        return not _record(0, whole, True, header, delimiter).fault

    for number, (original, closed) in enumerate(joined(found, fits)):
        if number > 0 and original.strip():
            yield _record(number, original, closed, header, delimiter)


def text_record(number: int, original: bytes, header: list[str], cells: list[str]) -> Record:
    """A record of cells that a container has told apart; hostile characters are its fault."""
    fault = None
    if len(cells) != len(header):
        fault = ("ragged", f"{len(cells)} fields where the header has {len(header)}.")
    elif any(found := hostile(cell) for cell in cells):
        fault = ("characters", str(found))
    if fault:
        return Record(number, original, {}, fault)
    fields = {name: value.strip() for name, value in zip(header, cells, strict=True)}
    return Record(number, original, fields)


def _record(number: int, original: bytes, closed: bool, header: list[str], sep: str) -> Record:
    fault = _unreadable(original) if closed else ("quote", "A quote is opened and never closed.")
    if fault:
        return Record(number, original, {}, fault)
    text = io.StringIO(original.decode("utf-8"), newline="")
    try:
        rows = list(csv.reader(text, delimiter=sep))
    except csv.Error as error:
        return Record(number, original, {}, ("ragged", f"Not a record: {error}."))
    if len(rows) != 1 or len(rows[0]) != len(header):
        lengths = " and ".join(str(len(row)) for row in rows)
        reason = f"{lengths} fields where the header has {len(header)}."
        return Record(number, original, {}, ("ragged", reason))
    fields = {name: value.strip() for name, value in zip(header, rows[0], strict=True)}
    return Record(number, original, fields)


def _unreadable(original: bytes) -> tuple[str, str] | None:
    """The fault of bytes that are not clean UTF-8 text."""
    try:
        text = original.decode("utf-8")
    except UnicodeDecodeError as error:
        return "encoding", f"Byte {error.start} is not UTF-8; the encoding is unknown."
    if "\x00" in text:
        return "encoding", "The record holds a null character."
    fault = hostile(text)
    return ("characters", fault) if fault else None
