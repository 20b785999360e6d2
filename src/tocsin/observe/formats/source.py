"""One file as a reader sees it: what it holds, told without reading it whole, and its rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Self

from tocsin.errors import SourceRefused
from tocsin.observe.formats.characters import code_page_of, hostile, mend_encoding, strip_directions
from tocsin.observe.formats.file import File
from tocsin.observe.formats.header import (
    FIRST_ROWS,
    SEPARATOR_LINE,
    Header,
    distinct_names,
    find_header,
    head_rows,
    is_tags,
    names_of,
)
from tocsin.observe.formats.header.across import Turned, stands_across, turn
from tocsin.observe.formats.limits import MAX_CONTENT, Meter, check_columns
from tocsin.observe.formats.parquet import parquet_names, parquet_rows
from tocsin.observe.formats.records import (
    SEPARATORS,
    Record,
    Row,
    checked_row,
    join_lines,
    lines,
    text_rows,
)
from tocsin.observe.formats.sheets.excel import excel_head, excel_rows
from tocsin.observe.formats.sheets.opendocument import opendocument_head, opendocument_rows
from tocsin.observe.formats.unpack import as_utf8, unpack_blocks

CODE_PAGES = {
    "cp1252": "Windows-1252, as Excel saves CSV",
    "cp1256": "Windows-1256, as Excel saves CSV where Arabic is written",
}
HEAD = 64 * 1024
"""Bytes from the start by which a reader may know a file."""


class Source(File):
    """A file, packed or not, that is read as a table or a document.

    Example:
        >>> source = Source.of_bytes("t.csv", b"country,month\\nSyria,2020-01\\n")
        >>> source.header, [record.fields["country"] for record in source.records()]
        (['country', 'month'], ['Syria'])
    """

    _small = False

    def in_small_letters(self) -> Self:
        """Return the same file with the names of its columns in small letters.

        SPSS and databases write names in capitals.
        """
        found = type(self)(self.name, self._open, self.size)
        found._small = True
        return found

    def blocks(self) -> Iterator[bytes]:
        """Unpack the content of a text, as UTF-8 where it is UTF-16, UTF-32 or of Windows.

        Yields:
            The bytes in order, in blocks.

        Raises:
            SourceRefused: the file is damaged, or beyond the limits of
                `tocsin.observe.formats.unpack`.
        """
        with self._open() as raw:
            found = unpack_blocks(raw, name=self.name, size=self.size)
            yield from as_utf8(found, name=self.name, code_page=lambda: self._code_page)

    @cached_property
    def _code_page(self) -> str | None:
        """The text's code page of Windows, if it has one. It is read whole for that, once.

        A document is not asked: XML says itself how it is written, and JSON is UTF-8.
        """
        with self._open() as raw:
            found = lines(unpack_blocks(raw, name=self.name, size=self.size), name=self.name)
            first = next((line.strip() for line in found if line.strip()), b"")
            if first[:1] in (b"<", b"{", b"["):
                return None
            return code_page_of(itertools.chain((first,), found))

    @cached_property
    def head(self) -> bytes:
        """Return the first `HEAD` bytes of `blocks`, without a byte order mark.

        Returns:
            The bytes; none for Excel and Parquet.
        """
        if self.container != "text":
            return b""
        found = b""
        for block in self.blocks():
            found += block
            if len(found) >= HEAD:
                break
        return found[:HEAD].removeprefix(b"\xef\xbb\xbf")

    def content(self, limit: int = MAX_CONTENT) -> bytes:
        """Unpack the whole content of a document.

        Args:
            limit: the most bytes that are taken.

        Returns:
            All bytes, without a byte order mark.

        Raises:
            SourceRefused: longer than the limit; a document cannot be read in parts.
        """
        parts, total = [], 0
        for block in self.blocks():
            total += len(block)
            if total > limit:
                raise SourceRefused(
                    f"The document is longer than {limit // 2**20} MiB.",
                    where=self.name,
                    remedy="Split it, and observe the parts.",
                )
            parts.append(block)
        return b"".join(parts).removeprefix(b"\xef\xbb\xbf")

    @cached_property
    def header(self) -> list[str]:
        """Return the column names by which a reader knows a table; empty where it has none.

        A name that stands twice, or only one name, makes no header here: a reader must not
        choose between two columns. `columns` is less strict.
        """
        names = self._header.names
        distinct = len(names) > 1 and len(set(names)) == len(names)
        return names if distinct and not any(map(hostile, names)) else []

    @property
    def names(self) -> list[str]:
        """Return the names of the columns as they stand, without outer spaces; '' for none."""
        return self._header.names

    @property
    def above(self) -> list[str]:
        """Return the texts that stand above the header, such as a title."""
        rows = self._first_rows[: self._header.first]
        return [cell for row in rows for cell in row if cell.strip()]

    @property
    def own_names(self) -> dict[str, str]:
        """Return the own name of each column in a header of two lines, by the names of `columns`.

        Empty for a header in one line.
        """
        return dict(zip(self.columns, self._header.own, strict=False))

    @cached_property
    def columns(self) -> list[str]:
        """Return the column names of any table: a second one of a name is numbered.

        An empty name is called after its place. The list is empty where the first row holds no
        name, or hostile characters.
        """
        names = self._header.names
        return [] if any(map(hostile, names)) else distinct_names(names)

    def rows(self) -> Iterator[Row]:
        """Read the rows of a table after its header, one by one, with their cells as they stand.

        A row of HXL hashtags under the header is left out: `tags` has it. Of a table that stands
        across, each row is a column of the file.

        Returns:
            An iterator over the rows.

        Raises:
            SourceRefused: the file is damaged, or beyond the limits.
        """
        return itertools.dropwhile(lambda row: is_tags(row.cells), self._rows())

    def _rows(self) -> Iterator[Row]:
        if self.across is not None:
            return iter(self.across.rows)
        names = self._header.names
        unnamed = sum(not name for name in itertools.takewhile(lambda one: not one, names[::-1]))
        return self._standing_rows(len(names), self._header.last, unnamed)

    def _standing_rows(self, width: int, last: int, unnamed: int) -> Iterator[Row]:
        """The rows below row `last` as they stand, of as many cells as there are columns."""
        meter = Meter(self.name, self.size)
        if self.container == "excel":
            return meter.rows(excel_rows(self, width, meter, last, self.tell), width)
        if self.container == "opendocument":
            sheet = opendocument_rows(self, width, meter, last, self.tell)
            return meter.rows(sheet, width)
        if self.container == "parquet":
            return meter.rows(parquet_rows(self, width, meter), width)
        found = text_rows(self.lines(), width, self.separator, unnamed=unnamed, header=last)
        return meter.rows(found, width)

    @cached_property
    def tags(self) -> dict[str, str]:
        """Return the HXL hashtag of each column that has one, by the names of `columns`."""
        first = next(self._rows(), None)
        below = first.cells if first is not None and is_tags(first.cells) else []
        told = zip(self.columns, map(str.strip, below or self._header.tags), strict=False)
        return {name: tag for name, tag in told if tag}

    @property
    def notes(self) -> list[str]:
        """Say in whole sentences what of the file was read otherwise than it stands."""
        notes = []
        # Known once a byte was met that is no UTF-8; the file is not read again to say it.
        if page := vars(self).get("_code_page"):
            notes.append(f"The text is no UTF-8; it was read as {CODE_PAGES[page]}.")
        across = [self.across.note] if self.across else []
        return notes + across + self._header.notes + sorted(set(self._told))

    def tell(self, note: str) -> None:
        """Note in a whole sentence what a reader took otherwise than it stands in the file."""
        self._told.append(note)

    @property
    def header_line(self) -> int:
        """Return the line in which the header ends, the first line being 1."""
        return self._header.last + 1

    def lines(self) -> Iterator[bytes]:
        """Read the lines of a text table, the header's first, with their ends."""
        return lines(self.blocks(), name=self.name)

    @property
    def is_json(self) -> bool:
        """Tell whether the text begins as JSON does, and is no table."""
        return self.head.lstrip()[:1] in (b"{", b"[")

    @property
    def separator(self) -> str:
        """Return the sign that separates the columns of a text table; empty for Excel and
        Parquet.
        """
        return self._text_head[1] if self.container == "text" else ""

    def records(self, *, numbered: bool = False) -> Iterator[Record]:
        """Read the records of a table under its header, one by one.

        Args:
            numbered: a name that stands twice is numbered, as in `columns`; else it is refused,
                since a reader of a published source must not choose between two columns.

        Returns:
            An iterator over the records.

        Raises:
            SourceRefused: the file has no header, or one of names that are not distinct, or is
                damaged.
        """
        names = self.columns if numbered else self.header
        if not names:
            raise SourceRefused(
                "This is not a table with a header of distinct column names.",
                where=self.name,
                remedy="See docs/sources for what can be read.",
            )
        return (row.record(names) for row in self.rows())

    @cached_property
    def _told(self) -> list[str]:
        """What reading the rows told, as often as they were read."""
        return []

    @cached_property
    def across(self) -> Turned | None:
        """Return the table turned, where its fields go down its first column; mostly it is None."""
        first = self._first_rows
        if not stands_across(first):
            return None
        width = max(map(len, first))
        rows = self._standing_rows(width, 0, width)
        top = checked_row(0, 1, b"", [*first[0], *[""] * (width - len(first[0]))], width)
        return turn(itertools.chain([top], rows))

    @cached_property
    def _first_rows(self) -> list[list[str]]:
        """The cells of the first rows; none of a document or a Parquet file."""
        if self.container == "excel":
            return excel_head(self, FIRST_ROWS)
        if self.container == "opendocument":
            return opendocument_head(self, FIRST_ROWS)
        if self.container == "parquet" or self.head.lstrip()[:1] in (b"{", b"[", b"<"):
            return []
        return head_rows(self.head, FIRST_ROWS)[0]

    @cached_property
    def _header(self) -> Header:
        """The names of the columns, and where they stand."""
        if self.container == "parquet":
            found = Header(parquet_names(self))
        elif self.container == "text":
            found = self._text_head[0]
        else:
            found = find_header(self._first_rows)
        check_columns(len(found.names), self.name)
        if self.across is not None:
            found = Header(self.across.names)
        meant = [mend_encoding(strip_directions(name)) for name in found.names]
        found = replace(found, names=meant) if meant != found.names else found
        return replace(found, names=[n.casefold() for n in found.names]) if self._small else found

    @cached_property
    def _text_head(self) -> tuple[Header, str]:
        """The header of a text table, and what separates its columns."""
        if self.head.lstrip()[:1] in (b"{", b"[", b"<"):
            # A document, whose first line may be all of it.
            names, separator = names_of(self.head.partition(b"\n")[0])
            return Header(names), separator
        first = next(join_lines(self.lines()), (b"", True))[0]
        check_columns(1 + max(map(first.count, SEPARATORS.encode())), self.name)
        if told := SEPARATOR_LINE.fullmatch(first.decode("utf-8", "replace").strip("\r\n")):
            second = next(itertools.islice(join_lines(self.lines()), 1, None), (b"", True))[0]
            return Header(names_of(second, told[1])[0], 1, 1), told[1]
        rows, separator = head_rows(self.head, FIRST_ROWS)
        found = find_header(rows)
        if found.last or found.tags:
            return found, separator
        names, separator = names_of(first, separator)
        return Header(names), separator
