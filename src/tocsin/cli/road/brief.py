"""`tocsin brief`: the whole road in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json
from tocsin.cli.progress import showing
from tocsin.cli.road.share import OutOption, PdfOption
from tocsin.errors import SourceRefused, UsageError

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATH…]", help="Files to observe first; a folder: its files."),
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="TOML for these files, as for observe."),
]

EXAMPLES_REGION = (
    "The new workspace looks after the example's region, the Levant and Central Africa. "
    'Make one for another first: tocsin init DIR --region "Mali, Niger".'
)


def brief(
    paths: FilesArgument = None,
    mapping: MappingOption = None,
    workspace: WorkspaceOption = HERE,
    out: OutOption = None,
    pdf: PdfOption = False,
    as_json: JsonOption = False,
) -> None:
    """Walk the whole road and write the brief; a missing workspace is made.

    An empty workspace gets the example region; `tocsin init --region` makes one for yours.
    Stages whose inputs have not changed are not computed again.

    Exit code 1 where a file was refused whole; the brief is of the others.

    Example: tocsin brief --workspace sahel --out brief

    Example: tocsin brief our_log.xlsx --mapping our_log.toml --workspace sahel
    """
    from tocsin.share.facts import plain
    from tocsin.share.summary import lines
    from tocsin.workspace import road
    from tocsin.workspace.status import read_otherwise
    from tocsin.workspace.store import Workspace

    if mapping is not None and not paths:
        raise UsageError("A mapping needs the files that it is for.", remedy="Name them first.")
    refused: list[dict[str, Any]] = []
    if paths and not (workspace / "tocsin.toml").exists():
        typer.echo(EXAMPLES_REGION, err=True)
    with Workspace.init(workspace) as opened, showing(quiet=as_json) as show:
        if paths:
            fates = road.observe(opened, paths, mapping=mapping, on_progress=show)
            refused = [fate for fate in fates if "error" in fate]
            if len(refused) == len(fates):
                error = refused[0]["error"]
                raise SourceRefused(error["what"], where=error["where"], remedy=error["remedy"])
        walked = road.brief(opened, out or workspace / "brief", pdf=pdf, on_progress=show)
        shared, settled = walked[-1], [one.settled for one in walked if one.settled]
        older = read_otherwise(opened)
    if as_json:
        print_json({**plain(shared.answer), "files": shared.files, "settled": settled})
    else:
        for line in settled:
            typer.echo(f"Forecast: {line}")
        for line in lines(shared.answer):
            typer.echo(line)
        for path in shared.files:
            typer.echo(f"Written: {path}")
    for note in older:
        typer.echo(f"Warning: {note}", err=True)
    for fate in refused:
        typer.echo(f"Refused: {fate['file']}: {fate['error']['what']}", err=True)
    if refused:
        raise typer.Exit(1)
