"""`tocsin plan futures`: every future of a plan as one labelled data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, working
from tocsin.cli.road.calibrate import app
from tocsin.cli.road.plan import DaskOption, PortfoliosOption, portfolio_file, side_by_side

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
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Processes that simulate side by side.")
    ] = 1,
    dask: DaskOption = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The data set, as netCDF.")
    ] = Path("futures.nc"),
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write every future of the plan: outcomes by portfolio, territory and year, with parameters.

    They are the futures of `tocsin plan` with the same settings, played again; `run` in the file is
    the plan's run. The file is netCDF, which xarray, R and others read, with units.

    Example: tocsin plan futures --workspace sahel --out futures.nc
    """
    from tocsin.base.atomic import check_target, replace
    from tocsin.errors import require
    from tocsin.plan import STEP, dataset
    from tocsin.plan.portfolios import PORTFOLIOS_FILE
    from tocsin.plan.posterior import own
    from tocsin.schema.step import in_words
    from tocsin.workspace.declared import declared_tables, prospective_run
    from tocsin.workspace.status import refuse_stale
    from tocsin.workspace.store import Workspace

    require("scipy", extra="plan")
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
        settings = opened.settings
        chosen = {} if portfolios is None else {PORTFOLIOS_FILE: portfolios}
        found = dataset(
            declared_tables(opened, STEP), gwnos=settings.region.gwnos,
            futures=settings.futures, seed=settings.seed, portfolios=file,
            posterior=own(opened.path), workers=them, tell=in_words(say),
        )  # fmt: skip
        run = prospective_run(opened, STEP, chosen).run_id
        found.attrs |= {"region": settings.region.name, "run": run}
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
