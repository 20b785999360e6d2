"""What a file may unfold to: the bounds of every container, declared here and nowhere else.

A few kilobytes can say 'the same again, a thousand million times': a zip of zeros, a dictionary
of Parquet, a sheet with one cell in its last column, a list of empty objects. Every bound is far
above what an honest table reaches, and low enough that whatever is refused by it has taken seconds
and some hundred megabytes at most. Who trusts a file that is refused unpacks or divides it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from tocsin.errors import SourceRefused

MAX_BYTES = 256 * 2**30
"""Unpacked bytes of a text."""
MAX_RATIO = 250
"""Unpacked bytes for each packed one: text tables have 5 to 50, a bomb 1,000 and more."""
RATIO_FROM = 64 * 2**20
"""The ratio is looked at from so many unpacked bytes on: a small file may repeat itself."""
MAX_CONTENT = 256 * 2**20
"""Unpacked bytes of a document (JSON, XML), which is read whole."""
MAX_NODES = 4_000_000
"""Objects and lists of a document, or its elements: each takes far more memory than bytes."""
MAX_VALUES = 16_000_000
"""Values of a JSON text, or attributes of an XML one."""
MAX_DEPTH = 32
"""No source that tocsin reads nests deeper than a dozen levels."""
XZ_MEMORY = 128 * 2**20
"""Bytes that unpacking xz may hold; its greatest preset asks for 65 MiB."""

MAX_LINES = 200
"""Lines over which a quoted field may run; beyond, the quote was never closed."""
MAX_RECORD = 16 * 2**20
"""Bytes of one record; what is longer is no table of records."""
MAX_COLUMNS = 16_384
"""Columns of a table: Excel's own limit."""
MAX_NAME = 1_000
"""Characters of a name; the longest of the sources, with all parts of an alliance, has 300."""
MAX_CELLS = 2_000_000_000
"""Rows times columns of a table."""
CELLS_FROM = 3_000_000
"""Cells of a table that may be empty or repeat each other, since they take seconds."""
MAX_CELLS_RATIO = 50
"""Beyond `CELLS_FROM`, cells for each packed byte; honest tables have fewer than twenty."""
DECODED_FROM = 256 * 2**20
"""Decoded bytes from which on `MAX_RATIO` holds where a container repeats texts by reference."""
BATCH_CELLS = 500_000
"""Cells, or so, that are held at a time while a table is read row by row."""
BATCH_BYTES = 32 * 2**20
"""Decoded bytes, or so, that are held at a time."""
HELD_CELLS = 200_000_000
"""Cells of a table that is held whole (`read_table`)."""
SECONDS = 120
"""Seconds of computing in which any small file is decoded on the slowest machine."""
SECONDS_A_MIB = 120
"""Further seconds for each packed MiB; a machine of 2020 takes less than ten."""

MAX_PARTS = 10_000
"""Files within a workbook."""
MAX_SHEET = 8 * 2**30
"""Unpacked bytes of all of them; the largest export of a source known to us has one GiB."""
MAX_WHOLE = 512 * 2**20
"""Unpacked bytes of the parts of a workbook that the library must hold whole."""
MAX_ROWS = 2**20
"""Excel's own limit. A row that says it stands beyond is a trap: the gap would be filled."""
MAX_ELEMENTS = 500_000
"""XML elements of one row of a sheet, of one shared text, or of the styles of a workbook."""
MAX_GROUP = 4 * 2**30
"""Encoded bytes of one row group of Parquet; writers make them of some hundred MiB."""

_AT_ONCE = 256
"""Rows between two looks at the clock."""


class _Cells(Protocol):
    @property
    def cells(self) -> Sequence[str]: ...


R = TypeVar("R", bound=_Cells)


def batch_rows(width: int, most: int) -> int:
    """Say how many rows of a table are held at a time.

    Args:
        width: its columns.
        most: the most rows, however narrow they are.

    Returns:
        At least one, and at most about `BATCH_CELLS` cells.
    """
    return max(1, min(most, BATCH_CELLS // max(width, 1)))


class Meter:
    """Counts what a file has unfolded to so far, and stops it at the bounds.

    Args:
        name: the file's name, for errors.
        packed: its bytes as it lies there.
    """

    def __init__(self, name: str, packed: int) -> None:
        self.name, self.packed = name, max(packed, 1)
        self.cells = 0
        self.decoded = 0
        self.seconds = 0.0

    def add(self, *, cells: int = 0, decoded: int = 0, seconds: float = 0.0) -> None:
        """Count more of the file.

        Args:
            cells: rows times columns.
            decoded: bytes of texts that a container held once and gives many times.
            seconds: time of computing.

        Raises:
            SourceRefused: one of the bounds is passed.
        """
        self.cells += cells
        self.decoded += decoded
        self.seconds += seconds
        allowed = max(CELLS_FROM, MAX_CELLS_RATIO * self.packed)
        if self.cells > min(allowed, MAX_CELLS):
            raise bomb(self.name, f"{self.cells:,} cells", self.packed)
        if self.decoded > max(DECODED_FROM, MAX_RATIO * self.packed):
            raise bomb(self.name, f"{self.decoded:,} bytes", self.packed)
        if self.seconds > SECONDS + SECONDS_A_MIB * self.packed / 2**20:
            raise SourceRefused(
                f"It takes more than {self.seconds:.0f} s to decode {self.packed:,} bytes.",
                where=self.name,
                remedy="It looks like a bomb. If you trust it, save it as CSV, and observe that.",
            )

    def rows(self, found: Iterable[R], width: int) -> Iterator[R]:
        """Count rows as they come.

        Args:
            found: the rows.
            width: the columns of the header.

        Yields:
            The same rows.

        Raises:
            SourceRefused: one of the bounds is passed.
        """
        rows, step = iter(found), batch_rows(width, _AT_ONCE)
        while True:
            begun = time.thread_time()
            some = list(islice(rows, step))
            cells = sum(max(width, len(row.cells)) for row in some)
            self.add(cells=cells, seconds=time.thread_time() - begun)
            if not some:
                return
            yield from some


def check_columns(count: int, name: str) -> None:
    """Refuse a table with more than `MAX_COLUMNS` columns.

    Args:
        count: how many it has.
        name: the file's name, for the error.

    Raises:
        SourceRefused: there are more.
    """
    if count > MAX_COLUMNS:
        raise SourceRefused(
            f"The table has {count:,} columns.",
            where=name,
            remedy=f"At most {MAX_COLUMNS:,} can be read: leave out those that nobody needs.",
        )


def check_held(cells: int, name: str) -> None:
    """Refuse a table of more than `HELD_CELLS` cells where it is held whole.

    Args:
        cells: how many it has so far.
        name: the file's name, for the error.

    Raises:
        SourceRefused: there are more.
    """
    if cells > HELD_CELLS:
        raise SourceRefused(
            f"The table has more than {HELD_CELLS:,} cells.",
            where=name,
            remedy="Leave out columns that nobody needs, or divide it.",
        )


def check_row(size: int, name: str) -> None:
    """Refuse a table of which one row is longer than `MAX_RECORD` bytes.

    Args:
        size: bytes of the row's texts.
        name: the file's name, for the error.

    Raises:
        SourceRefused: the row is longer.
    """
    if size > MAX_RECORD:
        raise SourceRefused(
            f"One row is longer than {MAX_RECORD:,} bytes.",
            where=name,
            remedy="This is not a table of records; see docs/sources for what can be read.",
        )


def check_size(unpacked_size: int, packed_size: int, name: str) -> None:
    """Refuse a file that unpacks to more than `MAX_BYTES`, or by more than the factor `MAX_RATIO`.

    Args:
        unpacked_size: bytes so far.
        packed_size: bytes of the file as it is.
        name: the file's name, for the error.

    Raises:
        SourceRefused: the file is beyond one of the limits.
    """
    much = unpacked_size > RATIO_FROM and unpacked_size > MAX_RATIO * max(packed_size, 1)
    if much or unpacked_size > MAX_BYTES:
        raise bomb(name, f"{unpacked_size:,} bytes", packed_size)


def bomb(name: str, what: str, packed: int) -> SourceRefused:
    """Make the error for a file that unfolds to more than an honest one does.

    Args:
        name: the file's name.
        what: to what it unfolds.
        packed: its bytes as it lies there.

    Returns:
        The error.
    """
    return SourceRefused(
        f"The file unpacks to more than {what} from {packed:,} bytes.",
        where=name,
        remedy="It looks like a bomb. If you trust it, unpack or divide it yourself.",
    )
