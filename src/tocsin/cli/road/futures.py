"""Verbs below `tocsin plan` on its own futures: all of them as a data set, and what parts add."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.cli.progress import showing
from tocsin.cli.road.calibrate import app
from tocsin.cli.road.plan import (
    DaskOption,
    OutcomeOption,
    OutOption,
    PortfoliosOption,
    WorkersOption,
    portfolio_file,
    side_by_side,
)

__all__ = ["app"]


@app.command("futures")
def futures(
    portfolios: PortfoliosOption = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--futures", min=2, max=1_000_000, help="Futures a portfolio.", show_default="settings"
        ),
    ] = None,
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The data set, as netCDF.")
    ] = Path("futures.nc"),
    by_year: Annotated[
        Path | None,
        typer.Option(
            "--by-year",
            metavar="DIR",
            help="Write every outcome of every future by territory and year instead, as files in "
            "this folder.",
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write every future of the plan: outcomes by portfolio, territory and year, with parameters.

    They are the futures of `tocsin plan` with the same settings, played again; `run` in the file is
    the plan's run. The file is netCDF, which xarray, R and others read, with units. It has what is
    counted by territory and year for the first 256 futures. With --by-year it is there for all
    futures and outcomes, in files that are written one by one, so that it may be larger than
    memory; what the disk has no room for is refused, and a call that was stopped goes on.

    Example: tocsin plan futures --workspace sahel --out futures.nc

    Example: tocsin plan futures --workspace sahel --futures 10000 --by-year futures
    """
    from tocsin.base.atomic import check_target, replace
    from tocsin.errors import require
    from tocsin.plan import STEP, dataset
    from tocsin.plan.play.yearly import write_yearly
    from tocsin.plan.portfolios import PORTFOLIOS_FILE
    from tocsin.plan.posterior import own
    from tocsin.schema.step import in_words
    from tocsin.workspace.declared import declared_tables, prospective_run
    from tocsin.workspace.status import refuse_stale
    from tocsin.workspace.store import Workspace

    require("scipy", extra="plan")
    if by_year is None:
        check_target(out)
    with (
        Workspace.open(workspace) as opened,
        side_by_side(workers, dask) as them,
        working("Simulating", quiet=as_json) as say,
    ):
        file, _ = portfolio_file(opened, portfolios)
        refuse_stale(opened, ("assess", "anticipate"))
        opened.check_filled(*STEP.needs)
        if number is not None:
            opened.settings = opened.settings.model_copy(update={"futures": number})
        settings, chosen = (
            opened.settings,
            {} if portfolios is None else {PORTFOLIOS_FILE: portfolios},
        )
        run = prospective_run(opened, STEP, chosen).run_id
        about = {"region": settings.region.name, "run": run}
        asked: dict[str, Any] = {
            "gwnos": settings.region.gwnos, "futures": settings.futures, "seed": settings.seed,
            "portfolios": file, "posterior": own(opened.path), "workers": them,
            "tell": in_words(say),
        }  # fmt: skip
        tables = declared_tables(opened, STEP)
        if by_year is not None:
            files = write_yearly(tables, by_year, about=about, **asked)
        else:
            found = dataset(tables, **asked)
    if by_year is not None:
        _tell_files(by_year, [one.name for one in files], about, as_json=as_json)
        return
    found.attrs |= about
    with replace(out) as part:
        found.to_netcdf(part, engine="scipy", format="NETCDF3_64BIT")
    sizes = {str(name): size for name, size in found.sizes.items()}
    if as_json:
        told = {str(name): list(one.dims) for name, one in found.data_vars.items()}
        print_json({"file": str(out), "sizes": sizes, "variables": told, **found.attrs})
        return
    typer.echo(
        f"Written: {out} ({quantity(sizes['future'], 'future')} of "
        f"{quantity(sizes['portfolio'], 'portfolio')} in "
        f"{quantity(sizes['territory'], 'territory', 'territories')})"
    )


def _tell_files(folder: Path, names: list[str], about: dict[str, str], *, as_json: bool) -> None:
    """Say which files were written into a folder."""
    if as_json:
        print_json({"folder": str(folder), "files": names, **about})
        return
    typer.echo(
        f"Written: {folder} ({quantity(len(names), 'file')}; in Python "
        "tocsin.plan.play.yearly.open_yearly reads them as one)"
    )


@app.command("parts")
def parts(
    portfolio: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names, as `tocsin plan` lists them.", show_default="all but the status quo"
        ),
    ] = None,
    late: Annotated[
        list[float] | None,
        typer.Option(
            "--late",
            min=0.5,
            max=108.0,
            metavar="MONTHS",
            help="Also begun so much later; may be repeated.",
            show_default="12 and 24",
        ),
    ] = None,
    portfolios: PortfoliosOption = None,
    outcome: OutcomeOption = "deaths",
    futures: Annotated[
        int | None,
        typer.Option(
            min=2, max=1_000_000, help="Futures that are played.", show_default="settings"
        ),
    ] = None,
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    out: OutOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what each lever of portfolios adds to them, and what is lost if they begin later.

    Each lever is left as it is today by itself, in the futures of the plan. What is found is kept
    in the workspace, beside what was found of other portfolios from the same data, and the brief
    and `tocsin plan page` tell of it until a plan is made that it does not fit.

    Example: tocsin plan parts --workspace sahel

    Example: tocsin plan parts layered --late 6 --outcome displaced --out parts.csv
    """
    import polars as pl

    from tocsin.base.nearest import advice
    from tocsin.errors import UsageError
    from tocsin.plan.region.outcomes import OUTCOMES
    from tocsin.share.summary import part_lines
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    if outcome not in OUTCOMES:
        raise UsageError(f"There is no outcome '{outcome}'.", remedy=advice(outcome, OUTCOMES))
    with (
        Workspace.open(workspace) as opened,
        side_by_side(workers, dask) as them,
        showing(quiet=as_json) as show,
    ):
        file, _ = portfolio_file(opened, portfolios)
        for name in portfolio or ():
            file.find(name)
        road.plan(
            opened, portfolios, futures=futures, workers=them, on_progress=show,
            parts=portfolio or True, late=late or (),
        )  # fmt: skip
        found = opened.read("portfolio_parts")
    found = found.filter(pl.col("portfolio").is_in(portfolio)) if portfolio else found
    if out is not None:
        save_table(found, out)
    if as_json:
        print_json(found.to_dicts())
        return
    for (name,), part in found.group_by("portfolio", maintain_order=True):
        rows, lines = part_lines(part.to_dicts(), str(name), outcome)
        title = f"What '{name}' has more of where a part is left out or begun late ({outcome})"
        print_table(title, ["variant", "cost a year", "mean", "90% of futures", "more in"], rows)
        for line in lines:
            typer.echo(line)
