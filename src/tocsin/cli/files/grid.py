"""Cells on the command line: events in, `tocsin forecast --grid` and `tocsin backtest --grid`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.base.atomic import replace

if TYPE_CHECKING:
    import polars as pl

    from tocsin.anticipate.grid import CellMonths


def read_cells(paths: Sequence[Path], target: str) -> CellMonths:
    """Read event files of any known source, batch by batch, as deaths by cell and month.

    Args:
        paths: the files; a folder stands for its files, and a workspace for its incidents.
        target: the kind of deaths that are counted.

    Returns:
        Whole deaths by cell and month, and those that could not be placed.

    Raises:
        UsageError: a file does not exist, there is no such target, or two producers tell of one
            territory in the same months.
        SourceRefused: a file cannot be read.
        StageNotReady: no report is of that target, or a workspace has no incidents yet.
    """
    from tocsin.anticipate.grid import as_reports, cell_months
    from tocsin.observe import Source, reading
    from tocsin.observe.formats.file import input_files
    from tocsin.workspace.store import SETTINGS_FILE, Workspace

    places = [path for path in paths if (path / SETTINGS_FILE).is_file()]
    files = input_files([path for path in paths if path not in places])

    def reports() -> Iterator[pl.DataFrame]:
        for place in places:
            with Workspace.open(place) as opened:
                yield as_reports(opened.require("incidents")["incidents"])
        for path in files:
            for tables in reading(Source.of_path(path)):
                if "reports" in tables:
                    yield tables["reports"]

    return cell_months(reports(), target)


def forecast_grid(
    paths: Sequence[Path],
    *,
    origin: date,
    horizon: int,
    draws: int,
    seed: int,
    target: str,
    model: str | None = None,
    out: Path | None,
    views: bool,
    drawing: Path | None,
) -> dict[str, Any]:
    """Forecast cells to a Parquet file, part by part, and draw the map of the first quarter.

    Args:
        paths: event files of any known source.
        origin: the first day of the last month that may be known.
        horizon: how many months after the origin are forecast.
        draws: how many draws each cell and month has.
        seed: start of all random numbers.
        target: the kind of deaths that are counted.
        model: the name of a model of cells; None: the default.
        out: the file to write (.parquet, .csv or .xlsx); None: no file is written.
        views: True writes the columns of VIEWS.
        drawing: the picture of the map to write (.png or .svg); None: no map is drawn.

    Returns:
        What was written: `out` and `map` (paths), the numbers of `cells` and `rows`, and the deaths
        that are not in a cell, `unplaced` and `later`.

    Raises:
        UsageError: there is no such target or model, or the events do not reach the origin.
        StageNotReady: no report is of that target.
    """
    import polars as pl

    from tocsin.anticipate.grid import forecast_cells, summaries
    from tocsin.anticipate.grid.models import DEFAULT

    cells = read_cells(paths, target)
    parts = forecast_cells(
        cells,
        origin=origin,
        horizon=horizon,
        draws=draws,
        seed=seed,
        model=model or DEFAULT,
    )
    rows, found = 0, []
    with _writer(out, views=views) as write:
        for part, summary in summaries(parts, min(3, horizon)):
            rows += part.height
            found.append(summary)
            write(part)
    if drawing:
        from tocsin.share.charts.cells import cell_map, save_chart

        quarter = min(3, horizon)
        spec = cell_map(
            pl.concat(found), cells.unplaced, origin=origin, months=quarter, target=target
        )
        save_chart(spec, drawing)
    return {
        "out": str(out) if out else None,
        "map": str(drawing) if drawing else None,
        "cells": sum(part.height for part in found),
        "rows": rows,
        "unplaced": cells.unplaced.to_dicts(),
        "later": cells.later,
    }


@contextmanager
def _writer(out: Path | None, *, views: bool) -> Iterator[Callable[[pl.DataFrame], None]]:
    """A Parquet file written part by part, whole or not at all; without `out`, nothing."""
    if out is None:
        yield lambda _rows: None
        return
    if out.suffix.lower() in (".csv", ".xlsx"):
        with _whole(out, views=views) as write:
            yield write
        return
    import pyarrow.parquet as pq

    from tocsin.anticipate.issue.views import as_views

    opened: list[Any] = []
    with replace(out) as part:

        def write(rows: pl.DataFrame) -> None:
            table = (as_views(rows) if views else rows).to_arrow()
            if not opened:
                opened.append(pq.ParquetWriter(part, table.schema, compression="zstd"))
            opened[0].write_table(table)

        yield write
        for writer in opened:
            writer.close()


@contextmanager
def _whole(out: Path, *, views: bool) -> Iterator[Callable[[pl.DataFrame], None]]:
    """A file for a spreadsheet, which takes all parts at once."""
    import polars as pl

    from tocsin.anticipate.issue.views import as_views
    from tocsin.schema.spreadsheet import write_table

    parts: list[pl.DataFrame] = []
    yield lambda rows: parts.append(as_views(rows) if views else rows)
    write_table(pl.concat(parts), out)
