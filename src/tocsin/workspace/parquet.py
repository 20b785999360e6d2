"""Tables too wide for the database: one Parquet file a run, beside it.

A file is complete, flushed and in place before the transaction that names its run ends. Files
that no newest run names are swept away later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.base.atomic import replace
from tocsin.errors import WorkspaceError
from tocsin.schema import PARQUET_TABLES, PROVENANCE, TABLES, empty
from tocsin.schema.step import verb

Runs = Iterable[Mapping[str, Any]]
"""Runs, oldest first, as `Workspace.runs` gives them."""


def write_parquet(folder: Path, table: str, run_id: str, rows: pl.DataFrame) -> None:
    """Write the rows of one run, with their provenance, to a Parquet file.

    Args:
        folder: the folder of such files in the workspace; it is made if it is not there.
        table: the name of the table.
        run_id: the run that made the rows.
        rows: the rows, with `row_hash` and `run_id`.
    """
    folder.mkdir(exist_ok=True)
    with replace(_path(folder, table, run_id)) as part:
        rows.write_parquet(part, compression="zstd")


def read_parquet(folder: Path, table: str, runs: Runs, wanted: list[str]) -> pl.DataFrame:
    """Read the rows of the newest run that wrote a table; there are none if no run did.

    Args:
        folder: the folder of such files in the workspace.
        table: the name of the table.
        runs: all runs of the workspace, the oldest first.
        wanted: the columns to read.

    Returns:
        The rows with the columns `wanted`.

    Raises:
        WorkspaceError: the run's file is missing or damaged.
    """
    run = _newest(table, runs)
    if run is None:
        return empty(TABLES[table]).with_columns(
            pl.lit("").alias(name) for name in wanted if name in PROVENANCE
        )
    path = _path(folder, table, run["run_id"])
    try:
        return pl.read_parquet(path).select(wanted)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise WorkspaceError(
            f"The Parquet file of '{table}' cannot be read: {error}.",
            where=str(path),
            remedy=f"Run `tocsin {verb(run['stage'])}` again.",
        ) from error


def sweep_parquet(folder: Path, runs: Runs) -> None:
    """Delete the files that are not of the newest run of their table.

    Files that are not tocsin's stay.

    Args:
        folder: the folder of such files in the workspace.
        runs: all runs of the workspace, the oldest first.
    """
    runs = list(runs)
    for table in PARQUET_TABLES:
        run = _newest(table, runs)
        newest = _path(folder, table, run["run_id"]) if run else None
        # With what a writer that was killed has left.
        for path in (*folder.glob(f"{table}-*"), *folder.glob(f".{table}-*.part")):
            if path != newest:
                path.unlink(missing_ok=True)


def _path(folder: Path, table: str, run_id: str) -> Path:
    return folder / f"{table}-{run_id}.parquet"


def _newest(table: str, runs: Runs) -> Mapping[str, Any] | None:
    return next((run for run in reversed(list(runs)) if table in run["rows"]), None)
