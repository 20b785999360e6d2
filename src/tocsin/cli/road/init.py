"""`tocsin init`: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import HERE, JsonOption
from tocsin.cli.output import print_json


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder.")] = HERE,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: a folder that holds everything about your region.

    Example: tocsin init sahel
    """
    from tocsin.workspace.store import Workspace

    with Workspace.init(folder) as workspace:
        region = workspace.settings.region.name
    if as_json:
        print_json({"workspace": str(folder), "region": region})
        return
    typer.echo(f"Workspace: {folder} (region: {region}).")
    typer.echo("Next: `tocsin observe FILE…`, or `tocsin brief` for the example region.")
