"""`tocsin plan calibrate`: what the workspace's own incidents say of the model's parameters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table, working
from tocsin.cli.road.plan import SeedOption
from tocsin.cli.road.planning import app

__all__ = ["app"]


@app.command("calibrate")
def calibrate(
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            formats=["%Y-%m-%d"],
            help="Incidents before this day are used.",
            show_default="all",
        ),
    ] = None,
    worlds: Annotated[
        int, typer.Option(min=1_000, help="Worlds that are played; more tell better.")
    ] = 32_768,
    seed: SeedOption = 0,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep played worlds here, and go on from there."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="The posterior.",
            show_default="posterior.json of the workspace, which `tocsin plan` then uses",
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Infer parameters of the regional model from the workspace's incidents, by simulation.

    Without it a plan uses the posterior that ships with tocsin. Delete posterior.json to go back to
    that.

    Example: tocsin plan calibrate --workspace sahel --until 2023-01-01 --work kept
    """  # fmt: skip
    from tocsin.base.atomic import check_target, write_bytes
    from tocsin.errors import StageNotReady
    from tocsin.plan.calibration import calibrate as infer
    from tocsin.plan.posterior import POSTERIOR_FILE
    from tocsin.workspace.store import Workspace

    with working("Calibrating", quiet=as_json) as say, Workspace.open(workspace) as opened:
        target = out or opened.path / POSTERIOR_FILE
        check_target(target)
        incidents = opened.read("incidents")
        last = incidents["date_start"].max()
        if not isinstance(last, date):
            raise StageNotReady("There are no incidents here.", remedy="Run: tocsin assess")
        found = infer(
            incidents,
            opened.settings.region.gwnos,
            until.date() if until else last + timedelta(days=1),
            worlds=worlds,
            seed=seed,
            work=work,
            tell=lambda words, part: say(words if part is None else f"{words}: {part:.0%}"),
        )
    write_bytes(target, found.posterior.text().encode())
    if as_json:
        print_json(
            {
                "file": str(target), "parameters": found.table.to_dicts(),
                "taken": list(found.posterior.names), "far": found.far,
                "provenance": dict(found.posterior.provenance),
            }
        )  # fmt: skip
        return
    rows = [
        [row["parameter"], row["unit"], f"{row['wide_low']:g} to {row['wide_high']:g}",
         f"{row['median']:.3g}", f"{row['low']:.3g} to {row['high']:.3g}", f"{row['narrower']:.0%}"]
        for row in found.table.iter_rows(named=True)
    ]  # fmt: skip
    header = ["parameter", "unit", "before the data", "median", "90% interval", "narrower"]
    print_table("What the incidents say", header, rows)
    for name, far in found.far.items():
        typer.echo(
            f"The data's '{name}' lies {far:.1f} standard deviations from the simulated worlds: "
            "the model has nothing like it, and what is inferred there is doubtful."
        )
    left = [name for name in found.table["parameter"] if name not in found.posterior.names]
    if left:
        typer.echo(f"Of these the data tell too little, so priors hold: {', '.join(left)}.")
    typer.echo(f"Written: {target}")
