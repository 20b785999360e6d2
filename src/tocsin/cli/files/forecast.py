"""`tocsin forecast`: forecast a country-month file, or events by cell, without a workspace."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.files.history import Absent, AbsentOption, TargetOption, read_history
from tocsin.cli.options import DRAWS, SEEDS, HistoryOption, JsonOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from tocsin.anticipate.data.panel import Panel


SIMPLE = "last twelve months"
"""The simple forecast whose record stands beside the model's."""


class Form(StrEnum):
    """These are the forms in which a forecast can be written."""

    ROWS = "rows"
    VIEWS = "views"


OriginOption = Annotated[
    str, typer.Option("--origin", metavar="YYYY-MM", help="Last month that may be known.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="A .parquet, .csv or .xlsx file; with views also a submission folder.",
    ),
]
FormOption = Annotated[
    Form, typer.Option("--format", help="Rows by country, or the VIEWS challenge's own.")
]
GridOption = Annotated[
    bool, typer.Option("--grid", help="Forecast PRIO-GRID cells (half a degree) from events.")
]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="With --grid: draw the first quarter (png, svg)."),
]
ExplainOption = Annotated[
    str | None,
    typer.Option("--explain", metavar="COUNTRY", help="Say what moved this country's forecast."),
]
AheadOption = Annotated[
    int, typer.Option("--ahead", help="With --explain: the month ahead.", min=1, max=36)
]
RecordOption = Annotated[
    bool,
    typer.Option(
        "--record",
        help="Also score the model on the latest years of the file, at most five, each from the "
        "October before, beside the last twelve months.",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="A forecaster by name: `tocsin plugins`."),
]


def forecast(
    history: HistoryOption,
    origin: OriginOption,
    out: OutOption = None,
    horizon: Annotated[int, typer.Option(help="Months ahead, 1 to 36.", min=1, max=36)] = 14,
    draws: Annotated[
        int, typer.Option(help="Draws a country and month.", min=10, max=DRAWS)
    ] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, max=SEEDS, help="Start of all random numbers.")
    ] = 20260101,
    target: TargetOption = None,
    model: ModelOption = None,
    form: FormOption = Form.ROWS,
    grid: GridOption = False,
    drawing: MapOption = None,
    country: ExplainOption = None,
    ahead: AheadOption = 3,
    absent: AbsentOption = Absent.UNKNOWN,
    record: RecordOption = False,
    as_json: JsonOption = False,
) -> None:
    """Forecast every country of a file; nothing after the origin is looked at.

    Writes `country, month, draw, outcome`. The model is tocsin's forecaster, or the one that
    --model names; --record tells how it did on past years of the file, and `tocsin backtest`
    compares models. With `--format views`: `month_id, country_id, draw, outcome`, in one file, or
    where --out has no suffix, a submission folder of the 2023/24 VIEWS challenge.

    With `--grid` the history is events (any source that `tocsin observe` reads, or a workspace,
    whose incidents count each once) and the units are cells. With `--explain` it says what moved
    one country's forecast, and which past cases were most like it; --out is then not needed.

    Example: tocsin forecast --history deaths.csv --origin 2021-10 --out draws.parquet

    Example: tocsin forecast --grid --history sahel --origin 2023-12 --out cells.parquet
    """
    if country is None and out is None and drawing is None:
        raise UsageError("Where should the forecast go?", remedy="Name a file with --out.")
    _check_places(out, drawing, form, history, grid=grid)
    if grid:
        if country is not None:
            raise UsageError("--explain is of countries, not of cells.", remedy="Leave out --grid.")
        if record:
            raise UsageError(
                "--record is of countries, not of cells.", remedy="Use tocsin backtest --grid."
            )
        from tocsin.anticipate.data.arrange import DEFAULT

        _forecast_grid(
            history, origin, out, horizon, draws, seed, target or DEFAULT, model, form, drawing,
            as_json,
        )  # fmt: skip
        return
    if len(history) != 1 or drawing is not None:
        raise UsageError("Several files and a map go with --grid only.", remedy="Add --grid.")
    known = read_history(history[0], target, absent)
    target = known.target
    if country is not None:
        _explain(known, country, origin, ahead, draws, target, model, as_json)
    if out is None:
        return

    from tocsin.anticipate import forecast_table, left_out_countries
    from tocsin.anticipate.data.absence import absence_notes
    from tocsin.anticipate.data.history import history_until
    from tocsin.anticipate.models.pool import stand_in_notes
    from tocsin.anticipate.models.registry import FORECASTER

    with working("Forecasting", quiet=as_json):
        written = forecast_table(
            known,
            origin=origin,
            horizon=horizon,
            draws=draws,
            seed=seed,
            target=target,
            model=model,
        )
        place = _save(written, out, form, origin)
    gone = left_out_countries(known, origin=origin, target=target).to_dicts()
    found = history_until(known, target, origin)
    notes = absence_notes(found, target=target)
    if model in (None, FORECASTER):
        notes += stand_in_notes(found, horizon, seed=seed)
    scored = _record(found, model, horizon, seed, asked=record, quiet=as_json)
    if as_json and country is None:
        rows = {"record": scored.to_dicts()} if record else {}
        counted = {"out": str(place), "rows": written.height}
        print_json({**counted, "left_out": gone, "notes": notes, **rows})
    elif not as_json:
        typer.echo(f"Written: {place} ({quantity(written.height, 'row')})")
        for row in gone:
            typer.echo(f"{row['country']}: no count since {row['last']}, so not forecast.")
        for note in (*notes, *_record_words(found, scored, asked=record)):
            typer.echo(note, err=True)


def _record(
    known: Panel, model: str | None, horizon: int, seed: int, *, asked: bool, quiet: bool
) -> pl.DataFrame:
    """The model's record and that of the last twelve months on the latest years of the file."""
    import polars as pl

    from tocsin.anticipate.evaluation.track_record import track_record
    from tocsin.anticipate.models.baselines import MODELS
    from tocsin.anticipate.models.registry import FORECASTER, find_model

    if not asked:
        return pl.DataFrame()
    name = model or FORECASTER
    models = {name: find_model(name), SIMPLE: MODELS[SIMPLE]}
    with working("Scoring", quiet=quiet) as tell:
        found = track_record(known, models, horizon, seed=seed, progress=tell)
    return found.filter(pl.col("model").is_in(list(models)))


def _record_words(known: Panel, scored: pl.DataFrame, *, asked: bool) -> list[str]:
    from tocsin.anticipate.evaluation.track_record import record_lines, windows

    if not windows(known) or (asked and scored.is_empty()):
        return [
            "No year up to the origin can be scored, since that takes four complete years: nothing "
            "here tells how good the forecast is."
        ]
    if not asked:
        return ["How such forecasts of this file did in past years is told with --record."]
    lines = [*record_lines(scored), *_years_nearer(scored)]
    whole = scored.filter(window="all", horizon=0, region="all").sort("crps")["model"].to_list()
    if whole[0] == SIMPLE and len(whole) > 1:
        lines.append(
            f"In those years the {SIMPLE} were nearer (CRPS is a mean error: less is better). Read "
            f"this forecast with that in mind, or forecast by them: --model '{SIMPLE}'."
        )
    return lines


def _years_nearer(scored: pl.DataFrame) -> list[str]:
    """In how many years the model was nearer: a mean over years can be the work of one."""
    years = scored.filter(horizon=0, region="all").remove(window="all")
    simple = years.filter(model=SIMPLE).select("window", simple="crps")
    both = years.remove(model=SIMPLE).join(simple, on="window")
    if both.is_empty():
        return []
    nearer = int((both["crps"] < both["simple"]).sum())
    return [
        f"By CRPS, a mean error of which less is better, '{both['model'][0]}' was nearer than the "
        f"{SIMPLE} in {nearer} of {quantity(both.height, 'year')}."
    ]


def _check_places(
    out: Path | None, drawing: Path | None, form: Form, history: list[Path], *, grid: bool
) -> None:
    """Look whether what is to be computed can be written where it should go."""
    from tocsin.base.atomic import check_apart, check_folder, check_target
    from tocsin.schema.spreadsheet import check_table_target

    if out is not None and form is Form.VIEWS and not out.suffix and not grid:
        check_folder(out)
    elif out is not None:
        check_table_target(out)
        check_apart(out, history)
    if drawing is not None:
        if drawing.suffix not in (".png", ".svg"):
            raise UsageError(f"'{drawing.name}' is no picture.", remedy="Name it .png or .svg.")
        check_target(drawing)


def _save(written: pl.DataFrame, out: Path, form: Form, origin: str) -> Path:
    from tocsin.anticipate.data.history import month
    from tocsin.anticipate.issue.views import as_views, write_submission

    if form is Form.VIEWS and not out.suffix:
        return write_submission(written, out, origin=month(origin))
    save_table(as_views(written) if form is Form.VIEWS else written, out)
    return out


def _explain(
    known: Panel,
    country: str,
    origin: str,
    ahead: int,
    draws: int,
    target: str,
    model: str | None,
    as_json: bool,
) -> None:
    from tocsin.anticipate import explain_table

    with working(f"Forecasting {country} again and again", quiet=as_json):
        found = explain_table(
            known,
            country=country,
            origin=origin,
            horizon=ahead,
            draws=draws,
            target=target,
            model=model,
        )
    if as_json:
        print_json(found)
        return
    for sentence in found["words"]:
        typer.echo(sentence)
    header = ("case", "to", "deaths in its year", f"in the {ahead} months after", "distance")
    rows = [
        [
            row["country"],
            row["month"],
            int(row["year"]),
            int(row["followed"]),
            f"{row['distance']:.2f}",
        ]
        for row in found["analogues"]
    ]
    print_table("Past cases most alike", header, rows)


def _forecast_grid(
    history: list[Path],
    origin: str,
    out: Path | None,
    horizon: int,
    draws: int,
    seed: int,
    target: str,
    model: str | None,
    form: Form,
    drawing: Path | None,
    as_json: bool,
) -> None:
    from tocsin.anticipate.data.history import month
    from tocsin.cli.files.grid import forecast_grid

    with working("Forecasting cells", quiet=as_json):
        found = forecast_grid(
            history,
            origin=month(origin),
            horizon=horizon,
            draws=draws,
            seed=seed,
            target=target,
            model=model,
            out=out,
            views=form is Form.VIEWS,
            drawing=drawing,
        )
    if as_json:
        print_json(found)
        return
    for place in (found["out"], found["map"]):
        if place:
            typer.echo(f"Written: {place}")
    typer.echo(f"{quantity(found['cells'], 'cell')}, {quantity(found['rows'], 'draw')}.")
    for row in found["unplaced"]:
        if not row["deaths"]:
            continue
        typer.echo(
            f"{row['territory']}: {row['deaths']:,} deaths ({row['share']:.0%}) have no place "
            "precise enough for a cell and are left out."
        )
    if found["later"]:
        typer.echo(
            f"{found['later']:,} deaths of reports over several months lie in months after the "
            "files end and are left out."
        )
