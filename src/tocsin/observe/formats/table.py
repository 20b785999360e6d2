"""Any table file as a frame of texts: what `link`, `forecast` and a notebook read files with.

The readers of `observe` take a file row by row (`Source.rows`); this is the same reading, with
all rows held. Nothing is interpreted: the cells are the very texts of the file.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tocsin.errors import SourceRefused, UsageError
from tocsin.observe.formats.source import Source

BATCH = 20_000
"""Rows put into columns at a time."""
ENDINGS = (
    ".gz", ".bz2", ".xz", ".zst", ".zip", ".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq",
    ".xlsx", ".xlsm",
)  # fmt: skip
"""What a file's name may end in, beside the name of what it holds."""


@dataclass(frozen=True)
class Table:
    """A file's rows as texts, where each stands, and what is wrong with some."""

    name: str
    """The file's name, for messages."""
    rows: pl.DataFrame
    """A text column for each of the file's, an empty cell being null. All rows are here, also
    those at fault: their missing cells are null, cells beyond the header are left out."""
    lines: pl.Series
    """For each row the line of the file where it begins, the header being in line 1."""
    faults: pl.DataFrame
    """`row` (from 1), `line`, `rule` (ragged, quote, encoding, characters) and `reason`, for each
    row that `observe` would put into quarantine because of how it is written."""

    def sound(self) -> pl.DataFrame:
        """The rows, where every one of them must count.

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


def read_table(place: Path | str | Source) -> Table:
    """Read a table file: CSV (`,` `;` tab or `|`), Excel's first sheet, or Parquet.

    A text may be plain or packed by gzip, bzip2, xz, Zstandard or a zip of one file, in UTF-8, or
    UTF-16 or UTF-32 with a byte order mark. The names of columns stand in the first row; a
    second column of one name is numbered (`n`, `n_2`), one without a name is called after its
    place (`column_3`).

    Args:
        place: a path, or a `Source` for content in memory.

    Returns:
        The rows in the order of the file, as texts: whole numbers of Excel without a point, days
        as ISO 8601, nested values of Parquet as JSON.

    Raises:
        UsageError: there is no such file.
        SourceRefused: empty, without a header, damaged, or beyond the limits on what a packed
            file may hold.
        MissingExtra: an Excel file, and the extra `observe` is not installed.

    >>> table = read_table(Source.of_bytes("t.csv", b"country;n\\nSyria; 1\\n\\nMali\\n"))
    >>> table.rows.rows(), table.lines.to_list(), table.faults["rule"].to_list()
    ([('Syria', ' 1'), ('Mali', None)], [2, 4], ['ragged'])
    """
    source = place if isinstance(place, Source) else _opened(Path(place))
    if source.container == "text" and not source.head.strip():
        raise SourceRefused("The file is empty.", where=source.name, remedy="Fetch it again.")
    names = source.columns
    if not names:
        raise SourceRefused(
            "The file has no header.",
            where=source.name,
            remedy="The names of the columns must stand in the first row.",
        )
    parts, lines, faults, height = [_frame([], names)], list[int](), list[tuple[object, ...]](), 0
    rows = source.rows()
    while some := list(itertools.islice(rows, BATCH)):
        lines += [row.line for row in some]
        faults += [
            (number, row.line, *row.fault)
            for number, row in enumerate(some, start=height + 1)
            if row.fault
        ]
        parts.append(_frame([row.cells for row in some], names))
        height += len(some)
    schema = {"row": pl.Int64, "line": pl.Int64, "rule": pl.String, "reason": pl.String}
    return Table(
        source.name,
        pl.concat(parts),
        pl.Series("line", lines, dtype=pl.Int64),
        pl.DataFrame(faults, schema=schema, orient="row"),
    )


def table_names(paths: Sequence[Path | str]) -> list[str]:
    """What files are called where each is a source of its own: their names without endings.

    Raises:
        UsageError: two files would carry one name.

    >>> table_names(["agency.csv", "raw/press.csv.gz"])
    ['agency', 'press']
    """
    names = []
    for path in paths:
        name = Path(path).name
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


def _opened(path: Path) -> Source:
    if path.is_dir():
        raise UsageError("This is a folder, not a file.", where=str(path), remedy="Name its files.")
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path), remedy="Look at the path.")
    return Source.of_path(path)


def _frame(rows: list[list[str]], names: list[str]) -> pl.DataFrame:
    width = len(names)
    ready = (
        cells if len(cells) == width else [*cells, *[""] * (width - len(cells))][:width]
        for cells in rows
    )
    columns = list(zip(*ready, strict=True)) or [()] * width
    frame = pl.DataFrame(
        {
            name: pl.Series(column, dtype=pl.String)
            for name, column in zip(names, columns, strict=True)
        }
    )
    return frame.with_columns(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name)
        for name in names
    )
