"""`tocsin forecast`: forecast a country-month file without a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, working

HistoryOption = Annotated[
    Path, typer.Option("--history", metavar="FILE", help="CSV: country, month, and a count.")
]
OriginOption = Annotated[
    str, typer.Option("--origin", metavar="YYYY-MM", help="Last month that may be known.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="Parquet file to write.")]


def forecast(
    history: HistoryOption,
    origin: OriginOption,
    out: OutOption,
    horizon: Annotated[int, typer.Option(help="Months ahead, 1 to 36.", min=1, max=36)] = 14,
    draws: Annotated[int, typer.Option(help="Draws a country and month.", min=10)] = 1000,
    seed: Annotated[int, typer.Option(help="Start of all random numbers.")] = 20260101,
    target: Annotated[str, typer.Option(help="The column of counts.")] = "ged_sb",
    as_json: JsonOption = False,
) -> None:
    """Forecast every country of a file; nothing after the origin is looked at.

    Writes `country, month, draw, outcome`. The model is the one with the best record on the
    years before the origin.

    Example: tocsin forecast --history deaths.csv --origin 2021-10 --out draws.parquet
    """
    from tocsin.anticipate import forecast_file

    with working("Forecasting", quiet=as_json):
        written = forecast_file(
            history, origin=origin, horizon=horizon, draws=draws, seed=seed, target=target
        )
        part = out.with_name(f".{out.name}.part")
        written.write_parquet(part)
        part.replace(out)
    if as_json:
        print_json({"out": str(out), "rows": written.height})
    else:
        typer.echo(f"Written: {out} ({written.height:,} rows)")
