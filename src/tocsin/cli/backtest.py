"""`tocsin backtest`: score the models on years that they did not know."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, print_table

HistoryOption = Annotated[
    Path, typer.Option("--history", metavar="FILE", help="CSV: country, month, and a count.")
]


def backtest(
    history: HistoryOption,
    first: Annotated[int, typer.Option("--from", help="First test year.")] = 2018,
    last: Annotated[int, typer.Option("--to", help="Last test year.")] = 2022,
    draws: Annotated[int, typer.Option(help="Draws a forecast.", min=10)] = 1000,
    target: Annotated[str, typer.Option(help="The column of counts.")] = "ged_sb",
    as_json: JsonOption = False,
) -> None:
    """Score models and simple benchmarks under the VIEWS challenge's rules.

    Each year is forecast from the October before. CRPS, its log version, IGN and MIS: lower is
    better. Coverage is the share within the 90 % interval.

    Example: tocsin backtest --history deaths.csv --from 2018 --to 2022
    """
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.anticipate import backtest_file

    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as progress:
        task = progress.add_task("Scoring", total=last - first + 1)
        scored = backtest_file(
            history,
            years=range(first, last + 1),
            draws=draws,
            target=target,
            on_window=lambda _year: progress.advance(task),
        )
    if as_json:
        print_json(scored.to_dicts())
        return
    rows = [
        [f"{value:.3f}" if isinstance(value, float) else value for value in row]
        for row in scored.drop("benchmark").rows()
    ]
    print_table("Out of sample", scored.drop("benchmark").columns, rows)
