"""`tocsin track`: how past forecasts turned out, and whether they still hold."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table
from tocsin.cli.progress import showing

COLUMNS = ("horizon", "origin", "n", "crps", "crps_last_12", "skill", "coverage", "evidence")


def track(
    workspace: WorkspaceOption = HERE,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if calibration is lost.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Score the forecasts in the ledger against what has come since, each once.

    The ledger only grows, and is checked first: a row changed behind tocsin's back is named.
    Evidence against calibration starts at 1; at its limit calibration counts as lost, which
    happens to a forecaster that is right with a chance of at most 5%, however often one looks.

    Example: tocsin observe new_months.csv && tocsin track
    """
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened, showing(quiet=as_json) as show:
        found = road.track(opened, on_progress=show)
    lost = found.lost.select("target", "horizon", "fault").to_dicts()
    if as_json:
        print_json(
            {
                "scored": found.scored,
                "ledger": {
                    name: {"rows": rows, "head": head} for name, (rows, head) in found.heads.items()
                },
                "calibration": found.calibration.to_dicts(),
                "lost": lost,
            }
        )
    else:
        shown = found.calibration.group_by("target", "horizon", maintain_order=True).tail(12)
        rows = [
            [f"{value:.3g}" if isinstance(value, float) else value for value in row]
            for row in shown.select(COLUMNS).rows()
        ]
        if rows:
            print_table("Past forecasts, the latest twelve origins a horizon", COLUMNS, rows)
        typer.echo(f"Scored now: {found.scored:,}.")
        for name, (count, head) in found.heads.items():
            typer.echo(f"{name}: {quantity(count, 'row')}, whole; head {head[:16]}")
        for row in lost:
            typer.echo(
                f"Warning: calibration of {row['target']} at {row['horizon']} months is lost; "
                f"the forecasts are {row['fault']}."
            )
        if found.calibration.is_empty():
            typer.echo(
                "Nothing could be scored yet: no month has come for which a forecast was issued "
                "here. Observe newer months, then track again."
            )
        elif not lost:
            typer.echo("No sign that calibration is lost.")
    if strict and lost:
        raise typer.Exit(1)
