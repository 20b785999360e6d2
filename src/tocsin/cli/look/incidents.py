"""`tocsin incidents`: what happened, as assessed, with ids to ask further."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, save_table
from tocsin.errors import UsageError

DayFormats = ["%Y-%m-%d", "%Y-%m", "%Y"]


def incidents(
    territory: Annotated[str | None, typer.Option(help="Only in this territory.")] = None,
    actor: Annotated[
        str | None, typer.Option(help="Only with this side: a part of its name, or its id.")
    ] = None,
    technology: Annotated[str | None, typer.Option(help="Only of this technology class.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind of event.")] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DayFormats, help="From this day on.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="To this day.")
    ] = None,
    twice: Annotated[
        bool,
        typer.Option(
            "--twice", help="List rows of one log that may tell of one event; --out to decide."
        ),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Incidents to show.")] = 20,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write all of them (.csv, .xlsx, .parquet)."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List incidents by territory, side, technology class and time, the newest first.

    `tocsin assess --explain ID` says why an incident is as it is. A row that only sums up others
    is said to be a total.

    With --twice, write `same_events.csv` into the workspace's folder with --out, and fill in yes or
    no in its column `same`: `tocsin assess` takes your word.

    Example: tocsin incidents --territory Mali --actor JNIM --from 2023-01-01
    """
    from tocsin.assess.search import READS, find_incidents
    from tocsin.schema.spreadsheet import check_table_target
    from tocsin.workspace.store import Workspace

    if out is not None:
        check_table_target(out)
    if twice:
        asked = (territory, actor, technology, kind, first, last)
        if any(one is not None for one in asked):
            raise UsageError("--twice lists all pairs.", remedy="Leave out the other choices.")
        _show_pairs(workspace, out, limit=limit, as_json=as_json)
        return
    with Workspace.open(workspace) as opened:
        opened.check_filled("incidents")
        tables = {name: opened.read(name) for name in READS}
    found = find_incidents(
        tables,
        territory=territory,
        actor=actor,
        technology=technology,
        event_type=kind,
        first=first.date() if first else None,
        last=last.date() if last else None,
    )
    if out is not None:
        save_table(found, out)
    if as_json:
        print_json(found.to_dicts())
        return
    for row in found.head(limit).to_dicts():
        known = row["deaths_best"] is not None
        deaths = quantity(row["deaths_best"], "death") if known else "deaths unknown"
        if row["total_of"] is not None:
            deaths = (
                f"a total of {quantity(row['total_of'], 'event')}, whose deaths are counted there"
            )
        where = f"{row['place']}, {row['territory']}" if row["place"] else row["territory"]
        typer.echo(f"{row['incident_id']}  {row['date_start']}  {where}: {deaths}")
        sides = " – ".join(_name_side(row, side) for side in "ab" if row[f"actor_{side}"])
        more = ", ".join([row["event_type"], *row["technologies"]])
        typer.echo(f"    {sides or 'nobody is named'}; {more}")
    typer.echo(f"{min(limit, found.height):,} of {quantity(found.height, 'incident')}.")
    if out is not None:
        typer.echo(f"Written: {out}")


def _name_side(row: dict[str, Any], side: str) -> str:
    """The name of a side, with how probable it is where it is only suspected."""
    name, sure = str(row[f"actor_{side}"]), row[f"suspected_{side}"]
    return name if sure is None else f"{name} (only suspected, {sure:.2f})"


def _show_pairs(workspace: Path, out: Path | None, *, limit: int, as_json: bool) -> None:
    """Show which rows of a log may tell of one event, and write them to be decided."""
    from tocsin.assess.retold.listing import READS, list_pairs
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        opened.check_filled("incidents")
        found = list_pairs({name: opened.read(name) for name in READS})
    if out is not None:
        save_table(found, out)
    if as_json:
        print_json(found.to_dicts())
        return
    for row in found.head(limit).to_dicts():
        where = ", ".join(row[one] for one in ("place_a", "territory_a") if row[one])
        typer.echo(f"{where}: {row['verdict']} ({row['probability']:.0%} likely one event)")
        for side in "ab":
            dead = row[f"deaths_best_{side}"]
            told = row[f"headline_{side}"] or row[f"notes_{side}"] or ""
            many = "deaths unknown" if dead is None else quantity(dead, "death")
            said = f"{row[f'publisher_{side}'] or 'no publisher'}: {many}. {told[:80]}".rstrip()
            typer.echo(f"    {row[f'report_{side}']}  {row[f'date_start_{side}']}  {said}")
    typer.echo(f"{min(limit, found.height):,} of {quantity(found.height, 'pair')}.")
    if out is not None:
        typer.echo(f"Written: {out}")
