"""Event files as frames of text: CSV (also packed), Parquet, Excel; nothing is interpreted."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tocsin.errors import SourceRefused, UsageError, require

LIMIT = 8 << 30
"""Bytes that a packed file may unpack to."""


def source_names(paths: Sequence[Path]) -> list[str]:
    """A source is named after its file, without `.csv`, `.csv.gz` and the like.

    Raises:
        UsageError: two files would carry one name.
    """
    names = []
    for path in paths:
        name = path.name
        for ending in (".gz", ".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx", ".xls"):
            if name.lower().endswith(ending) and len(name) > len(ending):
                name = name[: -len(ending)]
        names.append(name)
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"Two files would both be the source '{name}'.",
                remedy="Rename one of them: a source is named after its file.",
            )
    return names


def read(path: Path) -> pl.DataFrame:
    """The file as text, empty cells as none; identifiers are the very strings of the file.

    Raises:
        UsageError: there is no such file.
        SourceRefused: it is empty, damaged or of an unknown kind.
    """
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    name = path.name.lower()
    try:
        if name.endswith((".parquet", ".pq")):
            frame = _as_text(pl.read_parquet(path))
        elif name.endswith((".xlsx", ".xls")):
            require("fastexcel", extra="assess")
            frame = _as_text(pl.read_excel(path, infer_schema_length=0))
        else:
            frame = _csv(path)
    except (pl.exceptions.PolarsError, OSError, EOFError, csv.Error) as error:
        raise SourceRefused(f"The file cannot be read: {error}.", where=path.name) from error
    if not frame.width:
        raise SourceRefused("The file is empty.", where=path.name)
    return frame.with_columns(
        pl.when(pl.col(name).str.strip_chars() == "").then(None).otherwise(pl.col(name)).alias(name)
        for name in frame.columns
    )


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col(name).dt.to_string("iso") if dtype.is_temporal() else pl.col(name).cast(pl.String)
        for name, dtype in frame.schema.items()
        if not dtype.is_nested()
    )


def _csv(path: Path) -> pl.DataFrame:
    text = _text(path)
    lines = text.split("\n", 1)
    separator = max(",;\t|", key=lines[0].count)
    header = next(csv.reader([lines[0].rstrip("\r")], delimiter=separator), [])
    if not any(header):
        raise SourceRefused("The file has no header.", where=path.name)
    names = _distinct(header)
    if len(lines) < 2 or not lines[1].strip():
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    body = lines[1]
    try:
        frame = pl.read_csv(
            io.BytesIO(body.encode()),
            has_header=False,
            separator=separator,
            infer_schema=False,
            schema=dict.fromkeys(names, pl.String),
        )
        # Where a quote is left open, the fast reader may swallow rows: count them.
        if '"' not in body or frame.height >= body.count("\n"):
            return frame
    except pl.exceptions.PolarsError:
        pass
    return _slowly(body, names, separator)


def _slowly(body: str, names: list[str], separator: str) -> pl.DataFrame:
    """Row by row, for files with ragged rows or odd quotes."""
    csv.field_size_limit(1 << 30)
    columns: list[list[str | None]] = [[] for _ in names]
    for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator):
        if not row:
            continue
        for index, column in enumerate(columns):
            column.append(row[index] if index < len(row) else None)
    return pl.DataFrame(dict(zip(names, columns, strict=True)), schema_overrides=None).cast(
        pl.String
    )


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(raw)) as packed:
            raw = packed.read(LIMIT + 1)
        if len(raw) > LIMIT:
            raise SourceRefused("The packed file unpacks to too much.", where=path.name)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace").replace("\r\n", "\n")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        # An identifier must come out as it went in; this decoding loses no byte.
        return raw.decode("latin-1").replace("\r\n", "\n")


def _distinct(header: Sequence[str]) -> list[str]:
    """Column names, the second of a name numbered, an empty one named by its place."""
    seen: dict[str, int] = {}
    names = []
    for place, raw in enumerate(header):
        name = raw.strip() or f"column_{place + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names
