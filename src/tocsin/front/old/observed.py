"""What functions of reading did in 0.1, for whoever calls them by their old names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.observe import Source, read_table
from tocsin.observe.checks.places import outside
from tocsin.observe.formats.characters import hostile
from tocsin.observe.formats.limits import Meter
from tocsin.observe.formats.parquet import parquet_names, parquet_rows
from tocsin.observe.formats.records import text_rows
from tocsin.observe.formats.sheets.excel import excel_head, excel_rows
from tocsin.observe.sources.eurepoc.cells import flatten
from tocsin.schema.vocabulary.folding import HEADINGS


def parquet_header(source: Source) -> list[str]:
    """Return the names of a Parquet file's columns if they are distinct, else an empty list.

    Args:
        source: the file, a `tocsin.observe.Source`.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    return _distinct(parquet_names(source))


def parquet_records(source: Source) -> Iterator[Any]:
    """Read the rows of a Parquet file as records; their bytes are the cells as a line of JSON.

    Args:
        source: the file, a `tocsin.observe.Source`.

    Yields:
        The records, numbered from 1.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    header = parquet_names(source)
    for row in parquet_rows(source, len(header), _meter(source)):
        yield row.record(header)


def excel_header(source: Source) -> list[str]:
    """Return the texts of a workbook's first row if they are distinct, else an empty list.

    Args:
        source: the workbook, a `tocsin.observe.Source`.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl is not installed.
    """
    first = excel_head(source, 1)
    return _distinct([name.strip() for row in first for name in row])


def excel_records(source: Source) -> Iterator[Any]:
    """Read the rows after the first of a workbook; their bytes are the cells as a line of CSV.

    Args:
        source: the workbook, a `tocsin.observe.Source`.

    Yields:
        The records, numbered as the rows of the sheet are, the first of which is 0.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl is not installed.
    """
    header = excel_header(source)
    for row in excel_rows(source, len(header), _meter(source)):
        yield row.record(header)


def header_of(line: bytes) -> tuple[list[str], str]:
    """Read the names of columns in the first line of a text table.

    Args:
        line: the line, in UTF-8.

    Returns:
        The names, an empty list where they are not distinct, and the sign that separates them.
    """
    text = line.decode("utf-8", "replace").lstrip("\ufeff")
    delimiter = max(",;\t", key=text.count)
    try:
        found = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return [], delimiter
    return _distinct([name.strip() for name in found]), delimiter


def table_records(found: Iterable[bytes], header: list[str], delimiter: str) -> Iterator[Any]:
    """Read the records of the lines of a text table; blank lines are passed over, but counted.

    Args:
        found: the lines, that of the header among them.
        header: the names of the columns.
        delimiter: what separates them.

    Yields:
        The records after the header, numbered from 1.
    """
    for row in text_rows(found, len(header), delimiter):
        yield row.record(header)


def read(path: Path) -> pl.DataFrame:
    """Read a table file as texts; an empty cell is null.

    Args:
        path: a file of CSV (packed or not), Parquet or Excel.

    Returns:
        A column of texts for each of the file's. A row that is too short or too long is there too.

    Raises:
        UsageError: there is no such file.
        SourceRefused: the file is empty, damaged or of an unknown kind.
    """
    return read_table(path).rows


def outside_km(gwno: int, latitude: float, longitude: float, on: date) -> float:
    """Measure how far a point lies outside a territory, in kilometres.

    Args:
        gwno: the territory's Gleditsch-Ward number.
        latitude: degrees north.
        longitude: degrees east.
        on: the day that is meant, since borders move.

    Returns:
        0 inside, and for a territory without a shape.
    """
    return outside(gwno, latitude, longitude, on=on) or 0.0


class _All:
    """Every column."""

    def __contains__(self, _name: object) -> bool:
        return True


def flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a record of EuRepoC's JSON export into columns: lists of objects become lists of values.

    Args:
        record: the record as JSON has it.
    """
    return flatten(record, _All())


def folded(name: str) -> str:
    """Write a column's name in small letters, without accents and signs, one space between words.

    Args:
        name: the name as it stands in a file.
    """
    return HEADINGS.fold(name)


def _distinct(names: list[str]) -> list[str]:
    """The names, if there are two at least, all of them distinct and without hostile signs."""
    bad = len(names) < 2 or len(set(names)) < len(names) or any(map(hostile, names))
    return [] if bad else names


def _meter(source: Source) -> Meter:
    return Meter(source.name, source.size)
