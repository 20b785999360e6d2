"""A Parquet file as a table of texts, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.formats.file import File
from tocsin.observe.formats.records import Row, checked_row

ROWS = 20_000
"""Rows decoded at a time."""
MAX_GROUP = 4 * 2**30
"""Encoded bytes of one row group; writers make them of some hundred MiB."""
MAX_COLUMNS = 10_000


def parquet_names(source: File) -> list[str]:
    """Read the names of the columns, as they stand.

    Args:
        source: the file.

    Returns:
        The names, in the order of the file.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    with _opened(source) as file:
        return [str(name).strip() for name in file.schema_arrow.names]


def parquet_rows(source: File, width: int) -> Iterator[Row]:
    """Read the rows, numbered as if the names of the columns stood in line 1.

    Args:
        source: the file.
        width: the number of columns.

    Yields:
        The rows, with their cells as texts. The bytes of each are its cells as JSON.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    number = 0
    with _opened(source) as file:
        for batch in file.iter_batches(batch_size=ROWS):
            batch.validate(full=True)
            frame = pl.DataFrame(pl.from_arrow(batch))
            for cells in zip(*(_texts(column) for column in frame), strict=True):
                number += 1
                original = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogatepass")
                yield checked_row(number, number + 1, original + b"\n", list(cells), width)


@contextmanager
def _opened(source: File) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with source.raw() as raw:
        try:
            file = pq.ParquetFile(raw)
            meta = file.metadata
            groups = (meta.row_group(n).total_byte_size for n in range(meta.num_row_groups))
            if meta.num_columns > MAX_COLUMNS or any(size > MAX_GROUP for size in groups):
                raise ValueError("it unpacks to more than a table may")
            yield file
        except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError) as error:
            raise SourceRefused(
                f"The Parquet file cannot be read: {error}.",
                where=source.name,
                remedy="Write it again, or save the table as CSV.",
            ) from error


def _texts(column: pl.Series) -> list[str]:
    """Cells as texts: empty where null, days as ISO 8601, nested values as JSON."""
    kind = column.dtype
    if kind == pl.Binary:
        return [(value or b"").decode("utf-8", "surrogateescape") for value in column]
    if kind.is_nested() or kind == pl.Object:
        values = column.to_list()
        return [
            "" if value is None else json.dumps(value, default=str, ensure_ascii=False)
            for value in values
        ]
    if isinstance(kind, pl.Datetime) and (column.dt.truncate("1d") == column).all():
        column = column.dt.date()
    return column.cast(pl.String).fill_null("").to_list()
