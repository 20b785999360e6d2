"""Cells of tables that we write for spreadsheets: data, never a formula."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.base.atomic import replace

_FORMULA = r"^[=@\t\r+\-]"
_NUMBER = r"^[+\-]?[0-9.,eE+\-]*$"


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet would run as formulas, with an apostrophe before them.

    To be called on every frame that is written as CSV (OWASP, CSV injection). Numbers with a
    sign stay as they are.

    >>> inert(pl.DataFrame({"a": ["=1+1", "-5", "-a", "Aleppo", None]}))["a"].to_list()
    ["'=1+1", '-5', "'-a", 'Aleppo', None]
    """
    texts = pl.col(pl.String)
    runs = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    return frame.with_columns(pl.when(runs).then(pl.lit("'") + texts).otherwise(texts).name.keep())


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as a CSV file that a spreadsheet can open without danger.

    Text that a spreadsheet would run as a formula gets an apostrophe before it (see `inert`).
    The file is written whole or not at all.

    Args:
        frame: the rows to write.
        path: the file to make or to replace; its folder must exist.

    Raises:
        UsageError: the path is no regular file, or its folder is not there or may not be
            written to.
    """
    with replace(path) as part:
        inert(frame).write_csv(part)
