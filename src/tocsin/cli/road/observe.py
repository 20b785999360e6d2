"""`tocsin observe`: read files into the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table
from tocsin.cli.progress import showing
from tocsin.errors import UsageError


def observe(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files to read; a folder: its files.")
    ],
    workspace: WorkspaceOption = HERE,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TOML: which column is what. For any other table."),
    ] = None,
    suggest_mapping: Annotated[
        bool, typer.Option("--suggest-mapping", help="Print a draft of a mapping; read nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read reports and series; what cannot be trusted is kept aside with its reason.

    The source and its version are found from the file itself. A table of any other source is
    read by a mapping, which --suggest-mapping drafts. Reading a file again changes nothing.
    Exit code 1 when a file was refused whole; the others are kept.

    Example: tocsin observe GEDEvent_v25_1.csv.gz --workspace sahel

    Example: tocsin observe --suggest-mapping our_log.xlsx > our_log.toml
    """
    if suggest_mapping:
        _suggest(paths, as_json)
        return
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened, showing(quiet=as_json) as show:
        fates = road.observe(opened, paths, mapping=mapping, on_progress=show)
    if as_json:
        print_json(fates)
    else:
        _print(fates)
    if any("error" in fate for fate in fates):
        raise typer.Exit(1)


def _suggest(paths: list[Path], as_json: bool) -> None:
    from tocsin.observe import Source
    from tocsin.observe.formats.file import one_file
    from tocsin.observe.mapping.suggest import suggest_mapping

    if len(paths) != 1:
        raise UsageError("A mapping is drafted for one file at a time.")
    draft = suggest_mapping(Source.of_path(one_file(paths[0])))
    if as_json:
        print_json({"file": paths[0].name, "mapping": draft})
    else:
        typer.echo(draft, nl=False)


def _print(fates: list[dict[str, object]]) -> None:
    names = ("file", "source", "rows", "accepted", "quarantined", "outside")
    print_table("", names, [[fate[name] for name in names] for fate in fates])
    for fate in fates:
        error = fate.get("error")
        if isinstance(error, dict):
            typer.echo(f"Refused: {fate['file']}: {error['what']} {error['remedy']}", err=True)
    if any(fate["quarantined"] for fate in fates):
        typer.echo("Why rows were refused: `tocsin quarantine`.")
