"""One file as a reader sees it: what it holds, told without reading it whole, and its rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cached_property

from tocsin.errors import SourceRefused
from tocsin.observe.formats.characters import hostile
from tocsin.observe.formats.excel import excel_names, excel_rows
from tocsin.observe.formats.file import File
from tocsin.observe.formats.parquet import parquet_names, parquet_rows
from tocsin.observe.formats.records import (
    Record,
    Row,
    distinct_names,
    joined,
    lines,
    names_of,
    text_rows,
)
from tocsin.observe.formats.unpack import as_utf8, unpacked

HEAD = 64 * 1024
"""Bytes from the start by which a reader may know a file."""
MAX_CONTENT = 256 * 2**20
"""A document (JSON, XML) is read whole, so it may not be larger than this."""


def _is_tags(record: Record) -> bool:
    """Is this the row of HXL hashtags under a header (Humanitarian Exchange Language)?"""
    told = [cell for cell in record.fields.values() if cell]
    return record.number == 1 and bool(told) and all(map(_TAG.match, told))


_TAG = re.compile(r"#[A-Za-z][\w+ ]*$")


class Source(File):
    """A file, packed or not, that is read as a table or a document.

    Example:
        >>> source = Source.of_bytes("t.csv", b"country,month\\nSyria,2020-01\\n")
        >>> source.header, [record.fields["country"] for record in source.records()]
        (['country', 'month'], ['Syria'])
    """

    def blocks(self) -> Iterator[bytes]:
        """Unpack the content of a text, as UTF-8 where a mark says UTF-16 or UTF-32.

        Yields:
            The bytes in order, in blocks.

        Raises:
            SourceRefused: the file is damaged, or beyond the limits of
                `tocsin.observe.formats.unpack`.
        """
        with self._open() as raw:
            yield from as_utf8(unpacked(raw, name=self.name, size=self.size), name=self.name)

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
        names, _ = self._first_row
        distinct = len(names) > 1 and len(set(names)) == len(names)
        return names if distinct and not any(map(hostile, names)) else []

    @cached_property
    def columns(self) -> list[str]:
        """Return the column names of any table: a second one of a name is numbered.

        An empty name is called after its place. The list is empty where the first row holds no
        name, or hostile characters.
        """
        names, _ = self._first_row
        return [] if any(map(hostile, names)) else distinct_names(names)

    def rows(self) -> Iterator[Row]:
        """Read the rows of a table after its first row, one by one, with their cells as they
        stand.

        Returns:
            An iterator over the rows.

        Raises:
            SourceRefused: the file is damaged, or beyond the limits.
        """
        names, separator = self._first_row
        if self.container == "excel":
            return excel_rows(self, len(names))
        if self.container == "parquet":
            return parquet_rows(self, len(names))
        unnamed = sum(not name for name in itertools.takewhile(lambda one: not one, names[::-1]))
        return text_rows(self.lines(), len(names), separator, unnamed=unnamed)

    def lines(self) -> Iterator[bytes]:
        """Read the lines of a text table, the header's first, with their ends."""
        return lines(self.blocks(), name=self.name)

    @property
    def separator(self) -> str:
        """Return the sign that separates the columns of a text table; empty for Excel and
        Parquet.
        """
        return self._first_row[1]

    def records(self) -> Iterator[Record]:
        """Read the records of a table under its header, one by one.

        Returns:
            An iterator over the records.

        Raises:
            SourceRefused: the file has no header of distinct names, or is damaged.
        """
        if not self.header:
            raise SourceRefused(
                "This is not a table with a header of distinct column names.",
                where=self.name,
                remedy="See docs/sources for what can be read.",
            )
        records = (row.record(self.header) for row in self.rows())
        return itertools.dropwhile(_is_tags, records)

    @cached_property
    def _first_row(self) -> tuple[list[str], str]:
        """The names in the first row, as they stand, and what separates columns of a text."""
        if self.container == "excel":
            return excel_names(self), ""
        if self.container == "parquet":
            return parquet_names(self), ""
        first = next(joined(self.lines()), (b"", True))
        return names_of(first[0])
