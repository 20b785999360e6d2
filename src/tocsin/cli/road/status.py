"""`tocsin status`: where the workspace stands."""

from __future__ import annotations

from textwrap import wrap

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json

WIDTH = 80
"""Columns of a terminal as it opens on most machines."""
INDENT = 12
AGAIN = "`tocsin brief` makes again what another version of tocsin made."


def status(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Show each stage's steps: when they ran, what they hold, whether their inputs have changed.

    A result that another version of tocsin made is said to be so. `tocsin brief` makes it again.

    Below stand the sentences that a step left as notes, such as what was found of producers as a
    whole while their reports were linked. Months of a series that a newer file tells of, too, are
    said to be superseded.

    Example: tocsin status --workspace sahel
    """
    from tocsin.workspace.status import OTHERWISE, superseded_series
    from tocsin.workspace.status import status as stand
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        stages = stand(opened)
        region, older = opened.settings.region.name, superseded_series(opened)
    if as_json:
        print_json(stages)
        return
    typer.echo(f"{region} ({workspace})")
    for stage in stages:
        for step in stage["steps"]:
            when = f", {step['started_at']} UTC" if step["started_at"] else ""
            typer.echo(f"{step['step']:<12}{step['state']}{when}")
            # A space that does not break keeps a name and its number on one line.
            counts = [f"{name}\xa0{count:,}" for name, count in step["rows"].items() if count]
            for line in wrap(", ".join(counts), width=WIDTH - INDENT):
                typer.echo(" " * INDENT + line.replace("\xa0", " "))
            for row in older if step["step"] == "observe" else ():
                said = (
                    f"superseded by a newer file: {quantity(row['rows'], 'month')} of "
                    f"{row['source']}"
                )
                for line in wrap(said, width=WIDTH - INDENT):
                    typer.echo(" " * INDENT + line)
            for note in step["notes"]:
                for line in wrap(note, WIDTH - INDENT, initial_indent="- ", subsequent_indent="  "):
                    typer.echo(" " * INDENT + line)
    if any(step["state"] == OTHERWISE for stage in stages for step in stage["steps"]):
        for line in wrap(AGAIN, WIDTH):
            typer.echo(line)
