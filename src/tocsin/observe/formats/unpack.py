"""The unpacked bytes of a file, block by block, within limits that no honest table reaches.

Plain, gzip, bzip2, xz, Zstandard, or a zip of one file. Never more than a block is held, so a
bomb costs time for a moment and memory never.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import itertools
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from tocsin.errors import SourceRefused
from tocsin.observe.formats.limits import XZ_MEMORY, check_size

BLOCK = 2**20
"""Bytes asked for at a time."""
ALTERNATE = 16
"""Bytes by which UTF-16 without a mark is known: the names of a header are mostly longer."""
PACKED = {
    b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7-Zip", b"\x28\xb5\x2f\xfd": "Zstandard", b"Rar!": "RAR",
}  # fmt: skip
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip


def unpack_blocks(raw: IO[bytes], *, name: str, size: int) -> Iterator[bytes]:
    """Unpack the content of an open file, in blocks of about `BLOCK` bytes.

    Args:
        raw: the file, at its start.
        name: its name, for messages.
        size: its packed size in bytes.

    Yields:
        The bytes in order.

    Raises:
        SourceRefused: the file is damaged, cut short, an archive of several files or within an
            archive, or larger than the limits.
    """
    magic = raw.read(4)
    raw.seek(0)
    try:
        stream = _open(raw, magic, name)
        total = 0
        while block := stream.read(BLOCK):
            if total == 0 and stream is not raw:
                _refuse_nested(block, name)
            total += len(block)
            check_size(total, size, name)
            yield block
    except (
        EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError,
        NotImplementedError, ValueError, MemoryError,
    ) as error:  # fmt: skip
        raise SourceRefused(
            f"The compressed file is damaged or cut short ({error}).",
            where=name,
            remedy="Fetch it again; nothing of it was kept.",
        ) from error


def as_utf8(
    blocks: Iterator[bytes], *, name: str, code_page: Callable[[], str | None] = lambda: None
) -> Iterator[bytes]:
    """Change text to UTF-8 where it is UTF-16, UTF-32, or in a code page of Windows.

    The first two are known by the byte order mark at the start (Unicode standard, section 23.8).
    UTF-16 without a mark is known by its zeros: every other byte of English is one.
    The code pages in which Excel saves CSV (1252 in the west of Europe and of Africa, 1256 where
    Arabic is written) have no mark: they are asked for at the first byte that is no UTF-8. Text of
    any other kind is left as it is.

    Args:
        blocks: the bytes of a file in blocks, in order.
        name: what the file is called in errors.
        code_page: tells, from the whole file, its code page
            (`tocsin.observe.formats.characters.code_page_of`).

    Yields:
        The bytes of the same text in UTF-8, in blocks.

    Raises:
        SourceRefused: the mark is there, but the text is not of that encoding.
    """
    first = next(blocks, b"")
    encoding = next((found for mark, found in _MARKS if first.startswith(mark)), None)
    encoding = encoding or _guess_utf16(first[:ALTERNATE])
    if encoding is None:
        yield from _from_windows(itertools.chain((first,), blocks), code_page)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode("utf-8")
        for block in blocks:
            yield decoder.decode(block).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")
    except UnicodeError as error:
        raise SourceRefused(
            f"The text is not valid {encoding}.", where=name, remedy="Save as UTF-8."
        ) from error


def _guess_utf16(start: bytes) -> str | None:
    """UTF-16 of which the first letters are all ASCII, so that every other byte is zero."""
    even, odd = start[::2], start[1::2]
    for zeros, letters, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if len(zeros) >= ALTERNATE // 2 and not any(zeros) and all(letters):
            return encoding
    return None


def _from_windows(blocks: Iterable[bytes], code_page: Callable[[], str | None]) -> Iterator[bytes]:
    """The blocks as UTF-8 if they turn out to be in a code page of Windows; else as they are."""
    checker, rest, blocks = codecs.getincrementaldecoder("utf-8")(), b"", iter(blocks)
    for block in itertools.chain(blocks, (b"",)):
        whole = rest + block
        try:
            if not whole.isascii():
                checker.reset()
                checker.decode(whole, final=not block)
        except UnicodeDecodeError:
            found = code_page()
            # All bytes before are ASCII in a text of a code page, and the same in both.
            for one in itertools.chain((whole,), blocks):
                yield one.decode(found).encode("utf-8") if found else one
            return
        # A sign of several bytes may begin in one block and end in the next.
        pending = checker.getstate()[0] if block and not whole.isascii() else b""
        rest = whole[len(whole) - len(pending) :]
        yield whole[: len(whole) - len(pending)]


def _open(raw: IO[bytes], magic: bytes, name: str) -> IO[bytes]:
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]
    if magic[:3] == b"BZh":
        return bz2.BZ2File(raw)
    if magic == b"\xfd7zX":
        return io.BufferedReader(_Xz(raw), BLOCK)
    if magic == b"\x28\xb5\x2f\xfd":
        import pyarrow as pa

        return pa.CompressedInputStream(raw, "zstd")  # type: ignore[no-any-return]
    if magic != b"PK\x03\x04":
        return raw
    archive = zipfile.ZipFile(raw)
    members = [item for item in archive.infolist() if not item.is_dir() and not _aside(item)]
    if members and members[0].filename == "mimetype" and members[0].file_size < 100:
        with archive.open(members[0]) as said:
            if said.read(100).startswith(b"application/vnd.oasis.opendocument"):
                raise SourceRefused(
                    "This is a document of LibreOffice that is no spreadsheet (.odt and its like).",
                    where=name,
                    remedy="Save its table as .ods, .xlsx or CSV (UTF-8), and observe that.",
                )
    if len(members) != 1:
        named = ", ".join(item.filename[:60] for item in members[:4])
        raise SourceRefused(
            f"The archive holds {len(members)} files ({named}); one table is expected.",
            where=name,
            remedy="Unpack it, and observe the table that you mean.",
        )
    # A zip may pack by LZMA, which asks for as much memory as the file says.
    if members[0].compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
        zipfile.ZIP_BZIP2,
    ):
        raise SourceRefused(
            "The archive is packed in a way that is not read.",
            where=name,
            remedy="Unpack it, and observe what is inside.",
        )
    return archive.open(members[0])


def _aside(item: zipfile.ZipInfo) -> bool:
    """What a Mac puts beside the files of an archive, and hidden files, are none that was meant."""
    parts = item.filename.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _refuse_nested(block: bytes, name: str) -> None:
    for magic, kind in PACKED.items():
        if block.startswith(magic):
            raise SourceRefused(
                f"The archive holds another archive ({kind}).",
                where=name,
                remedy="Unpack it once, and observe what is inside.",
            )


class _Xz(io.RawIOBase):
    """The unpacked content of an xz file, with a bound on memory, which `lzma.LZMAFile` lacks."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._stream = self._new()

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while True:
            if self._stream.eof:
                rest = (self._stream.unused_data or self._raw.read(BLOCK)).lstrip(b"\0")
                if not rest:
                    return 0
                self._stream = self._new()
            elif self._stream.needs_input:
                rest = self._raw.read(BLOCK)
                if not rest:
                    raise EOFError("the file ended before the end of its content")
            else:
                rest = b""
            found = self._stream.decompress(rest, len(into))
            if found:
                into[: len(found)] = found
                return len(found)

    @staticmethod
    def _new() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
