"""One file as a reader sees it: what it holds, told without reading it whole, and its records."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import IO

from tocsin.errors import SourceRefused
from tocsin.observe.formats.records import Record, header_of, joined, lines, table_records
from tocsin.observe.formats.unpack import as_utf8, unpacked

HEAD = 64 * 1024
"""Bytes from the start by which a reader may know a file."""
MAX_CONTENT = 256 * 2**20
"""A document (JSON, XML) is read whole, so it may not be larger than this."""


class Source:
    """A file, packed or not.

    Example:
        >>> source = Source.of_bytes("t.csv", b"country,month\\nSyria,2020-01\\n")
        >>> source.header, [record.fields["country"] for record in source.records()]
        (['country', 'month'], ['Syria'])
    """

    def __init__(self, name: str, open_raw: Callable[[], IO[bytes]], size: int) -> None:
        self.name = name
        self.size = size
        self._open = open_raw

    @classmethod
    def of_path(cls, path: Path) -> Source:
        """A file on disk."""
        return cls(path.name, lambda: path.open("rb"), path.stat().st_size)

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> Source:
        """Content that is in memory already."""
        return cls(name, partial(io.BytesIO, content), len(content))

    @cached_property
    def sha256(self) -> str:
        """Digest of the file as it is, packed."""
        with self._open() as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()  # type: ignore[arg-type]

    @cached_property
    def container(self) -> str:
        """What kind of box the file is: `text` (also JSON, XML), `excel` or `parquet`."""
        with self._open() as raw:
            magic = raw.read(4)
            if magic == b"PAR1":
                return "parquet"
            if magic == b"PK\x03\x04":
                raw.seek(0)
                try:
                    names = zipfile.ZipFile(raw).namelist()
                except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
                    names = []
                if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
                    return "excel"
        return "text"

    def raw(self) -> IO[bytes]:
        """The file as it is, packed, open for reading; close it."""
        return self._open()

    def blocks(self) -> Iterator[bytes]:
        """The unpacked content of a text, as UTF-8 where a mark says UTF-16 or UTF-32.

        Raises:
            SourceRefused: damaged, or beyond the limits of `tocsin.observe.formats.unpack`.
        """
        with self._open() as raw:
            yield from as_utf8(unpacked(raw, name=self.name, size=self.size), name=self.name)

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD` bytes of `blocks`, without a byte order mark; empty for others."""
        if self.container != "text":
            return b""
        found = b""
        for block in self.blocks():
            found += block
            if len(found) >= HEAD:
                break
        return found[:HEAD].removeprefix(b"\xef\xbb\xbf")

    def content(self, limit: int = MAX_CONTENT) -> bytes:
        """The whole unpacked content of a document.

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
        """The column names of a table (text, Excel, Parquet); empty where it has none."""
        if self.container == "excel":
            from tocsin.observe.formats.excel import excel_header

            return excel_header(self)
        if self.container == "parquet":
            from tocsin.observe.formats.parquet import parquet_header

            return parquet_header(self)
        return self._columns[0]

    def records(self) -> Iterator[Record]:
        """The records of a table under its header, one by one.

        Raises:
            SourceRefused: the file has no header of distinct names, or is damaged.
        """
        if not self.header:
            raise SourceRefused(
                "This is not a table with a header of distinct column names.",
                where=self.name,
                remedy="See docs/sources for what can be read.",
            )
        if self.container == "excel":
            from tocsin.observe.formats.excel import excel_records

            return excel_records(self)
        if self.container == "parquet":
            from tocsin.observe.formats.parquet import parquet_records

            return parquet_records(self)
        return table_records(lines(self.blocks(), name=self.name), *self._columns)

    @cached_property
    def _columns(self) -> tuple[list[str], str]:
        first = next(joined(lines(self.blocks(), name=self.name)), (b"", True))
        return header_of(first[0])
