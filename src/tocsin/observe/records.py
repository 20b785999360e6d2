"""Records of a text table with their original bytes, so that nothing is lost in reading.

Follows RFC 4180, and where a file does not: a quote that never closes spoils one line, not
the rest of the file.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import SourceRefused

MAX_BYTES = 4 * 2**30
"""A file that unpacks to more than this is refused: it is not a table of records."""
MAX_LINES = 200
"""A quoted field may run over so many lines; beyond, the quote was never closed."""


@dataclass(frozen=True)
class Record:
    """One record: its number (the header is 0), its bytes, and its fields or its fault."""

    number: int
    original: bytes
    fields: dict[str, str]
    fault: tuple[str, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """A text table: where it came from, its header, and its records."""

    path: Path
    sha256: str
    header: list[str]
    records: list[Record]


def read_sheet(path: Path) -> Sheet:
    """Read a comma, semicolon or tab separated file; plain, gzip, or a zip of one file.

    Raises:
        SourceRefused: empty, damaged, not text, or without a header.
    """
    packed = path.read_bytes()
    content = _unpacked(packed, path)
    if not content.strip():
        raise SourceRefused("The file is empty.", where=path.name, remedy="Fetch it again.")
    content = _as_utf8(content, path)
    lines = list(_joined(content.splitlines(keepends=True)))
    header_line = lines[0][0].decode("utf-8", "replace").lstrip("\ufeff")
    delimiter = max(",;\t", key=header_line.count)
    header = [name.strip() for name in next(csv.reader([header_line], delimiter=delimiter), [])]
    if len(header) < 2 or len(set(header)) < len(header) or "\x00" in header_line:
        raise SourceRefused(
            "This is not a table with a header of distinct column names.",
            where=path.name,
            remedy="See docs/sources for what can be read.",
        )
    records = [
        _record(number, original, closed, header, delimiter)
        for number, (original, closed) in enumerate(lines)
        if number > 0 and original.strip()
    ]
    return Sheet(path, hashlib.sha256(packed).hexdigest(), header, records)


def _unpacked(packed: bytes, path: Path) -> bytes:
    try:
        if packed[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(packed)) as stream:
                content = stream.read(MAX_BYTES + 1)
        elif packed[:4] == b"PK\x03\x04":
            content = _only_member(packed, path)
        else:
            content = packed
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise SourceRefused(
            f"The compressed file is damaged or cut short ({error}).",
            where=path.name,
            remedy="Fetch it again; nothing of it was kept.",
        ) from error
    if len(content) > MAX_BYTES:
        raise SourceRefused("The file unpacks to more than 4 GiB.", where=path.name)
    return content


def _only_member(packed: bytes, path: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        members = [item for item in archive.infolist() if not item.is_dir()]
        if len(members) != 1:
            raise SourceRefused(
                f"The archive holds {len(members)} files; one table is expected.",
                where=path.name,
                remedy="Unpack it, and observe the table that you mean.",
            )
        with archive.open(members[0]) as stream:
            return stream.read(MAX_BYTES + 1)


def _as_utf8(content: bytes, path: Path) -> bytes:
    """Text with a byte order mark of UTF-16 or UTF-32 becomes UTF-8; the rest is left alone."""
    marks = {b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for mark, encoding in marks.items():
        if content.startswith(mark):
            try:
                return content.decode(encoding).encode("utf-8")
            except UnicodeError as error:
                raise SourceRefused(
                    f"The text is not valid {encoding}.", where=path.name, remedy="Save as UTF-8."
                ) from error
    return content


def _joined(lines: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Lines of one record joined where a quoted field holds line ends; and whether it closed."""
    at = 0
    while at < len(lines):
        end, quotes = at, lines[at].count(b'"')
        while quotes % 2 and end + 1 < len(lines) and end - at < MAX_LINES:
            end += 1
            quotes += lines[end].count(b'"')
        if quotes % 2:
            yield lines[at], False
            at += 1
        else:
            yield b"".join(lines[at : end + 1]), True
            at = end + 1


def _record(number: int, original: bytes, closed: bool, header: list[str], sep: str) -> Record:
    if not closed:
        return Record(number, original, {}, ("quote", "A quote is opened and never closed."))
    try:
        text = original.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"Byte {error.start} is not UTF-8; the encoding is unknown."
        return Record(number, original, {}, ("encoding", reason))
    if "\x00" in text:
        return Record(number, original, {}, ("encoding", "The record holds a null character."))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sep))
    except csv.Error as error:
        return Record(number, original, {}, ("ragged", f"Not a record: {error}."))
    if len(rows) != 1 or len(rows[0]) != len(header):
        found = " and ".join(str(len(row)) for row in rows)
        reason = f"{found} fields where the header has {len(header)}."
        return Record(number, original, {}, ("ragged", reason))
    fields = {name: value.strip() for name, value in zip(header, rows[0], strict=True)}
    return Record(number, original, fields)
