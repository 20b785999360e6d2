"""`tocsin forecast`: forecast a country-month file without a workspace."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, save_table, working

if TYPE_CHECKING:
    import polars as pl


class Form(StrEnum):
    """How a forecast is written."""

    ROWS = "rows"
    VIEWS = "views"


HistoryOption = Annotated[
    Path, typer.Option("--history", metavar="FILE", help="CSV: country, month, and a count.")
]
OriginOption = Annotated[
    str, typer.Option("--origin", metavar="YYYY-MM", help="Last month that may be known.")
]
OutOption = Annotated[
    Path,
    typer.Option(
        "--out", metavar="FILE", help="Parquet (or .csv) file; with views also a submission folder."
    ),
]
FormOption = Annotated[
    Form, typer.Option("--format", help="Rows by country, or the VIEWS challenge's own.")
]


def forecast(
    history: HistoryOption,
    origin: OriginOption,
    out: OutOption,
    horizon: Annotated[int, typer.Option(help="Months ahead, 1 to 36.", min=1, max=36)] = 14,
    draws: Annotated[int, typer.Option(help="Draws a country and month.", min=10)] = 1000,
    seed: Annotated[int, typer.Option(help="Start of all random numbers.")] = 20260101,
    target: Annotated[str, typer.Option(help="The column of counts.")] = "ged_sb",
    form: FormOption = Form.ROWS,
    as_json: JsonOption = False,
) -> None:
    """Forecast every country of a file; nothing after the origin is looked at.

    Writes `country, month, draw, outcome`. The model is the one with the best record on the
    years before the origin. With `--format views`: `month_id, country_id, draw, outcome`, in one
    file, or where --out has no suffix, a submission folder of the 2023/24 VIEWS challenge.

    Example: tocsin forecast --history deaths.csv --origin 2021-10 --out draws.parquet
    """
    from tocsin.anticipate import forecast_file

    with working("Forecasting", quiet=as_json):
        written = forecast_file(
            history, origin=origin, horizon=horizon, draws=draws, seed=seed, target=target
        )
        place, rows = save_forecast(written, out, form, origin)
    if as_json:
        print_json({"out": str(place), "rows": rows})
    else:
        typer.echo(f"Written: {place} ({rows:,} rows)")


def save_forecast(written: pl.DataFrame, out: Path, form: Form, origin: str) -> tuple[Path, int]:
    """Write draws in the form asked for; where they went, and how many rows were forecast."""
    from datetime import date

    from tocsin.anticipate.views import as_views, write_submission

    if form is Form.VIEWS and not out.suffix:
        return write_submission(written, out, origin=date.fromisoformat(f"{origin}-01")), len(
            written
        )
    save_table(as_views(written) if form is Form.VIEWS else written, out)
    return out, len(written)
