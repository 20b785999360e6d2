"""A Parquet file as a table of texts, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.formats.arrow import decoded_bytes, texts
from tocsin.observe.formats.file import File
from tocsin.observe.formats.limits import (
    BATCH_BYTES,
    BATCH_CELLS,
    MAX_GROUP,
    Meter,
    check_columns,
    check_row,
    check_size,
)
from tocsin.observe.formats.records import Row, checked_row

ROWS = 20_000
"""Rows decoded at a time, where they are short."""


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


def parquet_rows(source: File, width: int, meter: Meter) -> Iterator[Row]:
    """Read the rows, numbered as if the names of the columns stood in line 1.

    Args:
        source: the file.
        width: the number of columns.
        meter: counts what the file has unfolded to.

    Yields:
        The rows, with their cells as texts. The bytes of each are its cells as JSON.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    number = 0
    with _opened(source) as file:
        size = _batch_size(file.metadata)
        # A bomb is refused before anything of it is kept: to look at all of it costs little.
        for batch in file.iter_batches(batch_size=size):
            meter.add(decoded=sum(map(decoded_bytes, batch.columns)))
        for batch in file.iter_batches(batch_size=size):
            batch.validate(full=True)
            for part in _parts(batch, source.name):
                columns = [texts(column) for column in part.columns]
                for cells in zip(*columns, strict=True):
                    number += 1
                    original = json.dumps(cells, ensure_ascii=False) + "\n"
                    content = original.encode("utf-8", "surrogatepass")
                    yield checked_row(number, number + 1, content, list(cells), width)


def _batch_size(meta: Any) -> int:
    """Rows that have about `BATCH_CELLS` values and `BATCH_BYTES` encoded bytes."""
    rows = max(meta.num_rows, 1)
    values = encoded = 0
    for group in range(meta.num_row_groups):
        chunks = [meta.row_group(group).column(n) for n in range(meta.num_columns)]
        values += sum(chunk.num_values for chunk in chunks)
        encoded += meta.row_group(group).total_byte_size
    by_values = BATCH_CELLS * rows // max(values, 1)
    return int(max(1, min(ROWS, by_values, BATCH_BYTES * rows // max(encoded, 1))))


def _parts(batch: Any, name: str) -> Iterator[Any]:
    """The batch in parts that decode to about `BATCH_BYTES`.

    A text that stands once in a file may be named by millions of rows, so it is kept once until
    here (a dictionary), and what it would unfold to is known before it does.
    """
    waiting = [batch]
    while waiting:
        part = waiting.pop()
        size = sum(map(decoded_bytes, part.columns))
        half = part.num_rows // 2
        if size > BATCH_BYTES and half:
            waiting += [part.slice(half), part.slice(0, half)]
            continue
        if part.num_rows == 1:
            check_row(size, name)
        yield part


@contextmanager
def _opened(source: File) -> Iterator[Any]:
    import pyarrow.parquet as pq

    # Columns of bytes are read as dictionaries, whatever the file says of itself.
    with source.raw() as raw:
        try:
            names = _texts_in(pq.read_metadata(raw))
            raw.seek(0)
            file = pq.ParquetFile(raw, read_dictionary=names)
            _within_limits(file.metadata, source)
            yield file
        except (SourceRefused, GeneratorExit):
            raise
        # The libraries may fail in any way on a damaged file, and one of them ends in a panic,
        # which is no `Exception`; each is a refusal of this file.
        except (Exception, pl.exceptions.PanicException) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0].removesuffix(".")
            raise SourceRefused(
                f"The Parquet file cannot be read: {first}.",
                where=source.name,
                remedy="Write it again, or save the table as CSV.",
            ) from error


def _texts_in(meta: Any) -> list[str]:
    columns = (meta.schema.column(n) for n in range(meta.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _within_limits(meta: Any, source: File) -> None:
    check_columns(meta.num_columns, source.name)
    sizes, values = [], 0
    for group in range(meta.num_row_groups):
        sizes.append(meta.row_group(group).total_byte_size)
        chunks = (meta.row_group(group).column(n) for n in range(meta.num_columns))
        values += sum(chunk.num_values for chunk in chunks)
    check_size(sum(sizes), source.size, source.name)
    Meter(source.name, source.size).add(cells=values)
    if any(size > MAX_GROUP for size in sizes):
        raise ValueError("it unpacks to more than a table may")
