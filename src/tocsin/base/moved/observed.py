"""What functions of reading did in 0.1, for whoever calls them by their old names.

`base` imports no room, so that what is used today is found by its name when a function is called.
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

FORMATS = "tocsin.observe.formats"


def parquet_header(source: Any) -> list[str]:
    """Return the names of a Parquet file's columns if they are distinct, else an empty list.

    Args:
        source: the file, a `tocsin.observe.Source`.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    return _distinct(importlib.import_module(f"{FORMATS}.parquet").parquet_names(source))


def parquet_records(source: Any) -> Iterator[Any]:
    """Read the rows of a Parquet file as records; their bytes are the cells as a line of JSON.

    Args:
        source: the file, a `tocsin.observe.Source`.

    Yields:
        The records, numbered from 1.

    Raises:
        SourceRefused: the file is damaged, or beyond the limits.
    """
    parquet = importlib.import_module(f"{FORMATS}.parquet")
    header = parquet.parquet_names(source)
    for row in parquet.parquet_rows(source, len(header), _meter(source)):
        yield row.record(header)


def excel_header(source: Any) -> list[str]:
    """Return the texts of a workbook's first row if they are distinct, else an empty list.

    Args:
        source: the workbook, a `tocsin.observe.Source`.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl is not installed.
    """
    first = importlib.import_module(f"{FORMATS}.sheets.excel").excel_head(source, 1)
    return _distinct([name.strip() for row in first for name in row])


def excel_records(source: Any) -> Iterator[Any]:
    """Read the rows after the first of a workbook; their bytes are the cells as a line of CSV.

    Args:
        source: the workbook, a `tocsin.observe.Source`.

    Yields:
        The records, numbered as the rows of the sheet are, the first of which is 0.

    Raises:
        SourceRefused: the workbook is damaged, beyond the limits, or declares entities.
        MissingExtra: openpyxl is not installed.
    """
    excel = importlib.import_module(f"{FORMATS}.sheets.excel")
    header = excel_header(source)
    for row in excel.excel_rows(source, len(header), _meter(source)):
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
    records = importlib.import_module(f"{FORMATS}.records")
    for row in records.text_rows(found, len(header), delimiter):
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
    rows: pl.DataFrame = importlib.import_module("tocsin.observe").read_table(path).rows
    return rows


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
    places = importlib.import_module("tocsin.observe.checks.places")
    return places.outside(gwno, latitude, longitude, on=on) or 0.0


class _All:
    """Every column."""

    def __contains__(self, _name: object) -> bool:
        return True


def flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a record of EuRepoC's JSON export into columns: lists of objects become lists of values.

    Args:
        record: the record as JSON has it.
    """
    cells = importlib.import_module("tocsin.observe.sources.eurepoc.cells")
    columns: dict[str, Any] = cells.flatten(record, _All())
    return columns


def folded(name: str) -> str:
    """Write a column's name in small letters, without accents and signs, one space between words.

    Args:
        name: the name as it stands in a file.
    """
    folding: str = importlib.import_module("tocsin.schema.vocabulary.folding").HEADINGS.fold(name)
    return folding


def _distinct(names: list[str]) -> list[str]:
    """The names, if there are two at least, all of them distinct and without hostile signs."""
    hostile = importlib.import_module(f"{FORMATS}.characters").hostile
    bad = len(names) < 2 or len(set(names)) < len(names) or any(map(hostile, names))
    return [] if bad else names


def _meter(source: Any) -> Any:
    limits = importlib.import_module(f"{FORMATS}.limits")
    return limits.Meter(source.name, source.size)
