"""Any table file as a frame of texts: what `link`, `forecast` and a notebook read files with.

The readers of `observe` take a file row by row (`Source.rows`); this is the same reading, with
all rows held. Nothing is interpreted: the cells are the very texts of the file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.paths import PathLike, as_paths
from tocsin.errors import SourceRefused, UsageError
from tocsin.observe.formats.characters import HOSTILE, MANGLED, mend_encoding
from tocsin.observe.formats.limits import Meter, batch_rows, check_held
from tocsin.observe.formats.records import Row, text_rows
from tocsin.observe.formats.source import Source

BATCH = 20_000
"""Rows put into columns at a time."""
ENDINGS = (
    ".gz", ".bz2", ".xz", ".zst", ".zip", ".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq",
    ".xlsx", ".xlsm", ".ods",
)  # fmt: skip
"""What a file's name may end in, beside the name of what it holds."""
_FILLED = r"[^\s\x1c-\x1f]"
"""Something that `str.strip` does not take away: Python counts four controls among the spaces."""


@dataclass(frozen=True)
class Table:
    """The rows of a file as texts, with the line of each and what is wrong with some."""

    name: str
    """The file's name, for messages."""
    rows: pl.DataFrame
    """A text column for each of the file's, an empty cell being null. All rows are here, also
    those at fault: their missing cells are null, cells beyond the header are left out."""
    lines: pl.Series
    """For each row the line of the file where it begins, the first line being 1."""
    faults: pl.DataFrame
    """`row` (from 1), `line`, `rule` (ragged, quote, encoding, characters) and `reason`, for each
    row that `observe` would put into quarantine because of how it is written."""
    notes: tuple[str, ...] = ()
    """What of the file was read otherwise than it stands, in whole sentences."""

    def sound(self) -> pl.DataFrame:
        """Return the rows for a use in which every one of them must count.

        Returns:
            The frame `rows`, all of texts.

        Raises:
            SourceRefused: a row is at fault; the error names the first.
        """
        if not self.faults.is_empty():
            first = self.faults.row(0, named=True)
            raise SourceRefused(
                f"A row cannot be read: {first['reason']} ({self.faults.height:,} such rows.)",
                where=f"{self.name}, line {first['line']}",
                remedy="Mend the rows, or leave them out; save text as CSV in UTF-8.",
            )
        return self.rows


def read_table(place: PathLike | Source) -> Table:
    """Read a table file: CSV (`,` `;` tab or `|`), a sheet of Excel or OpenDocument, or Parquet.

    A text may be plain or packed by gzip, bzip2, xz, Zstandard or a zip of one file, in UTF-8, or
    UTF-16 or UTF-32 with a byte order mark, or in Windows-1252. The names of columns stand in the
    first row, or below a title (`tocsin.observe.formats.header`); a second column of one name is
    numbered (`n`, `n_2`), one without a name is called after its place (`column_3`).

    Args:
        place: a path, or a `Source` for content in memory.

    Returns:
        The table; its `rows` stand in the order of the file, as texts: whole numbers of Excel
        without a point, days as ISO 8601, nested values of Parquet as JSON.

    Raises:
        UsageError: there is no such file.
        SourceRefused: empty, without a header, damaged, or beyond the limits on what a packed
            file may hold.
        MissingExtra: an Excel file, and the extra `observe` is not installed.

    >>> table = read_table(Source.of_bytes("t.csv", b"country;n\\nSyria; 1\\n\\nMali\\n"))
    >>> table.rows.rows(), table.lines.to_list(), table.faults["rule"].to_list()
    ([('Syria', ' 1'), ('Mali', None)], [2, 4], ['ragged'])
    """
    source = place if isinstance(place, Source) else Source.of_path(place)
    if source.container == "text" and not source.head.strip():
        raise SourceRefused("The file is empty.", where=source.name, remedy="Fetch it again.")
    names = source.columns
    if not names:
        raise SourceRefused(
            "The file has no header.",
            where=source.name,
            remedy="The names of the columns must stand in the first row.",
        )
    parts, faults, height = [_Part.of([], names)], list[tuple[object, ...]](), 0
    as_text = source.container == "text" and not source.tags and source.across is None
    meter = Meter(source.name, source.size)
    for part in _text_parts(source, names) if as_text else _parts(source.rows(), names):
        meter.add(cells=part.rows.height * len(names))
        check_held(meter.cells, source.name)
        parts.append(part)
        faults += [(height + place, line, *why) for place, line, why in part.faults]
        height += part.rows.height
    schema = {"row": pl.Int64, "line": pl.Int64, "rule": pl.String, "reason": pl.String}
    rows, mended = mend_letters(pl.concat(part.rows for part in parts))
    return Table(
        source.name,
        rows,
        pl.concat(part.lines for part in parts),
        pl.DataFrame(faults, schema=schema, orient="row"),
        tuple(source.notes + mended),
    )


def mend_letters(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Put right texts in UTF-8 that a program took for Windows-1252 and saved again.

    Args:
        rows: a table; only its columns of text are looked at.

    Returns:
        The table, and a sentence if a text was mended (`characters.mend_encoding`).

    >>> mend_letters(pl.DataFrame({"place": ["S\u00c3\u00a9var\u00c3\u00a9", "Gao"]}))[0].rows()
    [('Sévaré',), ('Gao',)]
    """
    found, cells = {}, 0
    for column in rows.select(pl.col(pl.String)):
        if not (odd := column.str.contains(MANGLED).fill_null(False)).any():
            continue
        meant = {text: mend_encoding(text) for text in column.filter(odd).unique()}
        found[column.name] = column.replace(meant)
        cells += int((column != found[column.name]).sum())
    if not cells:
        return rows, []
    note = (
        f"Mangled letters of {quantity(cells, 'cell')} were mended (UTF-8 taken for Windows-1252)."
    )
    return rows.with_columns(**found), [note]


def table_names(paths: Sequence[PathLike]) -> list[str]:
    """Give each file the name of a source: the file's name without endings.

    Args:
        paths: the files, each of which is a source of its own.

    Returns:
        One name for each path, in their order.

    Raises:
        UsageError: what is given is no path, or two files would carry one name.

    >>> table_names(["agency.csv", "raw/press.csv.gz"])
    ['agency', 'press']
    """
    names = []
    for path in as_paths(paths):
        name = path.name
        while Path(name).suffix.lower() in ENDINGS and Path(name).stem:
            name = Path(name).stem
        names.append(name)
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"Two files would both be the source '{name}'.",
                remedy="Rename one of them: a source is named after its file.",
            )
    return names


class _Part(NamedTuple):
    """Some rows of a table: cells, lines, and for each at fault its place, its line and why."""

    rows: pl.DataFrame
    lines: pl.Series
    faults: list[tuple[int, int, tuple[str, str]]]

    @classmethod
    def of(cls, rows: Sequence[Row], names: Sequence[str]) -> Self:
        width = len(names)
        ready = ((*_sayable(row), *[""] * (width - len(row.cells)))[:width] for row in rows)
        columns = list(zip(*ready, strict=True)) or [()] * width
        frame = pl.DataFrame(
            [pl.Series(n, column, pl.String) for n, column in zip(names, columns, strict=True)]
        )
        lines = pl.Series("line", [row.line for row in rows], dtype=pl.Int64)
        faults = [(n, row.line, row.fault) for n, row in enumerate(rows, start=1) if row.fault]
        return cls(_without_empty(frame), lines, faults)


def _sayable(row: Row) -> list[str]:
    """The cells; bytes that are no text, which only a row at fault has, as question marks."""
    if row.fault is None:
        return row.cells
    return [cell.encode("utf-8", "replace").decode("utf-8") for cell in row.cells]


def _parts(rows: Iterator[Row], names: Sequence[str]) -> Iterator[_Part]:
    while some := list(itertools.islice(rows, batch_rows(len(names), BATCH))):
        yield _Part.of(some, names)


def _text_parts(source: Source, names: Sequence[str]) -> Iterator[_Part]:
    """The rows of a text table, as `Source.rows` gives them, but mostly many at a time.

    Where no record runs over several lines, each line is a row of its own, and those without
    quotes or faults are split all at once. From the first line on that may belong to a longer
    record, or is no UTF-8, the rows are read one by one.
    """
    found, separator, line = source.lines(), source.separator, 1
    last = source.header_line
    while batch := list(itertools.islice(found, batch_rows(len(names), BATCH))):
        part = (
            None
            if line == 1 and batch[0].count(b'"') % 2
            else _at_once(batch, line, names, separator, last)
        )
        if part is None:
            rest = itertools.chain(batch, found)
            # The number counts as the line does here, since each record was one line so far.
            at, width = (line - 1, line), len(names)
            yield from _parts(text_rows(rest, width, separator, at, header=last - 1), names)
            return
        yield part
        line += len(batch)


def _at_once(
    batch: list[bytes], first: int, names: Sequence[str], separator: str, header: int
) -> _Part | None:
    """The rows of some lines, the first of which is line `first`; None where one may go on.

    The header ends in the line `header`.
    """
    width = len(names)
    try:
        texts = pl.Series("text", batch, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return None
    text, quotes = pl.col("text"), pl.col("text").str.count_matches('"', literal=True)
    told = texts.str.strip_chars_end("\r\n").to_frame().with_row_index("line", offset=first)
    told = told.select(
        pl.col("line").cast(pl.Int64),
        text,
        (quotes % 2 == 1).alias("open"),
        (
            (quotes == 0)
            & (text.str.count_matches(separator, literal=True) == width - 1)
            & ~text.str.contains(HOSTILE)
        ).alias("plain"),
    )
    if told["open"].any():
        return None
    told = told.filter(
        pl.col("line") > header, pl.col("text").str.strip_chars(" \t\n\r\x0b\x0c") != ""
    )
    plain = told.filter("plain")
    cells = plain["text"].str.splitn(separator, width).struct.rename_fields(list(names))
    odd = [
        row
        for line in told.filter(~pl.col("plain"))["line"]
        for row in text_rows([batch[line - first]], width, separator, (line - 1, line))
    ]
    slow = _Part.of(odd, names)
    rows = pl.concat([_without_empty(cells.struct.unnest()), slow.rows])
    lines = pl.concat([plain["line"], slow.lines])
    order = lines.arg_sort()
    place = {line: n for n, line in enumerate(told["line"], start=1)} if slow.faults else {}
    faults = [(place[line], line, why) for _, line, why in slow.faults]
    return _Part(rows[order], lines[order], faults)


def _without_empty(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.when(pl.all().str.contains(_FILLED)).then(pl.all()))
