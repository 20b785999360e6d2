"""`tocsin backtest`: score the models on years that they did not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.files.history import Absent, AbsentOption, TargetOption, read_history
from tocsin.cli.options import DRAWS, SEEDS, HistoryOption, JsonOption
from tocsin.cli.output import print_json, print_table, save_table

if TYPE_CHECKING:
    import polars as pl

GridOption = Annotated[
    bool, typer.Option("--grid", help="Score models of PRIO-GRID cells on events.")
]
ModelOption = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="A model; say it again for more.  [default: all]"),
]
WorkOption = Annotated[
    Path | None,
    typer.Option("--work", metavar="DIR", help="Keep results here; an interrupted run goes on."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write every row (.parquet, .csv or .xlsx)."),
]
ByOption = Annotated[
    list[str] | None,
    typer.Option("--by", help="Also by horizon, region or case; say it again for more."),
]
WorkersOption = Annotated[
    int, typer.Option(help="Processes (Dask); 0 computes in this one.", min=0, max=256)
]


def backtest(
    history: HistoryOption,
    first: Annotated[int, typer.Option("--from", help="First test year.")] = 2018,
    last: Annotated[int, typer.Option("--to", help="Last test year.")] = 2022,
    model: ModelOption = None,
    by: ByOption = None,
    draws: Annotated[int, typer.Option(help="Draws a forecast.", min=10, max=DRAWS)] = 1000,
    target: TargetOption = None,
    grid: GridOption = False,
    workers: WorkersOption = 2,
    work: WorkOption = None,
    out: OutOption = None,
    seed: Annotated[
        int, typer.Option(min=0, max=SEEDS, help="Start of the bootstrap's random numbers.")
    ] = 20260101,
    absent: AbsentOption = Absent.UNKNOWN,
    as_json: JsonOption = False,
) -> None:
    """Score models and simple benchmarks under the VIEWS challenge's rules.

    Each year is forecast from the October before. CRPS, its log version, IGN and MIS: lower is
    better. Coverage is the share within the 90% interval; PIT coverage is the same, fair to
    counts, of which many are zero.

    Example: tocsin backtest --history deaths.csv --from 2018 --to 2022 --work kept --by case
    """
    from tocsin.anticipate.evaluation.bootstrap import differences
    from tocsin.anticipate.evaluation.breakdown import GROUPS, breakdown, pits
    from tocsin.base.atomic import check_apart
    from tocsin.errors import UsageError
    from tocsin.schema.spreadsheet import check_table_target

    for name in by or []:
        if name not in GROUPS:
            raise UsageError(f"'{name}' is not a grouping.", remedy=f"--by {' or '.join(GROUPS)}")
    if out:
        check_table_target(out)
        check_apart(out, history)
    with _progress(quiet=as_json) as done:
        shared = {"draws": draws, "workers": workers, "work": work, "on_done": done}
        years = range(first, last + 1)
        rows = _rows(
            history, grid, years=years, target=target, absent=absent, models=model or (), **shared
        )
    if out:
        save_table(rows, out)
    apart = differences(rows, seed=seed, block="block" if grid else "country")
    if as_json:
        groups = {f"by_{name}": breakdown(rows, name).to_dicts() for name in GROUPS}
        found: dict[str, Any] = {"windows": breakdown(rows).to_dicts(), **groups}
        print_json(found | {"differences": apart.to_dicts(), "pit": pits(rows).to_dicts()})
        return
    _print("Out of sample, a row a window and model", breakdown(rows))
    for name in by or []:
        _print(f"All windows, by {name}", breakdown(rows, name, pooled=True).sort(name, "model"))
    _print("Score as a share of a benchmark's, mean over windows (90% interval)", _against(apart))


def _rows(
    history: list[Path], grid: bool, *, target: str | None, absent: Absent, **asked: Any
) -> pl.DataFrame:
    from tocsin.anticipate import backtest_cells, backtest_table
    from tocsin.errors import UsageError

    if grid:
        from tocsin.anticipate.data.arrange import DEFAULT
        from tocsin.cli.files.grid import read_cells

        return backtest_cells(read_cells(history, target or DEFAULT), **asked)
    if len(history) != 1:
        raise UsageError("Several files go with --grid only.", remedy="Add --grid.")
    known = read_history(history[0], target, absent)
    return backtest_table(known, target=known.target, **asked)


def _against(apart: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    parts = [pl.col(name).round(2).cast(pl.String) for name in ("ratio", "ratio_low", "ratio_high")]
    words = pl.format("{} ({} to {})", *parts)
    return (
        apart.filter(pl.col("window") == "all")
        .with_columns(words.alias("words"))
        .pivot("metric", index=["model", "against"], values="words")
    )


def _print(title: str, frame: pl.DataFrame) -> None:
    shown = frame.drop("benchmark", strict=False)
    rows = [[f"{x:.3f}" if isinstance(x, float) else x for x in row] for row in shown.rows()]
    print_table(title, shown.columns, rows)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, str, bool], None]]:
    """A line on standard error with what was done last, and how much of how much."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        line = progress.add_task("Scoring", total=None)
        count = [0, 0]

        def tell_window(window: int, model: str, kept: bool) -> None:
            count[kept] += 1
            words = f"{sum(count)} scored ({count[1]} kept from before); last: {model}, {window}"
            progress.update(line, description=words)

        yield tell_window
