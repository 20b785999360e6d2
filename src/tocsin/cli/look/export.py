"""`tocsin export`: any table of the workspace as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table, save_table
from tocsin.errors import UsageError


def export(
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="Its name; all are listed if not given.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="A .csv, .xlsx or .parquet file to write."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write a table of the workspace for other programs; without a name, list the tables.

    Every row has its source and its run.

    Example: tocsin export incidents --out incidents.xlsx
    """
    from tocsin.schema import STAGE_TABLES, TABLES
    from tocsin.schema.spreadsheet import check_table_target
    from tocsin.workspace.store import Workspace

    if table is not None and table not in TABLES:
        raise UsageError(
            f"There is no table '{table}'.", remedy="`tocsin export` without a name lists them."
        )
    place = out or Path(f"{table}.csv")
    if table is not None:
        check_table_target(place)
    with Workspace.open(workspace) as opened:
        if table is None:
            rows = [
                {"stage": stage, "table": name, "rows": opened.count(name)}
                for stage, names in STAGE_TABLES.items()
                for name in names
            ]
        else:
            frame = opened.read(table, provenance=True)
    if table is None:
        if as_json:
            print_json(rows)
        else:
            print_table("Tables", ("stage", "table", "rows"), [list(row.values()) for row in rows])
        return
    save_table(frame, place)
    if as_json:
        print_json({"out": str(place), "rows": frame.height})
    else:
        typer.echo(f"Written: {place} ({quantity(frame.height, 'row')})")
